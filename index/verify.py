"""Checking an index against itself: every quote, every hash, the store against what is derived from it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document, text_digest
from corpus.errors import WherefromError
from corpus.noise import blanked
from corpus.passage import passage_id_of
from corpus.store.columns import DIGEST_BYTES, added_digest, document_checksum, is_whole
from corpus.store.stored import StoredPassage
from corpus.store.truth import Reader, Truth
from index.engine import Engine
from index.local.index import LOCAL
from index.manifest import read_manifest


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Something that is not as it was stored."""

    document_id: str | None
    passage_id: str | None
    message: str


def verify(truth: Truth, data_dir: Path, engine: Engine = LOCAL) -> Iterator[Mismatch]:
    """Yield everything that is wrong with an index; nothing means that all of it holds.

    Args:
        truth: documents and passages.
        data_dir: where what is derived from them is kept.
        engine: what derived it.
    """
    yield from _index_mismatches(truth, data_dir, engine)
    with truth.reading() as reader:
        for message in reader.integrity_errors():
            yield Mismatch(None, None, f"the store: {message}")
        documents, passages, digest = 0, 0, bytes(DIGEST_BYTES)
        for document_id in reader.document_ids():
            documents += 1
            try:
                document, stored = reader.document(document_id), reader.passages_of(document_id)
            except WherefromError as error:
                yield Mismatch(document_id, None, f"document {document_id}: {error}")
                continue
            passages += len(stored)
            checksum = reader.document_checksum(document_id)
            digest = added_digest(digest, document_id, document.sha256, checksum, 1)
            yield from _document_mismatches(document, checksum, stored)
            if len(stored) != (told := reader.count_passages(document_id)):
                yield Mismatch(document_id, None, f"document {document_id}: has {len(stored)} passages, not {told}")
        yield from _count_mismatches(reader, documents, passages, digest)


def _document_mismatches(document: Document, known: str, stored: list[StoredPassage]) -> Iterator[Mismatch]:
    document_id, name = document.document_id, f"{document.document_id} ({document.source})"
    if text_digest(document.text) != document.sha256:
        yield Mismatch(document_id, None, f"document {name}: its text is not the one that was indexed")
    if document_checksum(document) != known:
        yield Mismatch(document_id, None, f"document {name}: what is known of it was changed")
    covered = bytearray(len(document.text))
    seen = Counter[str]()
    for each in stored:
        passage = each.passage
        quote = document.text[passage.start : passage.end]
        where = f"passage {passage.passage_id} of {name}, characters {passage.start} to {passage.end}"
        if passage.quote != quote or passage_id_of(document_id, quote, seen[quote]) != passage.passage_id:
            yield Mismatch(document_id, passage.passage_id, f"{where}: the quote is not the one that was indexed")
        header = passage.table_header
        if header is not None and header.quote != document.text[header.start : header.end]:
            yield Mismatch(document_id, passage.passage_id, f"{where}: its table has another header")
        if not is_whole(each):
            yield Mismatch(document_id, passage.passage_id, f"{where}: what is stored of it was changed")
        seen[quote] += 1
        start, end = max(passage.start, 0), min(passage.end, len(covered))
        covered[start:end] = b"\1" * max(end - start, 0)
    lost = next(
        (at for at, character in enumerate(blanked(document.text)) if not covered[at] and not character.isspace()),
        None,
    )
    if lost is not None:
        yield Mismatch(document_id, None, f"document {name}: no passage covers character {lost}")


def _index_mismatches(truth: Truth, data_dir: Path, engine: Engine) -> Iterator[Mismatch]:
    """Yield what is wrong with what was derived; in a block of its own, so that little is written meanwhile."""
    try:
        with truth.reading() as reader:
            manifest = read_manifest(reader)
            if manifest is not None:
                index = engine.open_index(truth, manifest, data_dir)
                yield from (Mismatch(None, None, problem) for problem in index.problems(reader))
    except WherefromError as error:
        yield Mismatch(None, None, f"the index cannot be compared with the store: {error}")


def _count_mismatches(reader: Reader, documents: int, passages: int, digest: bytes) -> Iterator[Mismatch]:
    state = reader.state()
    if state.corpus_digest != digest.hex():
        yield Mismatch(None, None, "the digest of all documents is not that of those that can be read")
    if (state.documents, state.passages) != (documents, passages):
        held = f"{documents} documents and {passages} passages can be read"
        yield Mismatch(None, None, f"the store says {state.documents} and {state.passages}, but {held}")
