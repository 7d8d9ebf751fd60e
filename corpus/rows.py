"""How documents and passages are laid out in the store's columns, and the checksum that guards a passage."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from corpus.document import Document
from corpus.passage import Passage, Span

DOCUMENT_COLUMNS = "document_id, source, title, text, sha256, language, publisher, published, url, author, metadata"
PASSAGE_COLUMNS = 'passage_id, document_id, start, "end", section, search_text, sentences, page'


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of a passage, float16 little-endian: its own, and those of its sentences end to end."""

    passage: bytes
    sentences: bytes


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage, the row it is indexed under, its vectors, and the checksum they were stored with."""

    row: int
    passage: Passage
    vectors: PassageVectors
    checksum: str


def checksum(passage: Passage, vectors: PassageVectors) -> str:
    """Return the digest of all that is stored of a passage."""
    digest = sha256(json.dumps(passage_values(passage), ensure_ascii=False).encode())
    digest.update(vectors.passage)
    digest.update(vectors.sentences)
    return digest.hexdigest()


def document_values(document: Document) -> list[str | None]:
    """Return what DOCUMENT_COLUMNS hold of a document."""
    return [
        document.document_id,
        document.source,
        document.title,
        document.text,
        document.sha256,
        document.language,
        document.publisher,
        document.published,
        document.url,
        document.author,
        json.dumps(dict(document.metadata), ensure_ascii=False, sort_keys=True),
    ]


def document_of(row: Sequence[Any]) -> Document:
    """Return the document in a row of DOCUMENT_COLUMNS."""
    facts = dict(zip(DOCUMENT_COLUMNS.split(", "), row, strict=True))
    return Document(**{**facts, "metadata": MappingProxyType(json.loads(facts["metadata"]))})


def passage_values(passage: Passage) -> list[str | int | None]:
    """Return what PASSAGE_COLUMNS hold of a passage."""
    return [
        passage.passage_id,
        passage.document_id,
        passage.start,
        passage.end,
        json.dumps(passage.section, ensure_ascii=False),
        passage.search_text,
        json.dumps([(span.start, span.end) for span in passage.sentences]),
        passage.page,
    ]


def passage_of(row: Sequence[Any]) -> Passage:
    """Return the passage in a row of PASSAGE_COLUMNS."""
    passage_id, document_id, start, end, section, search_text, sentences, page = row
    return Passage(
        passage_id=passage_id,
        document_id=document_id,
        start=start,
        end=end,
        section=tuple(json.loads(section)),
        search_text=search_text,
        sentences=tuple(Span(*span) for span in json.loads(sentences)),
        page=page,
    )
