"""`python -m eval disk`: a server whose disk is full or broken for a moment, at each call that changes a file."""

import errno
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from eval.endurance.checking import check
from eval.endurance.client import Client
from eval.endurance.crash import verified
from eval.endurance.failing import Kinds, Sending
from eval.endurance.faults import FOREVER, Disk, failing
from eval.endurance.ledger import Ledger, Place
from eval.endurance.outcome import report
from eval.endurance.serving import serving

ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO}
HONEST = {503, 507}
# What a write that was refused is answered with when it is sent again and was done all the same.
DONE_ALREADY = {"delete": 404, "make collection": 409, "drop collection": 404}


@dataclass(slots=True)
class Failures:
    """What came of failing calls.

    Attributes:
        ledger: what was acknowledged.
        answers: how often each kind of write was answered how while a call failed.
        calls: which calls failed.
        faults: what may not be.
    """

    ledger: Ledger = field(default_factory=Ledger)
    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, str]]:
        """Yield what was found, as names and values."""
        yield "writes with a failing call", f"{self.calls.total():,}"
        for name, count in sorted(self.calls.items()):
            yield f"the last that failed was {name}", f"{count:,}"
        for (kind, how, status), count in sorted(self.answers.items()):
            yield f"{kind}, {how}: {status}", f"{count:,}"


def disk() -> None:
    """Fail each call by which a server writes, once with ENOSPC and once with EIO, and hold it to its promises."""
    with TemporaryDirectory() as temporary:
        found = failures(Path(temporary))
    report(found.figures(), found.faults)


def failures(folder: Path, every: int = 1) -> Failures:
    """Fail the calls of a server of an empty folder below `folder`, or one of so many, and return what was found.

    Every kind of write is sent with a sound disk first, which counts its calls; then once for each of them, which
    fails, and once while all fail. What was not acknowledged is sent again when the disk is sound.

    Raises:
        NoCompiler: if the library that fails them cannot be built.
    """
    data_dir, found = folder / "data", Failures()
    data_dir.mkdir()
    with failing(folder, data_dir) as (server, told):
        client = server.client()
        kinds = Kinds(client, found.ledger)
        standing = kinds.stored()
        for kind, ready in kinds.all().items():
            typer.echo(f"{kind}: {len(found.faults)} faults so far", err=True)
            for how, first, until, error in _stretches(_calls(kind, ready(), kinds, told, found), every):
                sending = ready()
                told.tell(first, until, error)
                _try(kind, how, sending, kinds, told, found, partial(_unread, client, standing))
        client.close()
        server.kill()
    with serving(data_dir) as server:
        found.faults += check(server, found.ledger, list(found.ledger.known))
    found.faults += verified(data_dir, found.ledger, "hash")
    return found


def _calls(kind: str, sending: Sending, kinds: Kinds, told: Disk, found: Failures) -> int:
    """Return how many calls a kind of write takes."""
    told.tell()
    answer = kinds.settled(sending())
    if not answer.ok:
        found.faults.append(f"{kind} is answered with {answer.told} though the disk is sound")
    return told.told().seen


def _stretches(calls: int, every: int) -> Iterator[tuple[str, int, int, int]]:
    for name, error in ERRORS.items():
        yield from ((f"{name} once", first, first + 1, error) for first in range(1, calls + 1, every))
        yield f"{name} until mended", 1, FOREVER, error


def _try(
    kind: str,
    how: str,
    sending: Sending,
    kinds: Kinds,
    told: Disk,
    found: Failures,
    unread: partial[Iterator[str]],
) -> None:
    """Write while calls fail, read meanwhile, and write again once they do not."""
    answer = sending()
    faults = list(unread())
    failed = told.told()
    told.tell()
    answer = kinds.settled(answer)
    where = f"{kind}, {how} at {failed.last}"
    if failed.hits:
        found.calls[failed.last.partition(" ")[0]] += 1
        found.answers[kind, how, answer.status] += 1
        if not answer.ok and answer.status not in HONEST:
            faults.append(f"answered with {answer.told}")
    if not answer.ok:
        again = kinds.settled(sending())
        if not again.ok and again.status != DONE_ALREADY.get(kind):
            faults.append(f"sent again with a sound disk: {again.told}")
    found.faults += [f"{where}: {fault}" for fault in faults]


def _unread(client: Client, standing: Place) -> Iterator[str]:
    """Yield what cannot be read that was there before."""
    for name, answer in (
        ("a document", client.document(standing.document_id)),
        ("a question", client.search("ferry")),
        ("the list", client.send("GET", client.path("documents"))),
    ):
        if not answer.ok:
            yield f"meanwhile {name} is answered with {answer.told}"
