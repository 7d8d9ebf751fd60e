"""Asks a server many questions at once and says how long each took. Run as a script; it knows nothing of ours.

    python -I clients.py < TASK.json

TASK holds `port`, `paths`, `seconds`, and either `rate` (questions a second that come whether others are answered or
not, as people do: at random, by a Poisson process) or `clients` (each asks its next question when the last is
answered). It may hold `core`, the only one that this runs on then; `beside`, a path that is asked for now and then over
a connection of its own; and `normal`, the seconds of a usual answer: at the end of a rate, one question is asked after
another until one takes no longer. The time of a question counts from when it was due, so that a server that stalls is
charged for all that wait for it (Tene, "How NOT to Measure Latency", 2013). No library: the client shares the cores
with what it measures.
"""

import asyncio
import json
import os
import random
import sys
from contextlib import suppress
from itertools import cycle
from time import process_time
from typing import Any

PATIENCE = 10.0  # seconds that the last questions are waited for
BESIDE_S = 0.05  # between two requests for what is asked beside
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Crowd:
    """Those who ask, over connections that are kept: a question takes a free one or opens one more."""

    def __init__(self, port: int, paths: list[str], seconds: float, normal: float | None = None) -> None:
        self.port, self.paths, self.seconds, self.normal = port, cycle(paths), seconds, normal
        self.free: list[Connection] = []
        self.asked, self.times = 0, list[float]()
        self.refused, self.waits = list[float](), list[int]()  # of 503: its seconds, and what it says to wait
        self.beside = list[float]()
        self.normal_after: float | None = None

    async def ask(self, due: float) -> bool:
        """Ask the next question, which was due at a time; it counts as answered with 200 only."""
        self.asked += 1
        status = b""
        with suppress(OSError, asyncio.IncompleteReadError):  # a server that gives up
            connection = await self._connection()
            status, wait = await _get(connection, next(self.paths))
            self.free.append(connection)
            took = asyncio.get_running_loop().time() - due
            if status == b"200":
                self.times.append(took)
            elif status == b"503" and wait is not None:
                self.refused.append(took)
                self.waits.append(wait)
        return status == b"200"

    async def _connection(self) -> Connection:
        while self.free:
            reader, writer = self.free.pop()
            if not reader.at_eof():  # servers close those that are idle for long
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def at_rate(self, rate: float) -> None:
        """Ask at a rate, however long the answers take."""
        clock, arrivals = asyncio.get_running_loop().time, random.Random(0)
        begun = due = clock()
        tasks: list[asyncio.Task[bool]] = []
        while (due := due + arrivals.expovariate(rate)) < begun + self.seconds:
            await asyncio.sleep(due - clock())
            tasks.append(asyncio.create_task(self.ask(due)))
        if self.normal is not None:
            self.normal_after = await self._until_normal(self.normal)
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE)

    async def _until_normal(self, normal: float) -> float:
        """Return after how many seconds a question is answered within `normal` again."""
        clock = asyncio.get_running_loop().time
        begun = asked = clock()
        while not (await self.ask(asked) and clock() - asked <= normal) and clock() - begun < PATIENCE:
            await asyncio.sleep(BESIDE_S)
            asked = clock()
        return clock() - begun

    async def each_in_turn(self, clients: int) -> None:
        """Ask with so many clients, each one question at a time."""
        clock = asyncio.get_running_loop().time
        end = clock() + self.seconds

        async def client() -> None:
            while clock() < end:
                await self.ask(clock())

        await asyncio.gather(*(client() for _ in range(clients)))

    async def watch(self, path: str) -> None:
        """Ask for a path until this is ended, and note how long each answer took."""
        clock = asyncio.get_running_loop().time
        connection = await asyncio.open_connection("127.0.0.1", self.port)
        while True:
            started = clock()
            await _get(connection, path)
            self.beside.append(clock() - started)
            await asyncio.sleep(BESIDE_S)


async def _get(connection: Connection, path: str) -> tuple[bytes, int | None]:
    """Return the status of an answer, and after how many seconds to come again if it says so."""
    reader, writer = connection
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    _, told, wait = head.partition(b"retry-after:")
    return head.split()[1], int(wait.split(b"\r\n")[0]) if told else None


async def _run(task: dict[str, Any], crowd: Crowd) -> None:
    watching = asyncio.create_task(crowd.watch(task["beside"])) if "beside" in task else None
    await (crowd.at_rate(task["rate"]) if "rate" in task else crowd.each_in_turn(task["clients"]))
    if watching is not None:
        watching.cancel()


def main() -> None:
    """Read a task, do it, write what came of it."""
    task = json.load(sys.stdin)
    if "core" in task:
        os.sched_setaffinity(0, {task["core"]})
    crowd, worked = Crowd(task["port"], task["paths"], task["seconds"], task.get("normal")), process_time()
    asyncio.run(_run(task, crowd))
    found = {"asked": crowd.asked, "seconds": crowd.times, "refused": crowd.refused, "waits": crowd.waits}
    found |= {"beside": crowd.beside, "normal_after": crowd.normal_after, "worked": process_time() - worked}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
