"""One document at a time: guarded writes, changes of what is known of it, and what is encoded again by them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import Document, make_document
from corpus.errors import NotFound, Outdated
from corpus.store.originals import Original
from corpus.store.sqlite import Store
from corpus.store.truth import Reader
from index.cutting import Cut, Entry, Outcome
from index.models.encoder import Encoded, Progress
from index.models.hashing import HashEncoder
from index.verify import verify
from index.writer import Indexer
from tests.store_fixtures import document_in, keys, passages_in, read, state

TEXT = "# 渡口\n\n" + "\n\n".join(
    f"## 第{number}号码头\n\n" + f"{number}号码头每天开出渡船{number}班，" * 12 + "去年修了两条船。"
    for number in range(1, 7)
)
FERRY = make_document(TEXT, source="ferry.md", document_id="ferry", published="2022-03", title="渡口")


class CountingEncoder(HashEncoder):
    """Counts the passages it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.passages = 0

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        self.passages += len(texts)
        return super().encode_passages_with_tokens(texts, progress)


@pytest.fixture
def encoder() -> CountingEncoder:
    return CountingEncoder()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, create=True) as store:
        yield store


@pytest.fixture
def indexer(store: Store, encoder: CountingEncoder) -> Indexer:
    return Indexer(store, encoder)


def stale(reader: Reader) -> None:
    raise Outdated(f"it is at {reader.sequence()}")


def test_a_document_is_added_updated_and_left_alone(store: Store, indexer: Indexer) -> None:
    added = indexer.put(Entry(FERRY))
    assert (added.outcome, added.passages) == (Outcome.ADDED, len(passages_in(store, "ferry")))
    same = indexer.put(Entry(FERRY))
    assert (same.outcome, same.sequence, same.passages) == (Outcome.UNCHANGED, added.sequence, added.passages)
    updated = indexer.put(Entry(make_document("渡口关闭了。", source="ferry.md", document_id="ferry")))
    assert (updated.outcome, updated.passages) == (Outcome.UPDATED, 1)
    assert updated.sequence > added.sequence


def test_a_guard_refuses_every_write(store: Store, indexer: Indexer) -> None:
    before = indexer.put(Entry(FERRY))
    other = make_document("渡口关闭了。", source="ferry.md", document_id="ferry")
    told = rf"at {before.sequence}"
    with pytest.raises(Outdated, match=told):
        indexer.put(Entry(other), stale)
    with pytest.raises(Outdated, match=told):
        indexer.put(Entry(FERRY), stale)
    with pytest.raises(Outdated, match=told):
        indexer.change("ferry", lambda document: replace(document, author="x"), stale)
    with pytest.raises(Outdated, match=told):
        indexer.delete("ferry", stale)
    with pytest.raises(Outdated, match=told):
        indexer.put(Entry(replace(other, document_id="new")), stale)
    assert document_in(store, "ferry") == FERRY
    assert read(store, lambda reader: reader.document_ids()) == ["ferry"]


def test_facts_change_without_touching_passages(store: Store, indexer: Indexer, encoder: CountingEncoder) -> None:
    indexer.put(Entry(FERRY))
    of_passages, encoded = keys(store), encoder.passages
    changed = indexer.change("ferry", lambda document: replace(document, author="船工会", publisher="河湾乡"))
    assert document_in(store, "ferry") == replace(FERRY, author="船工会", publisher="河湾乡")
    assert (keys(store), encoder.passages, changed.outcome) == (of_passages, encoded, Outcome.UPDATED)
    assert changed.sequence == read(store, lambda reader: reader.document_sequence("ferry"))
    assert state(store).documents == 1


def test_a_title_changes_words_only(store: Store, indexer: Indexer, encoder: CountingEncoder, tmp_path: Path) -> None:
    indexer.put(Entry(FERRY))
    terms, encoded = [each.features.terms for each in passages_in(store, "ferry")], encoder.passages
    indexer.change("ferry", lambda document: replace(document, title="河湾轮渡公司"))
    assert encoder.passages == encoded
    assert all(new.features.terms != old for new, old in zip(passages_in(store, "ferry"), terms, strict=True))
    assert not list(verify(store, tmp_path))


def test_what_is_encoded_again_is_what_is_searched_otherwise(
    store: Store, indexer: Indexer, encoder: CountingEncoder, tmp_path: Path
) -> None:
    indexer.put(Entry(FERRY))
    texts = {each.passage.search_text for each in passages_in(store, "ferry")}
    encoded = encoder.passages
    indexer.change("ferry", lambda document: replace(document, published="2019"))  # last year is another one
    new = {each.passage.search_text for each in passages_in(store, "ferry")} - texts
    assert 0 < encoder.passages - encoded == len(new) <= len(texts)
    assert not list(verify(store, tmp_path))


