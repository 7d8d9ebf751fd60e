"""Which years a text names, and what a question that names one prefers and is told."""

from pathlib import Path

import pytest

from corpus.document import make_document
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.ranking.years import speaks_of, years_of
from tests.index_fixtures import index_documents


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022年有多少人", {2022}),
        ("from 2016 to ２０２０", {2016, 2020}),
        ("14,809 people, 2022.5 tonnes, 12022, 20221", set()),
        ("in 2035.", {2035}),
        ("据统计，2022年，", {2022}),
        ("3000 people", set()),
        ("1911年", {1911}),
        ("", set()),
    ],
)
def test_years_are_four_digits_that_stand_alone(text: str, years: set[int]) -> None:
    assert years_of(text) == years


def test_a_passage_speaks_of_the_years_it_names_and_of_its_own() -> None:
    years = frozenset({2022})
    assert speaks_of(years, years_of("去年(2022年)增长"), None)
    assert speaks_of(years, years_of("今年增长"), "2022-05")
    assert not speaks_of(years, years_of("2021年增长"), "2023")
    assert not speaks_of(years, years_of("增长"), None)


TEXTS = {
    "old.txt": "2021年到上海工作的云南人有一万人。",
    "new.txt": "2022年到上海工作的云南人有两万人。",
}


def test_a_question_with_a_year_prefers_passages_about_it(tmp_path: Path) -> None:
    index_documents(tmp_path, [make_document(text, source=source) for source, text in TEXTS.items()])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:
        for year, source in (("2021", "old.txt"), ("2022", "new.txt")):
            result = index.searcher.search(Query(f"{year}年到上海工作的云南人有多少"))
            assert result.results[0].citation.source == source
            assert result.answerable
        result = index.searcher.search(Query("2035年到上海工作的云南人有多少"))
        assert not result.answerable
        assert result.no_answer_reason == "the best passage does not speak of 2035"
        assert len(result.results) == 2
