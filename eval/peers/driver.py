"""Runs one stack in the stack's own environment: lets it split, index and search, and times each search.

    python -I driver.py STACK.py TASK.json [PORT]

Says in a line of JSON what became of the task, then answers a line a question; with a port, over HTTP. Only the
standard library is imported, for wherefrom is not installed there, and what stacks bring: numpy for vectors that are
handed over, LangChain's splitter for a stack that has none, FastAPI for a port. Offsets are found here for every stack
alike, by looking for its passages in the document; what a framework says of them is not used.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import distributions
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from platform import python_version
from time import perf_counter, process_time
from typing import Any

Search = Callable[[str, int], Sequence[tuple[int, float]]]
Bounds = tuple[int, int]
Passage = tuple[str, str, Bounds | None]
"""The document, the text, and where it stands in the document; none where it does not."""


class Driver:
    """A stack that has done a task and answers questions."""

    def __init__(self, stack: Any, task: Mapping[str, Any]) -> None:
        """Let a stack split and index.

        Args:
            stack: what is measured; see `eval.peers.stacks`.
            task: `documents` with id and text, the folder of the `model`, `split` with size and overlap, or nothing
                where each document is one passage, and a file of the passages' `vectors`, or nothing.
        """
        self._passages = [each for document in task["documents"] for each in _passages(stack, document, task["split"])]
        texts = [text for _, text, _ in self._passages]
        self._search: Search = stack.index(texts, task["model"], _vectors(task["vectors"]))

    def prepared(self) -> dict[str, object]:
        """Return the number of `passages`, how many are `unplaced`, and the `versions` of all that is installed."""
        unplaced = sum(bounds is None for _, _, bounds in self._passages)
        versions = {"python": python_version()} | {each.name: each.version for each in distributions()}
        return {"passages": len(self._passages), "unplaced": unplaced, "versions": versions}

    def answer(self, question: str, k: int) -> dict[str, object]:
        """Return the `hits` of a question, best first, and the seconds it took: `wall`, and of work `cpu`."""
        wall, cpu = perf_counter(), process_time()
        found = self._search(question, k)
        wall, cpu = perf_counter() - wall, process_time() - cpu
        return {"hits": [self._hit(place, score) for place, score in found], "wall": wall, "cpu": cpu}

    def _hit(self, place: int, score: float) -> dict[str, object]:
        if place < 0:  # FAISS fills up with -1, which would be the last passage
            raise IndexError(f"search returned place {place}; places count from 0")
        document_id, text, bounds = self._passages[place]
        start, end = bounds or (None, None)
        return {"document_id": document_id, "start": start, "end": end, "text": text, "score": float(score)}


def locate(text: str, passages: Sequence[str], overlap: int) -> Iterator[Bounds | None]:
    """Yield where the passages of a text stand, in their order; none for one that does not stand in it.

    A passage is looked for from where the one before it lets it begin, then from the beginning; word for word,
    then with other white space, for some splitters strip or join lines.
    """
    start = end = 0
    for passage in passages:
        bounds = _find(text, passage, (max(end - overlap, start), start, 0))
        start, end = bounds or (start, end)
        yield bounds


def _find(text: str, passage: str, starts: Sequence[int]) -> Bounds | None:
    for start in starts:
        if (found := text.find(passage, start)) >= 0:
            return found, found + len(passage)
    words = [re.escape(character) for character in "".join(passage.split())]
    pattern = re.compile(r"\s*".join(words))
    matches = (pattern.search(text, start) for start in starts)
    return next((match.span() for match in matches if words and match), None)


def _passages(stack: Any, document: Mapping[str, str], split: Mapping[str, int] | None) -> Iterator[Passage]:
    text = document["text"]
    cut = getattr(stack, "split", recursive_split)
    texts = [text] if split is None else cut(text, split["size"], split["overlap"])
    found = [(0, len(text))] if split is None else locate(text, texts, split["overlap"])
    for passage, bounds in zip(texts, found, strict=True):
        yield document["id"], passage, bounds


def recursive_split(text: str, size: int, overlap: int) -> Sequence[str]:
    """Cut at paragraphs, then lines, sentences and clauses of both scripts, as LangChain does."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    separators = ["\n\n", "\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ", "，", ", ", " ", ""]
    splitter = RecursiveCharacterTextSplitter(separators, keep_separator="end", chunk_size=size, chunk_overlap=overlap)
    return splitter.split_text(text)


def _vectors(path: str | None) -> Any:
    if path is None:
        return None
    import numpy as np

    return np.load(path)


def _load(file: str) -> Any:
    spec = spec_from_file_location(Path(file).stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{file}: not a Python file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def answer_lines(driver: Driver, answers: Any) -> None:
    """Answer a question a line, each a list of it and of how many passages, until there are no more."""
    said = driver.prepared()
    while True:
        answers.write(json.dumps(said) + "\n")
        answers.flush()
        if not (line := sys.stdin.readline()):
            return
        said = driver.answer(*json.loads(line))


def serve(driver: Driver, port: int) -> None:
    """Answer over HTTP, as tutorials do it."""
    import uvicorn
    from fastapi import FastAPI

    app = FastAPI()

    @app.get("/search")
    def search(q: str, k: int = 5) -> dict[str, object]:
        return driver.answer(q, k)

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def main(file: str, task: str, port: str = "") -> None:
    """Do a task, then answer questions."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a stack prints must not be taken for an answer
    driver = Driver(_load(file), json.loads(Path(task).read_text("utf-8")))
    if port:
        serve(driver, int(port))
    else:
        answer_lines(driver, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
