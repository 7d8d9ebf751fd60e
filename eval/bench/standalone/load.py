"""Asks a server many questions at once and says how long each took. Run as a script; it knows nothing of ours.

    python -I load.py < TASK.json

TASK holds `port`, `paths`, and either `rate` (questions a second that come whether others are answered or not, as
people do: at random, by a Poisson process) or `clients` (each asks its next question when the last is answered), and
`seconds`. The time of a question counts from when it was due, so that a server that stalls is charged for all that
wait for it (Tene, "How NOT to Measure Latency", 2013). No library: the client shares the cores with what it measures.
"""

import asyncio
import json
import random
import sys
from collections.abc import Sequence

PATIENCE = 10.0  # seconds that the last questions are waited for


class Pool:
    """Connections that are kept; a question takes a free one or opens one more."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str) -> bool:
        """Return whether a path was answered with 200."""
        reader, writer = self.free.pop() if self.free else await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        self.free.append((reader, writer))
        return head.split()[1] == b"200"


async def open_loop(pool: Pool, paths: Sequence[str], rate: float, seconds: float, times: list[float]) -> int:
    """Ask at a rate, however long the answers take."""
    clock = asyncio.get_running_loop().time
    begun = clock()
    due, place = begun, 0
    tasks: list[asyncio.Task[None]] = []
    arrivals = random.Random(0)

    async def ask(path: str, due: float) -> None:
        if await pool.get(path):
            times.append(clock() - due)

    while (due := due + arrivals.expovariate(rate)) < begun + seconds:
        await asyncio.sleep(due - clock())
        tasks.append(asyncio.create_task(ask(paths[place % len(paths)], due)))
        place += 1
    if tasks:
        await asyncio.wait(tasks, timeout=PATIENCE)
    return place


async def closed_loop(pool: Pool, paths: Sequence[str], clients: int, seconds: float, times: list[float]) -> int:
    """Ask with so many clients, each one question at a time."""
    clock = asyncio.get_running_loop().time
    end, asked = clock() + seconds, 0

    async def client() -> None:
        nonlocal asked
        while clock() < end:
            path = paths[asked % len(paths)]
            asked += 1
            started = clock()
            if await pool.get(path):
                times.append(clock() - started)

    await asyncio.gather(*(client() for _ in range(clients)))
    return asked


def main() -> None:
    """Read a task, do it, write what came of it."""
    task = json.load(sys.stdin)
    times: list[float] = []
    pool = Pool(task["port"])
    if "rate" in task:
        work = open_loop(pool, task["paths"], task["rate"], task["seconds"], times)
    else:
        work = closed_loop(pool, task["paths"], task["clients"], task["seconds"], times)
    asked = asyncio.run(work)
    json.dump({"asked": asked, "seconds": times}, sys.stdout)


if __name__ == "__main__":
    main()
