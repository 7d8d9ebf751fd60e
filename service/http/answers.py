"""Large answers: read piece by piece as the client takes them, and bounded by bytes for all clients together."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import uuid4

import orjson
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from corpus.errors import WherefromError
from service.http.room import Room
from service.reading import PIECE

logger = logging.getLogger(__name__)

ROOM = 12_500_000  # bytes of large answers that are held for all clients together
# For which an answer may hold room while others wait for it: else some hundred clients that take little at a time would
# keep everybody from large answers for hours. A line of 1.3 Mbit/s takes 5 MB meanwhile.
FAIR_SECONDS = 30.0
PATIENCE_SECONDS = 5.0  # that an answer which is not yet read waits for room
CROWDED = "too many large answers are being sent; ask again in a moment, or for less of it"


class Answers:
    """What large answers share: the room for their bytes, and one turn at reading, so that questions have theirs."""

    def __init__(self, room: int = ROOM) -> None:
        """Take how many bytes there is room for."""
        self.room = Room(room, CROWDED, FAIR_SECONDS)
        self.turn = asyncio.Semaphore(1)


class Json(JSONResponse):
    """JSON as the standard library writes it, by what is ten times as fast."""

    def render(self, content: Any) -> bytes:
        """Return the bytes of plain values.

        Raises:
            ValueError: if they are none of JSON.
        """
        try:
            return orjson.dumps(content)
        except TypeError:  # numbers of more than 64 bits, which metadata may hold; or what is no JSON
            return super().render(content)


as_json = Json(None).render


class LargeAnswer(Response):
    """An answer whose body is read while it is sent, and which takes the room of two pieces for as long.

    Where it cannot be read to its end, the connection is closed before the end, as the client can tell.
    """

    def __init__(
        self, answers: Answers, pieces: AsyncIterator[bytes], media_type: str, headers: Mapping[str, str]
    ) -> None:
        """Take what large answers share, and the body in pieces."""
        super().__init__(None, headers=headers, media_type=media_type)
        self._answers = answers
        self._pieces = pieces

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:
        """Take headers; how long the body is, only they may say."""
        super().init_headers(headers)
        if "content-length" not in (headers or {}):
            del self.headers["content-length"]

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Send it."""
        request = Request(scope, receive)
        async with self._answers.room.taken(2 * PIECE, PATIENCE_SECONDS):
            piece = await self._next()  # before the answer begins, so that it can still be another
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            try:
                while piece and not await request.is_disconnected():
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = b""  # the next takes its place, and is not held beside it
                    piece = await self._next()
            except WherefromError as error:
                logger.warning("an answer ends before its end: %s", error)
                return
            await send({"type": "http.response.body", "body": b""})

    async def _next(self) -> bytes:
        async with self._answers.turn:
            return await anext(self._pieces, b"")


async def made_beside(answers: Answers, view: Mapping[str, Any]) -> Response:
    """Return a JSON answer that is made beside the event loop, one at a time: many threads would starve the loop."""
    async with answers.turn:
        content = await run_in_threadpool(as_json, view)
    return Response(content, media_type=Json.media_type)


def large_json(
    answers: Answers,
    view: Callable[[str], Mapping[str, Any]],
    text: AsyncIterator[bytes],
    headers: Mapping[str, str] | None = None,
) -> LargeAnswer:
    """Return a JSON answer in which a text stands that is read while it is sent.

    Args:
        answers: what large answers share.
        view: makes all of the JSON of that text.
        text: it, as bytes of UTF-8.
        headers: of the answer.
    """
    return LargeAnswer(answers, _Json(view, text), Json.media_type, headers or {})


class _Json:
    """JSON in pieces, those of a text in the midst; none of them is kept here."""

    def __init__(self, view: Callable[[str], Mapping[str, Any]], text: AsyncIterator[bytes]) -> None:
        mark = uuid4().hex  # stands nowhere else
        self._before, self._after = bytes(Json(view(mark)).body).split(mark.encode())
        self._text = text

    def __aiter__(self) -> "_Json":
        return self

    async def __anext__(self) -> bytes:
        before, self._before = self._before, b""
        try:
            return before + escaped(await anext(self._text))
        except StopAsyncIteration:
            rest, self._after = before + self._after, b""
            if not rest:
                raise
            return rest


def escaped(piece: bytes) -> bytes:
    """Return bytes of UTF-8 as they stand within a string of JSON, even if a code point is cut apart."""
    return json.dumps(piece.decode("latin-1"), ensure_ascii=False)[1:-1].encode("latin-1")
