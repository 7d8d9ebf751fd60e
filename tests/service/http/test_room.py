"""The bound on bytes that are held at a time: who waits, who is refused, and who gives way."""

import asyncio

import pytest

from service.errors import Overloaded
from service.http.room import GivenWay, Room

FAIR = 0.05


async def hold(room: Room, size: int, seconds: float) -> str:
    """Hold some bytes, and return how that ended."""
    try:
        async with room.taken(size, 1.0):
            await asyncio.sleep(seconds)
    except GivenWay:
        return "given way"
    except Overloaded:
        return "refused"
    return "done"


def test_whoever_holds_bytes_for_long_gives_way_to_one_who_waits() -> None:
    async def run() -> None:
        room = Room(10, "full", FAIR)
        oldest = asyncio.create_task(hold(room, 5, 60.0))
        await asyncio.sleep(0)
        other = asyncio.create_task(hold(room, 5, 3 * FAIR))
        assert await hold(room, 4, 0.0) == "done"
        assert await oldest == "given way"
        assert await other == "done"
        assert room.held == 0

    asyncio.run(run())


@pytest.mark.parametrize("fair", [FAIR, float("inf")])
def test_nobody_gives_way_where_nobody_waits_or_none_has_to(fair: float) -> None:
    async def run() -> None:
        room = Room(10, "full", fair)
        holding = asyncio.create_task(hold(room, 10, 3 * FAIR))
        await asyncio.sleep(0)
        if fair > FAIR:
            with pytest.raises(Overloaded, match="full"):
                async with room.taken(1, FAIR):
                    pass
        assert await holding == "done"
        assert room.held == 0

    asyncio.run(run())


def test_what_fails_otherwise_is_not_taken_for_that() -> None:
    async def run() -> None:
        with pytest.raises(TimeoutError, match="of another kind"):
            async with Room(10, "full", FAIR).taken(1):
                raise TimeoutError("of another kind")

    asyncio.run(run())
