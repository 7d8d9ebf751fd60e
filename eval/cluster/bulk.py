"""`python -m eval cluster-bulk`: the index is the same whoever is lost meanwhile; how much faster are two workers?"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from corpus.errors import StoreDamaged
from eval.cluster.bulk_runs import Loss, Outcome, index, kill_one, processes_below
from eval.reporting.tables import Table, plain_table
from eval.reporting.terminal import print_table
from eval.sets.reading import read_question_set

WORKER = b"index.bulk.worker"
TOGETHER = 2  # paragraphs of a set that are a file
FIRST, SECOND = 0.25, 0.5  # of all passages: when something is lost


def cluster_bulk(
    sets: Annotated[list[Path], typer.Argument(help="Question sets, whose passages are the files.", exists=True)],
    losses_only: Annotated[bool, typer.Option(help="Leave out what only measures speed.")] = False,
) -> None:
    """Index files by one process, by workers and on two nodes of Ray, kill a worker and a node, and compare."""
    with TemporaryDirectory() as base:
        root = Path(base).resolve()
        write_files(sets, root / "files")
        outcomes = dict(_outcomes(root, speed=not losses_only))
    alone = outcomes["one process"]
    print_table("bulk", table(outcomes, alone.digest))
    if any(each.digest != alone.digest for each in outcomes.values()):
        raise StoreDamaged("an index differs from that of one process")


def write_files(sets: list[Path], folder: Path) -> None:
    """Write the passages of question sets as files, several in each."""
    folder.mkdir()
    texts = [passage.text for each in sets for passage in read_question_set(each).passages]
    for start in range(0, len(texts), TOGETHER):
        (folder / f"{start:06}.txt").write_text("\n\n".join(texts[start : start + TOGETHER]), "utf-8")


def table(outcomes: Mapping[str, Outcome], digest: str) -> Table:
    """Return what runs came to as a table."""
    rows = [
        [
            name,
            ", ".join(f"{lost} at {passages:,}" for lost, passages in each.lost.items()) or "nothing",
            "yes" if each.digest == digest else "no",
            f"{each.passages:,}",
            f"{each.seconds:.1f}",
            "" if each.rate is None else f"{each.rate:.1f}",
        ]
        for name, each in outcomes.items()
    ]
    return plain_table(["workers", "lost", "index the same", "passages", "seconds", "passages a second"], rows, 3)


def _outcomes(root: Path, *, speed: bool) -> Iterator[tuple[str, Outcome]]:
    from eval.cluster.ray_nodes import ray_nodes  # knows FAISS, which the other commands need not wait for

    alone = _run(root, "one process", None)
    yield "one process", alone
    first, second = (round(alone.passages * part) for part in (FIRST, SECOND))
    for number in (1, 2) if speed else ():
        name = f"{number} of this machine"
        yield name, _run(root, name, str(number))
    losses = [Loss("a worker", first, lambda pid: kill_one(processes_below(pid, WORKER)))]
    name = "2 of this machine, one killed"
    yield name, _run(root, name, "2", losses)
    for number in (1, 2) if speed else ():
        name = f"Ray, {number} node{'s' * (number > 1)}"
        with ray_nodes(number) as nodes:
            yield name, _run(root, name, nodes.workers)
    with ray_nodes(2) as nodes:
        losses = [
            Loss("a worker", first, lambda _: nodes.kill_worker()),
            Loss("a node", second, lambda _: nodes.kill_node()),
        ]
        name = "Ray, 2 nodes, a worker and a node killed"
        yield name, _run(root, name, nodes.workers, losses)


def _run(root: Path, name: str, workers: str | None, losses: Sequence[Loss] = ()) -> Outcome:
    outcome = index(root / "files", root / name, workers, losses)
    typer.echo(f"{name}: {outcome.seconds:.1f} s", err=True)
    return outcome
