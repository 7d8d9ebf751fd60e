"""Documents come, change and go, in any order: the index has what the truth has, after each step and each restart."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from corpus.document import Document
from index.opening import OpenIndex
from index.query import Query
from index.verify import verify
from tests.conformance.conftest import Folder, document_of, held
from tests.conformance.engines import ENGINES
from tests.store_fixtures import keys, state

NUMBERS, VERSIONS = st.integers(0, 5), st.integers(0, 2)


class Changing(RuleBasedStateMachine):
    """An index against a dict of the documents that it should have."""

    engine = ""

    @initialize()
    def begin(self) -> None:
        self._place, self._resources = TemporaryDirectory(), ExitStack()
        self._folder = Folder(ENGINES[self.engine], Path(self._place.name))
        self._folder.put()
        self._opened: OpenIndex = self._resources.enter_context(self._folder.open())
        self._expected: dict[str, Document] = {}

    @rule(number=NUMBERS, version=VERSIONS)
    def put(self, number: int, version: int) -> None:
        document = document_of(number, version)
        self._folder.put(document)
        self._expected[document.document_id] = document

    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        document_id = document_of(number).document_id
        if self._expected.pop(document_id, None) is not None:
            self._folder.delete(document_id)

    @rule()
    def save(self) -> None:
        self._folder.save()

    @rule()
    def restart(self) -> None:
        self._resources.close()
        self._opened = self._resources.enter_context(self._folder.open())

    @rule(number=NUMBERS)
    def ask(self, number: int) -> None:
        document = document_of(number)
        answer = self._opened.searcher.search(Query(document.text, k=50))
        assert {each.document_id for each in answer.results} | {
            other.document_id for each in answer.results for other in each.also_in
        } <= set(self._expected)
        for each in answer.results:
            text = self._expected[each.document_id].text
            assert each.citation.quote == text[each.citation.start : each.citation.end]

    @invariant()
    def the_index_has_what_the_truth_has(self) -> None:
        if hasattr(self, "_expected"):
            assert held(self._opened.index, self._opened.truth) == set(keys(self._opened.truth))
            assert state(self._opened.truth).documents == len(self._expected)

    def teardown(self) -> None:
        if hasattr(self, "_resources"):
            assert not list(verify(self._opened.truth, self._folder.path, self._folder.engine))
            self._resources.close()
            self._place.cleanup()


@pytest.mark.parametrize("engine", ENGINES)
def test_an_index_follows_the_truth(engine: str) -> None:
    machine = type("Changing", (Changing,), {"engine": engine})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=15, deadline=None))


def test_equal_documents_are_an_equal_state_whatever_came_before(folder: Folder) -> None:
    folder.put(*map(document_of, range(4)))
    with folder.open() as opened:
        before = opened.searcher.state()
        folder.put(document_of(9), document_of(2, version=1))
        changed = opened.searcher.state()
        folder.put(document_of(2))
        folder.delete(document_of(9).document_id)
        assert opened.searcher.state() == before != changed


def test_deletion_leaves_nothing_behind(folder: Folder) -> None:
    folder.put(*map(document_of, range(5)))
    folder.save()
    with folder.open() as opened:
        for number in range(5):
            folder.delete(document_of(number).document_id)
        answer = opened.searcher.search(Query(document_of(1).text, k=50))
        assert (answer.results, answer.no_answer_reason) == ((), "the index is empty")
        assert held(opened.index, opened.truth) == set()
    with folder.open() as opened:
        assert not opened.searcher.search(Query("茶园")).results


def test_a_read_follows_a_write(folder: Folder) -> None:
    folder.put(document_of(0))
    with folder.open() as opened:
        for number in range(1, 12):
            folder.put(document_of(number))
            first, *_ = opened.searcher.search(Query(document_of(number).text.replace("#", ""))).results
            assert first.document_id == document_of(number).document_id
