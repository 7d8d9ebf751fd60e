"""Documents as interfaces write them: made of what a request says, changed by what another one says."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from corpus.document import Document, make_document
from corpus.errors import InvalidInput, Outdated
from corpus.files.folders.metadata import FIELDS, Metadata, make_metadata
from corpus.files.names import UNSEEN
from corpus.store.truth import Reader
from index.writer import Guard

LONGEST_ID = 200
UPLOADED = re.compile(r"file-[0-9a-f]{32}")  # as `service.platforms.openai.finding` calls them
LONGEST_FACT = 2_000  # characters of a title, a name or an address
LONGEST_METADATA = 100_000  # characters of the rest as JSON; that of all documents is in memory, to filter by
LONGEST_TEXT = 5_000_000  # characters of a document that somebody waits for; a file may be longer


def checked_id(document_id: str) -> str:
    """Return a document's id as it is.

    Raises:
        InvalidInput: if it is none: it is a part of addresses and of lines that people read.
    """
    readable = document_id.isprintable() and document_id.strip() and document_id not in (".", "..")
    if len(document_id) > LONGEST_ID or "/" in document_id or not readable:
        raise InvalidInput(
            f"{document_id[:LONGEST_ID]!r} is no id of a document; "
            f"give 1 to {LONGEST_ID} characters that are seen, and no /"
        )
    return document_id


def chosen_id(document_id: str) -> str:
    """Return an id that somebody chose for a document; see `checked_id`.

    Raises:
        InvalidInput: also if an uploaded file may be called so: who has a document of its id may read it.
    """
    if UPLOADED.fullmatch(document_id):
        raise InvalidInput(f"{document_id!r} is how an uploaded file is called; give another id, or attach the file")
    return checked_id(document_id)


def written_document(document_id: str, text: str, source: str | None, facts: Mapping[str, Any]) -> Document:
    """Return the document of a text and what is said of it.

    Args:
        document_id: its id.
        text: all of it.
        source: what citations call its file; its id if it has none.
        facts: the fields of `corpus.files.folders.metadata` by name, and under `metadata` everything else.

    Raises:
        InvalidInput: if the text or a fact cannot be stored.
    """
    if not text.removeprefix("\ufeff").strip():
        raise InvalidInput("text is empty; nothing can be found in it")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"text has {len(text):,} characters, more than the {LONGEST_TEXT:,} of a document that is written at once; "
            "send it as a file to POST /v1/documents"
        )
    said = _metadata_of(facts, facts)
    named = {name: getattr(said, name) for name in FIELDS}
    source = source or document_id
    if len(source) > LONGEST_FACT or UNSEEN.search(source):
        shown = UNSEEN.sub("?", source)[:LONGEST_ID]
        raise InvalidInput(f"source is {shown!r}; give at most {LONGEST_FACT:,} characters that are seen")
    return make_document(text, source=source, document_id=chosen_id(document_id), **named, metadata=said.other)


def patched_document(document: Document, patch: Mapping[str, Any]) -> Document:
    """Return a document of which something else is known now; JSON Merge Patch (RFC 7396), so that null removes.

    Raises:
        InvalidInput: if a fact cannot be stored.
    """
    before = {name: getattr(document, name) for name in FIELDS} | {"metadata": dict(document.metadata)}
    said = _metadata_of(_merged(before, patch), patch)
    named = {name: getattr(said, name) for name in FIELDS}
    made = make_document(
        document.text, source=document.source, document_id=document.document_id, **named, metadata=said.other
    )
    return replace(made, synonyms=document.synonyms, parts=document.parts)


def only_if(document_id: str, match: str | None, none_match: str | None) -> Guard:
    """Return what refuses a write by the preconditions of HTTP (RFC 9110, 13.1).

    Args:
        document_id: of the document that is written.
        match: the header `If-Match`: entity tags, one of which the document must have; `*`, it must be there.
        none_match: the header `If-None-Match`; with `*` it must not.
    """

    def check(reader: Reader) -> None:
        found = reader.document_sequence(document_id)
        tag = None if found is None else etag_of(found)
        if match is not None and not _matches(match, tag):
            now = f"its ETag is {tag}" if tag else "it is not there"
            raise Outdated(f"document {document_id}: {now}, not {match[:LONGEST_ID]}; read it again")
        if none_match is not None and _matches(none_match, tag):
            raise Outdated(f"document {document_id} is there, its ETag is {tag}; write it without If-None-Match")

    return check


def etag_of(sequence: int) -> str:
    """Return the entity tag of a document that was written by the change of a number."""
    return f'"{sequence}"'


def _matches(wanted: str, tag: str | None) -> bool:
    tags = [each.strip() for each in wanted.split(",")]
    return tag is not None and ("*" in tags or tag in tags)


def _metadata_of(facts: Mapping[str, Any], given: Mapping[str, Any]) -> Metadata:
    """Return facts as they are stored; those among them that are given now are bounded, those of files are not."""
    other = facts.get("metadata") or {}
    taken = [name for name in FIELDS if name in other]
    if taken:
        raise InvalidInput(f"metadata.{taken[0]} has a field of its own; give {taken[0]} beside metadata")
    long = [name for name in FIELDS if len(str(given.get(name) or "")) > LONGEST_FACT]
    if long:
        raise InvalidInput(f"{long[0]} is longer than {LONGEST_FACT:,} characters; shorten it")
    said = make_metadata({**{name: facts[name] for name in FIELDS if facts.get(name) is not None}, **other})
    if said.mistakes:
        raise InvalidInput("; ".join(said.mistakes))
    if given.get("metadata") and len(json.dumps(said.other, ensure_ascii=False)) > LONGEST_METADATA:
        raise InvalidInput(f"metadata is longer than {LONGEST_METADATA:,} characters of JSON; shorten it")
    return said


def _merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    after = dict(before)
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        elif isinstance(value, Mapping):
            inner = after.get(name)
            after[name] = _merged(inner if isinstance(inner, Mapping) else {}, value)
        else:
            after[name] = value
    return after
