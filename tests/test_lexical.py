"""BM25 against the formula written out, whatever was added, removed and merged before."""

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import K1, SYNONYM_WEIGHT, B, LexicalIndex, LexicalQuestion, read_question
from index.terms import SOUND, passage_terms

TEXTS = st.text(alphabet="上海云南工人茶山的了ab 12", max_size=30)
CORPORA = st.dictionaries(st.integers(1, 200), TEXTS, max_size=25)


def expected_scores(passages: dict[int, str], question: LexicalQuestion) -> dict[int, float]:
    """Return BM25 as the formula says, slowly."""
    terms = {row: passage_terms(text) for row, text in passages.items()}
    lengths = {row: sum(n for term, n in counts.items() if term[0] != SOUND) for row, counts in terms.items()}
    average = max(sum(lengths.values()) / len(lengths), 1.0) if lengths else 1.0
    wanted = [({(term,)}, 1.0) for term in question.terms] + [(set(each), SYNONYM_WEIGHT) for each in question.synonyms]
    scores = dict.fromkeys(passages, 0.0)
    for words, weight in wanted:
        counts = {row: sum(min(terms[row][part] for part in word) for word in words) for row in passages}
        holding = sum(count > 0 for count in counts.values())
        rarity = log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        for row, count in counts.items():
            saturation = K1 * (1 - B + B * lengths[row] / average)
            scores[row] += weight * rarity * count * (K1 + 1) / (count + saturation) if count else 0.0
    return scores


def filled(passages: dict[int, str], batch: int) -> LexicalIndex:
    index, rows = LexicalIndex(), sorted(passages)
    for start in range(0, len(rows), batch):
        some = rows[start : start + batch]
        index.add(some, [passages[row] for row in some])
    return index


@given(CORPORA, st.sets(st.integers(1, 200)), TEXTS, st.integers(1, 6))
def test_scores_are_those_of_the_formula(
    passages: dict[int, str], removed: set[int], question_text: str, batch: int
) -> None:
    index = filled(passages, batch)
    index.remove(np.array(sorted(removed), dtype=np.int64))
    kept = {row: text for row, text in passages.items() if row not in removed}
    question = read_question(question_text)
    found = index.score(question)
    expected = expected_scores(kept, question)
    assert index.rows().tolist() == sorted(kept) == found.rows.tolist()
    assert found.of(sorted(kept)) == pytest.approx(expected, rel=1e-4, abs=1e-4)


@given(CORPORA, TEXTS, st.integers(1, 30))
def test_the_top_is_the_best_of_all(passages: dict[int, str], question_text: str, k: int) -> None:
    scores = filled(passages, 4).score(read_question(question_text))
    ranked = sorted(
        zip(scores.rows.tolist(), scores.scores.tolist(), strict=True), key=lambda each: (-each[1], each[0])
    )
    assert scores.top(k) == [row for row, score in ranked if score > 0][:k]
    among = [row for row in passages if row % 2]
    assert scores.top(k, among) == [row for row, score in ranked if score > 0 and row % 2][:k]


@given(CORPORA, TEXTS)
def test_what_is_saved_is_loaded_and_goes_on(passages: dict[int, str], text: str) -> None:
    index = filled(passages, 3)
    loaded = LexicalIndex.from_bytes(index.to_bytes())
    assert loaded.to_bytes() == index.to_bytes() == filled(passages, 7).to_bytes()
    loaded.add([1000], [text])
    assert loaded.rows().tolist() == [*sorted(passages), 1000]


def test_synonyms_count_as_one_word() -> None:
    index = LexicalIndex()
    index.add([1, 2, 3], ["旅游收入", "观光", "别的事情"])
    synonyms = frozenset({("p旅游",), ("p观光",)})
    scores = index.score(LexicalQuestion([], [synonyms])).of([1, 2, 3])
    assert scores[1] > 0 and scores[2] > 0 and scores[3] == 0


def test_a_longer_word_needs_all_its_parts() -> None:
    index = LexicalIndex()
    index.add([1, 2], ["有限公司", "有限的"])
    scores = index.score(LexicalQuestion([], [frozenset({("p有限", "p限公", "p公司")})])).of([1, 2])
    assert scores[1] > 0 and scores[2] == 0


def test_rows_only_grow() -> None:
    index = LexicalIndex()
    index.add([5], ["a"])
    with pytest.raises(ValueError, match="ascending"):
        index.add([4], ["b"])


def test_an_empty_index_scores_nothing() -> None:
    scores = LexicalIndex().score(read_question("茶"))
    assert scores.top(5) == []
    assert Counter(scores.of([])) == Counter()
