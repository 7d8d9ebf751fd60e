"""Which sentences of a passage answer, and what stands around the passage."""

import numpy as np

from corpus.passage import Passage, Span
from corpus.rows import StoredPassage
from corpus.sentences import sentence_bounds
from index.answer import Context
from index.fusion import Question
from index.late import shortfalls
from index.vectors import counts_from_bytes, from_bytes

MOST = 2  # sentences marked in a passage
# Two sentences that differ by less are as likely to answer, so both are marked; it is so of one passage in six.
AS_WELL = 0.006
# How far around a passage its neighbouring sentences are looked for, per sentence asked for.
REACH = 400


def answering_sentences(stored: StoredPassage, question: Question) -> tuple[Span, ...]:
    """Return where the sentence stands that answers best, and one that answers as well; none where there is none."""
    sentences = stored.passage.sentences
    if not sentences:
        return ()
    if len(question.tokens) and stored.vectors.tokens:
        counts = counts_from_bytes(stored.vectors.sentence_tokens)
        gaps = shortfalls(question.tokens, stored.vectors.tokens, counts)
    else:
        gaps = -(from_bytes([stored.vectors.sentences], len(question.vector)) @ question.vector)
    nearest = np.argsort(gaps, kind="stable")[:MOST]
    return tuple(sentences[place] for place in sorted(nearest) if gaps[place] <= gaps[nearest[0]] + AS_WELL)


def surroundings(text: str, passage: Passage, sentences: int) -> Context:
    """Return up to so many sentences before and after a passage, verbatim."""
    before_start = max(0, passage.start - REACH * sentences)
    before = text[before_start : passage.start]
    after = text[passage.end : passage.end + REACH * sentences]
    starts = [start for start, _ in sentence_bounds(before)][-sentences:]
    ends = [end for _, end in sentence_bounds(after)][:sentences]
    return Context(before[starts[0] :] if starts else "", after[: ends[-1]] if ends else "")
