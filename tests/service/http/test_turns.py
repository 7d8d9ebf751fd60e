"""Many requests at once: they begin a few at a time, and health checks do not wait for them."""

import asyncio
from collections import Counter
from functools import partial

from starlette.types import Message, Receive, Scope, Send

from service.http.middleware.turns import GONE, TOGETHER, Turns

MANY = 50


async def receive() -> Message:
    raise NotImplementedError


async def send(message: Message) -> None:
    raise NotImplementedError


def test_requests_begin_in_order_and_health_checks_at_once() -> None:
    begun: list[str] = []
    rounds = {"now": 0}
    when: dict[str, int] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])
        when[scope["path"]] = rounds["now"]

    async def count() -> None:
        while True:
            rounds["now"] += 1
            await asyncio.sleep(0)

    async def test() -> None:
        turns, counting = Turns(app), asyncio.create_task(count())
        paths = [f"/{number}" for number in range(MANY)]
        asked = [*paths, "/healthz"]
        await asyncio.gather(*(turns({"type": "http", "path": path}, receive, send) for path in asked))
        counting.cancel()
        assert begun == ["/healthz", *paths]
        together = Counter(when[path] for path in paths)
        assert max(together.values()) <= TOGETHER
        assert len(together) >= MANY / TOGETHER

    asyncio.run(test())


def test_who_has_left_before_its_turn_is_not_begun() -> None:
    begun: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])

    async def test() -> None:
        left = {"/0", "/3"}
        scopes = [{"type": "http", "path": f"/{number}"} for number in range(5)]
        extended = [{**each, "state": {GONE: partial(left.__contains__, each["path"])}} for each in scopes]
        await asyncio.gather(*map(partial(Turns(app), receive=receive, send=send), extended))

    asyncio.run(test())
    assert begun == ["/1", "/2", "/4"]


def test_what_is_no_request_does_not_wait() -> None:
    begun: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["type"])

    asyncio.run(asyncio.wait_for(Turns(app)({"type": "lifespan"}, receive, send), 1))
    assert begun == ["lifespan"]
