"""What a worker may take of what there is, and what it hands to the first."""

import asyncio
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from service.workers.errands import Errand, Errands
from service.workers.worker import ALONE, Worker
from tests.service_fixtures import settings_of

PATIENCE = 30  # seconds; far more than anything here takes


@given(whole=st.integers(0, 10_000), size=st.integers(1, 64))
def test_shares_add_up_and_differ_by_one_at_most(whole: int, size: int) -> None:
    shares = [Worker(number, size).share(whole, least=0) for number in range(size)]
    assert sum(shares) == whole
    assert max(shares) - min(shares) <= 1


def test_each_has_at_least_what_it_cannot_do_without() -> None:
    assert [Worker(number, 4).share(2) for number in range(4)] == [1, 1, 1, 1]


def test_one_that_is_alone_has_all(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    assert ALONE.share_of(settings) == settings
    assert ALONE.first


def test_the_limits_of_all_are_those_that_are_set(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, searches=5, waiting=7)
    shares = [Worker(number, 3).share_of(settings) for number in range(3)]
    for name in ("searches", "waiting", "connections"):
        assert sum(getattr(each, name) for each in shares) == getattr(settings, name)


def test_errands_come_in_their_order_however_many_there_are() -> None:
    """More than a pipe holds, so that the last are sent when the first have been read."""
    handed = [Errand("law" * 21, f"j_{number:032}", cancelled=number % 7 == 0) for number in range(1_000)]

    async def test() -> list[Errand]:
        came: list[Errand] = []
        with Errands.between_processes() as errands:
            errands.hand(*handed[:400])
            errands.hand(*handed[400:])
            errands.receive(came.append)
            async with asyncio.timeout(PATIENCE):
                while len(came) < len(handed):
                    await asyncio.sleep(0.01)
            errands.receive_no_more()
        return came

    assert asyncio.run(test()) == handed
