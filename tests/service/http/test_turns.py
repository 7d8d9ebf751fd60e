"""Many requests at once: they begin a few at a time, and health checks do not wait for them."""

import asyncio
from collections import Counter
from functools import partial

from service.http.middleware.turns import GONE, TOGETHER, Turns

MANY = 50


def test_requests_begin_in_order_and_health_checks_at_once() -> None:
    begun: list[str] = []
    rounds = {"now": 0}
    when: dict[str, int] = {}

    async def handle(turns: Turns, path: str) -> None:
        assert await turns.come({"path": path})
        begun.append(path)
        when[path] = rounds["now"]

    async def count() -> None:
        while True:
            rounds["now"] += 1
            await asyncio.sleep(0)

    async def test() -> None:
        turns, counting = Turns(), asyncio.create_task(count())
        paths = [f"/{number}" for number in range(MANY)]
        await asyncio.gather(*(handle(turns, path) for path in [*paths, "/healthz"]))
        counting.cancel()
        assert begun == ["/healthz", *paths]
        together = Counter(when[path] for path in paths)
        assert max(together.values()) <= TOGETHER
        assert len(together) >= MANY / TOGETHER

    asyncio.run(test())


def test_who_has_left_before_its_turn_is_not_begun() -> None:
    async def test() -> list[bool]:
        left = {"/0", "/3"}
        scopes = [{"path": f"/{number}"} for number in range(5)]
        extended = [{**each, "state": {GONE: partial(left.__contains__, each["path"])}} for each in scopes]
        return list(await asyncio.gather(*map(Turns().come, extended)))

    assert asyncio.run(test()) == [False, True, True, False, True]
