"""A reprint is folded into one result; a text with other figures is not."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from index.duplicates import same_text
from index.hash_encoder import HashEncoder
from index.opening import open_index
from index.query import Query
from tests.index_fixtures import index_documents

REPORT = "据统计，到上海工作的有14809人，留在省内的有131173人，去别处的有34128人，比上一年都多。"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (REPORT, True),
        (REPORT.replace("据统计，", "据悉，"), True),
        (REPORT.replace("14809", "14808"), False),
        (REPORT + "这里还有另外一大段文字，说的是完全不同的事情，与前面没有关系。", False),
        ("完全不同的一句话。", False),
        ("", False),
    ],
)
def test_same_wording_and_same_numbers(other: str, same: bool) -> None:
    assert same_text(REPORT, other) is same
    assert same_text(other, REPORT) is same


@given(st.integers(0, 2**32), st.integers(0, 40), st.integers(50, 500))
def test_a_sample_of_shingles_decides_as_all_of_them_do(seed: int, changes: int, length: int) -> None:
    random = np.random.default_rng(seed)
    text = list(random.choice(list("山水云茶花鱼鸟风雨雪林田桥路村镇县城江河"), size=length))
    other = text.copy()
    for place in random.integers(length, size=changes):
        other[place] = "新"
    one, two = "".join(text), "".join(other)
    sets = [{each[start : start + 5] for start in range(length - 4)} for each in (one, two)]
    shared = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
    if not 0.7 < shared < 0.9:  # far from the bound, where a sample could err
        assert same_text(one, two) is (shared >= 0.8)


def test_a_reprint_is_one_result_with_two_sources(tmp_path: Path) -> None:
    texts = {"first.txt": REPORT, "reprint.txt": REPORT.replace("据统计，", "据悉，"), "other.txt": "别的事情，茶叶。"}
    index_documents(tmp_path, [make_document(text, source=source) for source, text in texts.items()])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:
        results = index.searcher.search(Query("到上海工作的有多少人", k=2)).results
        assert {results[0].citation.source, results[0].also_in[0].source} == {"first.txt", "reprint.txt"}
        assert results[1].citation.source == "other.txt"
        assert [result.rank for result in results] == [1, 2]
        (elsewhere,) = results[0].also_in
        text = index.store.document(elsewhere.document_id).text
        assert text[elsewhere.start : elsewhere.end] == elsewhere.quote
