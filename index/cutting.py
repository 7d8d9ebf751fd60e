"""Documents cut into passages with the features of each, ready to be stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path

from corpus.document import Document
from corpus.errors import StoreDamaged
from corpus.passage import Passage
from corpus.splitting.passages import Split, SplitterSettings, make_splitter
from corpus.store.columns import is_whole
from corpus.store.originals import Original
from corpus.store.stored import Features
from corpus.store.truth import Reader, Writer
from index.features import NOTHING_KNOWN, Tell, compute_features, searched, untold
from index.models.encoder import Encoder
from index.ranking.sentence_tokens import Sentences


class Outcome(StrEnum):
    """What became of a document."""

    ADDED = auto()
    UPDATED = auto()
    UNCHANGED = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """A document to index, the file it was read from, if any, and what of that is kept to be shown, if anything."""

    document: Document
    path: Path | None = None
    original: Original | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """What became of a document, how many passages it has and its last change; durable once it is told."""

    document: Document
    outcome: Outcome
    passages: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A document cut into passages, and the features that are known from its version before."""

    entry: Entry
    passages: list[Passage]
    known: Mapping[Sentences, Features]
    outcome: Outcome


def put_anew(writer: Writer, encoder: Encoder, split: Split, entry: Entry) -> Indexed:
    """Cut and embed a document as if it had never been, and put it where it is written."""
    cut = Cut(entry, split(entry.document), NOTHING_KNOWN, Outcome.UPDATED)
    ((_, features),) = with_features(encoder, [cut])
    sequence = writer.put(entry.document, cut.passages, features, entry.path)
    return Indexed(entry.document, cut.outcome, len(cut.passages), sequence)


def splitter_of(encoder: Encoder, settings: SplitterSettings) -> Split:
    """Return what cuts documents into passages that a model reads whole."""
    return make_splitter(settings, encoder.count_passage_tokens, encoder.spec.max_tokens)


def with_features(encoder: Encoder, cuts: Sequence[Cut], tell: Tell = untold) -> Iterator[tuple[Cut, list[Features]]]:
    """Yield documents with the features of their passages; only those that are new are encoded."""
    of_cuts = [[searched(passage, cut.entry.document.title) for passage in cut.passages] for cut in cuts]
    known = {sentences: features for cut in cuts for sentences, features in cut.known.items()}
    computed = compute_features(encoder, [each for of_cut in of_cuts for each in of_cut], known, tell)
    for cut, of_cut in zip(cuts, of_cuts, strict=True):
        yield cut, [computed[each] for each in of_cut]


def readable(reader: Reader, document_id: str) -> Document | None:
    """Return the stored version of a document; one that is damaged counts as none, for it will be replaced."""
    try:
        return reader.find_document(document_id)
    except StoreDamaged:
        return None


def known_features(reader: Reader, document: Document) -> dict[Sentences, Features]:
    """Return what was computed of the passages that a document has in the store, those aside that are damaged."""
    try:
        stored = reader.passages_of(document.document_id)
    except StoreDamaged:
        return {}
    whole = [each for each in stored if is_whole(each)]
    return {searched(each.passage, document.title).sentences: each.features for each in whole}
