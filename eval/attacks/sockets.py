"""`python -m eval attack-sockets`: hostile connections, and what each kind costs the server and those beside it."""

import resource
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Annotated

import typer

from eval.attacks.connections import LARGE_ANSWERS, attacks
from eval.attacks.crowd import Attack, Crowd, named
from eval.attacks.victim import fill_victim
from eval.attacks.watching import Watch
from eval.endurance.client import Client, expected
from eval.endurance.outcome import hold_to
from eval.endurance.serving import Server, serving
from eval.endurance.times import p99
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_json, print_table

BESIDE_MS = 100.0  # within which 99 of 100 health checks are answered beside every attack
GROWTH_MB = 50.0
SETTLE_S = 15.0  # until descriptors are as few as before
DOCUMENTS, LARGE = 1_000, 15_000_000
POLL_S = 0.1
COLUMNS = ("attack", "health p99, new p99, ms", "grown, MB", "work, s", "opened, ended", "descriptors", "tracebacks")


@dataclass(frozen=True, slots=True)
class Suffered:
    """What an attack came to.

    Attributes:
        attack: its name.
        kept_ms, new_ms: within which 99 of 100 health checks were answered, on kept connections and on new ones.
        lost: health checks that were not answered.
        grown: megabytes that the server took more than before, at its peak.
        work: seconds that it worked.
        opened, ended: connections of the attack, and those that the server ended.
        descriptors: that the server had open before, and some time after.
        tracebacks: in what it said meanwhile.
    """

    attack: str
    kept_ms: float
    new_ms: float
    lost: int
    grown: float
    work: float
    opened: int
    ended: int
    descriptors: tuple[int, int]
    tracebacks: int

    def faults(self, bound_ms: float = BESIDE_MS) -> Iterator[str]:
        """Yield which bounds were missed."""
        for what, found in (("kept connections", self.kept_ms), ("new connections", self.new_ms)):
            if found > bound_ms:
                yield f"{self.attack}: health on {what} took {found:.0f} ms"
        if self.lost:
            yield f"{self.attack}: {self.lost} health checks were not answered"
        if self.grown > GROWTH_MB:
            yield f"{self.attack}: memory grew by {self.grown:.0f} MB"
        if self.descriptors[1] > self.descriptors[0]:
            yield f"{self.attack}: {self.descriptors[1]} descriptors are open, {self.descriptors[0]} were before"
        if self.tracebacks:
            yield f"{self.attack}: {self.tracebacks} tracebacks"

    def row(self) -> tuple[str, ...]:
        """Return it as a row of a table."""
        return (
            self.attack,
            f"{self.kept_ms:.0f}, {self.new_ms:.0f}",
            f"{self.grown:.0f}",
            f"{self.work:.1f}",
            f"{self.opened}, {self.ended}",
            "{} -> {}".format(*self.descriptors),
            f"{self.tracebacks}",
        )


def attack_sockets(
    seconds: Annotated[float, typer.Option(help="Of each attack.", min=1)] = 8.0,
    descriptors: Annotated[int, typer.Option(help="That the server may have open.", min=64)] = 1024,
    only: Annotated[str | None, typer.Option(help="Attacks whose names hold this.")] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Keep the documents here, and take those there are.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Attack a server by connections that send or take what they should not, and watch those who ask beside them."""
    found: list[Suffered] = []
    with TemporaryDirectory() as temporary:
        folder = data_dir or Path(temporary)
        if not any(folder.glob("*.sqlite3")):
            fill_victim(folder, DOCUMENTS, LARGE)
        with serving(folder, descriptors=descriptors) as server:
            job = _warmed(server.client())
            for attack in named(attacks(descriptors * 3 // 2, job), only):
                found.append(suffered(server, attack, seconds))
                typer.echo(f"{attack.name}: {', '.join(found[-1].row()[1:])}", err=True)
    faults = [fault for each in found for fault in each.faults()]
    if as_json:
        print_json({"attacks": [asdict(each) for each in found], "faults": faults})
    else:
        print_table("", plain_table(COLUMNS, [each.row() for each in found], words=1), width=170)
    hold_to(faults)


def suffered(server: Server, attack: Attack, seconds: float) -> Suffered:
    """Attack a server for so long, and return what that came to."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    server.forget_peak()
    before, open_before = server.resident()["now"], server.descriptors()
    work, said = server.worked(), server.told().count("Traceback")
    with Watch(server.port) as watch:
        crowd = Crowd(attack, server.port)
        crowd.run(seconds)
    return Suffered(
        attack.name,
        1000 * p99(watch.seen.kept),
        1000 * p99(watch.seen.new),
        watch.seen.lost,
        server.resident()["peak"] - before,
        server.worked() - work,
        crowd.opened,
        crowd.hung_up,
        (open_before, _settled(server, open_before)),
        server.told().count("Traceback") - said,
    )


def _settled(server: Server, before: int) -> int:
    ends = monotonic() + SETTLE_S
    while server.descriptors() > before and monotonic() < ends:
        sleep(POLL_S)
    return server.descriptors()


def _warmed(client: Client) -> str:
    """Use once what is attacked, which opens what stays open, and return the id of a job that has ended."""
    for path in LARGE_ANSWERS.values():
        client.send("GET", path)
    job = str(expected(client.upload({"attacked.txt": b"A ferry leaves at nine."}), (202,))["jobs"][0]["id"])
    client.ended(job, SETTLE_S)
    client.close()
    return job
