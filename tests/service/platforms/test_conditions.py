"""Conditions of other platforms: every operator, names and values of every kind, dates known more or less exactly."""

from collections.abc import Mapping

import pytest

from corpus.document import DocumentFacts
from corpus.errors import InvalidInput
from index.filters.conditions import Condition
from service.platforms.dify import OPERATORS, MetadataComparison, MetadataCondition


def facts(published: str | None = "2022-12-30", metadata: Mapping[str, object] | None = None) -> DocumentFacts:
    return DocumentFacts(
        document_id="d_1",
        source="harbour.md",
        title="The New Harbour",
        sha256="",
        language="en",
        publisher="海湾日报",
        published=published,
        url="https://example.org/harbour",
        author=None,
        metadata=metadata or {},
    )


def asked(name: str | list[str], operator: str, value: object = None) -> Condition:
    given = {"name": name, "comparison_operator": operator, "value": value}
    return MetadataComparison.model_validate(given).condition()


# Name, operator and value as Dify sends them, of a document published on 30 December 2022.
HOLDS: list[tuple[str | list[str], str, object]] = [
    ("title", "contains", "new"),
    ("title", "contains", ["old", "harbour"]),
    (["author", "title"], "contains", "HARBOUR"),
    ("title", "not contains", "lighthouse"),
    ("title", "start with", "the new"),
    ("title", "end with", "harbour"),
    ("name", "is", "the new harbour"),
    ("Title", "is", "The New Harbour"),
    ("publisher", "is", "海湾日报"),
    ("title", "is not", "The Old Harbour"),
    ("language", "in", ["zh", "en"]),
    ("language", "in", "zh, en"),
    ("language", "in", "zh，en"),
    ("language", "not in", "zh,de"),
    ("author", "empty", None),
    ("author", "empty", ""),
    ("url", "not empty", None),
    ("author", "is not", "A. Reader"),
    ("author", "not contains", "A"),
    ("file_name", "=", "harbour.md"),
    ("file_name", "is", "har*.md"),
    ("source", "not in", "reports/, ferry.md"),
    ("source", "is not", "reports/"),
    ("document_id", "is", "d_1"),
    ("document_id", "≠", "d_2"),
    ("document_id", "!=", "d_2"),
    ("published_at", "after", "2022-01-01"),
    ("published_at", "after", "2022-12-29"),
    ("published_at", "before", "2022-12-31"),
    ("published_at", "before", "2023"),
    ("published", "is", "2022"),
    ("published", "is", "2022-12"),
    ("published", "is not", "2021"),
    ("published", ">", "2022-12-29"),
    ("published", "≥", "2022-12-30"),
    ("published", ">=", "2022"),
    ("published", "≤", "2022"),
    ("published", "<=", "2022-12-30"),
    ("published", "<", 2023),
    ("published", "after", 1_640_995_200),  # 1 January 2022
    ("published", "before", 1_672_444_800_000),  # 31 December 2022, in milliseconds
    ("published", "after", "2022-01-01T00:00:00Z"),
    ("published", "in", ["2021", "2022"]),
    ("published", "contains", "-12-"),
    ("published", "start with", "2022"),
    ("pages", "=", 12),
    ("pages", ">", 9),
    ("pages", "≥", "12"),
    ("pages", "≤", 12.0),
    ("pages", "≠", 13),
    ("edition", ">", "5"),  # the text "12", compared as a number
    ("tags", "contains", "har"),
    ("tags", "is", "boats"),
    ("tags", "not in", "ships"),
    ("checked", "before", "2023-01-01"),
    ("draft", "is", True),
    ("draft", "is", "true"),
    ("nothing", "empty", None),
    ("blank", "empty", None),
]
METADATA = {
    "pages": 12,
    "edition": "12",
    "tags": ["harbour", "boats"],
    "checked": "2022-11",
    "draft": True,
    "nothing": [],
    "blank": "",
    "nested": {"a": 1},
}


@pytest.mark.parametrize(("name", "operator", "value"), HOLDS)
def test_what_holds(name: str, operator: str, value: object) -> None:
    assert asked(name, operator, value).holds(facts(metadata=METADATA))


OPPOSITES = {
    "contains": "not contains",
    "is": "is not",
    "in": "not in",
    "empty": "not empty",
    "=": "≠",
    "==": "!=",
} | {"not contains": "contains", "is not": "is", "not in": "in", "not empty": "empty", "≠": "=", "!=": "=="}


@pytest.mark.parametrize(("name", "operator", "value"), [case for case in HOLDS if case[1] in OPPOSITES])
def test_the_opposite_does_not_hold(name: str, operator: str, value: object) -> None:
    assert not asked(name, OPPOSITES[operator], value).holds(facts(metadata=METADATA))


FAILS: list[tuple[str, str, object]] = [
    ("title", "contains", "lighthouse"),
    ("title", "start with", "new"),
    ("title", "end with", "new"),
    ("language", "in", "zh,de"),
    ("document_id", "is", "d_"),
    ("published", "after", "2022-12-30"),
    ("published", "after", "2022"),
    ("published", "before", "2022-12-30"),
    ("published", "before", "2022"),
    ("published", "is", "2023"),
    ("published", ">", "2022"),
    ("published", "<", "2022-12-30"),
    ("edition", "is", "012"),  # 012 may be an id
    ("pages", "is", "12.0"),
    ("pages", "<", 12),
    ("author", "is", "A. Reader"),
    ("author", "start with", "A"),
    ("title", "before", "2023"),  # no date
    ("nested", "is", "1"),
    ("tags", "is", "ships"),
]


@pytest.mark.parametrize(("name", "operator", "value"), FAILS)
def test_what_does_not_hold(name: str, operator: str, value: object) -> None:
    assert not asked(name, operator, value).holds(facts(metadata=METADATA))


@pytest.mark.parametrize("operator", OPERATORS)
def test_every_operator_is_tried(operator: str) -> None:
    assert operator in {case[1] for case in [*HOLDS, *FAILS]} | OPPOSITES.keys()


@pytest.mark.parametrize(
    ("name", "operator", "value", "told"),
    [
        ("title", "is", None, "the condition on title has no value"),
        ("title", "contains", "", "has no value"),
        ("title", "in", [], "has no value"),
        ("published_at", "after", "soon", "the condition on published_at is 'soon'; write 2026"),
        ("published_at", "is", "2022-02-30", "is '2022-02-30'"),
        ("checked", "before", "5/6/24", "is '5/6/24'"),
        ("published", ">", True, "is True"),
        ("title", "like", "x", "comparison_operator is 'like'; there are contains, "),
    ],
)
def test_a_condition_that_cannot_be_met_is_told(name: str, operator: str, value: object, told: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        asked(name, operator, value)
    assert told in str(raised.value)


@pytest.mark.parametrize("key", ["logical_operator", "logic"])
def test_conditions_are_joined_by_and_or_or(key: str) -> None:
    conditions = [
        {"name": "title", "comparison_operator": "contains", "value": "harbour"},
        {"name": "title", "comparison_operator": "contains", "value": "lighthouse"},
    ]
    for joined, holds in (("and", False), ("or", True), (None, False)):
        condition = MetadataCondition.model_validate({key: joined, "conditions": conditions}).condition()
        assert condition is not None
        assert condition.holds(facts()) is holds


@pytest.mark.parametrize("given", [{}, {"conditions": None}, {"logical_operator": "or", "conditions": []}])
def test_no_conditions_are_no_condition(given: dict[str, object]) -> None:
    assert MetadataCondition.model_validate(given).condition() is None
