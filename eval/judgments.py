"""Which results answer a question: by qrels where a set has them, else by the evidence a citation covers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum, auto
from typing import Protocol

from corpus.errors import WherefromError
from corpus.passage import Span
from eval.measures import Judged, judge
from eval.retriever import AnswerHit
from eval.sets.question_set import Evidence, Question

TextOf = Callable[[str], str]
"""The canonical text of the document of an id."""


class Highlight(StrEnum):
    """How much of a piece of evidence the highlights hold."""

    WHOLE = auto()
    PART = auto()
    NONE = auto()


class EvidenceMissing(WherefromError):
    """What is indexed is not the text that the questions were written on."""


LONGEST_QUOTE = 400  # characters; a service that returns half the article is no answer


def judge_question(
    question: Question, relevance: Mapping[str, int] | None, hits: Sequence[AnswerHit], text_of: TextOf
) -> Judged:
    """Judge the hits of an answerable question by its qrels, or by its evidence where it has none.

    Evidence counts as one relevant document, found at `evidence_rank`.
    """
    if relevance is not None:
        return judge(relevance, scores_of(hits))
    rank = evidence_rank(question, hits, text_of)
    return Judged(() if rank is None else (*[0] * (rank - 1), 1), (1,))


class Found(Protocol):
    """Anything found in a document."""

    @property
    def document_id(self) -> str:
        """The document it was found in."""
        ...


def scores_of(hits: Iterable[Found]) -> dict[str, float]:
    """Return one line of a TREC run: the documents of the hits, each at its best hit.

    The score is the reciprocal of the rank, not the hit's own: calibrated scores can tie, and what is judged
    is the order that a user sees.
    """
    scores: dict[str, float] = {}
    for rank, hit in enumerate(hits, 1):
        scores.setdefault(hit.document_id, 1 / rank)
    return scores


def evidence_rank(question: Question, hits: Sequence[AnswerHit], text_of: TextOf) -> int | None:
    """Return the rank of the hit that completes the evidence, from 1; none if no hit does.

    Any piece completes it, unless all are needed; then earlier hits that brought a piece do not count, so
    that two passages at ranks 1 and 2 count as rank 1, at ranks 1 and 3 as rank 2.

    Raises:
        EvidenceMissing: if a quote does not occur in its document, because then nothing could cover it.
    """
    missing = set(question.evidence)
    brought = 0
    for rank, hit in enumerate(hits, 1):
        found = {piece for piece in missing if covers(hit, piece, text_of)}
        missing -= found
        if found and not (missing and question.all_evidence):
            return rank - brought
        brought += bool(found)
    return None


def highlight_of(question: Question, first: AnswerHit, text_of: TextOf) -> Highlight | None:
    """Return how much of the evidence the highlights of a first hit that answers hold.

    The piece of evidence that is held best counts; none where the set does not say where in the passage the answer
    stands.
    """
    text = text_of(first.document_id)
    places = [place_of(piece, text) for piece in question.evidence if piece.source == first.source]
    pairs = [(span, place) for span in first.highlights for place in places]
    if not places:
        return None
    if any(span.start <= place.start and place.end <= span.end for span, place in pairs):
        return Highlight.WHOLE
    overlap = any(span.start < place.end and place.start < span.end for span, place in pairs)
    return Highlight.PART if overlap else Highlight.NONE


def covers(hit: AnswerHit, evidence: Evidence, text_of: TextOf) -> bool:
    """Tell whether a hit of quotable length holds the place where the evidence stands in its document.

    Raises:
        EvidenceMissing: if the evidence does not stand in the document.
    """
    if hit.source != evidence.source:
        return False
    place = place_of(evidence, text_of(hit.document_id))
    return hit.start <= place.start and place.end <= hit.end and hit.end - hit.start <= LONGEST_QUOTE


def place_of(evidence: Evidence, text: str) -> Span:
    """Return where evidence stands in the text of its document.

    Raises:
        EvidenceMissing: if it does not, because then nothing could cover it.
    """
    start = text.find(evidence.quote) if evidence.start is None else evidence.start
    end = start + len(evidence.quote)
    if start < 0 or text[start:end] != evidence.quote:
        raise EvidenceMissing(
            f"{evidence.source}: {evidence.quote!r} does not occur; index the text the questions ask of"
        )
    return Span(start, end)
