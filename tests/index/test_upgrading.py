"""A store that an older version wrote is brought up to date from its own texts and metadata, whole or not at all."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from corpus.document import make_document
from corpus.errors import IndexMismatch, NotFound, StoreReadOnly
from corpus.store.backup import back_up
from corpus.store.restore import restore
from corpus.store.schema import EXTENDED_FORMATS, FORMAT_VERSION, LACKS_TABLES
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.upgrade import OLD_FORMATS
from index.cutting import Entry, Outcome
from index.manifest import MANIFEST
from index.models.encoder import Encoder, ModelChoice
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.syncing import index_paths
from index.upgrading import upgrade
from index.verify import verify
from index.writer import Indexer
from tests.index_fixtures import index_documents
from tests.store_fixtures import document_in, read, state

OLD = Path(__file__).parent
FERRY = make_document(
    "# 渡口的账本\n\n2021年渡船载客三千人次，去年修了两条船。\n\n## 船工\n\n船工共有十二名，由村里轮流担任。\n",
    source="ferry.md",
    published="2022-03",
    publisher="河湾乡",
    author="船工会",
    metadata={"department": "交通", "tags": ["渡口", 1], "nested": {"a": None}},
    synonyms={"渡船": ("摆渡船",)},
)


def hash_encoder(choice: ModelChoice) -> Encoder:
    assert choice == ModelChoice("hash"), "whichever arithmetic can be had now"
    return HashEncoder()


@pytest.fixture(params=sorted(OLD_FORMATS))
def old_dir(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A data folder as each older format was written."""
    return old_store(tmp_path / "old", request.param)


def old_store(folder: Path, version: int) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        connection.executescript((OLD / f"format-{version}.sql").read_text("utf-8"))
    return folder


def test_there_is_a_store_of_each_older_format() -> None:
    told = "each change of the tables upgrades all before it"
    assert [*sorted(OLD_FORMATS), *EXTENDED_FORMATS] == list(range(4, FORMAT_VERSION)), told


def test_an_older_store_is_refused_with_what_to_run(old_dir: Path) -> None:
    with pytest.raises(IndexMismatch, match=f"run: wherefrom index --upgrade --data-dir {old_dir}"):
        Store.open(old_dir)


def test_everything_is_taken_over(old_dir: Path) -> None:
    done = list(upgrade(old_dir, hash_encoder, "none"))
    assert {each.document.source for each in done} == {"ferry.md", "valley/orchard.txt", "short.txt", "blank.txt"}
    assert {each.outcome for each in done} == {Outcome.UPDATED}
    with open_index(old_dir, lambda choice: HashEncoder()) as index:
        assert not list(verify(index.truth, old_dir))
        ferry = document_in(index.truth, FERRY.document_id)
        assert ferry == FERRY
        assert isinstance(ferry.metadata, MappingProxyType)
        assert read(index.truth, lambda reader: reader.document_paths()) == {
            "/srv/documents/ferry.md": ferry.document_id
        }
        first, *_ = index.searcher.search(Query("船工共有多少名")).results
        assert first.citation.source == "ferry.md"
        pages = index.searcher.search(Query("How many litres of juice does the press make?")).results
        assert pages[0].citation.page == 2, "that of the sentence that answers"


def test_an_upgraded_store_is_one_that_was_indexed_now(old_dir: Path, tmp_path: Path) -> None:
    list(upgrade(old_dir, hash_encoder, "none"))
    with Store.open(old_dir) as store:
        documents = [document_in(store, each) for each in read(store, lambda reader: reader.document_ids())]
    index_documents(tmp_path / "new", documents)
    with Store.open(old_dir) as old, Store.open(tmp_path / "new") as new:
        assert replace(state(old), sequence=0) == replace(state(new), sequence=0)
        for document in documents:
            left, right = (
                read(store, lambda reader, each=document: reader.passages_of(each.document_id))  # type: ignore[misc]
                for store in (old, new)
            )
            assert [(each.passage, each.features) for each in left] == [(each.passage, each.features) for each in right]


def test_an_upgrade_that_is_stopped_changes_nothing(old_dir: Path) -> None:
    before = (old_dir / DATABASE_FILE).read_bytes()
    steps = upgrade(old_dir, hash_encoder, "none")
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    with pytest.raises(IndexMismatch, match="has format"):
        Store.open(old_dir)
    with closing(sqlite3.connect(old_dir / DATABASE_FILE)) as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (4,)
    assert len((old_dir / DATABASE_FILE).read_bytes()) == len(before)
    assert len(list(upgrade(old_dir, hash_encoder, "none"))) == 4


def test_what_is_up_to_date_is_left_alone(old_dir: Path) -> None:
    list(upgrade(old_dir, hash_encoder, "none"))
    with Store.open(old_dir) as store:
        before = state(store)
    assert list(upgrade(old_dir, hash_encoder, "none")) == []
    with Store.open(old_dir) as store:
        assert state(store) == before


