"""`attack-files`: files that are made to cost are read as `index` reads them, and each is held to what it may cost.

All of them lie in one folder, each followed by an honest page that must be read, and are read one after another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from corpus.files.documents import Found, read_documents
from corpus.files.folders.folder import Skipped
from eval.attacks.hostile import READ, REFUSED, Hostile
from eval.attacks.hostile_files import HOSTILE
from eval.attacks.reading_cost import Cost, Watch
from eval.endurance.outcome import PromiseBroken, hold_to
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_json, print_table

SECONDS = 2.0  # of the processor, for a file that is made to cost, in whichever process it is read
MEGABYTES = 200.0  # of the process that parses it, and as many that this one may grow by
HONEST = "<html><body><p>The harbour has two cranes.</p></body></html>"


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a file.

    Attributes:
        name: of the file.
        size: in bytes.
        outcome: `refused`, or `read` if any of it was.
        reason: why it was refused, or what of it was.
        cost: what reading it took.
        faults: what of it was not as promised.
    """

    name: str
    size: int
    outcome: str
    reason: str
    cost: Cost
    faults: tuple[str, ...]


def attack_files(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Write the files here, and leave them.")] = None,
) -> None:
    """Read files that are made to cost, and hold each to 2 seconds and 200 MB."""
    with TemporaryDirectory() as scratch:
        folder = keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        tried = list(try_files(HOSTILE, folder))
    if as_json:
        print_json([asdict(each) for each in tried])
    else:
        print_table("", plain_table(("file", "bytes", "came to", "CPU s", "MB", "why"), map(_row, tried)), width=150)
    hold_to([f"{each.name}: {fault}" for each in tried for fault in each.faults])


def try_files(hostile: Sequence[Hostile], folder: Path) -> Iterator[Tried]:
    """Write files into an empty folder, read it, and yield what became of each.

    Raises:
        PromiseBroken: if an honest page beside them is not read.
    """
    named: dict[str, Hostile] = {}
    for number, each in enumerate(hostile):
        named[f"{number:03}-{each.name}"] = each
        (folder / f"{number:03}-{each.name}").write_bytes(each.make())
        (folder / f"{number:03}-{each.name}.then.html").write_text(HONEST)
    found = read_documents([folder])
    for name, each in named.items():
        with Watch() as watch:
            *results, following = _up_to(f"{name}.then.html", found)
        yield _tried(each, (folder / name).stat().st_size, results, watch.cost)
        if isinstance(following, Skipped):
            raise PromiseBroken(f"the page after {each.name} was not read: {following.reason}")


def _up_to(source: str, found: Iterator[Found]) -> Iterator[Found]:
    """Yield what becomes of files up to one, the honest page behind a file, which costs next to nothing."""
    for each in found:
        yield each
        if (each.source if isinstance(each, Skipped) else each[0].source) == source:
            return


def _tried(each: Hostile, size: int, results: Sequence[Found], cost: Cost) -> Tried:
    reasons = [result.reason for result in results if isinstance(result, Skipped)]
    outcome = REFUSED if len(reasons) == len(results) else READ
    faults = []
    if each.expected not in (None, outcome):
        faults.append(f"it was {outcome}")
    if cost.seconds > SECONDS:
        faults.append(f"it took {cost.seconds:.1f} s, more than {SECONDS:g}")
    if cost.megabytes > MEGABYTES:
        faults.append(f"it took {cost.megabytes:.0f} MB, more than {MEGABYTES:g}")
    return Tried(each.name, size, outcome, next(iter(reasons), ""), cost, tuple(faults))


def _row(each: Tried) -> tuple[str, ...]:
    cost = each.cost
    return (
        each.name,
        f"{each.size:,}",
        each.outcome,
        f"{cost.seconds:.2f}",
        f"{cost.megabytes:.0f}",
        "; ".join(each.faults) or each.reason,
    )
