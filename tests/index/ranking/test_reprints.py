"""A reprint is folded into one result; a text with other figures is not."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from corpus.document import make_document
from corpus.passage import Passage
from corpus.store.reader import SqliteReader
from corpus.store.stored import Key
from index.local.record_file import NAME
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.ranking.harmless import CHANGING, _alike, same_wording
from index.ranking.reprints import fold
from index.ranking.sketches import Sketches, nearly_same, sketches_of
from index.ranking.small_words import SMALL
from index.ranking.wording import Wording, wording_of
from tests.index.ranking.twin_fixtures import FOLDER, HELD_OUT, Twins, contradictions, reprints
from tests.index_fixtures import index_documents
from tests.store_fixtures import document_in


def same_text(one: str, other: str) -> bool:
    return same_wording(wording_of(one), wording_of(other))


REPORT = "据统计，到上海工作的有14809人，留在省内的有131173人，去别处的有34128人，比上一年都多。"


def changed(random: np.random.Generator, text: str, changes: int) -> str:
    """A text with characters replaced, or with small words put in, which change nothing."""
    letters, small = list(text), bool(random.integers(2))
    for place in random.integers(len(letters), size=changes):
        letters[place] = letters[place] + "的" if small else "新"
    return "".join(letters) + str(random.choice(["", "，共3人", "，共4人"]))


@given(st.integers(0, 2**32), st.integers(120, 300), st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_passages_fold_as_if_all_were_compared(seed: int, length: int, changes: list[int]) -> None:
    random = np.random.default_rng(seed)
    text = "".join(random.choice(list("山水云茶花鱼鸟风雨雪林田桥路村镇县城江河"), size=length))
    texts = [changed(random, text, count) for count in changes]
    expected: list[list[int]] = []
    for place, each in enumerate(texts):
        group = next((group for group in expected if same_text(texts[group[0]], each)), None)
        if group is None:
            expected.append([place])
        else:
            group.append(place)
    rows = list(range(100, 100 + len(texts)))
    alike = np.tile(np.array([1, 0], np.float16), (len(texts), 1))
    read = dict(zip(rows, texts, strict=True))

    def sketch(places: NDArray[np.int64]) -> Sketches:
        return sketches_of([texts[place] for place in places])

    def sketch_with_digests(places: NDArray[np.int64]) -> Sketches:
        some = [texts[place] for place in places]
        return sketches_of(some, [wording_of(each) for each in some])

    def wordings_of(some: Sequence[int]) -> dict[int, Wording]:
        return {row: wording_of(read[row]) for row in some}

    assert fold(rows, alike, sketch, wordings_of, len(texts)) == expected
    assert fold(rows, alike, sketch_with_digests, wordings_of, len(texts)) == expected
    apart = np.eye(len(texts), dtype=np.float16)
    assert fold(rows, apart, sketch, wordings_of, len(texts)) == [[place] for place in range(len(texts))]
    assert len(fold(rows, alike, sketch, wordings_of, 1)) == 1


def told(one: Wording, other: Wording) -> bool | None:
    """Return what the digests of two passages tell of whether they are the same words, whatever their bits."""
    sketches = sketches_of(["", ""], [one, other])
    pairs, known = nearly_same(sketches, np.array([[0], [1]]))
    return True if known.any() else None if pairs.size else False


@pytest.mark.parametrize("twins", [contradictions, reprints])
@pytest.mark.parametrize("folder", [FOLDER, HELD_OUT], ids=["ours", "held out"])
def test_digests_tell_nothing_that_comparing_would_not(twins: Callable[[Path], Iterator[Twins]], folder: Path) -> None:
    found = Counter[bool | None]()
    for *_, text, twin in twins(folder):
        one, other = wording_of(text), wording_of(twin)
        found[told(one, other)] += 1
        assert told(one, other) in (None, same_wording(one, other)), (text, twin)
    assert found[twins is reprints] > 0.4 * found.total()  # they tell it of many, so that these need not be compared


@given(st.lists(st.sampled_from([*sorted(CHANGING), "few", "boat", "山", "12", "?"]), max_size=20), st.data())
def test_digests_of_changed_words_tell_nothing_that_comparing_would_not(words: list[str], data: st.DataObject) -> None:
    changed = list[str]()
    for word in words:
        others = [[each] for each in sorted(CHANGING) if _alike(word, each)]
        changed += data.draw(st.sampled_from([[word], [word, "the"], *([[]] if word in SMALL else []), *others]))
    one, other = (wording_of(" ".join(each)) for each in (words, changed))
    assert told(one, other) in (None, same_wording(one, other))


def test_other_digests_are_another_version_of_the_file_that_holds_them() -> None:
    texts = [text for *_, one, other in reprints() for text in (one, other)]
    digests = sketches_of([""] * len(texts), list(map(wording_of, texts)))
    version = sha256(digests.tobytes()).hexdigest()[:16]
    assert (NAME, version) == (b"wherefrom rows 2", "996e4817bef810e1"), "raise the number in the name"


def test_where_synonyms_were_given_digests_tell_none_apart() -> None:
    one, other = wording_of("The quay is long.", synonyms=(("quay", ("wharf",)),)), wording_of("The wharf is long.")
    assert same_wording(one, other)
    assert told(one, other) is None


def test_a_reprint_is_one_result_with_two_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: dict[str, list[Key]] = {"cited": [], "named": []}
    for way, keys in read.items():
        before = getattr(SqliteReader, way)

        def noting(
            self: SqliteReader, some: Sequence[Key], before: Any = before, keys: list[Key] = keys
        ) -> dict[Key, Passage]:
            keys.extend(some)
            found: dict[Key, Passage] = before(self, some)
            return found

        monkeypatch.setattr(SqliteReader, way, noting)
    texts = {"first.txt": REPORT, "reprint.txt": REPORT.replace("据统计，", "据悉，"), "other.txt": "别的事情，茶叶。"}
    index_documents(tmp_path, [make_document(text, source=source) for source, text in texts.items()])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:
        results = index.searcher.search(Query("到上海工作的有多少人", k=2)).results
        assert {results[0].citation.source, results[0].also_in[0].source} == {"first.txt", "reprint.txt"}
        assert results[1].citation.source == "other.txt"
        assert [result.rank for result in results] == [1, 2]
        (elsewhere,) = results[0].also_in
        text = document_in(index.truth, elsewhere.document_id).text
        assert text[elsewhere.start : elsewhere.end] == elsewhere.quote
    assert (len(read["cited"]), len(read["named"])) == (2, 1), "of the reprint no more is read than is told"