def test_a_change_of_nothing_that_is_there_is_refused(indexer: Indexer) -> None:
    with pytest.raises(NotFound, match="no document nobody"):
        indexer.change("nobody", lambda document: document)
    with pytest.raises(NotFound, match="no document nobody"):
        indexer.delete("nobody")


class RacedIndexer(Indexer):
    """One whose document others write as soon as it has looked at it."""

    rivals: tuple[Callable[[], object], ...] = ()

    def _cut(self, entry: Entry) -> Cut:
        cut = super()._cut(entry)
        rivals, self.rivals = self.rivals, ()
        for rival in rivals:
            rival()
        return cut


@pytest.mark.parametrize("original", [None, Original("text/markdown", TEXT.encode())])
def test_the_same_again_is_written_where_it_is_deleted_meanwhile(
    store: Store, indexer: Indexer, encoder: CountingEncoder, original: Original | None
) -> None:
    indexer.put(Entry(FERRY))
    raced = RacedIndexer(store, encoder)
    raced.rivals = (lambda: indexer.delete("ferry"),)
    put = raced.put(Entry(FERRY, original=original))
    assert put.outcome is Outcome.ADDED
    assert put.sequence == read(store, lambda reader: reader.document_sequence("ferry"))
    assert read(store, lambda reader: reader.originals.find("ferry")) == original


def test_an_original_comes_to_no_other_text(store: Store, indexer: Indexer, encoder: CountingEncoder) -> None:
    indexer.put(Entry(FERRY))
    raced, original = RacedIndexer(store, encoder), Original("text/markdown", TEXT.encode())
    other = make_document("渡口关闭了。", source="ferry.md", document_id="ferry")
    raced.rivals = (lambda: indexer.put(Entry(other)),)
    raced.put(Entry(FERRY, original=original))
    assert document_in(store, "ferry") == FERRY
    assert read(store, lambda reader: reader.originals.find("ferry")) == original


def test_a_change_begins_again_where_others_were_faster(store: Store, indexer: Indexer) -> None:
    indexer.put(Entry(FERRY))
    rivals = ["one", "two"]

    def change(document: Document) -> Document:
        if rivals:
            indexer.put(Entry(replace(FERRY, publisher=rivals.pop())))
        return replace(document, author="船工会")

    indexer.change("ferry", change)
    assert document_in(store, "ferry") == replace(FERRY, publisher="one", author="船工会")

    def never(document: Document) -> Document:
        indexer.put(Entry(replace(document, url=f"{document.url or ''}x")))
        return replace(document, author="x")

    with pytest.raises(Outdated, match="by others all the time"):
        indexer.change("ferry", never)


def test_progress_is_told_and_can_end_the_work(store: Store, indexer: Indexer) -> None:
    told: list[tuple[int, int]] = []
    indexed = indexer.put(Entry(FERRY), tell=lambda done, total: told.append((done, total)))
    assert told[0][0] == 0 and told[-1] == (indexed.passages, indexed.passages)

    def stop(done: int, total: int) -> None:
        raise Outdated("stopped")

    with pytest.raises(Outdated, match="stopped"):
        indexer.put(Entry(make_document("新的渡口。", source="new.md", document_id="new")), tell=stop)
    assert read(store, lambda reader: reader.document_ids()) == ["ferry"]


def test_an_original_is_kept_as_long_as_the_text(store: Store, indexer: Indexer) -> None:
    original = Original("text/markdown", TEXT.encode())
    indexer.put(Entry(FERRY, original=original))
    indexer.change("ferry", lambda document: replace(document, title="轮渡"))
    assert read(store, lambda reader: reader.originals.find("ferry")) == original
    indexer.put(Entry(make_document("渡口关闭了。", source="ferry.md", document_id="ferry")))
    assert read(store, lambda reader: reader.originals.facts("ferry")) is None
    indexer.put(Entry(FERRY, original=original))
    indexer.delete("ferry")
    assert read(store, lambda reader: reader.originals.find("ferry")) is None


def test_damage_is_mended_by_writing_the_same_again(store: Store, indexer: Indexer, tmp_path: Path) -> None:
    indexer.put(Entry(FERRY))
    with store.transaction("BEGIN IMMEDIATE") as connection:
        connection.execute("UPDATE passages SET quote = 'x' WHERE key = (SELECT min(key) FROM passages)")
    assert list(verify(store, tmp_path))
    indexer.put(Entry(replace(FERRY, author="船工会")))
    assert not list(verify(store, tmp_path))
