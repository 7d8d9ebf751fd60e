"""The requests that read and write documents."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, TypedDict

from wherefrom.calls.call import Call, json_body, json_of, nothing, packed, segment
from wherefrom.responses import BatchLine, Document, Documents, Written

PAGE = 500  # documents asked for at a time
LINES = 100  # documents in one request
LINES_BYTES = 500_000  # of them; they are embedded before the answer, which is to come in seconds

IfMatch = int | Literal["*"]


class Changes(TypedDict, total=False):
    """What is known of a document beside its text; `None` removes it."""

    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    author: str | None
    language: str | None
    metadata: Mapping[str, Any] | None


class Facts(Changes, total=False):
    """What may be said of a document that is written."""

    source: str


def document_call(document_id: str, **part: int | None) -> Call[Document]:
    """Return the request for a document with its text, or with the part of it from `start` to `end`."""
    given = {name: value for name, value in part.items() if value is not None}
    return Call("GET", _path(document_id), Document.model_validate_json, given)


def documents_call(after: str, filters: Mapping[str, str | None]) -> Call[Documents]:
    """Return the request for the page of documents after an id."""
    given = {name: value for name, value in filters.items() if value is not None}
    return Call("GET", "/v1/documents", Documents.model_validate_json, {"limit": PAGE, "after": after, **given})


def original_call(document_id: str) -> Call[bytes]:
    """Return the request for the file that a document was read from."""
    return Call("GET", f"{_path(document_id)}/original", bytes)


def page_image_call(document_id: str, number: int, **place: int | None) -> Call[bytes]:
    """Return the request for the picture of a page; `place` is `start` and `end` of what is marked, and `width`."""
    given = {name: value for name, value in place.items() if value is not None}
    return Call("GET", f"{_path(document_id)}/pages/{number}", bytes, given)


def put_call(document_id: str, text: str, facts: Facts, if_match: IfMatch | None, create_only: bool) -> Call[Written]:
    """Return the request that writes a document, new or in the place of its last version."""
    headers = _if_match(if_match) | ({"If-None-Match": "*"} if create_only else {})
    sent = json_body({"text": text, **facts}, **headers)
    return Call("PUT", _path(document_id), Written.model_validate_json, sent=sent)


def patch_call(document_id: str, changes: Changes, if_match: IfMatch | None) -> Call[Written]:
    """Return the request that changes what is known of a document."""
    sent = json_body(changes, **_if_match(if_match))
    return Call("PATCH", _path(document_id), Written.model_validate_json, sent=sent)


def delete_call(document_id: str, if_match: IfMatch | None) -> Call[None]:
    """Return the request that removes a document."""
    return Call("DELETE", _path(document_id), nothing, sent={"headers": _if_match(if_match)})


def lines_calls(documents: Iterable[Mapping[str, object]]) -> Iterator[Call[list[BatchLine]]]:
    """Yield the requests that write documents, each of so many that the answer does not take long."""
    before = 0
    for lines in packed(map(json_of, documents), len, LINES_BYTES, LINES):
        content = b"".join(line + b"\n" for line in lines)
        sent = {"content": content, "headers": {"Content-Type": "application/x-ndjson"}}
        yield Call("POST", "/v1/documents:batch", _lines_reader(before, len(lines)), sent=sent)
        before += len(lines)


def _path(document_id: str) -> str:
    return f"/v1/documents/{segment(document_id)}"


def _if_match(sequence: IfMatch | None) -> dict[str, str]:
    if sequence is None:
        return {}
    return {"If-Match": "*" if sequence == "*" else f'"{sequence}"'}


def _lines_reader(before: int, count: int) -> Callable[[bytes], list[BatchLine]]:
    """Return what reads the answer to `count` documents, of which `before` others were sent."""

    def read(content: bytes) -> list[BatchLine]:
        lines = [BatchLine.model_validate_json(line) for line in content.splitlines()]
        if len(lines) != count:
            raise ValueError(f"{len(lines)} lines answer {count} documents")
        return [line.model_copy(update={"line": before + number}) for number, line in enumerate(lines, 1)]

    return read
