"""Lets a stack answer questions in its own environment, and times each there. Run as a script; nothing of ours.

    python -I answering.py STACK.py FOLDER MODEL

FOLDER holds `vectors.npy` and `texts.json` of the passages, MODEL the weights. The stack's file has a function
`opened` of texts, vectors and the model, which returns the search. Says a line when it is ready; then reads a question
a line, as JSON, and answers each with `wall` and `cpu` seconds and how many passages were found.
"""

import json
import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np


def load(path: Path) -> Any:
    """Return the module of a file."""
    spec = spec_from_file_location("stack", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Answer questions until there are no more."""
    stack, folder, model = sys.argv[1:]
    # What a stack prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    texts = json.loads(Path(folder, "texts.json").read_text("utf-8"))
    started = perf_counter()
    search = load(Path(stack)).opened(texts, np.load(Path(folder, "vectors.npy")), model)
    answers.write(json.dumps({"opened": perf_counter() - started}) + "\n")
    answers.flush()
    for line in sys.stdin:
        wall, cpu = perf_counter(), process_time()
        found = search(json.loads(line), 5)
        answer = {"wall": perf_counter() - wall, "cpu": process_time() - cpu, "found": len(found)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
