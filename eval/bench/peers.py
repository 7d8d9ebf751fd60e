"""`python -m eval bench-peers`: a question asked of ours and of other stacks, in turns (P2)."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

import typer

from eval.bench.asking import Way, ask_in_turns
from eval.bench.data import invented_share, made_folder, plain_copy, read_texts
from eval.bench.figures import Figure, quantile_interval, ratio_interval
from eval.bench.http import OURS
from eval.bench.runner import CacheOption, FolderOption, OutOption, RoundsOption, SetsArgument, record
from eval.bench.servers import running, script, wherefrom
from eval.bench.weights import model_folder
from eval.peers.catalogue import Peer, read_peers
from eval.peers.environment import QUIET, PeerFailed, make_environment

PEERS = Path(__file__).with_name("standalone") / "peers"
THREADED = "OMP_NUM_THREADS"  # each stack computes with as many threads as its libraries choose


class PeerProcess:
    """A stack in its own environment; it answers one question after another and times each itself."""

    def __init__(self, peer: Peer, python: Path, folder: Path, model: Path) -> None:
        command = [str(python), "-I", script("answering"), str(peer.script), str(folder), str(model)]
        variables = {name: value for name, value in QUIET.items() if name != THREADED}
        self._name = peer.name
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **variables},
        )
        self._cpu = 0.0

    def __enter__(self) -> Self:
        self.opened = self._read()["opened"]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin and self._process.stdout:
            with suppress(OSError):
                self._process.stdin.close()
            self._process.wait(timeout=30)
            self._process.stdout.close()

    def ask(self, question: str) -> float:
        """Return how many seconds a question takes."""
        if self._process.stdin:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
        answer = self._read()
        self._cpu += answer["cpu"]
        return answer["wall"]

    def cpu(self) -> float:
        """Return the seconds of work of all questions so far."""
        return self._cpu

    def _read(self) -> dict[str, float]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise PeerFailed(f"{self._name} ended before it answered")
        found: dict[str, float] = json.loads(line)
        return found


def bench_peers(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    environments: Annotated[Path, typer.Option(help="Where the stacks' environments are kept.")] = Path(".peers"),
    peer: Annotated[list[str] | None, typer.Option(help="Only these stacks.")] = None,
    passages: Annotated[int, typer.Option(help="Search this folder.", min=1)] = 10_000,
    rounds: RoundsOption = 7,
    questions: Annotated[int, typer.Option(help="How many a round.", min=1)] = 20,
    timeout: Annotated[float, typer.Option(help="Seconds that an installation may take.", min=1)] = 600,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Ask other stacks the same questions of the same passages and vectors; ours over HTTP, theirs in process."""
    with record("bench-peers", folder, out) as outcome, ExitStack() as stack:
        data_dir = made_folder(folder, passages)
        ours = stack.enter_context(running(wherefrom(data_dir, cache_dir)))
        ways = {OURS: Way(ours.ask, ours.cpu_seconds)}
        for each in read_peers(PEERS, peer or ()):
            try:
                python = make_environment(each, environments, timeout)
                process = PeerProcess(each, python, plain_copy(data_dir).resolve(), model_folder(cache_dir))
                ways[each.name] = Way(stack.enter_context(process).ask, process.cpu)
            except PeerFailed as error:
                typer.echo(f"note: {each.name} is left out: {error}", err=True)
        asked = read_texts(sets)
        measured = ask_in_turns(ways, rounds, lambda: asked.take(questions))
        outcome.figures += peer_figures({name: each.wall for name, each in measured.items()}, passages)
        for figure in outcome.figures:
            figure.note = figure.note or invented_share(data_dir)
        for name, way in measured.items():
            what = f"work of a question, {name}"
            outcome.figures.append(
                Figure(mark="P2", what=what, value=1000 * way.cpu_each, unit="ms", passages=passages)
            )


def peer_figures(seconds: Mapping[str, Sequence[float]], passages: int) -> list[Figure]:
    """Return what each took, and how ours compares with it."""
    figures = []
    for name, each in seconds.items():
        where = "over HTTP" if name == OURS else "in process"
        what = f"one question {where}, p50, {name}"
        figures.append(quantile_interval(each).times(1000).figure("P2", what, "ms", passages=passages))
        if name != OURS:
            ratio = ratio_interval(seconds[OURS], each)
            what = f"p50 of ours as a share of that of {name}"
            figures.append(ratio.figure("P2", what, passages=passages, note="ours with HTTP, theirs without"))
    return figures
