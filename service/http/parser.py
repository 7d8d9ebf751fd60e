"""Reading HTTP with bounds on what takes long to read, however few bytes it has."""

import re
from http import HTTPStatus
from typing import Any

import h11

MOST_OF_HEAD = 16_384  # bytes, as h11 has it
MOST_HEADERS = 100  # browsers behind several proxies send thirty
# Parts that a body may arrive in: so many, and one more for so many bytes. Each takes as long as many of its bytes.
FREE_PARTS, PART_BYTES = 256, 32
HEAD_END = re.compile(rb"\n\r?\n")


class Parser(h11.Connection):
    """Reads HTTP, and gives up on what takes long to read for its size.

    Attributes:
        refusal: the status of what it gave up on.
    """

    def __init__(self) -> None:
        """Read requests."""
        super().__init__(h11.SERVER, MOST_OF_HEAD)
        self.refusal = HTTPStatus.BAD_REQUEST
        self._parts = self._bytes = 0

    def next_event(self) -> Any:
        """Return what comes next, as h11 does.

        Raises:
            RemoteProtocolError: if it is no HTTP, has too many headers, or comes in too many parts.
        """
        if self.their_state is h11.IDLE and _headers(self.trailing_data[0]) > MOST_HEADERS:
            self.refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise h11.RemoteProtocolError(f"more than {MOST_HEADERS} headers")
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._parts = self._bytes = 0
        elif isinstance(event, h11.Data):
            self._parts += 1
            self._bytes += len(event.data)
            if self._parts > FREE_PARTS + self._bytes // PART_BYTES:
                raise h11.RemoteProtocolError("a body in too many parts")
        return event


def _headers(received: bytes) -> int:
    """Return how many headers the head at the beginning has, as far as it is received."""
    end = HEAD_END.search(received)
    return received.count(b"\n", 0, end.start() if end else len(received))
