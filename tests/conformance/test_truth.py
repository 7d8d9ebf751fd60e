"""What every truth keeps, whatever it is kept in: whole, in one state, and nothing of what was replaced."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.errors import InvalidInput, NotFound, StoreDamaged
from corpus.parts import PartKind
from corpus.passage import Page, Passage, Quotation, Span
from corpus.store.stored import Features
from corpus.store.truth import Truth
from index.terms.packing import pack_terms
from tests.conformance.truths import TRUTHS, opened
from tests.index_fixtures import make_corpus
from tests.store_fixtures import delete, document_in, keys, passages_in, put, read, state

DOCUMENT = make_corpus()[0]
PAGES = (Page(0, 3, "iv"), Page(2, 4), Page(2, 5, "表", PartKind.SHEET, 0.5, ((2, 7),)))
HEADER = Quotation(0, 1, "#")
PASSAGE = Passage("p_1", DOCUMENT.document_id, 0, 3, "# 茶", "茶", ("茶",), "茶", (Span(2, 3),), PAGES, HEADER)
FEATURES = Features(b"\1\2", b"\3\4", b"\5", b"\6", pack_terms({"茶": 1}), (2022, 2023))


def test_what_is_put_comes_back_equal(truth: Truth) -> None:
    document = replace(DOCUMENT, metadata={"tags": ["甲", 1], "nested": {"a": None}}, author="某")
    sequence = put(truth, document, [PASSAGE], [FEATURES])
    assert sequence == state(truth).sequence == 1
    assert document_in(truth, document.document_id) == document
    assert read(truth, lambda reader: reader.passage("p_1")) == PASSAGE
    (truthd,) = passages_in(truth, document.document_id)
    assert (truthd.passage, truthd.features) == (PASSAGE, FEATURES)
    assert read(truth, lambda reader: reader.passages([truthd.key])) == {truthd.key: PASSAGE}
    (summary,) = read(truth, lambda reader: reader.summaries(10))
    assert (summary.characters, summary.passages) == (len(document.text), 1)


def test_replacing_leaves_nothing_of_the_old_version(truth: Truth) -> None:
    put(truth, DOCUMENT, [PASSAGE, replace(PASSAGE, passage_id="p_2")], [FEATURES, FEATURES])
    old_keys = keys(truth)
    put(truth, DOCUMENT, [replace(PASSAGE, passage_id="p_3")], [FEATURES])
    assert len(keys(truth)) == 1
    assert not set(keys(truth)) & set(old_keys), "a key is never used twice"
    with pytest.raises(NotFound, match="p_1"):
        read(truth, lambda reader: reader.passage("p_1"))


def test_deleting(truth: Truth) -> None:
    put(truth, DOCUMENT, [PASSAGE], [FEATURES])
    assert delete(truth, DOCUMENT.document_id) == 2
    assert state(truth).documents == state(truth).passages == 0
    assert keys(truth) == []
    with pytest.raises(NotFound):
        delete(truth, DOCUMENT.document_id)


def test_a_write_that_fails_never_was(truth: Truth) -> None:
    put(truth, DOCUMENT, [PASSAGE], [FEATURES])
    with pytest.raises(StoreDamaged):
        put(truth, replace(DOCUMENT, title="new"), [PASSAGE, PASSAGE], [FEATURES, FEATURES])  # one id twice
    assert document_in(truth, DOCUMENT.document_id).title == DOCUMENT.title
    assert state(truth).sequence == 1


def test_a_reader_sees_one_state_while_another_writes(truth: Truth) -> None:
    put(truth, DOCUMENT, [PASSAGE], [FEATURES])
    with truth.reading() as reader:
        before = reader.state()
        writer = threading.Thread(target=delete, args=[truth, DOCUMENT.document_id])
        writer.start()
        writer.join()
        assert reader.state() == before
        assert reader.document(DOCUMENT.document_id)
    assert state(truth).documents == 0


def test_the_digest_names_the_documents(kind: str, tmp_path: Path) -> None:
    first, second, *_ = make_corpus()
    with opened(kind, tmp_path / "a") as one, opened(kind, tmp_path / "b") as other:
        for truth, documents in ((one, [first, second]), (other, [second, first])):
            for document in documents:
                put(truth, document, [], [])
        assert state(one).corpus_digest == state(other).corpus_digest
        delete(one, first.document_id)
        assert state(one).corpus_digest != state(other).corpus_digest


def test_pages_of_summaries_come_in_order_and_all(truth: Truth) -> None:
    for document in make_corpus():
        put(truth, document, [], [])
    with truth.reading() as reader:
        first = reader.summaries(2)
        second = reader.summaries(2, first[-1].facts.document_id)
        assert [each.facts.document_id for each in first + second] == reader.document_ids()


@pytest.mark.parametrize("kind", TRUTHS)
@settings(max_examples=20, deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12))
def test_changes_lead_from_every_state_to_the_last(kind: str, steps: list[tuple[int, int]]) -> None:
    with TemporaryDirectory() as folder, opened(kind, Path(folder)) as truth:
        seen = [(0, set[int]())]
        for number, count in steps:  # a document with so many passages; none deletes it
            document = replace(DOCUMENT, document_id=f"d_{number}", source=f"{number}.txt")
            passages = [replace(PASSAGE, passage_id=f"p_{number}_{n}", document_id=f"d_{number}") for n in range(count)]
            with truth.writing() as writer:
                if count or number == 3:
                    writer.put(document, passages, [FEATURES] * count)
                elif document.document_id in writer.document_ids():
                    writer.delete(document.document_id)
            with truth.reading() as reader:
                seen.append((reader.sequence(), set(reader.keys())))
                told, documents = reader.state(), reader.document_ids()
            assert (told.documents, told.passages) == (len(documents), len(seen[-1][1]))
        for sequence, held in seen:
            with truth.reading() as reader:
                changes = reader.changes(sequence)
            assert len(set(changes.added)) == len(changes.added)
            assert not set(changes.added) & held or sequence == 0
            assert set(changes.documents) >= {each.document_id for each in reader_passages(truth, changes.added)}
            assert (held - set(changes.removed)) | set(changes.added) == seen[-1][1]


def reader_passages(truth: Truth, of_keys: Sequence[int]) -> list[Passage]:
    return list(read(truth, lambda reader: reader.passages(of_keys)).values())


def test_facets_are_the_facts_with_the_years_of_each_passage(truth: Truth) -> None:
    first, second, *_ = make_corpus()
    put(truth, first, [replace(PASSAGE, document_id=first.document_id)], [FEATURES])
    put(truth, second)
    (key,) = keys(truth)
    expected = {first.document_id: (first.facts, {key: (2022, 2023)}), second.document_id: (second.facts, {})}
    found = read(truth, lambda reader: {facts.document_id: (facts, years) for facts, years in reader.facets()})
    assert found == expected
    one = read(truth, lambda reader: list(reader.facets([second.document_id, "d_none"])))
    assert one == [expected[second.document_id]]


def test_several_writes_of_one_block_are_one_state(truth: Truth) -> None:
    with truth.writing() as writer:
        writer.put(DOCUMENT, [PASSAGE], [FEATURES])
        writer.put(DOCUMENT, [PASSAGE, replace(PASSAGE, passage_id="p_2")], [FEATURES] * 2)
        writer.delete(DOCUMENT.document_id)
        writer.put(DOCUMENT, [PASSAGE], [FEATURES])
    assert len(keys(truth)) == state(truth).passages == 1
    changes = read(truth, lambda reader: reader.changes(1))
    assert (list(changes.added), list(changes.removed)) == (keys(truth), [1])


def test_a_stretch_of_a_text_is_cut_by_characters(truth: Truth) -> None:
    document = make_document("渡口🚢的账本 and more", source="cut.txt")
    put(truth, document)
    for start, end in ((0, 3), (2, 4), (-5, 2), (3, 999), (5, 5), (99, 120)):
        cut = read(truth, lambda reader, start=start, end=end: reader.text(document.document_id, start, end))  # type: ignore[misc]
        assert cut == document.text[max(start, 0) : end]
    assert read(truth, lambda reader: reader.text("d_none", 0, 5)) == ""


def test_a_put_of_unequal_lengths_leaves_nothing(truth: Truth) -> None:
    with truth.writing() as writer, pytest.raises(ValueError):
        writer.put(DOCUMENT, [PASSAGE], [])
    assert state(truth).documents == len(read(truth, lambda reader: reader.document_ids())) == 0


def test_an_id_that_is_no_text_is_told(truth: Truth) -> None:
    with pytest.raises(InvalidInput, match="surrogate"):
        document_in(truth, "d_\udcff")
