"""The figures against their definitions, and what they must say of plain cases."""

from collections.abc import Sequence
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.store.stored import Key
from index.models.vectors import counts_to_bytes
from index.query import Signal
from index.ranking.evidence import COMPARED, Figures, evidence_of
from index.ranking.late import bounds_of, compared
from index.ranking.signals import Candidate
from index.terms.packing import pack_terms
from index.terms.terms import passage_terms, read_question
from tests.index.ranking.test_late import unit_vectors


class Terms:
    """The terms of some texts, by their places."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def terms(self, keys: Sequence[Key]) -> dict[Key, bytes]:
        return {key: pack_terms(passage_terms(self._texts[key])) for key in keys}

    def __getattr__(self, name: str) -> None:
        raise AssertionError(f"evidence reads {name}")


def candidate(key: int, best: Sequence[float], score: float = 0.8, lexical: float = 0.0) -> Candidate:
    """A passage of two tokens, the first of which is nearest to all tokens of a question, in a sentence each."""
    cosines = np.array([best, [0.3] * len(best)], dtype=np.float32)
    tokens = float(np.mean(best))
    signals = {Signal.DENSE: 0.8, Signal.SENTENCE: 0.8, Signal.TOKENS: tokens, Signal.SENTENCE_TOKENS: tokens}
    signals[Signal.LEXICAL] = lexical
    (alignment,) = compared(cosines, bounds_of([len(cosines)], [counts_to_bytes([1, 1])])).alignments()
    return Candidate(key, score, signals, alignment)


def judged(question: str, texts: Sequence[str], candidates: Sequence[Candidate]) -> Figures:
    return evidence_of(Terms(texts), read_question(question), candidates)  # type: ignore[arg-type] # all it needs


def test_tokens_that_only_the_first_passage_has_put_it_ahead() -> None:
    figures = judged("?", ["", ""], [candidate(0, [0.9, 0.8, 0.9]), candidate(1, [0.9, 0.6, 0.4], 0.7)])
    assert figures["behind"] == figures["behind_rare"] == figures["behind_sentence"] == figures["far_behind"] == 0
    assert figures["far_ahead"] == pytest.approx(np.log1p(2))
    assert figures["lead"] == pytest.approx(0.1)
    assert figures["worst"] == pytest.approx(0.8)
    assert figures["rivals_tokens"] == pytest.approx(np.mean([0.9, 0.6, 0.4]))


def test_tokens_that_a_rival_has_put_it_behind() -> None:
    figures = judged("?", ["", ""], [candidate(0, [0.9, 0.5]), candidate(1, [0.8, 0.9])])
    assert figures["behind"] == pytest.approx(-0.2)  # half of 0.4
    assert figures["far_behind"] == pytest.approx(log(2))
    assert figures["found"] > figures["found_nowhere"] == pytest.approx(0, abs=0.01)


def test_a_passage_alone_has_no_rivals() -> None:
    figures = judged("?", [""], [candidate(0, [0.9, 0.5])])
    assert (figures["lead"], figures["share"], figures["passages"]) == (0, 1, 1)
    assert figures["behind"] == 0


def test_words_count_by_how_few_passages_have_them() -> None:
    texts = ["The harbour of Lisse has a crane.", "The harbour of Mora has a pier.", "The harbour is closed."]
    candidates = [candidate(place, [0.9]) for place in range(3)]
    figures = judged("the crane of the harbour", texts, candidates)
    assert figures["words_ahead"] > 0.4  # the crane is rare, harbours are not
    assert figures["words_nowhere"] == 0
    assert judged("the ferry of the harbour", texts, candidates)["words_nowhere"] > 0.5


def test_numbers_are_looked_for() -> None:
    texts = ["In 2022 there were 14,809 of them.", "In 2021 there were 400."]
    candidates = [candidate(0, [0.9]), candidate(1, [0.9])]
    assert judged("what of 2022", texts, candidates)["numbers"] == 1
    assert judged("what of 2021", texts, candidates)["numbers"] == 0
    assert judged("what of it", texts, candidates)["numbers"] == 0


def test_a_translation_counts_as_a_word() -> None:
    texts = ["远处的山岳之间有一座桥。"]
    assert judged("mountain", texts, [candidate(0, [0.9])])["translations"] == 1
    assert judged("library", texts, [candidate(0, [0.9])])["translations"] == 0


@given(st.integers(1, 20), st.integers(0, 5), st.integers(0, 4), st.integers(0, 100))
def test_figures_are_finite_and_of_the_same_names(count: int, asked: int, held: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    candidates = []
    for key in range(count):
        tokens, question = unit_vectors(held, seed + key), unit_vectors(asked, seed)
        signals = dict(zip(Signal, random.normal(size=len(Signal)).tolist(), strict=True)) | {
            Signal.LEXICAL: random.random() * 9
        }
        bounds = bounds_of([held], [counts_to_bytes([held] if held else [])])
        (alignment,) = compared(tokens @ question.T, bounds).alignments()
        candidates.append(Candidate(key, -float(key), signals, alignment))
    figures = judged("how many 3 新车间", ["3 new ones 新车间"] * count, candidates)
    assert list(figures) == list(judged("x", [""], [candidate(0, [0.5])]))
    assert np.isfinite(list(figures.values())).all()
    assert figures["passages"] == 1 / min(count, COMPARED)
