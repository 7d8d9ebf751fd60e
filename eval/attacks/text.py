"""Texts that are hard to read, and questions that are: no kind costs more than its length tells."""

from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Annotated, Any

import typer

from corpus.document import make_document
from corpus.errors import InvalidInput
from eval.attacks.stages import CUT, FEATURES, READ, STORE, TOTAL, Seconds, costs
from eval.attacks.texts import KINDS, questions
from eval.endurance.outcome import hold_to
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_json, print_table
from index.cutting import Entry
from index.models.hashing import HashEncoder
from index.query import MAX_QUESTION, Query

MEGABYTE = 1_000_000
MOST_SECONDS = 3.0  # of CPU, of a megabyte of short lines
MOST_OF_ANY = 12.0  # of a megabyte of any other kind; what is said nowhere twice costs most
STEEPEST = 1.35  # exponent of growth; 1 is linear, 2 quadratic, and a busy machine adds some
MOST_ASKED = 1.0  # seconds of CPU that the longest question may take

SizesOption = Annotated[list[float] | None, typer.Option("--size", help="Megabytes; repeated. By default 1, 2, 4, 8.")]
KindsOption = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; repeated.")]


def attack_text(
    size: SizesOption = None,
    kind: KindsOption = None,
    limit: Annotated[int, typer.Option(help="Seconds of CPU for all sizes of a kind.", min=1)] = 300,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Index texts of hostile kinds and ask questions of the same, and tell what each costs and how that grows."""
    sizes, kinds = sorted(size or [1, 2, 4, 8]), kind or list(KINDS)
    if unknown := [each for each in kinds if each not in KINDS]:
        raise InvalidInput(f"there is no kind {unknown[0]!r}; there are {', '.join(KINDS)}")
    texts = {each: _told(each, sizes, limit) for each in kinds}
    asked = {each: seconds for each, seconds in ask().items() if each in kinds}
    missed = [*(fault for each in texts.values() for fault in each["missed"]), *_missed_asking(asked)]
    if json:
        print_json({"texts": texts, "questions": asked, "missed": missed})
    else:
        _print(texts, asked)
    hold_to(missed)


def _told(kind: str, sizes: list[float], limit: int) -> dict[str, Any]:
    """Return what a kind costs at each size, the exponent of its growth, and which bounds it misses."""
    characters = [int(size * MEGABYTE) for size in sizes]
    found = dict(zip(sizes, (seconds for _, seconds in costs(kind, characters, limit)), strict=False))
    most = MOST_SECONDS if kind == "short lines" else MOST_OF_ANY
    missed = [
        f"{kind}: {seconds[TOTAL]:.1f} s of {size:g} MB"
        for size, seconds in found.items()
        if seconds[TOTAL] > most * max(size, 1)
    ]
    missed += [f"{kind}: {size:g} MB were not done in {limit} s" for size in sizes if size not in found]
    exponent = _exponent(found)
    if exponent is not None and exponent > STEEPEST:
        missed.append(f"{kind}: it grows with the power {exponent:.2f} of the length")
    return {
        "seconds": {f"{size:g}": seconds for size, seconds in found.items()},
        "exponent": exponent,
        "missed": missed,
    }


def _exponent(found: dict[float, Seconds]) -> float | None:
    """Return the power of the length with which the cost grows from the least to the most, if there are two."""
    if len(found) < 2:
        return None
    (least, *_, most) = sorted(found)
    return log(max(found[most][TOTAL], 1e-3) / max(found[least][TOTAL], 1e-3)) / log(most / least)


def ask() -> dict[str, float]:
    """Return the seconds of CPU of the longest question of each kind."""
    from index.opening import open_index  # slow to import, and of no use to other commands

    seconds = {}
    with TemporaryDirectory() as folder, open_index(Path(folder), lambda name: HashEncoder(), default="hash") as index:
        for kind, text in questions(4000):
            index.indexer.put(Entry(make_document(text, source=f"{kind}.md", published="2024-05-06")))
        index.searcher.search(Query("When was the bridge built?"))
        for kind, text in questions(MAX_QUESTION):
            started = process_time()
            index.searcher.search(Query(text))
            seconds[kind] = process_time() - started
    return seconds


def _missed_asking(asked: dict[str, float]) -> list[str]:
    return [f"a question of {kind}: {taken:.1f} s" for kind, taken in asked.items() if taken > MOST_ASKED]


def _print(texts: dict[str, Any], asked: dict[str, float]) -> None:
    rows = []
    for kind, told in texts.items():
        for size, seconds in told["seconds"].items():
            stages = [f"{seconds[stage]:.2f}" for stage in (READ, CUT, FEATURES, STORE, TOTAL)]
            rows.append([kind, size, *stages, f"{told['exponent'] or 0:.2f}"])
    print_table(
        "seconds of CPU", plain_table(("text", "MB", READ, CUT, FEATURES, STORE, TOTAL, "grows"), rows), width=120
    )
    questions_rows = [(kind, f"{seconds:.3f}") for kind, seconds in asked.items()]
    print_table(
        f"questions of {MAX_QUESTION} characters", plain_table(("question", "seconds"), questions_rows), width=120
    )
