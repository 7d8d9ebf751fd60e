"""The best passages with what an answer says of them, and what stands around: read when it is known which they are."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.document import DocumentFacts
from corpus.passage import Passage, Span
from corpus.splitting.sentences import sentence_bounds
from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.answer import Context
from index.models.vectors import from_bytes
from index.ranking.quoted import Quoted
from index.ranking.rows import rows_named
from index.ranking.signals import Candidate, EncodedQuestion
from index.terms.identifiers import YEAR

CODE = re.compile(r"(?:[a-z]+[-./])?[a-z]*\d[a-z\d]*(?:[-./:][a-z\d]+)*")
MOST = 2  # sentences marked in a passage
# Two sentences that differ by less are as likely to answer, so both are marked; it is so of one passage in six.
AS_WELL = 0.006
UNNAMED = 1.0  # how much farther a sentence is than the row of the name asked for: as the farthest from the nearest
# How far around a passage its neighbouring sentences are looked for, per sentence asked for.
REACH = 400


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found.

    Attributes:
        passage: the passage.
        document: what is known of the one it is from.
        score: its score.
        scores: what the score comes from.
        also_in: the same words elsewhere, with what is known of the document it is from.
        highlights: where in the document the sentence stands that answers best, and then one that answers as well.
    """

    passage: Passage
    document: DocumentFacts
    score: float
    scores: Mapping[str, float]
    also_in: tuple[tuple[Passage, DocumentFacts], ...]
    highlights: tuple[Span, ...]


def load(
    reader: Reader, question: EncodedQuestion, groups: Sequence[Sequence[Candidate]], quoted: Quoted, index_id: str
) -> list[Found]:
    """Return the best passage of each group of candidates that say the same, with where else it stands.

    Args:
        reader: of the truth.
        question: what is asked.
        groups: best first.
        quoted: remembers what was quoted before.
        index_id: names the state that the reader sees.
    """
    best, same = [head.key for head, *_ in groups], [each.key for _, *others in groups for each in others]
    passages = quoted.passages(reader, index_id, best, same)
    documents = quoted.facts(reader, index_id, {each.document_id for each in passages.values()})
    gaps, codes = _gaps(reader, question, [head for head, *_ in groups]), codes_of(question.text)
    found = []
    for head, *others in groups:
        passage, elsewhere = passages[head.key], [passages[each.key] for each in others]
        also_in = tuple((each, documents[each.document_id]) for each in elsewhere)
        near = _with_named_rows(question.text, passage, gaps[head.key])
        highlights = answering_sentences(passage, near, codes)
        found.append(Found(passage, documents[passage.document_id], head.score, head.scores, also_in, highlights))
    return found


def _gaps(reader: Reader, question: EncodedQuestion, candidates: Sequence[Candidate]) -> dict[Key, list[float]]:
    """Return of each passage's sentences how far they are from answering: by their tokens where there are any."""
    gaps: dict[Key, list[float]] = {
        each.key: each.alignment.shortfalls.tolist()
        for each in candidates
        if each.alignment is not None and each.alignment.cosines.size
    }
    others = reader.vectors([each.key for each in candidates if each.key not in gaps])
    for key, (_, sentences) in others.items():
        gaps[key] = (-(from_bytes([sentences], len(question.vector)) @ question.vector)).tolist()
    return gaps


def _with_named_rows(question: str, passage: Passage, gaps: Sequence[float]) -> Sequence[float]:
    """Return how far sentences are from answering, the row of the name that is asked for before others."""
    if not gaps or "|" not in passage.quote:
        return gaps
    named = rows_named(question, passage, gaps.index(min(gaps)))
    return [gap + (UNNAMED if named and place not in named else 0) for place, gap in enumerate(gaps)]


def answering_sentences(passage: Passage, gaps: Sequence[float], codes: frozenset[str]) -> tuple[Span, ...]:
    """Return where the sentence stands that answers best, and then one that answers as well; none where there is none.

    A sentence, or a row, that has the codes asked for comes before those that only are like it.

    Args:
        passage: what is looked for them.
        gaps: how far each of its sentences is from answering.
        codes: those of the question.
    """
    among: Iterable[int] = range(len(gaps))
    if codes:
        texts = (passage.quote[span.start - passage.start : span.end - passage.start] for span in passage.sentences)
        held = [len(codes & codes_of(text)) for text in texts]
        most = max(held, default=0)
        among = [place for place, own in enumerate(held) if own == most]
    nearest = sorted(among, key=gaps.__getitem__)[:MOST]
    return tuple(passage.sentences[place] for place in nearest if gaps[place] <= gaps[nearest[0]] + AS_WELL)


def codes_of(text: str) -> frozenset[str]:
    """Return the numbers, codes and ids of a text, but for years, which a whole passage may be about."""
    found = CODE.findall(unicodedata.normalize("NFKC", text).casefold())
    return frozenset(each for each in found if not YEAR.fullmatch(each))


def surroundings(reader: Reader, passage: Passage, sentences: int) -> Context:
    """Return up to so many sentences before and after a passage, verbatim; the document is not read whole."""
    reach = REACH * sentences
    before = reader.text(passage.document_id, max(0, passage.start - reach), passage.start)
    after = reader.text(passage.document_id, passage.end, passage.end + reach)
    starts = [start for start, _ in sentence_bounds(before)][-sentences:]
    ends = [end for _, end in sentence_bounds(after)][:sentences]
    return Context(before[starts[0] :] if starts else "", after[: ends[-1]] if ends else "")
