"""`python -m eval bench-peers`: a question asked of ours and of other stacks, in turns (P2)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

import typer

from eval.bench.runner import OURS, WARM_UP, Bench, in_turns, milliseconds, one_by_one
from eval.bench.servers import peer_task, running, wherefrom
from eval.peers.environment import PeerFailed, make_environment, read_peers
from eval.peers.process import PeerProcess, running_peer
from eval.resampling import quantile_interval, ratio_interval

K = 5
TIMEOUT_S = 3600


def bench_peers(bench: Bench) -> None:
    """Ask other stacks the same questions of the same passages and vectors; ours over HTTP, theirs in process."""
    with ExitStack() as stack:
        ours = stack.enter_context(running(wherefrom(bench)))
        ask: dict[str, Callable[[str], float]] = {OURS: ours.ask}
        spent: dict[str, Callable[[], float]] = {OURS: ours.cpu}
        for peer in read_peers():
            try:
                python = make_environment(peer, bench.environments, TIMEOUT_S)
                # Each computes with as many threads as its libraries choose.
                process = stack.enter_context(running_peer(peer, python, peer_task(bench), TIMEOUT_S, {}))
            except PeerFailed as error:
                typer.echo(f"note: {peer.name} is left out: {error}", err=True)
            else:
                ask[peer.name], spent[peer.name] = asking(process), process.cpu
        variants = {name: one_by_one(variant) for name, variant in ask.items()}
        in_turns(variants, [bench.take(WARM_UP)])
        before = {name: seconds() for name, seconds in spent.items()}
        found = in_turns(variants, bench.turns())
        add_figures(bench, found)
        for name, seconds in spent.items():
            work = 1000 * (seconds() - before[name]) / len(found[name])
            bench.add("P2", f"work of a question, {name}", work, "ms")


def asking(process: PeerProcess) -> Callable[[str], float]:
    """Return what asks a peer and returns the seconds it took."""
    return lambda question: float(process.ask(question, K)["wall"])


def add_figures(bench: Bench, found: Mapping[str, Sequence[float]]) -> None:
    """Add the seconds that each took, and how ours compares with it."""
    for name, seconds in found.items():
        what = f"one question {'over HTTP' if name == OURS else 'in process'}, p50, {name}"
        bench.add("P2", what, quantile_interval(milliseconds(seconds)), "ms")
        if name != OURS:
            ratio, what = ratio_interval(found[OURS], seconds), f"p50 of ours as a share of that of {name}"
            bench.add("P2", what, ratio, note="ours with HTTP, theirs without")
