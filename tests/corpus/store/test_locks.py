"""Whom a data folder is for: its files are private, what is deleted is gone, and who may not write can still read."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.document import make_document
from corpus.errors import StoreReadOnly
from corpus.store.backup import back_up
from corpus.store.folders import seen_by_all, sweep, workshop
from corpus.store.restore import restore
from corpus.store.sqlite import Store
from corpus.store.stored import Features
from tests.server_fixtures import environment
from tests.store_fixtures import delete, document_in, passage_of, put
from tests.store_fixtures import state as state_of

NOBODY = 65534
TEXT = "The quartermaster hid nineteen vermilion lanterns. " * 400  # of several pages of the file
FEATURES = Features(b"THEVECTOR", b"THESENTENCES", b"THETOKENS" * 5000, b"\6", b"THETERMS", ())
READ = """
import os, sys
from pathlib import Path
from corpus.errors import StoreReadOnly
from corpus.store.sqlite import Store
if os.getuid() == 0:  # after the imports: where Python is, others may not be let in
    os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
with Store.open(Path(sys.argv[1]), create=True) as store:
    with store.reading() as reader:
        print(store.read_only, reader.state().documents, sorted(reader.document_ids()))
    try:
        with store.writing():
            pass
    except StoreReadOnly as error:
        print(error)
    print(store.settle())
""".replace("{nobody}", str(NOBODY))


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that other users reach; those of pytest are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def filled(data_dir: Path, *names: str) -> Store:
    store = Store.open(data_dir, create=True)
    for name in names:
        put(store, make_document(f"{name} is here.", source=f"{name}.txt", document_id=name))
    return store


def modes(folder: Path) -> set[str]:
    return {f"{'d' if path.is_dir() else 'f'}{path.stat().st_mode & 0o777:o}" for path in (folder, *folder.rglob("*"))}


@pytest.mark.usefixtures("open_umask")
def test_what_is_made_is_for_this_user_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / "deep" / "data"
    with filled(data_dir, "boats"), filled(data_dir / "collections" / "law", "tax"):
        assert {path.name[-4:] for path in data_dir.iterdir()} >= {"-wal", "-shm"}
        assert modes(tmp_path / "deep") == {"d700", "f600"}
    back_up(data_dir, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "again" / "data")
    assert modes(tmp_path / "again") == {"d700", "f600"}


def test_a_folder_that_is_shared_on_purpose_stays_so(tmp_path: Path) -> None:
    filled(tmp_path, "boats").close()
    file = tmp_path / "wherefrom.sqlite3"
    file.chmod(0o660)
    with filled(tmp_path, "tax"):
        assert file.stat().st_mode & 0o777 == 0o660
        assert file.with_name(f"{file.name}-wal").stat().st_mode & 0o777 == 0o660


def test_a_file_that_every_user_can_read_is_known(reachable: Path) -> None:
    file = reachable / "x"
    file.touch(0o600)
    assert not seen_by_all(file)
    file.chmod(0o644)
    assert seen_by_all(file)
    reachable.chmod(0o700)
    assert not seen_by_all(file)
    assert not seen_by_all(reachable / "none")


def test_nothing_of_what_is_deleted_or_replaced_is_left(tmp_path: Path) -> None:
    document = make_document(TEXT, source="a.txt", document_id="a")
    passages = [passage_of(document, "p", 0, 50, TEXT)]
    with filled(tmp_path, "other") as store:
        with store.writing() as writer:
            writer.put(document, passages, [FEATURES])
        put(store, make_document("Anodyne.", source="a.txt", document_id="a"))
        with store.writing() as writer:
            writer.put(document, passages, [FEATURES])
        delete(store, "a")
        assert holding(tmp_path, b"vermilion", b"THETOKENS")  # the log
        assert store.settle()
        assert not holding(tmp_path, b"vermilion", b"THETOKENS", b"THEVECTOR", b"Anodyne")
        assert document_in(store, "other").text == "other is here."


def test_the_log_stays_while_somebody_reads_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.store.sqlite.SETTLING_MILLISECONDS", 1)
    with filled(tmp_path, "a") as store, Store.open(tmp_path) as other:
        with other.reading() as reader:
            reader.state()
            delete(store, "a")
            assert not store.settle()
            assert holding(tmp_path, b"a is here")
        assert store.settle()
        assert not holding(tmp_path, b"a is here")


def read_as_another(folder: Path) -> list[str]:
    """Read a store as a user who may not write there; as root, as one who owns nothing."""
    for path in (*folder.rglob("*"), folder):
        path.chmod(0o555 if path.is_dir() else 0o444)
    command = [sys.executable, "-c", READ, str(folder)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_who_may_not_write_reads_all_that_is_there(reachable: Path) -> None:
    filled(reachable / "closed", "boats", "tax").close()
    with filled(reachable / "open", "boats") as store:
        store.settle()
        put(store, make_document("New.", source="new.txt", document_id="new"))
        shutil.copytree(reachable / "open", reachable / "left", ignore=shutil.ignore_patterns("*-shm"))
        (reachable / "open").chmod(0o755)
        answers = {name: read_as_another(reachable / name) for name in ("closed", "open", "left")}
    assert answers["closed"][0] == "True 2 ['boats', 'tax']"
    assert answers["open"][0] == answers["left"][0] == "True 2 ['boats', 'new']"
    for name, (_, error, settled) in answers.items():
        assert error.startswith(f"{reachable / name}") and "can only be read by this user" in error
        assert settled == "False"
    assert sorted(path.name for path in (reachable / "closed").iterdir()) == ["wherefrom.sqlite3"]


def test_who_may_not_write_sees_what_others_write_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled(tmp_path, "a"):
        pass
    monkeypatch.setattr("corpus.store.sqlite.may_write", lambda path: False)
    reading = Store.open(tmp_path)
    monkeypatch.undo()
    assert reading.read_only
    assert state_of(reading).documents == 1
    with filled(tmp_path, "b"):
        assert state_of(reading).documents == 2
    with filled(tmp_path, "c"):
        pass
    assert state_of(reading).documents == 3
    with pytest.raises(StoreReadOnly, match="can only be read"):
        delete(reading, "a")
    reading.close()


def test_what_killed_processes_left_is_swept_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    (tmp_path / "x.npz.bak").touch()
    (tmp_path / "x.npza1b2c3d4").touch()
    (tmp_path / ".model-a1b2c3d4").mkdir()
    (tmp_path / ".model-a1b2c3d4" / "weights").touch()
    with workshop(tmp_path, "model") as mine:
        sweep(tmp_path, "x.npz")
        with workshop(tmp_path, "model") as other:
            assert mine.is_dir() and other.is_dir()
            assert {path.name for path in tmp_path.iterdir()} == {"x.npz.bak", mine.name, other.name}
    assert [path.name for path in tmp_path.iterdir()] == ["x.npz.bak"]


def holding(folder: Path, *words: bytes) -> set[str]:
    """Return the names of the files that hold any of some words."""
    found = set()
    for path in folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        if any(word in data for word in words):
            found.add(path.name)
    return found
