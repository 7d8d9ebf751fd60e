"""Conditions of the fields that are filtered by most."""

from typing import Any

import pytest

from corpus.errors import InvalidInput
from index.filters.comparing import Operator
from index.filters.making import compared, make_condition
from tests.index.filters.filter_fixtures import facts

FILES = ["notes.md", "reports/a.md", "reports/2024/b.pdf", "reports-old/c.md", "what?.md"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (["notes.md"], {"notes.md"}),
        (["Notes.md"], {"notes.md"}),
        (["notes"], set()),
        (["reports/"], {"reports/a.md", "reports/2024/b.pdf"}),
        (["reports*"], {"reports/a.md", "reports/2024/b.pdf", "reports-old/c.md"}),
        (["*.pdf"], {"reports/2024/b.pdf"}),
        (["*ports*"], {"reports/a.md", "reports/2024/b.pdf", "reports-old/c.md"}),
        (["reports*/?.md"], {"reports/a.md", "reports-old/c.md"}),
        (["*/2*/"], {"reports/2024/b.pdf"}),
        (["what?.md"], {"what?.md"}),
        (["*"], set(FILES)),
        (["*.pdf", "notes.md"], {"reports/2024/b.pdf", "notes.md"}),
    ],
)
def test_a_source_may_be_a_name_a_folder_or_a_glob(source: list[str], found: set[str]) -> None:
    condition = make_condition(source=source)
    assert condition is not None
    assert {file for file in FILES if condition.holds(facts(source=file))} == found
    equal = compared("file_name", Operator.IS, source)  # as the conditions of platforms have it
    assert {file for file in FILES if equal.holds(facts(source=file))} == found


def test_only_the_name_of_a_file_is_a_pattern() -> None:
    assert not compared("title", Operator.IS, ["har*"]).holds(facts(title="Harbour"))
    assert not compared("source", Operator.CONTAINS, ["har*"]).holds(facts(source="harbour.md"))
    with pytest.raises(InvalidInput, match="the condition on source has no value"):
        compared("source", Operator.IS, [])


def test_all_that_is_given_must_hold() -> None:
    given: dict[str, Any] = {
        "source": ["a/b.md"],
        "document_id": ["d_1"],
        "folder": ["a"],
        "tag": ["quay", "sea"],
        "language": ["zh", "en"],
        "metadata": {"department": ["law"], "id": [7]},
        "published_after": "2022",
        "published_before": "2022-06",
        "mentions_year": 2021,
    }
    document = facts(
        source="a/b.md", published="2022-05", metadata={"tags": "sea", "department": "Law", "id": "7", "title": "x"}
    )
    condition = make_condition(**given)
    assert condition is not None
    assert condition.holds(document, {2021})
    assert not condition.holds(document, {2020})
    for name in given.keys() - {"mentions_year"}:
        other = {"metadata": {"title": ["y"]}}.get(name, "1999" if name == "published_before" else ["2023"])
        changed = make_condition(**{**given, name: "2023" if name == "published_after" else other})
        assert changed is not None
        assert not changed.holds(document, {2021}), name
    assert make_condition() is None


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"source": [""]}, "the condition on source has no value"),
        ({"metadata": {"department": []}}, "the condition on metadata.department has no value"),
        ({"published_after": "soon"}, "published_after is 'soon'"),
        ({"mentions_year": 0}, "filter mentions_year is 0; give 1 to 9999"),
    ],
)
def test_what_cannot_be_met_is_told(given: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        make_condition(**given)
    assert told in str(raised.value)
