"""Runs one stack in the stack's own environment: reads a task, lets the stack split, index and search, writes a run.

    python -I driver.py STACK.py TASK.json RUN.json

Only the standard library is imported, for wherefrom is not installed there. Offsets are found here for every
stack alike, by looking for its passages in the document; what a framework says of them is not used.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import distributions
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from platform import python_version
from time import perf_counter
from typing import Any, Protocol, cast

Search = Callable[[str, int], Sequence[tuple[int, float]]]
Bounds = tuple[int, int]


class Stack(Protocol):
    """What a stack's file holds."""

    def split(self, text: str, size: int, overlap: int) -> Sequence[str]:
        """Cut a text into passages of at most `size` characters, neighbours sharing up to `overlap`."""
        ...

    def index(self, passages: Sequence[str], model: str) -> Search:
        """Return the search over passages, embedded with the model of a folder."""
        ...


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as the stack made it; no bounds where it does not stand in its document."""

    document_id: str
    text: str
    bounds: Bounds | None


def answer_task(stack: Stack, task: Mapping[str, Any]) -> dict[str, object]:
    """Return the run of a task.

    Args:
        stack: what is measured.
        task: `documents` with id and text, `questions`, `k`, the folder of the `model`, and `split` with size and
            overlap, or nothing where each document is one passage.

    Returns:
        `answers`, a list of hits for each question in their order; the number of `passages`, and how many of them
        are `unplaced`; `seconds` of both stages, and the `versions` of all that is installed.
    """
    started = perf_counter()
    passages = [passage for document in task["documents"] for passage in _passages(stack, document, task["split"])]
    search = stack.index([passage.text for passage in passages], task["model"])
    indexed = perf_counter()
    found = [search(question, task["k"]) for question in task["questions"]]
    return {
        "answers": [[_hit(passages, place, score) for place, score in hits] for hits in found],
        "passages": len(passages),
        "unplaced": sum(passage.bounds is None for passage in passages),
        "seconds": {"index": indexed - started, "search": perf_counter() - indexed},
        "versions": {"python": python_version()} | {each.name: each.version for each in distributions()},
    }


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


def _passages(stack: Stack, document: Mapping[str, str], split: Mapping[str, int] | None) -> Iterator[Passage]:
    text = document["text"]
    if split is None:
        yield Passage(document["id"], text, (0, len(text)))
        return
    texts = stack.split(text, split["size"], split["overlap"])
    for passage, bounds in zip(texts, locate(text, texts, split["overlap"]), strict=True):
        yield Passage(document["id"], passage, bounds)


def _hit(passages: Sequence[Passage], place: int, score: float) -> dict[str, object]:
    if place < 0:  # FAISS fills up with -1, which would be the last passage
        raise IndexError(f"search returned place {place}; places count from 0")
    passage = passages[place]
    start, end = passage.bounds or (None, None)
    return {
        "document_id": passage.document_id,
        "start": start,
        "end": end,
        "text": passage.text,
        "score": float(score),
    }


def _load(file: Path) -> Stack:
    spec = spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{file}: not a Python file")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Stack, module)


def main(stack: str, task: str, run: str) -> None:
    """Run the stack of one file on the task of another, and write the run to the third."""
    answered = answer_task(_load(Path(stack)), json.loads(Path(task).read_text("utf-8")))
    Path(run).write_text(json.dumps(answered, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
