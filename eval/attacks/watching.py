"""Those who ask for a server's health beside an attack, in a process of their own, which the attack does not slow."""

from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Event, Thread
from time import perf_counter, sleep

from eval.endurance.client import LOST, Client

APART_S = 0.05  # from one question to the next
PATIENCE_S = 15.0


@dataclass(slots=True)
class Watched:
    """What was seen: seconds of each answer on a connection that is kept and on new ones, and how many were lost."""

    kept: list[float]
    new: list[float]
    lost: int = 0


class Watch:
    """Two who ask all the time that a block takes; `seen` holds what they saw when it has ended."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.seen = Watched([], [])

    def __enter__(self) -> "Watch":
        context = get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(target=_watch, args=(self._port, theirs), daemon=True)
        self._process.start()
        self._ours.recv()  # it is there
        return self

    def __exit__(self, *exception: object) -> None:
        self._ours.send(None)
        self.seen = self._ours.recv()
        self._process.join()


def _watch(port: int, parent: Connection) -> None:
    seen, ended = Watched([], []), Event()
    asking = [Thread(target=_ask, args=(port, anew, seen, ended)) for anew in (False, True)]
    for each in asking:
        each.start()
    parent.send(None)
    parent.recv()
    ended.set()
    for each in asking:
        each.join()
    parent.send(seen)


def _ask(port: int, anew: bool, seen: Watched, ended: Event) -> None:
    client = Client(port, None, timeout=PATIENCE_S)
    while not ended.is_set():
        started = perf_counter()
        try:
            if client.send("GET", "/healthz").status != 200:
                seen.lost += 1
        except LOST:
            seen.lost += 1
        (seen.new if anew else seen.kept).append(perf_counter() - started)
        if anew:
            with suppress(OSError):
                client.close()
        sleep(APART_S)
    client.close()
