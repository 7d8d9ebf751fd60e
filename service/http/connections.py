"""All connections together: how many there may be, and which gives way for another."""

import asyncio
import logging
import resource
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

logger = logging.getLogger(__name__)

ACCEPTED = 8  # connections accepted in one go, before others have their turn
QUEUED = 2_048  # connections that wait for that, where the system lets so many
DESCRIPTORS = 65_536  # that the process asks for; some systems allow a billion, which nothing here would ever use
RECEIVED = 8_192  # bytes looked at in one go, before others have their turn; a byte of them may take a microsecond
TOLD_SECONDS = 60.0  # between two lines of the log that say the same


class Open(Protocol):
    """A connection that is open.

    Attributes:
        answered: whether a request that came on it has been answered.
    """

    answered: bool

    def hang_up(self) -> None:
        """End it at once."""


def most_connections(wanted: int) -> int:
    """Return how many connections there may be, having asked the system for as many files as it lets us open.

    Half of the descriptors are left to all else, and to connections that are just being accepted or refused.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        soft = allowed
    return wanted if soft == resource.RLIM_INFINITY else min(wanted, soft // 2)


class Connections:
    """All connections that are open; at the limit, the one that keeps the service waiting for longest gives way.

    It is one of those that were answered before, or of those that were not, of whichever more wait: so a burst of new
    connections, however quick, displaces nobody who is between two requests while those are fewer than half, and they
    leave the other half to new ones. Caches part their entries alike (segmented LRU, Karedla et al.,
    Computer 27(3), 1994).

    Attributes:
        most: how many there may be.
        refused: how many were hung up on for others, or found no place.
        on_change: called when there are more or fewer.
        received: room for what comes, in which it is only for a moment.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.refused = 0
        self.on_change: Callable[[], None] = lambda: None
        self.received = bytearray(RECEIVED)
        self._open: set[Open] = set()
        # In the order in which the waiting began, by whether they were answered before.
        self._waited_for: dict[bool, dict[Open, None]] = {False: {}, True: {}}
        self._told = -TOLD_SECONDS

    def __len__(self) -> int:
        return len(self._open)

    def admit(self, connection: Open) -> bool:
        """Take a new one in, in place of another if need be; return whether there is a place for it."""
        if len(self._open) >= self.most:
            self.refused += 1
            if not self.give_way():
                return False
        self._open.add(connection)
        self.on_change()
        return True

    def give_way(self) -> bool:
        """Hang up on whoever keeps the service waiting for longest; return whether there was anyone."""
        many = max(self._waited_for.values(), key=len)
        if not many:
            return False
        next(iter(many)).hang_up()
        return True

    def wait_for(self, connection: Open) -> None:
        """Note that it is for the client to send or to take something."""
        if connection in self._open:
            self._waited_for[connection.answered].setdefault(connection)

    def work_for(self, connection: Open) -> None:
        """Note that it is for the service to do something."""
        for each in self._waited_for.values():
            each.pop(connection, None)

    def leave(self, connection: Open) -> None:
        """Forget one that is closed, or is as good as that."""
        self.work_for(connection)
        self._open.discard(connection)
        self.on_change()

    def on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle what goes wrong on the event loop: where a connection cannot be accepted, another gives way.

        asyncio tells it with a stack trace for each of `ACCEPTED` attempts, and goes on accepting after a second.
        """
        if not (isinstance(context.get("exception"), OSError) and "accept" in context.get("message", "")):
            loop.default_exception_handler(context)
            return
        self.give_way()
        if monotonic() - self._told >= TOLD_SECONDS:
            self._told = monotonic()
            logger.error("connections cannot be accepted: %s; allow more open files", context["exception"])
