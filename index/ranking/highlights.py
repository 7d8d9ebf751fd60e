"""Which sentences of a passage answer, and what stands around the passage."""

import numpy as np
from numpy.typing import NDArray

from corpus.passage import Passage, Span
from corpus.splitting.sentences import sentence_bounds
from corpus.store.truth import Reader
from index.answer import Context

MOST = 2  # sentences marked in a passage
# Two sentences that differ by less are as likely to answer, so both are marked; it is so of one passage in six.
AS_WELL = 0.006
# How far around a passage its neighbouring sentences are looked for, per sentence asked for.
REACH = 400


def answering_sentences(passage: Passage, gaps: NDArray[np.float32]) -> tuple[Span, ...]:
    """Return where the sentence stands that answers best, and one that answers as well; none where there is none.

    Args:
        passage: what is looked for them.
        gaps: how far each of its sentences is from answering, shape `(sentences,)`.
    """
    nearest = np.argsort(gaps, kind="stable")[:MOST]
    return tuple(passage.sentences[place] for place in sorted(nearest) if gaps[place] <= gaps[nearest[0]] + AS_WELL)


def surroundings(reader: Reader, passage: Passage, sentences: int) -> Context:
    """Return up to so many sentences before and after a passage, verbatim; the document is not read whole."""
    reach = REACH * sentences
    before = reader.text(passage.document_id, max(0, passage.start - reach), passage.start)
    after = reader.text(passage.document_id, passage.end, passage.end + reach)
    starts = [start for start, _ in sentence_bounds(before)][-sentences:]
    ends = [end for _, end in sentence_bounds(after)][:sentences]
    return Context(before[starts[0] :] if starts else "", after[: ends[-1]] if ends else "")