@pytest.mark.parametrize(
    "aged",
    [
        lambda facts: facts["encoder"].pop("arithmetic"),
        lambda facts: facts.update(terms_version=0),
        lambda facts: facts.update(splitter_version=facts["splitter_version"] - 1),
    ],
)
def test_an_older_manifest_in_a_store_of_today_is_brought_up_to_date(
    data_dir: Path, aged: Callable[[dict[str, object]], object]
) -> None:
    with Store.open(data_dir) as store, store.writing() as writer:
        facts = json.loads(writer.meta(MANIFEST) or "")
        aged(facts)
        writer.set_meta(MANIFEST, json.dumps(facts))
    with pytest.raises(IndexMismatch), open_index(data_dir, lambda choice: HashEncoder()):
        pass
    assert len(list(upgrade(data_dir, hash_encoder, "none"))) == 3
    with open_index(data_dir, lambda choice: HashEncoder()) as index:
        assert index.searcher.search(Query("多少人")).results


def test_what_cannot_be_upgraded_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="wherefrom index PATH"):
        list(upgrade(tmp_path, hash_encoder, "none"))
    Store.open(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(IndexMismatch, match="has format 3, this version upgrades 4"):
        list(upgrade(tmp_path, hash_encoder, "none"))


def test_files_are_not_indexed_again_after_an_upgrade(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("一句话。")
    with Store.open(tmp_path / "data", create=True) as store:
        list(index_paths(store, Indexer(store, HashEncoder()), [tmp_path / "files"]))
        with store.writing() as writer:
            facts = json.loads(writer.meta(MANIFEST) or "")
            writer.set_meta(MANIFEST, json.dumps({**facts, "terms_version": 0}))
    list(upgrade(tmp_path / "data", hash_encoder, "none"))
    with Store.open(tmp_path / "data") as store:
        (event,) = index_paths(store, Indexer(store, HashEncoder()), [tmp_path / "files"])
        assert getattr(event, "outcome", None) is Outcome.UNCHANGED


@pytest.fixture(params=EXTENDED_FORMATS)
def extended(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A data folder of each format whose rows are read as they are."""
    with Store.open(tmp_path, create=True) as store:
        list(Indexer(store, HashEncoder()).add([Entry(FERRY)]))
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as connection:  # as the format before wrote it
        if request.param == LACKS_TABLES:
            for name in ("job_files", "jobs", "originals", "uploads"):
                connection.execute(f"DROP TABLE {name}")
            connection.execute("DROP INDEX changes_of_document")
        connection.execute("UPDATE passages SET checksum = substr(checksum, 1, 64)")
        connection.execute(f"PRAGMA user_version = {request.param}")
        connection.commit()
    return tmp_path


def format_in(folder: Path) -> int:
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_whole(folder: Path) -> None:
    with Store.open(folder) as store:
        assert len(read(store, lambda reader: reader.cited(reader.keys()))) == state(store).passages > 0
        assert len(read(store, lambda reader: reader.named(reader.keys()))) == state(store).passages
        assert read(store, lambda reader: reader.document_sequence(FERRY.document_id)) == 1
        assert not read(store, lambda reader: reader.jobs.open())
        assert not list(verify(store, folder))


def test_a_store_whose_rows_are_read_as_they_are_is_of_this_format_once_it_is_written_to(extended: Path) -> None:
    before = format_in(extended)
    check_whole(extended)
    assert format_in(extended) == (FORMAT_VERSION if before == LACKS_TABLES else before)
    with Store.open(extended) as store:
        (event,) = Indexer(store, HashEncoder()).add([Entry(FERRY)])
        assert getattr(event, "outcome", None) is Outcome.UNCHANGED
        list(Indexer(store, HashEncoder()).add([Entry(replace(FERRY, document_id="d_new", source="new.md"))]))
    assert format_in(extended) == FORMAT_VERSION
    check_whole(extended)


def test_such_a_store_is_upgraded_like_any_other(extended: Path) -> None:
    list(upgrade(extended, hash_encoder, "none"))
    assert format_in(extended) == FORMAT_VERSION
    check_whole(extended)


def test_such_a_store_comes_back_from_a_backup(extended: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder, before = tmp_path_factory.mktemp("backup"), format_in(extended)
    back_up(extended, folder / "backup.tar")
    assert restore(folder / "backup.tar", folder / "new")["default"].format == before
    check_whole(folder / "new")


def test_who_may_not_write_reads_what_lacks_only_checksums(extended: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.store.sqlite.may_write", lambda path: False)
    if (before := format_in(extended)) == LACKS_TABLES:
        with pytest.raises(StoreReadOnly):
            Store.open(extended)
    else:
        check_whole(extended)
    assert format_in(extended) == before
