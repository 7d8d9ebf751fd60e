"""Connections with what uvicorn lacks: a deadline for the head of a request, and addresses as people type them.

The body has a deadline of its own in `middleware`.
"""

import asyncio
import re

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0  # a head arrives in one packet or two
NOT_ASCII = re.compile(rb"[\x80-\xff]")


class Connection(H11Protocol):
    """Speaks HTTP with a client, and hangs up where it begins no request or never ends the head of one.

    uvicorn limits how long a connection may be silent after a request, but neither before the first one nor between
    the bytes of a head. Its limit on connections would not help: at the limit, it refuses everyone.

    An address may hold characters as they are: browsers write `?q=你好` in percents before they send it, curl does not.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin to wait."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Go on waiting if this was not the end of a head."""
        if self._in_first_line():
            line, newline, rest = data.partition(b"\n")
            data = NOT_ASCII.sub(lambda match: b"%%%02X" % match[0][0], line) + newline + rest
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        super().connection_lost(exc)
        self._stop()

    def _in_first_line(self) -> bool:
        return self.conn.their_state is h11.IDLE and b"\n" not in self.conn.trailing_data[0]

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.timeout_keep_alive_handler)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
