"""Years that are only hinted at can be searched for; quotes stay as they are."""

from pathlib import Path

import pytest

from corpus.document import make_document
from corpus.splitting.relative_years import with_years
from index.filters.making import make_condition
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from tests.index_fixtures import index_documents


@pytest.mark.parametrize(
    ("text", "published", "searched"),
    [
        ("去年有80个园区。", "2023", "去年(2022年)有80个园区。"),
        ("今年2月", "2023-05", "今年(2023年)2月"),
        ("前年和本年", "2023-05-06", "前年(2021年)和本年(2023年)"),
        ("Last year it rose.", "2023", "Last year(2022年) it rose."),
        ("近五年来互访", "2026", "近五年来(2021年至2026年)互访"),
        ("近10年", "2026", "近10年(2016年至2026年)"),
        ("去年（2022年）已说明", "2023", "去年（2022年）已说明"),
        ("去年有80个园区。", None, "去年有80个园区。"),
        ("2022年", "2023", "2022年"),
        ("以上年龄的人，上年纪，过去年份，大前年", "2023", "以上年龄的人，上年纪，过去年份，大前年"),
    ],
)
def test_years_are_written_after_the_words(text: str, published: str | None, searched: str) -> None:
    assert with_years(text, published) == searched


def test_a_year_that_is_only_hinted_at_is_found_and_not_quoted(tmp_path: Path) -> None:
    text = "去年两地共建园区80个。"
    index_documents(tmp_path, [make_document(text, source="a.txt", published="2023")])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:

        def found(year: int) -> list[str]:
            results = index.searcher.search(Query("园区", filters=make_condition(mentions_year=year))).results
            return [result.citation.quote for result in results]

        assert found(2022) == [text]
        assert found(2023) == found(202) == []
