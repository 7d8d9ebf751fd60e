"""Reading HTTP with bounds on what takes long to read, however few bytes it has."""

import re
from enum import Enum
from http import HTTPStatus

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_OF_HEAD = 16_384  # bytes
MOST_HEADERS = 100  # browsers behind several proxies send thirty
# Parts that a body may arrive in: so many, and one more for so many bytes. Each takes as long as many of its bytes.
FREE_PARTS, PART_BYTES = 256, 32
HEAD_END = re.compile(rb"\n\r?\n")
BLANK_LINE = b"\r\n\r\n"  # with which every body in chunks ends; so may a part of one
NOT_ASCII = re.compile(rb"[\x80-\xff]")
UPGRADE = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)
VERSIONS = frozenset({"1.0", "1.1"})


class Part(Enum):
    """What of a request is looked at next."""

    HEAD = "head"
    BODY = "body"
    NOTHING = "nothing"  # all of it came, and it is not answered; what comes meanwhile is kept for later


class Refused(Exception):
    """What came is not read on; it has the status to say so."""

    def __init__(self, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(status)
        self.status = status


class Requests(HttpToolsProtocol):
    """Reads one request after the other, and gives up on what takes long to read for its size.

    llhttp, which reads here, knows of no bounds, and would read all requests that a client sends at once before the
    first is answered. So it is given a head when that is whole, and nothing of the next request before its time.
    """

    part = Part.HEAD
    _held = b""  # what came and is not read
    _read = b""  # the last bytes of a body in chunks, too few to be a blank line
    _parts = _bytes = 0  # of the body
    _length: int | None = None  # of the body, as far as it has not come; none where it is in chunks

    def read(self, data: bytes) -> None:
        """Read what came, as far as it may be read now.

        Raises:
            Refused: if it is no HTTP, has too many headers, or comes in too many parts.
        """
        self._held += data
        while self._held and self.part is not Part.NOTHING:
            ready = self._head() if self.part is Part.HEAD else self._piece()
            if not ready:
                return
            try:
                self.parser.feed_data(ready)
            except httptools.HttpParserError as error:
                raise error.__context__ if isinstance(error.__context__, Refused) else Refused from None

    @property
    def holds(self) -> bool:
        """Whether something came that is not read yet."""
        return bool(self._held)

    def _head(self) -> bytes:
        """Return the head of a request as it is to be read, if it is whole.

        An address may hold characters as they are: browsers write `?q=你好` in percents before they send it, curl does
        not. Of an upgrade nothing is said: llhttp would look for no body in a request that asks for one.
        """
        end = HEAD_END.search(self._held)
        size = end.end() if end else len(self._held)
        if self._held[0] <= ord(" "):  # it is never going to be a request, however much more comes
            raise Refused
        if self._held.count(b"\n", 0, end.start() if end else size) > MOST_HEADERS:
            raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if size > MOST_OF_HEAD:
            raise Refused
        if not end:
            return b""
        head, self._held = self._held[:size], self._held[size:]
        if not head.isascii():
            line, newline, rest = head.partition(b"\n")
            head = NOT_ASCII.sub(lambda match: b"%%%02X" % match[0][0], line) + newline + rest
        return UPGRADE.sub(b"", head)

    def _piece(self) -> bytes:
        """Return what is read next of a body; nothing behind its end is in it."""
        if self._length is not None:
            size = self._length
            self._length -= min(size, len(self._held))
        else:
            last = self._read + self._held
            end = last.find(BLANK_LINE)
            size = len(self._held) if end < 0 else end + len(BLANK_LINE) - len(self._read)
            self._read = b"" if end >= 0 else last[1 - len(BLANK_LINE) :]
        piece, self._held = self._held[:size], self._held[size:]
        return piece

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._read, self._parts, self._bytes, self._length = b"", 0, 0, None

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, unless it stands behind the body: the request has begun without it."""
        if self.part is Part.HEAD:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer a request, if it is of HTTP/1 and for one host."""
        version, given = self.parser.get_http_version(), [name for name, _ in self.headers]
        hosts = given.count(b"host")
        hostless = version == "1.1" and not hosts
        if version not in VERSIONS or hosts > 1 or hostless or self.parser.should_upgrade():  # by CONNECT
            raise Refused
        if not self.url.startswith(b"/"):  # of an address with a host, httptools would pass on the path alone
            self.url = b"/" + self.url
        self._length = next((int(value) for name, value in self.headers if name == b"content-length"), None)
        super().on_headers_complete()
        self.part = Part.BODY

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, if there are not too many."""
        self._parts += 1
        self._bytes += len(body)
        if self._parts > FREE_PARTS + self._bytes // PART_BYTES:
            raise Refused
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Look at nothing more before the answer, unless that came before the end of the request."""
        super().on_message_complete()
        self.part = Part.HEAD if self.cycle.response_complete else Part.NOTHING

    def on_response_complete(self) -> None:
        """Go on with the next request, once this has come."""
        super().on_response_complete()
        if self.part is Part.NOTHING:
            self.part = Part.HEAD
