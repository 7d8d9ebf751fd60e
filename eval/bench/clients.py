"""Asks a server many questions at once and says how long each took. Run as a script; it knows nothing of ours.

    python -I clients.py < TASK.json

TASK holds `port`, `paths`, `seconds`, and either `rate` (questions a second that come whether others are answered or
not, as people do: at random, by a Poisson process) or `clients` (each asks its next question when the last is
answered). The time of a question counts from when it was due, so that a server that stalls is charged for all that
wait for it (Tene, "How NOT to Measure Latency", 2013). No library: the client shares the cores with what it measures.
"""

import asyncio
import json
import random
import sys
from contextlib import suppress
from itertools import cycle

PATIENCE = 10.0  # seconds that the last questions are waited for


class Crowd:
    """Those who ask, over connections that are kept: a question takes a free one or opens one more."""

    def __init__(self, port: int, paths: list[str], seconds: float) -> None:
        self.port, self.paths, self.seconds = port, cycle(paths), seconds
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.asked, self.times = 0, list[float]()

    async def ask(self, due: float) -> None:
        """Ask the next question, which was due at a time; it counts as answered with 200 only."""
        self.asked += 1
        with suppress(OSError, asyncio.IncompleteReadError):  # a server that gives up
            if await self._get(next(self.paths)) == b"200":
                self.times.append(asyncio.get_running_loop().time() - due)

    async def _get(self, path: str) -> bytes:
        reader, writer = self.free.pop() if self.free else await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        self.free.append((reader, writer))
        return head.split()[1]

    async def at_rate(self, rate: float) -> None:
        """Ask at a rate, however long the answers take."""
        clock, arrivals = asyncio.get_running_loop().time, random.Random(0)
        begun = due = clock()
        tasks: list[asyncio.Task[None]] = []
        while (due := due + arrivals.expovariate(rate)) < begun + self.seconds:
            await asyncio.sleep(due - clock())
            tasks.append(asyncio.create_task(self.ask(due)))
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE)

    async def each_in_turn(self, clients: int) -> None:
        """Ask with so many clients, each one question at a time."""
        clock = asyncio.get_running_loop().time
        end = clock() + self.seconds

        async def client() -> None:
            while clock() < end:
                await self.ask(clock())

        await asyncio.gather(*(client() for _ in range(clients)))


def main() -> None:
    """Read a task, do it, write what came of it."""
    task = json.load(sys.stdin)
    crowd = Crowd(task["port"], task["paths"], task["seconds"])
    asyncio.run(crowd.at_rate(task["rate"]) if "rate" in task else crowd.each_in_turn(task["clients"]))
    json.dump({"asked": crowd.asked, "seconds": crowd.times}, sys.stdout)


if __name__ == "__main__":
    main()
