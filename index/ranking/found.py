"""The best passages with what an answer says of them: read once, when it is known which they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.document import DocumentFacts
from corpus.passage import Passage
from corpus.store.truth import Key, Reader
from index.models.vectors import from_bytes
from index.ranking.signals import Candidate, EncodedQuestion


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found.

    Attributes:
        passage: the passage.
        document: what is known of the one it is from.
        score: its score.
        scores: what the score comes from.
        also_in: the same text elsewhere, with what is known of the document it is from.
        gaps: how far each of its sentences is from answering, shape `(sentences,)`.
    """

    passage: Passage
    document: DocumentFacts
    score: float
    scores: Mapping[str, float]
    also_in: tuple[tuple[Passage, DocumentFacts], ...]
    gaps: NDArray[np.float32]


def load(reader: Reader, question: EncodedQuestion, groups: Sequence[Sequence[Candidate]]) -> list[Found]:
    """Return the best passage of each group of candidates that say the same, with where else it stands."""
    passages = reader.passages([each.key for group in groups for each in group])
    documents = reader.facts({each.document_id for each in passages.values()})
    gaps = _gaps(reader, question, [head for head, *_ in groups])
    found = []
    for head, *others in groups:
        passage, elsewhere = passages[head.key], [passages[each.key] for each in others]
        also_in = tuple((each, documents[each.document_id]) for each in elsewhere)
        document = documents[passage.document_id]
        found.append(Found(passage, document, head.score, head.scores, also_in, gaps[head.key]))
    return found


def _gaps(reader: Reader, question: EncodedQuestion, candidates: Sequence[Candidate]) -> dict[Key, NDArray[np.float32]]:
    """Return of each passage's sentences how far they are from answering: by their tokens where there are any."""
    gaps = {
        each.key: each.alignment.shortfalls()
        for each in candidates
        if each.alignment is not None and each.alignment.cosines.size
    }
    others = reader.vectors([each.key for each in candidates if each.key not in gaps])
    for key, (_, sentences) in others.items():
        gaps[key] = -(from_bytes([sentences], len(question.vector)) @ question.vector)
    return gaps
