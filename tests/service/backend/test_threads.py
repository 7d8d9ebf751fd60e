"""Places in the queue: who takes how many, who gets none, and when they are free again."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from time import sleep
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backend.threads import BYTES_A_PLACE, LONGEST_WAIT, MOST_PLACES, Threads, cost_of
from service.errors import Overloaded

PATIENCE = 30
PLACES = 9  # of one worker and eight who wait


@contextmanager
def queue(workers: int = 1, waiting: int = PLACES - 1) -> Iterator[Threads]:
    threads = Threads("test", workers, waiting)
    yield threads
    threads.close()


def in_loop(test: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        await test()

    asyncio.run(run())


async def settled(*works: asyncio.Future[Any]) -> None:
    """Wait for works, and until the loop has done what follows them."""
    await asyncio.wait(works, timeout=PATIENCE)
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("costs", "taken"),
    [
        ([1], 1),
        ([1, 1, 1], 3),
        ([1] * 9, 9),
        ([1, 2, 1], 4),
        ([7], 4),  # no more than half beyond one for each
        ([7, 7, 7, 7, 7], 5),
        ([1] * 40, 9),  # no more than there are
    ],
)
def test_what_belongs_together_takes_what_it_costs_within_bounds(costs: list[int], taken: int) -> None:
    with queue() as threads, threads.reserved(costs):
        assert threads.pending == taken


def test_what_belongs_together_is_refused_as_a_whole() -> None:
    with queue() as threads, threads.reserved([1] * 5), pytest.raises(Overloaded) as refused, threads.reserved([1] * 5):
        raise AssertionError("there were four places left")
    assert (refused.value.retry_after, refused.value.reason) == (1, "queue")
    assert threads.pending == 0


def test_a_place_is_taken_until_its_work_is_done() -> None:
    async def test() -> None:
        with queue(workers=1, waiting=1) as threads:
            go_on = Event()
            first, second = (threads.run(lambda: go_on.wait(PATIENCE)) for _ in range(2))
            assert threads.pending == 2
            with pytest.raises(Overloaded):
                threads.run(lambda: True)
            go_on.set()
            await settled(first, second)
            assert threads.pending == 0
            assert await threads.run(lambda: 7) == 7

    in_loop(test)


def test_each_of_several_frees_its_share_when_it_is_done() -> None:
    async def test() -> None:
        with queue() as threads, threads.reserved([1, 3, 1]) as reserved:
            left = []
            for _ in range(3):
                await settled(reserved.run(lambda: None))
                left.append(threads.pending)
            assert left == [4, 1, 0]

    in_loop(test)


def test_places_are_free_again_where_the_rest_is_not_begun() -> None:
    async def test() -> None:
        with queue() as threads:
            with pytest.raises(ValueError), threads.reserved([2, 2, 2]) as reserved:
                await reserved.run(lambda: int("none"))
            await asyncio.sleep(0)
            assert threads.pending == 0

    in_loop(test)


def test_one_that_comes_later_does_not_wait_for_all_of_several() -> None:
    async def test() -> None:
        with queue() as threads, threads.reserved([1, 1, 1]) as reserved:
            done = list[str]()
            go_on = Event()

            async def several() -> None:
                for name in ("a", "b", "c"):
                    await reserved.run(lambda: go_on.wait(PATIENCE))
                    done.append(name)

            batch = asyncio.create_task(several())
            await asyncio.sleep(0)
            single = threads.run(lambda: "single")
            single.add_done_callback(lambda _: done.append("single"))
            go_on.set()
            await settled(batch, single)
            assert done.index("single") == 1

    in_loop(test)


@pytest.mark.parametrize(("workers", "told"), [(1, 3), (2, 2)])
def test_the_wait_is_told_by_what_waits_and_how_long_it_takes(workers: int, told: int) -> None:
    async def test() -> None:
        with queue(workers, waiting=20) as threads:
            await settled(threads.run(lambda: sleep(0.12)))
            with threads.reserved([1] * (20 + workers)), pytest.raises(Overloaded) as refused:
                threads.check_room()
            # 21 places by one worker take 2.5 s, 22 by two 1.3 s; a machine that is slow is slow at all of it.
            assert told <= refused.value.retry_after <= 5 * told

    in_loop(test)


def test_nobody_is_told_to_stay_away_for_long() -> None:
    with queue() as threads, threads.reserved([1] * PLACES):
        threads._seconds = 1e6
        with pytest.raises(Overloaded, match=f"{LONGEST_WAIT} s") as refused:
            threads.check_room()
        assert refused.value.retry_after == LONGEST_WAIT


@given(st.lists(st.lists(st.integers(1, 7), min_size=1, max_size=12), max_size=8), st.integers(0, 20))
def test_no_more_is_taken_than_there_is_and_all_is_given_back(batches: list[list[int]], waiting: int) -> None:
    async def test() -> None:
        with queue(2, waiting) as threads:
            with ExitStack() as stack:
                held = []
                for costs in batches:
                    before = threads.pending
                    try:
                        held.append((stack.enter_context(threads.reserved(costs)), costs))
                    except Overloaded:
                        assert threads.pending == before
                        assert before > 0, "whoever is alone is never refused"
                    assert threads.pending <= 2 + waiting
                begun = [reserved.run(lambda: None) for reserved, costs in held for _ in costs]
                assert all(reserved.places == 0 for reserved, _ in held)
                if begun:
                    await settled(*begun)
            assert threads.pending == 0

    in_loop(test)


@pytest.mark.parametrize("script", ["how many boats ", "渔港可以停靠多少艘渔船", "сколько лодок "])
def test_a_question_costs_more_the_longer_it_is(script: str) -> None:
    texts = [(script * 400)[:length] for length in range(1, 2049, 50)]
    costs = [cost_of(text) for text in texts]
    assert costs == sorted(costs)
    assert costs[0] == 1
    assert costs[-1] == min(1 + len(texts[-1].encode()) // BYTES_A_PLACE, MOST_PLACES)
    assert cost_of("渔港改造的费用是多少？" * 3) == 1
