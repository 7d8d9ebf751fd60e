"""One request, and what its answer must be."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from wherefrom.errors import InvalidInput, PreconditionFailed, ServiceFailed

Answer = TypeVar("Answer")
Item = TypeVar("Item")
LONGEST_PAUSE_S = 30.0  # that a service may ask for before the next try; whoever asks for more is not waited for
SECONDS = re.compile(r"[0-9]{1,4}")  # a date, which proxies may send, is of no use here
BUSY = (httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS)


@dataclass(frozen=True, slots=True)
class Call(Generic[Answer]):
    """A request, and how its answer is read.

    Attributes:
        method: of HTTP.
        path: with its ids escaped.
        parse: reads the bytes of an answer; raises ValueError if they are of another form.
        params: what follows the path.
        sent: what else httpx is to send, by its own names, as `content` and `headers`.
        repeatable: whether it has the same effect if it is sent again.
        scoped: whether it is about one collection.
    """

    method: str
    path: str
    parse: Callable[[bytes], Answer]
    params: Mapping[str, str | int] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    repeatable: bool = True
    scoped: bool = True

    def request(self, collection: str | None) -> dict[str, Any]:
        """Return what httpx is to send, to a collection or to that which is chosen by itself."""
        params = dict(self.params)
        if self.scoped and collection is not None:
            params["collection"] = collection
        return {"method": self.method, "url": self.path, "params": params or None, **self.sent}

    def pause(self, response: httpx.Response) -> float | None:
        """Return the seconds after which a busy service wants to be asked again, or `None` if that is of no use."""
        if not self.repeatable or response.status_code not in BUSY:
            return None
        told = response.headers.get("Retry-After", "")
        seconds = int(told) if SECONDS.fullmatch(told) else None
        return seconds if seconds is not None and seconds <= LONGEST_PAUSE_S else None

    def place(self, url: str) -> str:
        """Return what an error says it is about."""
        return f"{self.method} {self.path} at {url}"

    def read(self, response: httpx.Response, url: str) -> Answer:
        """Return the answer.

        Raises:
            PreconditionFailed: if the document is not as a condition of the request says.
            ServiceFailed: if it is another error, or of another form.
        """
        place = self.place(url)
        if not response.is_success:
            raise _refusal(response, place)
        try:
            return self.parse(response.content)
        except ValueError as error:
            raise ServiceFailed(
                f"{place}: {_told(error)}; is this a wherefrom service?", response.status_code
            ) from None


def nothing(_: bytes) -> None:
    """Read an answer that says all by its status."""


def segment(text: str) -> str:
    """Return a part of a path with all in it escaped that would end it, or lead to another path."""
    try:
        escaped = quote(text, safe="")
    except UnicodeEncodeError as error:
        raise InvalidInput(f"{text!r}: {error.reason}; ids are whole characters") from None
    return escaped if escaped.strip(".") else escaped.replace(".", "%2E")


def json_of(value: object) -> bytes:
    """Return a value as JSON in one line.

    Raises:
        InvalidInput: if there is something in it that JSON cannot hold.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{error}; send texts of whole characters, numbers, lists and dictionaries") from None


def json_body(value: object, **headers: str) -> dict[str, Any]:
    """Return what httpx is to send of a value."""
    return {"content": json_of(value), "headers": {"Content-Type": "application/json", **headers}}


def packed(items: Iterable[Item], size: Callable[[Item], int], most_bytes: int, most: int) -> Iterator[list[Item]]:
    """Yield items in their order in groups of at most so many and so large; one that is larger goes alone.

    Args:
        items: taken as they are needed.
        size: bytes of an item.
        most_bytes: of all items of a group.
        most: items of a group.
    """
    group: list[Item] = []
    total = 0
    for item in items:
        length = size(item)
        if group and (len(group) == most or total + length > most_bytes):
            yield group
            group, total = [], 0
        group.append(item)
        total += length
    if group:
        yield group


def _told(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problem = error.errors(include_url=False)[0]
    field = "".join(f"{part}." for part in problem["loc"])[:-1]
    return f"{field}: {problem['msg']}" if field else problem["msg"]


def _refusal(response: httpx.Response, place: str) -> ServiceFailed:
    try:
        told = _Refusal.model_validate_json(response.content)
    except ValidationError:  # a proxy in between answers in a form of its own
        told = _Refusal(error=response.reason_phrase)
    message = f"{place}: {response.status_code}: {told.error}"
    kind = PreconditionFailed if response.status_code == httpx.codes.PRECONDITION_FAILED else ServiceFailed
    return kind(message, response.status_code, told.error_type, told.request_id)


class _Refusal(BaseModel):
    """An error of the service, or of something that tells errors likewise."""

    error: str
    error_type: str | None = None
    request_id: str | None = None
