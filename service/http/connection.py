"""A connection with what uvicorn lacks: deadlines for whoever sends or takes nothing.

The body of a request has a deadline of its own in `middleware.bodies`.
"""

import asyncio
import fcntl
import logging
import socket
import struct
import termios
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from service.http.connections import RECEIVED, Connections
from service.http.middleware.turns import GONE
from service.http.parser import Part, Refused, Requests

HEAD_SECONDS = 10.0  # a head arrives in one packet or two
# A client that takes nothing for so long is hung up on. Systems tell of what is taken in steps, of up to 64 KiB; a line
# of 52 kbit/s takes 190 KiB meanwhile.
TAKE_SECONDS = 30.0
SEND_BUFFER = 131_072  # bytes that the system keeps for a client; it would let it grow to megabytes, each for a reader
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: nothing is kept for whoever did not take it
REFUSAL = b"HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n"
AGAIN = b"Retry-After: 1\r\n"  # where there may be room later
QUIET = "uvicorn.error.connections"  # where uvicorn tells of requests that are none


class Connection(Requests):
    """Speaks HTTP with a client, and hangs up where it begins no request, never ends one, or does not take the answer.

    uvicorn limits only how long a connection may be silent after a request: neither before the first one, nor between
    the bytes of a head, nor how long an answer may wait to be taken. At its limit on connections it refuses everyone.
    """

    _deadline: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    answered = False
    _came = 0  # bytes since it was last put behind others who are waited for

    def __init__(self, *args: Any, connections: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = logging.getLogger(QUIET)
        self._all = connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # whatever the system does not take at once is waited for
        transport.set_protocol(Received(self, self._all.received))
        if self._all.admit(self):
            self._watch()
        else:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def data_received(self, data: bytes) -> None:
        """Go on waiting if this was not the end of a request."""
        self._unset_keepalive_if_required()
        try:
            self.read(data)
        except Refused as refused:
            self._give_up(refused.status)
        if self.part is Part.NOTHING and self.holds:
            self.flow.pause_reading()
        if (came := self._came + len(data)) >= RECEIVED:  # whoever sends much waits behind those who send nothing
            self._all.work_for(self)
        self._came = came % RECEIVED
        self._watch()

    def on_headers_complete(self) -> None:
        """Begin a request, which can tell whether its client has left."""
        super().on_headers_complete()
        self.cycle.scope["state"][GONE] = partial(getattr, self.cycle, "disconnected")

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the rest of this one if it was answered before its end."""
        super().on_response_complete()
        self._all.work_for(self)  # it waits among others from now on
        self.answered = True
        if self.holds and not self.transport.is_closing():
            self.data_received(b"")
        else:
            self._watch()

    def pause_writing(self) -> None:
        """Wait for the client to take something."""
        super().pause_writing()
        self._all.work_for(self)  # it took what was before this
        self._all.wait_for(self)
        self._wait_for_taking(self._left())

    def resume_writing(self) -> None:
        """Go on: all that was written is on its way."""
        super().resume_writing()
        self._stop_taking()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._all.leave(self)
        self._stop_taking()
        super().connection_lost(exc)
        self._stop()

    def hang_up(self) -> None:
        """End the connection at once, whatever is on its way."""
        self._all.leave(self)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def _wait_for_taking(self, left: int) -> None:
        self._taking = self.loop.call_later(TAKE_SECONDS, self._see_taken, left)

    def _see_taken(self, before: int) -> None:
        """Hang up if the client took nothing since so many bytes were left; else give it as much time again."""
        if (left := self._left()) < before:
            self._wait_for_taking(left)
        else:
            self.hang_up()

    def _left(self) -> int:
        """Return how many bytes the client has not taken, those with the system among them where it tells."""
        kept = self.transport.get_write_buffer_size()
        with suppress(OSError):
            kept += struct.unpack("i", fcntl.ioctl(self._socket.fileno(), termios.TIOCOUTQ, bytes(4)))[0]
        return kept

    @property
    def _socket(self) -> socket.socket:
        found: socket.socket = self.transport.get_extra_info("socket")
        return found

    def _give_up(self, status: HTTPStatus) -> None:
        """Refuse what is no HTTP, unless an answer has begun: the refusal would pass for a part of it."""
        if self.part is Part.HEAD or not self.cycle.response_started:
            self._refuse(status)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        again = AGAIN if status is HTTPStatus.SERVICE_UNAVAILABLE else b""
        self.transport.write(REFUSAL % (status, status.phrase.encode(), again))
        self.transport.close()

    def _watch(self) -> None:
        """See who has to do something now, and give the client its time if it is for the client."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if self.transport.is_closing() or (answering and self.part is not Part.BODY):
            self._all.work_for(self)
        else:
            self._all.wait_for(self)
        if self.transport.is_closing() or answering:  # the body of a request has a deadline of its own
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _stop_taking(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None


class Received(asyncio.BufferedProtocol):
    """Takes what a client sent for a connection, so much at a time as there is room for here; uvloop takes 256 KB."""

    def __init__(self, connection: Connection, room: bytearray) -> None:
        self._room = room  # of all connections: what is in it is taken before anything else is received
        self._connection = connection

    def get_buffer(self, sizehint: int) -> bytearray:
        """Return where to put what comes."""
        return self._room

    def buffer_updated(self, nbytes: int) -> None:
        """Take what came."""
        self._connection.data_received(bytes(self._room[:nbytes]))

    def eof_received(self) -> None:
        """Let the connection be closed: the client sends no more."""

    def pause_writing(self) -> None:
        """Pass it on."""
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on."""
        self._connection.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass it on."""
        self._connection.connection_lost(exc)
