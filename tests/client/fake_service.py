"""A service that answers what a test says, and a client of either kind that asks it in the same way."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from wherefrom import AsyncWherefrom, Wherefrom

URL = "http://service:8000"
KINDS = ("Wherefrom", "AsyncWherefrom")
Reply = httpx.Response | Callable[[httpx.Request], httpx.Response]


@dataclass
class Fake:
    """A service that gives its replies one after the other, the last one for ever, and remembers what it was asked."""

    replies: list[Reply]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return reply if isinstance(reply, httpx.Response) else reply(request)

    @property
    def lines(self) -> list[str]:
        """What was asked for, as in the first line of a request."""
        return [f"{request.method} {request.url.raw_path.decode()}" for request in self.asked]

    def sent(self, number: int = -1) -> Any:
        """The JSON of a request."""
        return json.loads(self.asked[number].content)


class Blocking:
    """A client with an event loop, which is used as one without, so that one test is for both."""

    def __init__(self, client: AsyncWherefrom, runner: asyncio.Runner) -> None:
        self._client, self._runner = client, runner

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            given = getattr(self._client, name)(*args, **kwargs)
            return self._runner.run(_all_of(given) if hasattr(given, "__aiter__") else given)

        return call


@contextmanager
def client_of(kind: str, service: Fake, **options: Any) -> Iterator[Any]:
    """Give a client of a kind that speaks to a fake service."""
    transport = httpx.MockTransport(service)
    if kind == "Wherefrom":
        with Wherefrom(URL, transport=transport, **options) as client:
            yield client
    else:
        with asyncio.Runner() as runner:
            looped = AsyncWherefrom(URL, transport=transport, **options)
            yield Blocking(looped, runner)
            runner.run(looped.close())


async def _all_of(given: Any) -> list[Any]:
    return [each async for each in given]
