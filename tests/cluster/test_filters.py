"""Conditions in a database hold for the passages that they hold for; the oracle asks each."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.document import Document, DocumentFacts
from corpus.errors import InvalidInput
from corpus.passage import Passage
from corpus.splitting.passages import SplitterSettings
from corpus.store.stored import Features, Key, Years
from index.filters.comparing import Operator
from index.filters.conditions import And, Comparison, Condition, Not, Or
from index.manifest import make_manifest, write_manifest
from index.models.hashing import HashEncoder
from index.models.vectors import to_bytes
from index.terms.packing import pack_terms
from tests.index.filters.filter_fixtures import CONDITIONS, FACTS, YEARS, facts

if TYPE_CHECKING:
    from index.oceanbase.truth import OceanBaseTruth

Held = tuple[DocumentFacts, Sequence[frozenset[int]]]
MANIFEST = make_manifest(HashEncoder().spec, SplitterSettings())
VECTOR = np.eye(1, MANIFEST.encoder.dimension, dtype=np.float32)


@pytest.fixture
def truth(truth: "OceanBaseTruth") -> "OceanBaseTruth":
    with truth.writing() as writer:
        write_manifest(writer, MANIFEST)
    return truth


def hold(truth: "OceanBaseTruth", documents: Sequence[Held]) -> None:
    """Have a truth hold some documents and no others."""
    with truth.writing() as writer:
        for document_id in writer.document_ids():
            writer.delete(document_id)
        for own, passages in documents:
            document = Document(text="船。", **{each.name: getattr(own, each.name) for each in fields(own)})
            writer.put(document, *cut(document, [tuple(sorted(years)) for years in passages]))


def cut(document: Document, passages: Sequence[Years]) -> tuple[list[Passage], list[Features]]:
    names = (f"p_{document.document_id}_{number}" for number in range(len(passages)))
    of_each = [Passage(each, document.document_id, 0, 2, "船。", "船。", (), "船。", ()) for each in names]
    terms = pack_terms({"c船": 1})
    return of_each, [Features(to_bytes(VECTOR), b"", b"", b"", terms, years) for years in passages]


def meeting(truth: "OceanBaseTruth", condition: Condition, indexed_from: int) -> set[Key]:
    from index.oceanbase.index import OceanBaseIndex

    index = OceanBaseIndex(truth, MANIFEST, Path(truth.name), indexed_from)
    with truth.reading() as reader, index.refreshed(reader):
        return set(index.dense(VECTOR[0], 50, condition))


def check(truth: "OceanBaseTruth", condition: Condition, indexed_from: int = 1_000) -> None:
    with truth.reading() as reader:
        held = list(reader.facets())
    own = {name for known, _ in held for name in known.metadata}
    names = {each.column.removeprefix("metadata.") for each in condition.comparisons() if "." in each.column}
    if not names <= own and any(years for _, years in held):
        with pytest.raises(InvalidInput, match="which no document has; there are author, "):
            meeting(truth, condition, indexed_from)
        return
    if names <= own:
        expected = {key for known, of_keys in held for key, years in of_keys.items() if condition.holds(known, years)}
        assert meeting(truth, condition, indexed_from) == expected


# A document has an id of its own, and some have no passages.
DOCUMENTS = st.lists(
    st.tuples(FACTS, st.lists(YEARS, max_size=3)), max_size=5, unique_by=lambda held: held[0].document_id
)


@given(documents=DOCUMENTS, conditions=st.lists(CONDITIONS, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_conditions_are_the_reference(
    truth: "OceanBaseTruth", documents: Sequence[Held], conditions: Sequence[Condition]
) -> None:
    hold(truth, documents)
    for condition in conditions:
        check(truth, condition)


HOSTILE = [
    "'",
    '"',
    "\\",
    "%",
    "_",
    "!",
    "x' OR '1'='1",
    "%s",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a ",
    "A",
]


@pytest.mark.parametrize(
    "how", [each for each in Operator if each not in (Operator.EMPTY, Operator.BEFORE, Operator.AFTER)]
)
def test_no_text_is_taken_for_anything_else(truth: "OceanBaseTruth", how: Operator) -> None:
    hold(
        truth,
        [
            (facts(f"d_{number}", metadata={"key": text, f"key {text}": 1}), [frozenset()])
            for number, text in enumerate(HOSTILE)
        ],
    )
    for text in HOSTILE:
        check(truth, Comparison("key", how, (text,)))
        check(truth, Comparison(f"key {text}", Operator.IS, (1,)))
        check(truth, Not(Comparison("id", how, (text,))))


def test_numbers_beyond_floats_are_told_apart(truth: "OceanBaseTruth") -> None:
    sizes = [2**53, 2**53 + 1, 10**400, "1e400", "inf", "nan", -0.0, "007"]
    hold(truth, [(facts(f"d_{at}", metadata={"size": size}), [frozenset()]) for at, size in enumerate(sizes)])
    for size in (2**53, 2**53 + 1, 0, 7, -1):
        for how in (Operator.IS, Operator.LESS, Operator.GREATER_OR_EQUAL):
            check(truth, Comparison("size", how, (size,)))


def test_what_is_known_of_a_document_changes_while_its_passages_stay(truth: "OceanBaseTruth") -> None:
    years = [frozenset({2021, 2023})]
    conditions: list[Condition] = [
        Comparison("publisher", Operator.IS, ("a",)),
        And((Comparison("language", Operator.IS, ("zh",)), Comparison("mentions_year", Operator.IS, (2021,)))),
        Or((Comparison("published", Operator.AFTER, ("2021",)), Comparison("tag", Operator.EMPTY))),
    ]
    first, second = facts(publisher="a", language="zh"), facts(published="2022-05", metadata={"tags": ["x"]})
    for own in (first, second, first):
        document = Document(text="船。", **{each.name: getattr(own, each.name) for each in fields(own)})
        with truth.writing() as writer:
            writer.put(document, *cut(document, [tuple(sorted(each)) for each in years]))
        for condition in conditions:
            check(truth, condition)


def test_more_documents_than_a_list_has(truth: "OceanBaseTruth", monkeypatch: pytest.MonkeyPatch) -> None:
    from index.oceanbase import filtering

    monkeypatch.setattr(filtering, "MOST_LISTED", 2)
    hold(truth, [(facts(f"d_{number}", publisher="ab"[number % 2]), [frozenset({2021})]) for number in range(8)])
    own = Comparison("publisher", Operator.IS, ("a",))
    for condition in (own, Not(own), And((own, Comparison("mentions_year", Operator.IS, (2021,))))):
        check(truth, condition)
        check(truth, condition, indexed_from=1)
