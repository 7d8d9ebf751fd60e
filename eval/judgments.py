"""Which hits answer a question: by qrels where a set has them, else by the evidence a citation covers."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum, auto

from corpus.errors import WherefromError
from corpus.passage import Span
from eval.measures import Judged, judge
from eval.retriever import CitedHit, Hit
from eval.sets.question_set import Evidence, Question

TextOf = Callable[[str], str]
"""The canonical text of the document of an id."""

LONGEST_QUOTE = 400  # characters; a service that returns half the article is no answer


class Highlight(StrEnum):
    """How much of a piece of evidence the highlights hold."""

    WHOLE = auto()
    PART = auto()
    NONE = auto()


class EvidenceMissing(WherefromError):
    """What is indexed is not the text that the questions were written on."""


def judge_question(
    question: Question, relevance: Mapping[str, int] | None, hits: Sequence[Hit], text_of: TextOf
) -> Judged:
    """Judge the hits of an answerable question by its qrels, or by its evidence where it has none.

    Evidence counts as one relevant passage: the hit that completes it.
    """
    counted = counted_hits(question, relevance, hits, text_of)
    if relevance is not None:
        return judge(relevance, [hit.document_id for hit, _ in counted])
    rank = next((rank for rank, (_, gain) in enumerate(counted, 1) if gain), None)
    return Judged(() if rank is None else (*[0] * (rank - 1), 1), (1,))


def counted_hits(
    question: Question, relevance: Mapping[str, int] | None, hits: Sequence[Hit], text_of: TextOf
) -> list[tuple[Hit, int]]:
    """Return the hits that count for the measures, best first, each with its gain.

    By qrels, the best hit of each document counts. By evidence, the one hit that completes it is relevant: any piece
    does, unless all are needed. Then earlier hits that brought a piece are part of that one and do not count, so that
    two passages at ranks 1 and 2 count as rank 1, at ranks 1 and 3 as rank 2.

    Raises:
        EvidenceMissing: if a quote does not occur in its document, because then nothing could cover it.
    """
    if relevance is not None:
        best: dict[str, Hit] = {}
        for hit in hits:
            best.setdefault(hit.document_id, hit)
        return [(hit, max(relevance.get(hit.document_id, 0), 0)) for hit in best.values()]
    missing, counted = set(question.evidence), list[tuple[Hit, int]]()
    for hit in hits:
        found = {piece for piece in missing if covers(hit, piece, text_of)}
        missing -= found
        if found and missing and question.all_evidence:
            continue
        counted.append((hit, int(bool(found))))
        if found:
            missing = set()
    return counted


def highlight_of(question: Question, first: CitedHit, text_of: TextOf) -> Highlight | None:
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


def covers(hit: Hit, evidence: Evidence, text_of: TextOf) -> bool:
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
