"""SentenceTransformer in single precision as a process of its own: what our encoders are compared with."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from eval.bench.servers import ServerFailed, script
from index.models.encoder import Vectors


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that passed, and seconds of work."""

    wall: float
    cpu: float


class Reference:
    """Embeds texts in its own process with one thread; times are taken there."""

    def __init__(self, model: Path) -> None:
        """Start the process; `model` is a folder that sentence-transformers loads."""
        command = [sys.executable, "-I", script("reference"), str(model)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin and self._process.stdout:
            self._process.stdin.close()
            self._process.wait(timeout=20)
            self._process.stdout.close()

    def encode(self, texts: Sequence[str], prompt: str, batch: int = 32) -> Cost:
        """Embed texts and return what it cost."""
        return self._do(texts, prompt, batch, vectors=False)[0]

    def vectors(self, texts: Sequence[str], prompt: str, batch: int = 32) -> Vectors:
        """Return the unit vectors of texts, shape `(texts, dimension)`."""
        return np.array(self._do(texts, prompt, batch, vectors=True)[1], dtype=np.float32)

    def _do(self, texts: Sequence[str], prompt: str, batch: int, vectors: bool) -> tuple[Cost, list[list[float]]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise ServerFailed("the reference encoder has no pipes")
        task = {"texts": list(texts), "prompt": prompt, "batch": batch, "vectors": vectors}
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise ServerFailed("the reference encoder ended; does its model load?")
        answer = json.loads(line)
        return Cost(answer["wall"], answer["cpu"]), answer.get("vectors", [])
