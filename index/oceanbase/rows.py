"""Rows of the tables as documents and passages: laid out as in `corpus.store.columns`, but for ids.

A column of bytes takes a text as its UTF-8, and gives it back as bytes.
"""

from collections.abc import Collection, Sequence
from typing import Any

from corpus.document import Document, DocumentFacts
from corpus.passage import Passage
from corpus.store.columns import PASSAGE_COLUMNS, facts_of, passage_of, stored_passage_of
from corpus.store.stored import StoredPassage

# All that is kept of a passage, in the order of `corpus.store.columns.STORED`, and where.
STORED = f"checksum, vector, sentence_vectors, token_vectors, sentence_tokens, terms, years, {PASSAGE_COLUMNS}"
STORED_IN = "passages JOIN features USING (collection, passage_key) JOIN tokens USING (collection, passage_key)"
PASSAGE = len(PASSAGE_COLUMNS.split(", "))


def facts_in(row: Sequence[Any]) -> DocumentFacts:
    """Return what a row of FACT_COLUMNS says of a document."""
    document_id, *others = row
    return facts_of([document_id.decode(), *others])


def passage_in(row: Sequence[Any]) -> Passage:
    """Return the passage in a row of PASSAGE_COLUMNS."""
    passage_id, document_id, *others = row
    return passage_of([passage_id.decode(), document_id.decode(), *others])


def stored_in(row: Sequence[Any]) -> StoredPassage:
    """Return the passage in a row of a key and what STORED names."""
    *features, passage_id, document_id = row[: 2 - PASSAGE]
    return stored_passage_of([*features, passage_id.decode(), document_id.decode(), *row[2 - PASSAGE :]])


def folded(document: Document) -> str:
    """Return the title and the source of a document as they are searched for words."""
    return f"{document.title}\n{document.source}".casefold()


def marks(values: Collection[object]) -> str:
    """Return the marks of so many values."""
    return ", ".join(["%s"] * len(values))
