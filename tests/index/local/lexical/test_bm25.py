"""BM25 against the formula written out, whatever was added, removed and merged before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import log
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.local.lexical.bm25 import LexicalIndex
from index.terms.bm25 import K1, B
from index.terms.packing import pack_terms
from index.terms.terms import LexicalQuestion, passage_terms, read_question, sounds_of

TEXTS = st.text(alphabet="上海云南工人茶山的了ab 12", max_size=30)
CORPORA = st.dictionaries(st.integers(1, 200), TEXTS, max_size=25)


def expected_scores(passages: dict[int, str], question: LexicalQuestion) -> dict[int, float]:
    """Return BM25 as the formula says, slowly."""
    return scores_of({key: passage_terms(text) for key, text in passages.items()}, question)


def scores_of(passages: dict[int, Counter[str]], question: LexicalQuestion) -> dict[int, float]:
    terms = {key: counts.copy() for key, counts in passages.items()}
    lengths = {key: sum(counts.values()) for key, counts in terms.items()}
    for held in terms.values():
        for term, sound in sounds_of(held).items():
            held[sound] += held[term]
    average = max(sum(lengths.values()) / len(lengths), 1.0) if lengths else 1.0
    wanted = [{(term,): 1.0} for term in question.terms] + [*question.synonyms]
    scores = dict.fromkeys(passages, 0.0)
    for words in wanted:
        counts = {
            key: sum(share * min(held[part] for part in word) for word, share in words.items())
            for key, held in terms.items()
        }
        holding = sum(min(count, 1) for count in counts.values())
        rarity = log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
        for key, count in counts.items():
            saturation = K1 * (1 - B + B * lengths[key] / average)
            scores[key] += rarity * count * (K1 + 1) / (count + saturation) if count else 0.0
    return scores


@contextmanager
def small_segments() -> Iterator[None]:
    """Let segments hold so few passages that a small corpus has several."""
    with patch("index.local.lexical.merging.CAPACITY", 6), patch("index.local.lexical.bm25.CAPACITY", 6):
        yield


@contextmanager
def everything_large() -> Iterator[None]:
    """Let few postings count as so many that not all are looked at, and are merged in several goes."""
    rooms = "index.local.lexical"
    with (
        patch.multiple(f"{rooms}.scoring", FEW=0, NEAR=8, AT_ONCE=16, BLOCK=4),
        patch(f"{rooms}.postings.AT_ONCE", 16),
        patch(f"{rooms}.merging.AT_ONCE", 16),
    ):
        yield


def packed(texts: Sequence[str]) -> list[bytes]:
    return [pack_terms(passage_terms(text)) for text in texts]


def filled(passages: dict[int, str], batch: int) -> LexicalIndex:
    index, keys = LexicalIndex(), sorted(passages)
    for start in range(0, len(keys), batch):
        some = keys[start : start + batch]
        index.add(some, packed([passages[key] for key in some]))
    return index


@given(st.lists(st.tuples(st.lists(TEXTS, max_size=9), st.sets(st.integers(0, 40))), max_size=6), TEXTS)
def test_scores_are_those_of_the_formula(steps: list[tuple[list[str], set[int]]], question_text: str) -> None:
    index = LexicalIndex()
    kept: dict[int, str] = {}
    question = read_question(question_text + " Shanghai")
    key = 0
    with small_segments():
        for texts, removed in steps:
            keys = list(range(key, key + len(texts)))
            key += len(texts)
            index.add(keys, packed(texts))
            index.remove(np.array(sorted(removed), dtype=np.int64))
            kept |= zip(keys, texts, strict=True)
            kept = {held: text for held, text in kept.items() if held not in removed}
            found = index.score(question)
            assert index.keys().tolist() == sorted(kept)
            assert found.of(sorted(kept)) == pytest.approx(expected_scores(kept, question), rel=1e-4, abs=1e-4)
        assert index.to_bytes() == filled(kept, 4).to_bytes()


@given(CORPORA, TEXTS, st.integers(1, 30))
def test_the_top_is_the_best_of_all(passages: dict[int, str], question_text: str, k: int) -> None:
    check_top(filled(passages, 4), read_question(question_text), k)


def check_top(index: LexicalIndex, question: LexicalQuestion, k: int) -> None:
    """Compare the best with the order of all scores, with and without a condition, asked for in either order."""
    keys = sorted(index.keys().tolist())
    scores = index.score(question).of(keys)
    ranked = sorted((key for key in keys if scores[key] > 0), key=lambda key: (-scores[key], key))
    found = index.score(question)
    assert found.top(k) == ranked[:k]
    odd = np.array([key for key in keys if key % 2], dtype=np.int64)
    assert found.top(k, odd) == [key for key in ranked if key % 2][:k]
    assert found.of(keys) == scores, "a score is the same whatever was asked before"


# As words of a language are: the rarer, the more of them; two in a row are rarer still.
WORDS = [f"w{letter}" for letter in "abcdefghijklmnopqrst"]
PAIRS = ["p上海", "p云南", "p伤害", "p晕难"]  # the last two sound like the first two
QUESTION = LexicalQuestion(
    [*WORDS[:14], "sshanghai", "p云南"],
    [{("wq", "wr"): 1.0, ("ws",): 0.5, ("wa",): 0.25}, {("p伤害",): 0.4, ("wzzz",): 1.0}, {("wzzz",): 1.0}],
)


def drawn(random: np.random.Generator, passages: int) -> list[Counter[str]]:
    words = [*WORDS, *PAIRS]
    often = 1 / np.arange(1, len(words) + 1)
    return [
        Counter(random.choice(words, size=random.integers(0, 12), p=often / often.sum()).tolist())
        for _ in range(passages)
    ]


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(10, 200), st.sampled_from([0, 10**6]))
@settings(deadline=None)
def test_what_is_not_looked_at_is_not_among_the_best(seed: int, k: int, capacity: int, few: int) -> None:
    random, index, kept = np.random.default_rng(seed), LexicalIndex(), dict[int, Counter[str]]()
    with (
        everything_large(),
        patch("index.local.lexical.bm25.CAPACITY", capacity),
        patch("index.local.lexical.merging.CAPACITY", capacity),
        patch("index.local.lexical.scoring.FEW", few),
        patch("index.local.lexical.scoring.SPARSE", float(random.choice([0, 32]))),
        patch("index.local.lexical.scoring.COUNTED_FIRST", float(random.choice([0.2, 1.0]))),
        patch("index.local.lexical.scoring.LOOKED_UP", int(random.choice([1, 1000]))),
    ):
        for batch in range(3):
            some = dict(enumerate(drawn(random, int(random.integers(1, 100))), start=1 + 100 * batch))
            index.add(list(some), [pack_terms(terms) for terms in some.values()])
            kept |= some
            gone = random.choice(list(kept), size=len(kept) // 9, replace=False)
            index.remove(gone)
            kept = {key: terms for key, terms in kept.items() if key not in gone}
            found = index.score(QUESTION).of(list(kept))
            assert found == pytest.approx(scores_of(kept, QUESTION), rel=1e-4, abs=1e-4)
            check_top(index, QUESTION, k)
        loaded = LexicalIndex.from_bytes(index.to_bytes())
        check_top(loaded, QUESTION, k)


@given(CORPORA, TEXTS)
def test_what_is_saved_is_loaded_and_goes_on(passages: dict[int, str], text: str) -> None:
    with small_segments():
        index = filled(passages, 3)
        loaded = LexicalIndex.from_bytes(index.to_bytes())
        assert loaded.to_bytes() == index.to_bytes() == filled(passages, 7).to_bytes()
        loaded.add([1000], packed([text]))
        assert loaded.keys().tolist() == [*sorted(passages), 1000]


def test_what_is_removed_is_not_kept_for_ever() -> None:
    index = LexicalIndex()
    for key in range(300):
        index.add([key], packed(["上海和云南"]))
        index.remove(np.array([key - 10], dtype=np.int64))
    assert len(index.keys()) == 10
    assert sum(len(part.segment.keys) for part in index._parts) < 20
    assert len(index._parts) < 5
    index.remove(index.keys())
    assert not index._parts


def test_a_name_is_found_by_its_sound() -> None:
    index = LexicalIndex()
    index.add([1, 2, 3], packed(["临沧在云南", "林仓", "别的地方"]))
    scores = index.score(read_question("Where is Lincang?")).of([1, 2, 3])
    assert scores[2] > scores[1] > 0 == scores[3], "two words of one sound; the second passage is shorter"


def test_what_occurs_too_often_to_be_counted_is_found() -> None:
    index = LexicalIndex()
    index.add([1, 2], packed(["茶" * 70_000, "茶"]))
    assert index.score(read_question("茶")).top(2) == [1, 2]


def test_synonyms_count_as_one_word() -> None:
    index = LexicalIndex()
    index.add([1, 2, 3], packed(["旅游收入", "观光", "别的事情"]))
    scores = index.score(LexicalQuestion([], [{("p旅游",): 1.0, ("p观光",): 1.0}])).of([1, 2, 3])
    assert scores[1] > 0 and scores[2] > 0 and scores[3] == 0


def test_a_translation_counts_by_its_share() -> None:
    texts = {1: "茶山旅游", 2: "茶山观光", 3: "旅游观光", 4: "别的事情", 5: "游客观光旅游"}
    index = filled(texts, 2)
    question = LexicalQuestion(["p茶山"], [{("p旅游",): 1.0, ("p观光",): 0.5, ("c游",): 0.25}, {("p观光",): 0.4}])
    assert index.score(question).of([1, 2, 3, 4, 5]) == pytest.approx(expected_scores(texts, question), rel=1e-4)
    index.remove(np.array([3]))
    del texts[3]
    assert index.score(question).of([1, 2, 4, 5]) == pytest.approx(expected_scores(texts, question), rel=1e-4)
    scores = index.score(LexicalQuestion([], [{("p旅游",): 1.0, ("p观光",): 0.5}])).of([1, 2])
    assert scores[1] > scores[2] > 0


def test_a_longer_word_needs_all_its_parts() -> None:
    index = LexicalIndex()
    index.add([1, 2], packed(["有限公司", "有限的"]))
    scores = index.score(LexicalQuestion([], [{("p有限", "p限公", "p公司"): 1.0}])).of([1, 2])
    assert scores[1] > 0 and scores[2] == 0


def test_keys_come_in_any_order() -> None:
    index = LexicalIndex()
    index.add([5, 9], packed(["茶山", "茶"]))
    index.add([4, 7], packed(["茶", "云"]))
    question = read_question("茶山")
    assert index.score(question).top(5) == [5, 4, 9], "equal scores come in the order of keys"
    assert index.score(question).of([4, 5, 7, 9]) == pytest.approx(
        expected_scores({4: "茶", 5: "茶山", 7: "云", 9: "茶"}, question), rel=1e-4
    )


def test_an_empty_index_scores_nothing() -> None:
    scores = LexicalIndex().score(read_question("茶"))
    assert scores.top(5) == []
    assert Counter(scores.of([])) == Counter()
