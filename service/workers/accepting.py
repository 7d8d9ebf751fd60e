"""Taking connections from a socket that others take them from, too, so that all have about as many.

Left to themselves, whoever wakes first takes all that come at once, and clients stay at their connections for long. So
each tells how many it has, and leaves those that come to whoever has fewer, unless that one does not take them soon.
"""

import asyncio
import errno
import mmap
import socket
from array import array
from collections.abc import Callable

AWAY = 2**31  # connections of one that takes none: nobody has more
SOON_SECONDS = 0.01  # in which one that has fewer takes a connection, unless it is at work
# What the system lacks for a connection; there may be more of it when others have ended.
SCARCE = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
SCARCE_SECONDS = 1.0


class Counts:
    """How many connections each of several processes has, in memory that they share; each writes its own number."""

    def __init__(self, size: int) -> None:
        """Begin with nobody there; processes that are forked off share it."""
        self._memory = mmap.mmap(-1, size * array("q").itemsize)
        self._counts = memoryview(self._memory).cast("q")
        for number in range(size):
            self._counts[number] = AWAY

    def tell(self, number: int, connections: int = AWAY) -> None:
        """Note how many connections a process has; none are given to one that is away."""
        self._counts[number] = connections

    def there(self) -> int:
        """Return how many processes take connections."""
        return sum(count != AWAY for count in self._counts)

    def fewest_beside(self, number: int) -> int:
        """Return how many connections the one of the others has that has the fewest."""
        return min((count for other, count in enumerate(self._counts) if other != number), default=AWAY)


class Acceptor:
    """Takes connections from a socket; on the event loop. It ends as a server of asyncio does."""

    def __init__(
        self,
        listener: socket.socket,
        tell: Callable[[int], None],
        fewest_beside: Callable[[], int],
        count: Callable[[], int],
        make_protocol: Callable[[], asyncio.Protocol],
    ) -> None:
        """Begin to take connections.

        Args:
            listener: the socket.
            tell: is told how many connections there are here when that changes.
            fewest_beside: returns how many the one of the others has that has the fewest.
            count: returns how many are open here.
            make_protocol: makes what speaks with a client.
        """
        self._loop = asyncio.get_running_loop()
        self._listener, self._tell, self._fewest_beside = listener, tell, fewest_beside
        self._count, self._make_protocol = count, make_protocol
        self._coming = set[asyncio.Task[None]]()
        self._paused: asyncio.TimerHandle | None = None
        listener.setblocking(False)
        self.tell()
        self._loop.add_reader(listener, self._on_connection)

    def tell(self) -> None:
        """Tell how many connections there are, those that are just being made among them."""
        self._tell(self._count() + len(self._coming))

    def close(self) -> None:
        """Take no more connections."""
        if self._paused is not None:
            self._paused.cancel()
        self._loop.remove_reader(self._listener)
        self._tell(AWAY)

    async def wait_closed(self) -> None:
        """Wait for those that are just being made."""
        if self._coming:
            await asyncio.wait(self._coming)

    def _on_connection(self) -> None:
        if self._fewest_beside() < self._count() + len(self._coming):
            self._pause(SOON_SECONDS)
        else:
            self._accept()

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._listener)
        self._paused = self._loop.call_later(seconds, self._go_on)

    def _go_on(self) -> None:
        """Take the connection that others did not take meanwhile, if there is one."""
        self._paused = None
        self._loop.add_reader(self._listener, self._on_connection)
        self._accept()

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another one has it, or its client is gone
        except OSError as error:
            if error.errno not in SCARCE:
                raise
            self._loop.call_exception_handler({"message": "a connection cannot be accepted", "exception": error})
            self._pause(SCARCE_SECONDS)
            return
        connection.setblocking(False)
        task = self._loop.create_task(self._begin(connection))
        self._coming.add(task)
        task.add_done_callback(self._on_begun)
        self.tell()

    def _on_begun(self, task: asyncio.Task[None]) -> None:
        self._coming.discard(task)
        self.tell()

    async def _begin(self, connection: socket.socket) -> None:
        await self._loop.connect_accepted_socket(self._make_protocol, connection)
