"""Embeds with SentenceTransformer in single precision and one thread, for what ours is compared with. Nothing of ours.

    python -I reference.py MODEL

Reads a JSON line a task from standard input: `texts`, `prompt`, `batch` and whether `vectors` are wanted; answers each
with a line: `wall` and `cpu` seconds, and the vectors.
"""

import json
import sys
from time import perf_counter, process_time
from typing import Any

import torch
from sentence_transformers import SentenceTransformer


def main() -> None:
    """Answer tasks until there are no more."""
    torch.set_num_threads(1)
    model = SentenceTransformer(sys.argv[1], device="cpu", model_kwargs={"dtype": "float32"})
    for line in sys.stdin:
        task = json.loads(line)
        wall, cpu = perf_counter(), process_time()
        vectors = model.encode(
            task["texts"],
            prompt=task["prompt"],
            batch_size=task["batch"],
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        answer: dict[str, Any] = {"wall": perf_counter() - wall, "cpu": process_time() - cpu}
        if task["vectors"]:
            answer["vectors"] = vectors.tolist()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
