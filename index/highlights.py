"""Which sentence of a passage answers, and what stands around the passage."""

import numpy as np

from corpus.passage import Passage, Span
from corpus.rows import StoredPassage
from corpus.sentences import sentence_bounds
from index.answer import Context
from index.encoder import Vectors
from index.vectors import from_bytes

# How far around a passage its neighbouring sentences are looked for, per sentence asked for.
REACH = 400


def answering_sentence(stored: StoredPassage, question: Vectors) -> tuple[Span, ...]:
    """Return where the sentence nearest to the question's vector stands; nothing where there is no sentence."""
    sentences = stored.passage.sentences
    if not sentences:
        return ()
    vectors = from_bytes([stored.vectors.sentences], len(question))
    return (sentences[int(np.argmax(vectors @ question))],)


def surroundings(text: str, passage: Passage, sentences: int) -> Context:
    """Return up to so many sentences before and after a passage, verbatim."""
    before_start = max(0, passage.start - REACH * sentences)
    before = text[before_start : passage.start]
    after = text[passage.end : passage.end + REACH * sentences]
    starts = [start for start, _ in sentence_bounds(before)][-sentences:]
    ends = [end for _, end in sentence_bounds(after)][:sentences]
    return Context(before[starts[0] :] if starts else "", after[: ends[-1]] if ends else "")
