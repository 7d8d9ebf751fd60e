"""A document with all that a store keeps of it: taken out of one store and put into another, checked both times."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document, text_digest
from corpus.errors import IdTaken, StoreDamaged
from corpus.passage import Passage
from corpus.store.columns import document_checksum, is_whole, undamaged, whole_checksum
from corpus.store.comparing import Fingerprint
from corpus.store.originals import Original
from corpus.store.stored import Features
from corpus.store.truth import Reader, Writer


@dataclass(frozen=True, slots=True)
class Whole:
    """A document and all that is stored of it, as another store may hold it, too.

    Attributes:
        document: with its text.
        passages: in order.
        features: of each passage.
        original: the file that is kept of it, if any.
        fingerprint: by which stores compare it.
    """

    document: Document
    passages: Sequence[Passage]
    features: Sequence[Features]
    original: Original | None
    fingerprint: Fingerprint

    @property
    def document_id(self) -> str:
        """The document's."""
        return self.document.document_id

    @property
    def bytes(self) -> int:
        """How much memory it takes, nearly."""
        vectors = sum(len(each.token_vectors) + len(each.sentence_vectors) for each in self.features)
        return len(self.document.text) + vectors + (len(self.original.content) if self.original else 0)


def read_whole(reader: Reader, document_id: str, fingerprint: Fingerprint) -> Whole:
    """Return a document with all that is stored of it, compared with the checksums it was stored with.

    Raises:
        StoreDamaged: naming what is not as it was stored.
    """
    document = reader.document(document_id)
    if text_digest(document.text) != fingerprint.text or document.sha256 != fingerprint.text:
        raise StoreDamaged("its text is not the one that was indexed")
    if document_checksum(document) != fingerprint.checksum:
        raise StoreDamaged("what is known of it was changed")
    stored = reader.passages_of(document_id)
    passages = [undamaged(each) for each in stored]
    checksums = sorted(whole_checksum(each.checksum) for each in stored)
    if checksums != list(fingerprint.passages) or len(stored) != fingerprint.count:
        raise StoreDamaged("passages of it, or what was computed of them, are gone")
    original = reader.originals.find(document_id) if fingerprint.original else None
    if fingerprint.original and (original is None or len(original.content) != fingerprint.original.bytes):
        raise StoreDamaged("the file that is kept of it is not whole")
    return Whole(document, passages, [each.features for each in stored], original, fingerprint)


def write_whole(writer: Writer, whole: Whole, *, there: bool) -> None:
    """Put a document where it is written; of another version nothing stays.

    Args:
        writer: where to.
        whole: the document.
        there: whether there may be another version.
    """
    if there and writer.document_sequence(whole.document_id) is not None:
        writer.delete(whole.document_id)
    path = whole.fingerprint.path
    for _ in range(2):
        try:
            writer.put(whole.document, whole.passages, whole.features, None if path is None else Path(path))
            break
        except IdTaken as error:  # the file was another document's, which has no claim to it where this one is from
            writer.delete(error.document_id)
    if whole.original is not None:
        writer.originals.keep(whole.document_id, whole.original)


def holds(reader: Reader, document_id: str, stored: Sequence[tuple[Passage, Features]]) -> bool:
    """Return whether a document has these passages, undamaged."""
    try:
        found = reader.passages_of(document_id)
    except StoreDamaged:
        return False
    return [(each.passage, each.features) for each in found] == list(stored) and all(map(is_whole, found))
