"""Jobs that several servers share: each is claimed, kept while it is done, and given back where it cannot be done."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from corpus.errors import StoreAway
from service.backend import queue
from service.backend.queue import SharedQueue, Turn

FIRST, SECOND = ("default", "j_1"), ("law", "j_2")


class Claims:
    """What waits, by the order of a list; away while it is told so."""

    def __init__(self, *waiting: tuple[str, str]) -> None:
        self.waiting, self.calls = [*waiting], list[str]()
        self.away, self.lost = False, False

    def claim(self) -> tuple[str, str] | None:
        self._answer("claim")
        return self.waiting.pop(0) if self.waiting else None

    def renew(self, name: str, job_id: str) -> bool:
        self._answer(f"renew {job_id}")
        return not self.lost

    def put_off(self, name: str, job_id: str, seconds: float) -> None:
        self._answer(f"put off {job_id} {seconds:g}")

    def counts(self) -> tuple[int, int]:
        self._answer("counts")
        return 3, 1

    def _answer(self, call: str) -> None:
        self.calls.append(call)
        if self.away:
            raise StoreAway("nobody is there")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LOOKED_SECONDS", 0.02)
    monkeypatch.setattr(queue, "RENEWED_SECONDS", 0.02)


def done(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(test(), 20)

    asyncio.run(bounded())


def test_jobs_are_claimed_one_after_another() -> None:
    async def test() -> None:
        jobs = SharedQueue(Claims(FIRST, SECOND))
        assert await jobs.next() == Turn(*FIRST)
        assert await jobs.next() == Turn(*SECOND)
        assert await jobs.counts() == {"queued": 3, "running": 1}

    done(test)


def test_what_another_server_accepts_is_found_by_looking() -> None:
    async def test() -> None:
        claims = Claims()
        waiting = asyncio.create_task(SharedQueue(claims).next())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        claims.waiting.append(FIRST)
        assert await waiting == FIRST

    done(test)


def test_what_is_accepted_here_is_looked_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "LOOKED_SECONDS", 1_000)

    async def test() -> None:
        claims = Claims()
        jobs = SharedQueue(claims)
        waiting = asyncio.create_task(jobs.next())
        while not claims.calls:
            await asyncio.sleep(0.01)
        claims.waiting.append(FIRST)
        jobs.add([Turn(*FIRST)])
        assert await waiting == FIRST

    done(test)


def test_a_job_is_kept_while_it_is_done_and_stopped_where_another_server_has_it() -> None:
    async def test() -> None:
        claims, stopped = Claims(), asyncio.Event()
        async with SharedQueue(claims).doing(Turn(*FIRST), stopped.set):
            while claims.calls.count("renew j_1") < 3:
                await asyncio.sleep(0.01)
            assert not stopped.is_set()
            claims.away = True  # for a while: the claim has not run out
            await asyncio.sleep(0.1)
            assert not stopped.is_set()
            claims.away, claims.lost = False, True
            await stopped.wait()
        renewed = len(claims.calls)
        await asyncio.sleep(0.1)
        assert len(claims.calls) == renewed

    done(test)


def test_a_job_that_cannot_be_done_here_is_given_back() -> None:
    async def test() -> None:
        claims = Claims()
        jobs = SharedQueue(claims)
        await jobs.put_off(Turn(*FIRST), 2.0)
        await jobs.leave(Turn(*SECOND))
        assert claims.calls == ["put off j_1 2", f"put off j_2 {queue.LEFT_SECONDS:g}"]
        claims.away = True
        await jobs.put_off(Turn(*FIRST), 2.0)  # the claim runs out by itself

    done(test)


def test_a_store_that_is_away_is_asked_again() -> None:
    async def test() -> None:
        claims = Claims(FIRST)
        claims.away = True
        waiting = asyncio.create_task(SharedQueue(claims).next())
        while claims.calls.count("claim") < 3:
            await asyncio.sleep(0.01)
        claims.away = False
        assert await waiting == FIRST

    done(test)
