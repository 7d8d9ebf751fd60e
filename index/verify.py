"""Checking an index against itself: every quote, every hash, the store against the vector index."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.document import Document, text_digest
from corpus.errors import StoreDamaged
from corpus.passage import passage_id_of
from corpus.store.columns import StoredPassage, checksum, document_checksum
from corpus.store.rows import in_batches
from corpus.store.sqlite import Store
from index.durable import read_snapshot
from index.local.bm25 import LexicalIndex
from index.local.engine import DENSE_FILE, LEXICAL_FILE
from index.local.faiss_index import DenseIndex, Rows
from index.manifest import Manifest, read_manifest
from index.models.vectors import from_bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was stored."""

    document_id: str | None
    passage_id: str | None
    message: str


def verify(store: Store, data_dir: Path) -> Iterator[Problem]:
    """Yield everything that is wrong with an index; nothing means that all of it holds."""
    for message in store.integrity_errors():
        yield Problem(None, None, f"SQLite: {message}")
    with store.reading():
        for document_id in store.document_ids():
            try:
                document, stored = store.document(document_id), store.passages_of(document_id)
            except StoreDamaged as error:
                yield Problem(document_id, None, f"document {document_id}: {error}")
                continue
            yield from _verify_document(document, store.checksum_of(document_id), stored)
        manifest = read_manifest(store)
        if manifest is not None:
            yield from _verify_dense(store, manifest, data_dir / DENSE_FILE)
            yield from _verify_lexical(store, data_dir / LEXICAL_FILE)


def _verify_document(document: Document, known: str, stored: list[StoredPassage]) -> Iterator[Problem]:
    name = f"{document.document_id} ({document.source})"
    if text_digest(document.text) != document.sha256:
        yield Problem(document.document_id, None, f"document {name}: its text is not the one that was indexed")
    if document_checksum(document) != known:
        yield Problem(document.document_id, None, f"document {name}: what is known of it was changed")
    covered = bytearray(len(document.text))
    seen = Counter[str]()
    for each in stored:
        passage = each.passage
        quote = document.text[passage.start : passage.end]
        where = f"passage {passage.passage_id} of {name}, characters {passage.start} to {passage.end}"
        if passage_id_of(document.document_id, quote, seen[quote]) != passage.passage_id:
            yield Problem(
                document.document_id,
                passage.passage_id,
                f"{where}: the quote is not the one that was indexed",
            )
        if checksum(passage, each.vectors) != each.checksum:
            yield Problem(document.document_id, passage.passage_id, f"{where}: what is stored of it was changed")
        seen[quote] += 1
        start, end = max(passage.start, 0), min(passage.end, len(covered))
        covered[start:end] = b"\1" * max(end - start, 0)
    lost = next(
        (at for at, character in enumerate(document.text) if not covered[at] and not character.isspace()),
        None,
    )
    if lost is not None:
        yield Problem(document.document_id, None, f"document {name}: no passage covers character {lost}")


def _verify_dense(store: Store, manifest: Manifest, path: Path) -> Iterator[Problem]:
    if (snapshot := store.snapshot(path.name)) is None:
        return
    if (data := read_snapshot(path, snapshot[0])) is None:
        yield _unreadable(path)
        return
    dimension = manifest.encoder.dimension
    dense = DenseIndex.from_bytes(data, dimension)
    if dense is None:
        yield Problem(None, None, f"{path}: its vectors have not the {dimension} dimensions of the store's")
        return
    yield from _verify_rows(store, path, snapshot[1], dense.rows())
    stored = set(store.rows.all())
    for rows, vectors in dense.held():
        held = {row: vector for row, vector in zip(rows.tolist(), vectors, strict=True) if row in stored}
        for some in in_batches(sorted(held)):
            for row, vector in store.rows.passage_vectors(some).items():
                if not np.array_equal(held[row], from_bytes([vector], dimension)[0]):
                    yield Problem(None, None, f"{path}: the vector of row {row} is not the one in the store")


def _verify_lexical(store: Store, path: Path) -> Iterator[Problem]:
    if (snapshot := store.snapshot(path.name)) is None:
        return
    if (data := read_snapshot(path, snapshot[0])) is None:
        yield _unreadable(path)
        return
    yield from _verify_rows(store, path, snapshot[1], LexicalIndex.from_bytes(data).rows())


def _verify_rows(store: Store, path: Path, sequence: int, rows: Rows) -> Iterator[Problem]:
    """Compare the passages of an index with those of the store, if the index claims to be up to date."""
    if sequence == store.sequence() and set(rows.tolist()) != set(store.rows.all()):
        yield Problem(
            None, None, f"{path}: holds {len(rows)} passages, the store {len(store.rows.all())}, and not the same"
        )


def _unreadable(path: Path) -> Problem:
    return Problem(None, None, f"{path}: missing or damaged; the next search or index rebuilds it from the store")
