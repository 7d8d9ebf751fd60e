"""The language of conditions: what holds, what is the same, and what is no condition."""

from collections.abc import Collection
from dataclasses import replace
from fnmatch import fnmatchcase

import pytest
from hypothesis import given

from corpus.document import DocumentFacts
from corpus.errors import InvalidInput
from index.filters.comparing import Operator
from index.filters.conditions import And, Comparison, Condition, Not, Or, all_of
from index.filters.names import Value
from index.query import Query
from tests.index.filters.filter_fixtures import CONDITIONS, FACTS, GLOBS, YEARS, facts

REPORT = facts(
    "d_Aa",
    "reports/2024/Q1 [draft].md",
    published="2024-05",
    metadata={
        "tags": ["Harbour", "boats"],
        "tag": "fishing， quay ,",
        "id": "own",
        "serial": 2**53 + 1,
        "draft": True,
        "pages": 12.0,
        "none": None,
        "deep": {"a": "b"},
    },
)
IS, MATCHES = Operator.IS, Operator.MATCHES


@pytest.mark.parametrize(
    ("name", "operator", "wanted", "holds"),
    [
        ("folder", IS, "reports", True),
        ("folder", IS, "Reports/2024/", True),
        ("folder", IS, "2024", False),
        ("folder", IS, "reports/20", False),
        ("tag", IS, "harbour", True),
        ("tags", IS, "QUAY", True),
        ("tag", IS, "fishing， quay ,", False),
        ("tag", Operator.CONTAINS, "boat", True),
        ("source", MATCHES, "reports/*.md", True),
        ("source", MATCHES, "*/2024/q?*", True),
        ("source", MATCHES, "reports/????/Q1 [draft].md", True),  # brackets stand for themselves
        ("source", MATCHES, "reports/*/q2*", False),
        ("source", Operator.STARTS_WITH, "reports/2", True),
        ("id", IS, "d_Aa", True),
        ("id", IS, "d_aa", False),  # ids may differ in nothing but their case
        ("metadata.id", IS, "own", True),
        ("serial", IS, 2**53 + 1, True),
        ("serial", IS, 2**53, False),  # as floats they are equal
        ("serial", IS, float(2**53), False),
        ("draft", IS, True, True),
        ("draft", IS, 1, False),
        ("pages", IS, 12, True),
        ("pages", IS, "12", True),
        ("pages", Operator.GREATER, 11.5, True),
        ("none", IS, "none", False),
        ("deep", Operator.EMPTY, "", True),
        ("mentions_year", IS, 2023, True),
        ("mentions_year", IS, "2023", True),
        ("mentions_year", IS, 202, False),
        ("mentions_year", Operator.GREATER, 2023, False),
        ("published_at", Operator.GREATER_OR_EQUAL, "2024-05-31T08:00:00z", True),
    ],
)
def test_what_holds(name: str, operator: Operator, wanted: Value, holds: bool) -> None:
    assert Comparison(name, operator, (wanted,)).holds(REPORT, {2023}) is holds


def test_years_are_those_of_the_passage() -> None:
    condition = Comparison("mentions_year", IS, (2022,))
    assert condition.holds(REPORT, [2021, 2022])
    assert not condition.holds(REPORT)
    assert Comparison("mentions_year", Operator.EMPTY).holds(REPORT)


@given(CONDITIONS, FACTS, YEARS)
def test_and_or_and_not_are_those_of_logic(condition: Condition, held: DocumentFacts, years: Collection[int]) -> None:
    holds = condition.holds(held, years)
    assert Not(condition).holds(held, years) is not holds
    assert And((condition, Not(condition))).holds(held, years) is False
    assert Or((condition, Not(condition))).holds(held, years) is True
    assert And(()).holds(held, years) is True
    assert Or(()).holds(held, years) is False


@given(GLOBS, FACTS)
def test_globs_are_those_of_the_shell(glob: str, held: DocumentFacts) -> None:
    expected = fnmatchcase(held.source.casefold(), glob)
    assert Comparison("source", MATCHES, (glob,)).holds(held) is expected


def test_equal_conditions_mean_the_same() -> None:
    def title(wanted: Value) -> Condition:
        return Not(And((Comparison("title", IS, (wanted,)),)))

    assert len({title("Harbour"), title("harbour")}) == 1
    assert len({title(12), title(12.0)}) == 1
    assert len({title(True), title("true")}) == 1
    assert len({title(1), title(True), title("1")}) == 3


def test_all_of_some() -> None:
    one, other = Comparison("title", IS, ("a",)), Comparison("title", IS, ("b",))
    assert all_of([]) is None
    assert all_of([None, one]) == one
    assert all_of([one, None, other]) == And((one, other))


@pytest.mark.parametrize(
    ("name", "operator", "wanted", "told"),
    [
        ("title", IS, (), "the condition on title has no value; give one"),
        ("title", IS, ("a", ""), "has no value"),
        ("folder", IS, ("/",), "has no value"),
        ("title", IS, ("a\0",), "holds a NUL"),
        ("title", IS, ("\udc00",), "half of a surrogate pair"),
        ("title", IS, (float("nan"),), "is nan; give a number"),
        ("title", Operator.LESS, (float("inf"),), "is inf; give a number"),
        ("published", IS, ("soon",), "is 'soon'; write 2026"),
        ("title", Operator.AFTER, (True,), "is True; write 2026"),
    ],
)
def test_what_is_no_condition_is_told(name: str, operator: Operator, wanted: tuple[Value, ...], told: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        Comparison(name, operator, wanted)
    assert told in str(raised.value)


def nested(depth: int) -> Condition:
    condition: Condition = Comparison("title", IS, ("a",))
    for _ in range(depth):
        condition = Not(And((condition,)))
    return condition


def test_conditions_have_bounds() -> None:
    query = Query("x")
    many = tuple(Comparison("title", IS, (str(number),)) for number in range(100))
    ids = Comparison("id", IS, tuple(map(str, range(1000))))  # looked up, however many
    for small in (nested(10), And(many), ids):
        assert replace(query, filters=small).filters == small
    letters = Comparison("title", Operator.CONTAINS, tuple(map(str, range(101))))
    stars = Comparison("source", MATCHES, ("*a" * 101,))
    for large, told in (
        (nested(11), "nested 11 deep; nest them 10 deep at most"),
        (And((*many, many[0])), "101 comparisons; give 100 at most"),
        (letters, "101 comparisons"),
        (stars, "comparisons"),
    ):
        with pytest.raises(InvalidInput, match=told):
            replace(query, filters=large)
