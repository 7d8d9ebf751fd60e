"""What the tests of the client share: each test that takes `asking` is run with either kind of client."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.client.fake_service import KINDS, Fake, Reply, client_of

Asking = Callable[..., tuple[Any, Fake]]


@pytest.fixture(params=KINDS)
def asking(request: pytest.FixtureRequest) -> Iterator[Asking]:
    """What makes a client of a service that gives some replies."""
    with ExitStack() as open_until_the_end:

        def make(*replies: Reply, **options: Any) -> tuple[Any, Fake]:
            service = Fake(list(replies))
            return open_until_the_end.enter_context(client_of(request.param, service, **options)), service

        yield make


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a client would have slept; it does not."""
    seconds: list[float] = []

    async def later(pause: float) -> None:
        seconds.append(pause)

    for part in ("sending", "jobs"):
        monkeypatch.setattr(f"wherefrom.parts.{part}.sleep", seconds.append)
        monkeypatch.setattr(f"wherefrom.parts.{part}.later", later)
    return seconds
