"""What is found is what brute force finds: by vectors as NumPy has it, by words as the formula has it."""

import numpy as np
import pytest

from corpus.document import make_document
from index.engine import Index
from index.filters.conditions import And, Condition, Not
from index.filters.making import make_condition
from index.models.hashing import HashEncoder
from index.models.vectors import from_bytes
from index.opening import OpenIndex
from index.ranking.sketches import BIT_NUMBERS, sketches_of
from index.ranking.wording import read_wordings
from index.terms.terms import read_question
from tests.conformance.brute_force import BruteForceIndex
from tests.conformance.conftest import DEEDS, Folder, document_of, found

QUESTIONS = ("2022年卖出茶叶多少吨", "how many books does the library own", "Chadian harbour", "桥", "zzz")
CONDITIONS = (
    None,
    make_condition(language=("zh",)),
    make_condition(source=("folder1/4.md", "folder0/3.md")),
    make_condition(source=("folder2/*",)),
    make_condition(folder=("folder1",), tag=("山村", "茶园")),
    make_condition(metadata={"department": (DEEDS[1],)}),
    make_condition(published_after="2015", published_before="2018-03"),
    make_condition(mentions_year=2022),
    Not(make_condition(mentions_year=2022, language=("zh",)) or And(())),
    make_condition(source=("none.md",)),
)


@pytest.fixture
def opened(folder: Folder):  # type: ignore[no-untyped-def]
    folder.put(*map(document_of, range(40)))
    folder.save()
    with folder.open() as opened:
        yield opened


def oracle(opened: OpenIndex) -> Index:
    return BruteForceIndex(opened.truth, opened.manifest, None)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", QUESTIONS)
def test_dense_is_what_numpy_finds(opened: OpenIndex, question: str) -> None:
    (vector,) = HashEncoder().encode_queries([question])
    with opened.truth.reading() as reader:
        keys = np.array(reader.keys())
        vectors = from_bytes([reader.vectors([key])[key][0] for key in keys.tolist()], len(vector))
    cosines = vectors @ vector
    for k in (1, 10, 1000):
        got, _ = found(opened, question, k)
        assert len(got) == len(set(got)) <= min(k, len(keys))
        own = [float(cosines[np.searchsorted(keys, key)]) for key in got]
        assert own == sorted(own, reverse=True)
        if opened.index.exact:
            assert len(own) == min(k, len(keys))
            assert own == pytest.approx(np.sort(cosines)[::-1][: len(got)], abs=1e-5)


def test_of_a_hundred_nearest_ninety_nine_are_found(folder: Folder) -> None:
    random = np.random.default_rng(5)
    names = random.choice(list("山水云茶花鱼鸟风雨雪林田桥路村镇县城江河"), size=(1600, 12))
    folder.put(*(make_document("".join(name) + "。", source=f"{at}.txt") for at, name in enumerate(names)))
    folder.save()
    recalls = []
    with folder.open() as opened, opened.truth.reading() as reader, opened.index.refreshed(reader):
        keys = reader.keys()
        vectors = from_bytes([each for each, _ in reader.vectors(keys).values()], opened.manifest.encoder.dimension)
        for name in names[::16]:
            (vector,) = HashEncoder().encode_queries(["".join(name[2:8])])
            cosines = vectors @ vector
            least = np.sort(cosines)[-10]
            got = opened.index.dense(vector, 10, None)
            recalls.append(np.mean([cosines[keys.index(key)] >= least - 1e-6 for key in got]) * len(got) / 10)
        assert np.mean(recalls) >= (1 if opened.index.exact else 0.99)


@pytest.mark.parametrize("question", QUESTIONS)
def test_lexical_is_bm25_of_the_formula(opened: OpenIndex, question: str) -> None:
    wanted, error = read_question(question), opened.index.lexical_error
    with opened.truth.reading() as reader:
        keys = reader.keys()
        with opened.index.refreshed(reader):
            scores = opened.index.scores(wanted, keys)
            top = opened.index.lexical(wanted, 10, None)
        other = oracle(opened)
        with other.refreshed(reader):
            expected = other.scores(wanted, keys)
    assert scores == pytest.approx(expected, rel=max(error, 1e-4), abs=1e-4)
    assert all(scores[key] > 0 for key in top)
    assert [scores[key] for key in top] == sorted((s for s in scores.values() if s > 0), reverse=True)[:10]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_hold_before_the_best_are_chosen(opened: OpenIndex, condition: Condition | None) -> None:
    question = "2022年茶叶"
    (vector,) = HashEncoder().encode_queries([question])
    dense, lexical = found(opened, question, 5, condition)
    other = oracle(opened)
    with opened.truth.reading() as reader, other.refreshed(reader):
        assert dense == other.dense(vector, 5, condition)
        assert lexical == other.lexical(read_question(question), 5, condition)


def test_what_is_seen_of_passages_is_what_the_truth_has(folder: Folder, opened: OpenIndex) -> None:
    folder.put(document_of(40), document_of(3, version=1))
    with opened.truth.reading() as reader, opened.index.refreshed(reader):
        keys = reader.keys()[::-3]
        stored, texts, wordings = reader.vectors(keys), reader.search_texts(keys), read_wordings(reader, keys)
        seen = opened.index.seen(reader, keys)
        sketches = seen.sketch(np.arange(len(keys)))  # asks the reader for texts
    parts = np.split(seen.vectors, seen.starts[1:])
    for key, part, own in zip(keys, parts, seen.passages(np.arange(len(keys))), strict=True):
        vector, of_sentences = stored[key]
        assert own.tobytes() == vector
        assert part.tobytes() == vector + (of_sentences or vector)
    expected = sketches_of([texts[key] for key in keys], [wordings[key] for key in keys])
    assert np.array_equal(sketches[:, :BIT_NUMBERS], expected[:, :BIT_NUMBERS])
    told = sketches[:, -1] != 0  # an engine need not tell digests
    assert np.array_equal(sketches[told], expected[told])


def test_scores_are_told_of_passages_without_a_word_of_the_question(opened: OpenIndex) -> None:
    with opened.truth.reading() as reader, opened.index.refreshed(reader):
        keys = reader.keys()
        assert set(opened.index.scores(read_question("zzz"), keys).values()) == {0.0}
        assert opened.index.scores(read_question("桥"), []) == {}
        assert opened.index.lexical(read_question("zzz"), 5, None) == []
