"""Columns find the passages that a condition holds for, whatever has come and gone; the oracle asks each."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import DocumentFacts
from corpus.errors import InvalidInput
from index.filters.comparing import Operator
from index.filters.conditions import Comparison, Condition, Not
from index.local import column
from index.local.document_columns import DocumentColumns
from index.local.letters import Letters
from tests.index.filters.filter_fixtures import CONDITIONS, FACTS, YEARS, facts


@dataclass
class Model:
    """What is held: documents with their passages' keys and years."""

    columns: DocumentColumns = field(default_factory=DocumentColumns)
    held: dict[str, tuple[DocumentFacts, dict[int, frozenset[int]]]] = field(default_factory=dict)

    def add(self, document: DocumentFacts, years: dict[int, frozenset[int]]) -> None:
        self.columns.add(document, list(years), years)
        self.held[document.document_id] = document, years

    def remove(self, document_id: str) -> None:
        _, years = self.held.pop(document_id, (None, {}))
        assert sorted(self.columns.remove(document_id).tolist()) == sorted(years)

    def check(self, condition: Condition) -> None:
        own = {key for document, _ in self.held.values() for key in document.metadata}
        names = {each.column.removeprefix("metadata.") for each in condition.comparisons() if "." in each.column}
        if not names <= own:
            with pytest.raises(InvalidInput, match="which no document has; there are author, "):
                self.columns.select(condition)
            return
        expected = [
            key
            for document, of_keys in self.held.values()
            for key, years in of_keys.items()
            if condition.holds(document, years)
        ]
        found = self.columns.select(condition)
        assert found.dtype == np.int64
        assert found.tolist() == sorted(expected)


Step = str | Condition | tuple[DocumentFacts, list[frozenset[int]]]
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(FACTS, st.lists(YEARS, max_size=3)) | st.sampled_from(["d_1", "d_2", "7"]) | CONDITIONS, max_size=24
)


@pytest.mark.parametrize("most_new", [0, 3, 256])
@given(steps=STEPS, last=CONDITIONS, seed=st.randoms())
@settings(max_examples=150)
def test_columns_are_the_reference(most_new: int, steps: Sequence[Step], last: Condition, seed: Random) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(column, "MOST_NEW", most_new)
        model, keys = Model(), list(range(1, 100))
        seed.shuffle(keys)
        for step in steps:
            if isinstance(step, str):
                model.remove(step)
            elif isinstance(step, tuple):
                document, years = step
                model.add(document, {keys.pop(): each for each in years})
            else:
                model.check(step)
            assert len(model.columns) == len(model.held)
        model.check(last)
        model.columns.settle()
        model.check(last)


def test_many_documents_of_which_many_go() -> None:
    model = Model()
    for number in range(600):
        document = facts(f"d_{number}", f"a{number % 7}/{number}.md", metadata={"size": number, "tags": ["x", "y"]})
        model.add(document, {2 * number: frozenset(), 2 * number + 1: frozenset({2000 + number % 20})})
    conditions: list[Condition] = [
        Comparison("size", Operator.GREATER, (300,)),
        Comparison("folder", Operator.IS, ("a3",)),
        Comparison("tag", Operator.IS, ("y",)),
        Comparison("source", Operator.MATCHES, ("a*/*5*.md",)),
        Not(Comparison("mentions_year", Operator.IS, (2003, 2007))),
    ]
    for part in range(4):
        for condition in conditions:
            model.check(condition)
        for number in range(part, 600, 4):
            model.remove(f"d_{number}")
    assert len(model.columns) == 0
    with pytest.raises(InvalidInput, match="'size', which no document has"):
        model.columns.select(conditions[0])


def test_a_name_is_known_as_long_as_a_document_has_it() -> None:
    columns = DocumentColumns()
    columns.add(facts("d_1", metadata={"colour": None}), [1], {})
    columns.add(facts("d_2", metadata={"colour": "Red"}), [2], {})
    red = Comparison("colour", Operator.IS, ("red",))
    assert columns.select(red).tolist() == [2]
    columns.add(replace(facts("d_2"), metadata={}), [3], {})
    assert columns.select(red).tolist() == []
    columns.remove("d_1")
    with pytest.raises(InvalidInput, match="'colour'"):
        columns.select(red)


LETTERS = st.text("ab港é", max_size=4)


@given(st.lists(LETTERS, max_size=12), LETTERS.filter(bool), st.lists(LETTERS, min_size=2, max_size=4))
def test_letters_are_found_in_their_own_text(texts: list[str], wanted: str, parts: list[str]) -> None:
    letters, glob = Letters(texts), "*".join(parts)
    assert letters.containing(wanted).tolist() == [wanted in text for text in texts]
    assert letters.ending(wanted).tolist() == [text.endswith(wanted) for text in texts]
    expected = [Comparison("id", Operator.MATCHES, (glob,)).holds(facts(text)) for text in texts]
    assert [bool(text) and met for text, met in zip(texts, letters.matching(glob).tolist(), strict=True)] == expected
