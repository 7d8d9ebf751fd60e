"""What every answer carries: the id of its request, and what a browser may do with it, which is next to nothing."""

import re
from collections.abc import Iterable, Sequence
from uuid import uuid4

from starlette.types import Scope

Headers = Sequence[tuple[bytes, bytes]]

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Guess nothing, run nothing, frame nothing, keep nothing. What an answer says of itself wins: the page needs more, and
# a file that is downloaded less.
SAFE = {
    b"x-content-type-options": b"nosniff",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"x-frame-options": b"DENY",  # for what does not know frame-ancestors
    b"referrer-policy": b"no-referrer",  # addresses hold questions
    b"cache-control": b"no-store",  # answers hold documents, which may be deleted
}
QUERY_CUT = "wherefrom_query_cut"  # of a request whose question was longer than is searched for
TELLS_OF_CUT = b"wherefrom-query-cut"


def give_id(scope: Scope) -> None:
    """Give a request an id, its own if it brings one."""
    brought = header(scope["headers"], b"x-request-id")
    scope["request_id"] = brought if REQUEST_ID.fullmatch(brought) else uuid4().hex


def completed(headers: Headers, scope: Scope) -> Headers:
    """Return the headers of an answer with those that every answer has."""
    own = {**SAFE, b"x-request-id": scope["request_id"].encode()}
    cut = [(TELLS_OF_CUT, b"1")] if QUERY_CUT in scope else []
    there = {name for name, _ in headers}
    return [*headers, *cut, *(each for each in own.items() if each[0] not in there)]


def header(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> str:
    """Return a header of a request, "" where there is none."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")
