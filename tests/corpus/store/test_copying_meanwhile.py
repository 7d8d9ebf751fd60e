"""Copying while others write, from what is damaged, and killed: the copy is whole at last, or says that it is not."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import AlreadyExists, Outdated, StoreDamaged, StoreUnavailable
from corpus.passage import Passage
from corpus.store import copying
from corpus.store.columns import passage_values
from corpus.store.copied import Side
from corpus.store.copying import Copying
from corpus.store.job import Job, JobState
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.uploads import Upload
from tests.conftest import ROOT
from tests.copying_fixtures import SOURCE, TARGET, change, copy, document_of, fill, held, order, same_model
from tests.store_fixtures import delete, put, read, state


class Watched(Store):
    """A store that has something done to another before it is written for the nth time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.writes, self.work = 0, dict[int, Callable[[], object]]()

    def writing(self):  # type: ignore[no-untyped-def]
        self.writes += 1
        self.work.pop(self.writes, lambda: None)()
        return super().writing()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    Store.open(tmp_path / "target", create=True).close()
    with Watched(tmp_path / "target" / DATABASE_FILE) as store:
        yield store


def elsewhere(store: Store, work: Callable[[Store], object]) -> Callable[[], None]:
    """Return what does something to a store as another process would."""

    def do() -> None:
        with Store(store.path) as own:
            work(own)

    return do


def test_what_is_written_meanwhile_comes_over_too(
    source: Store, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH_BYTES", 1)
    monkeypatch.setattr(copying, "PAGE_PASSAGES", 3)
    fill(source, range(1, 9))
    watched.work[6] = elsewhere(source, change)
    assert copy(source, watched).removed == 1
    assert held(watched) == held(source)


def test_a_source_that_is_built_anew_meanwhile(source: Store, watched: Watched) -> None:
    fill(source, [1, 2])
    watched.work[3] = elsewhere(source, lambda own: fill(own, [], model="two"))
    with pytest.raises(Outdated, match=f"{SOURCE} was built anew meanwhile; run the same command again"):
        copy(source, watched)
    copy(source, watched)
    assert held(watched) == held(source)


def test_a_target_that_others_write(source: Store, watched: Watched) -> None:
    fill(source, [1, 2])
    watched.work[4] = elsewhere(watched, lambda own: put(own, *document_of(50)))  # once all was compared
    with pytest.raises(Outdated, match="see that nobody else writes there, and run the same command again"):
        copy(source, watched)
    assert copy(source, watched).removed == 1
    assert held(watched) == held(source)


def test_a_copy_that_is_not_whole_is_no_source(source: Store, watched: Watched, tmp_path: Path) -> None:
    fill(source, [1, 2])

    def stop() -> None:
        raise KeyboardInterrupt

    watched.work[3] = stop
    with pytest.raises(KeyboardInterrupt):
        copy(source, watched)
    with Store.open(tmp_path / "third", create=True) as third:
        with pytest.raises(StoreUnavailable, match=f"{SOURCE} is no whole copy itself; finish that first"):
            copy(watched, third)
        fill(third, [7])
        work = Copying(Side("another", third), Side(TARGET, watched), same_model)
        with pytest.raises(AlreadyExists, match=f"{TARGET} is an unfinished copy of {SOURCE}"):
            list(work.run())
    copy(source, watched)
    assert held(watched) == held(source)


DAMAGES = {
    "vector": "UPDATE vectors SET vector = x'00' WHERE key = 3",
    "terms": "DELETE FROM terms WHERE key = 3",
    "quote": "UPDATE passages SET quote = 'Boat 9' WHERE key = 3",
    "sentences": "UPDATE passages SET sentences = '[[' WHERE key = 3",
    "passage": "DELETE FROM passages WHERE key = 3",
    "text": "UPDATE texts SET text = 'Boat 9' WHERE document_id = (SELECT document_id FROM passages WHERE key = 3)",
    "title": "UPDATE documents SET title = 'x' WHERE document_id = (SELECT document_id FROM passages WHERE key = 3)",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_nothing_damaged_is_copied_in_silence(source: Store, target: Store, damage: str) -> None:
    fill(source, [1, 2, 3])
    own = document_of(2)[0].document_id
    with closing(sqlite3.connect(source.path)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(DAMAGES[damage])
    copied = copy(source, target)
    assert list(copied.damaged) == [own]
    assert (copied.documents, copied.state) == (2, None)
    assert own not in read(target, lambda reader: reader.document_ids())
    delete(source, own)
    put(source, *document_of(2))
    assert copy(source, target).damaged == {}
    assert held(target) == held(source)


def test_what_the_target_does_not_give_back_is_told(
    source: Store, target: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(source, [1, 2])

    def padded(passage: Passage) -> list[str | int | None]:
        return passage_values(replace(passage, section=("of another store",)))

    monkeypatch.setattr("corpus.store.writer.passage_values", padded)
    with pytest.raises(StoreDamaged, match=f"{TARGET} does not give document .* back as it was written to it"):
        copy(source, target)
    assert state(target).documents == 0


# As a process that is killed before it writes for a time, and after it.
KILLED = """
import os, sys
from contextlib import contextmanager
from pathlib import Path
from corpus.store import copying
from corpus.store.copied import Side
from corpus.store.sqlite import DATABASE_FILE, Store
copying.BATCH_BYTES, copying.PAGE_PASSAGES = 1, 3
class Killed(Store):
    left = int(sys.argv[3])
    def stopping(self):
        Killed.left -= 1
        if not Killed.left:
            os._exit(9)
    @contextmanager
    def writing(self):
        self.stopping()
        with super().writing() as writer:
            yield writer
            self.stopping()
        self.stopping()
Store.open(Path(sys.argv[2]), create=True).close()
with Store.open(Path(sys.argv[1])) as source, Killed(Path(sys.argv[2]) / DATABASE_FILE) as target:
    sides = Side("the source", source), Side("the target", target)
    for _ in copying.Copying(*sides, lambda *_: True).run():
        pass
"""


def test_a_copy_that_is_killed_goes_on(source: Store, tmp_path: Path) -> None:
    fill(source, range(3))
    with source.writing() as writer:
        writer.uploads.add(Upload("file-1", "a.txt", "assistants", 1, 7), b"a")
        writer.jobs.add(Job("j_1", JobState.QUEUED, "a.txt", "2026-11-26T20:51:07Z", "2026-11-26T20:51:07Z"), b"a")
    at = 0
    code = 9
    while code == 9:
        at += 1
        folder = tmp_path / f"killed-{at}"
        command = [sys.executable, "-c", KILLED, str(tmp_path / "source"), str(folder), str(at)]
        done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
        code = done.returncode
        assert code in (0, 9), done.stderr
        with Store.open(folder, create=True) as target:
            before = state(target).documents
            copied = copy(source, target)
            assert copied.documents == 3 - before, "what was durable is not copied again"
            assert held(target) == held(source)
            assert order(target) == order(source)
    assert at > 15, "it was killed everywhere"
