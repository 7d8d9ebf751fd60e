"""A connection with what uvicorn lacks: deadlines for whoever sends or takes nothing.

The body of a request has a deadline of its own in `middleware.bodies`.
"""

import asyncio
import fcntl
import logging
import re
import socket
import struct
import termios
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.http.connections import Connections
from service.http.middleware.turns import GONE
from service.http.parser import Parser

HEAD_SECONDS = 10.0  # a head arrives in one packet or two
# A client that takes nothing for so long is hung up on. Systems tell of what is taken in steps, of up to 64 KiB; a line
# of 52 kbit/s takes 190 KiB meanwhile.
TAKE_SECONDS = 30.0
SEND_BUFFER = 131_072  # bytes that the system keeps for a client; it would let it grow to megabytes, each for a reader
RECEIVED = 8_192  # bytes looked at in one go, before others have their turn; a byte of them may take a microsecond
NOT_ASCII = re.compile(rb"[\x80-\xff]")
AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: nothing is kept for whoever did not take it
REFUSAL = b"HTTP/1.1 %d %s\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n"
AGAIN = b"Retry-After: 1\r\n"  # where there may be room later
QUIET = "uvicorn.error.connections"  # where uvicorn tells of requests that are none


class Connection(H11Protocol):
    """Speaks HTTP with a client, and hangs up where it begins no request, never ends one, or does not take the answer.

    uvicorn limits only how long a connection may be silent after a request: neither before the first one, nor between
    the bytes of a head, nor how long an answer may wait to be taken. At its limit on connections it refuses everyone.

    An address may hold characters as they are: browsers write `?q=你好` in percents before they send it, curl does not.
    """

    _deadline: asyncio.TimerHandle | None = None
    _taking: asyncio.TimerHandle | None = None
    _came = 0  # bytes since it was last put behind others who are waited for

    def __init__(self, *args: Any, connections: Connections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = logging.getLogger(QUIET)
        self.conn: Parser = Parser()
        self._all = connections

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # whatever the system does not take at once is waited for
        transport.max_size = RECEIVED  # type: ignore[attr-defined] # of asyncio's own transports
        if self._all.admit(self):
            self._watch()
        else:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)

    def data_received(self, data: bytes) -> None:
        """Go on waiting if this was not the end of a request."""
        if self._in_first_line():
            line, newline, rest = data.partition(b"\n")
            data = NOT_ASCII.sub(lambda match: b"%%%02X" % match[0][0], line) + newline + rest
        super().data_received(data)
        if (came := self._came + len(data)) >= RECEIVED:  # whoever sends much waits behind those who send nothing
            self._all.work_for(self)
        self._came = came % RECEIVED
        self._watch()

    def handle_events(self) -> None:
        """Begin a request if one is there, which can tell whether its client has left."""
        super().handle_events()
        if self.cycle is not None:
            self.cycle.scope["state"][GONE] = partial(getattr, self.cycle, "disconnected")

    def on_response_complete(self) -> None:
        """Wait for the next request, and for the rest of this one if it was answered before its end."""
        super().on_response_complete()
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

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, unless an answer has begun: the refusal would pass for a part of it."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._refuse(self.conn.refusal)
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        again = AGAIN if status is HTTPStatus.SERVICE_UNAVAILABLE else b""
        self.transport.write(REFUSAL % (status, status.phrase.encode(), again))
        self.transport.close()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: the request is answered as if it asked for no upgrade."""

    def _in_first_line(self) -> bool:
        return self.conn.their_state is h11.IDLE and b"\n" not in self.conn.trailing_data[0]

    def _watch(self) -> None:
        """See who has to do something now, and give the client its time if it is for the client."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if self.transport.is_closing() or (answering and self.conn.their_state is not h11.SEND_BODY):
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
