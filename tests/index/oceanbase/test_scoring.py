"""Scores are BM25 of the formula, and what is estimated is exact where all are looked at."""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.oceanbase.scoring import Scoring, digested, question_weights
from index.terms.bm25 import rarities
from index.terms.packing import PackedTerms, pack_terms, unpack_terms
from index.terms.terms import LexicalQuestion, digest_of, passage_terms, read_question
from tests.index.local.lexical.test_bm25 import TEXTS, expected_scores

CORPORA = st.dictionaries(st.integers(1, 200), TEXTS, min_size=1, max_size=25)
QUESTIONS = st.builds(read_question, TEXTS) | st.sampled_from(
    [
        read_question("What does the tea of Yunnan cost in Shanghai?"),
        LexicalQuestion(["c茶"], [{("p茶山", "c人"): 0.5, ("c工",): 1.0, ("c上",): 0.25}]),
        LexicalQuestion([], [{("c茶", "c山"): 1.0}, {}]),
    ]
)


def counted(passages: Mapping[int, PackedTerms]) -> Counter[int]:
    return Counter(digest for each in passages.values() for digest in each.digests.tolist())


def sounding(passages: Mapping[int, PackedTerms]) -> dict[int, list[int]]:
    found: dict[int, dict[int, None]] = {}
    for each in passages.values():
        for digest, sound in zip(each.digests.tolist(), each.sounds.tolist(), strict=False):
            found.setdefault(sound, {})[digest] = None
    return {sound: list(digests) for sound, digests in found.items()}


@given(corpus=CORPORA, question=QUESTIONS)
def test_scores_are_those_of_the_formula_where_all_passages_are_looked_at(
    corpus: dict[int, str], question: LexicalQuestion
) -> None:
    passages = {key: unpack_terms(pack_terms(passage_terms(text))) for key, text in corpus.items()}
    wanted = digested(question).sounding(sounding(passages))
    average = max(sum(each.length for each in passages.values()) / len(passages), 1.0)
    scoring = Scoring(wanted, counted(passages), len(passages), average, passages)
    assert scoring.scores(passages) == pytest.approx(expected_scores(corpus, question), rel=1e-6, abs=1e-6)


@given(corpus=CORPORA, question=QUESTIONS)
def test_what_has_a_score_has_a_term_that_weighs_something(corpus: dict[int, str], question: LexicalQuestion) -> None:
    passages = {key: unpack_terms(pack_terms(passage_terms(text))) for key, text in corpus.items()}
    weights = question_weights(digested(question).sounding(sounding(passages)), counted(passages), len(passages))
    for key, score in expected_scores(corpus, question).items():
        if score > 0:
            assert any(weights.get(digest, 0) > 0 for digest in passages[key].digests.tolist())


def test_one_that_is_looked_at_stands_for_many() -> None:
    """Of 40 passages with one word and 10 with another, five of each are seen, and none has both."""
    first, second = digest_of("w茶"), digest_of("w船")

    def holding(digest: int) -> PackedTerms:
        return PackedTerms(np.array([digest], np.uint64), np.empty(0, np.uint32), np.array([1], np.uint8), 1)

    seen = {key: holding(first if key < 5 else second) for key in range(10)}
    counts = {first: 40, second: 10}
    scoring = Scoring([{(first,): 1.0, (second,): 1.0}], counts, 1_000, 1.0, seen)
    (score,) = scoring.scores({1: seen[1]}).values()
    assert score == pytest.approx(float(rarities(1_000, np.array(50.0))))


def test_what_no_passage_holds_has_no_score() -> None:
    scoring = Scoring([{(1,): 1.0}, {(1, 2): 1.0}, {}], {2: 1}, 3, 1.0, {})
    passage = PackedTerms(np.array([2], np.uint64), np.empty(0, np.uint32), np.array([1], np.uint8), 1)
    assert scoring.scores({7: passage}) == {7: 0.0}
    assert question_weights([{(1,): 1.0}, {(1, 2): 1.0}, {}], {2: 1}, 3) == {}
