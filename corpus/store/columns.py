"""How documents and passages are laid out in the store's columns, and the checksum that guards a passage."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from corpus.document import Document
from corpus.errors import StoreDamaged
from corpus.passage import Passage, Span
from corpus.store.summaries import DocumentFacts

DOCUMENT_COLUMNS = (
    "document_id, source, title, text, sha256, language, publisher, published, url, author, metadata, synonyms"
)
VECTOR_COLUMNS = "passage_vector, sentence_vectors, token_vectors, sentence_tokens"
FACT_COLUMNS = "document_id, source, title, language, publisher, published, url, author, metadata"
PASSAGE_COLUMNS = 'passage_id, document_id, start, "end", section, search_text, sentences, page'


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of a passage as the index lays them out: its own, its sentences' and its tokens', end to end.

    Attributes:
        passage: its own vector.
        sentences: a vector for each of its sentences.
        tokens: a vector for each of its tokens.
        sentence_tokens: how many tokens each sentence has.
    """

    passage: bytes
    sentences: bytes
    tokens: bytes
    sentence_tokens: bytes


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
    for part in vector_values(vectors):
        digest.update(part)
    return digest.hexdigest()


def vector_values(vectors: PassageVectors) -> list[bytes]:
    """Return what VECTOR_COLUMNS hold of a passage."""
    return [vectors.passage, vectors.sentences, vectors.tokens, vectors.sentence_tokens]


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
        json.dumps(dict(document.synonyms), ensure_ascii=False, sort_keys=True),
    ]


def document_checksum(document: Document) -> str:
    """Return the digest of what is stored of a document beside its text, which has a digest of its own."""
    values = document_values(replace(document, text=""))
    return sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def document_of(row: Sequence[Any]) -> Document:
    """Return the document in a row of DOCUMENT_COLUMNS.

    Raises:
        StoreDamaged: if a column holds what was never written there.
    """
    values = _named(DOCUMENT_COLUMNS, row)
    with _damage_named(f"document {row[0]}"):
        synonyms = dict(json.loads(values["synonyms"]))
        values["synonyms"] = MappingProxyType({word: tuple(others) for word, others in synonyms.items()})
        return Document(**values)


def facts_of(row: Sequence[Any]) -> DocumentFacts:
    """Return what a row of FACT_COLUMNS says of a document.

    Raises:
        StoreDamaged: if a column holds what was never written there.
    """
    return DocumentFacts(**_named(FACT_COLUMNS, row))


def _named(columns: str, row: Sequence[Any]) -> dict[str, Any]:
    """Return a row's values by the names of its columns, the metadata among them read."""
    values = dict(zip(columns.split(", "), row, strict=True))
    with _damage_named(f"document {row[0]}"):
        return {**values, "metadata": MappingProxyType(dict(json.loads(values["metadata"])))}


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
    """Return the passage in a row of PASSAGE_COLUMNS.

    Raises:
        StoreDamaged: if a column holds what was never written there.
    """
    passage_id, document_id, start, end, section, search_text, sentences, page = row
    with _damage_named(f"passage {passage_id}"):
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


def stored_passage_of(found: Sequence[Any]) -> StoredPassage:
    """Return the passage in a row number, a checksum, VECTOR_COLUMNS and PASSAGE_COLUMNS."""
    row, digest, vector, of_sentences, of_tokens, counts, *columns = found
    return StoredPassage(row, passage_of(columns), PassageVectors(vector, of_sentences, of_tokens, counts), digest)


@contextmanager
def _damage_named(owner: str) -> Iterator[None]:
    try:
        yield
    except (TypeError, ValueError) as error:
        raise StoreDamaged(f"{owner} is damaged in the store ({error}); index its file again") from None
