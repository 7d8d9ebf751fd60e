"""A backup holds every collection as it was at one moment, and its file is there whole or not at all."""

import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus.document import make_document
from corpus.errors import InvalidInput, NotFound, StoreDamaged, StoreUnavailable
from corpus.store.backup import back_up
from corpus.store.collections import folder_of
from corpus.store.folders import locked
from corpus.store.restore import restore
from corpus.store.sqlite import DATABASE_FILE, Store
from tests.backup_fixtures import digest_in, ids_in, make_data, stopped, texts_in
from tests.conftest import ROOT
from tests.store_fixtures import put

TEXTS = {"default": ["Tea grows here.", "山上种茶。"], "law": ["Section 1."], "empty": []}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return make_data(tmp_path / "data", TEXTS)


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz", "backup.tgz", "backup", "备份 1.tar"])
def test_what_is_backed_up_comes_back(data_dir: Path, tmp_path: Path, name: str) -> None:
    (data_dir / "dense.faiss").write_bytes(b"derived")
    with Store.open(data_dir) as store, store.writing() as writer:
        writer.record_derived("dense.faiss", "0" * 64, 2)
    file = tmp_path / name
    copied = back_up(data_dir, file)
    assert [each.name for each in copied] == ["default", "empty", "law"]
    assert [each.held.documents for each in copied] == [2, 0, 1]
    assert file.read_bytes().startswith(b"\x1f\x8b") == name.endswith(("gz", "tgz"))
    with tarfile.open(file) as tar:
        members = ["wherefrom.sqlite3", *(f"collections/{other}/wherefrom.sqlite3" for other in ("empty", "law"))]
        assert tar.getnames() == [*members, "backup.json"]
    held = restore(file, tmp_path / "new")
    assert {each.name: each.held for each in copied} == held
    for collection, texts in TEXTS.items():
        assert texts_in(tmp_path / "new", collection) == set(texts)
        assert digest_in(tmp_path / "new", collection) == digest_in(data_dir, collection)
        with Store.open(folder_of(tmp_path / "new", collection)) as store, store.reading() as reader:
            assert reader.derived("dense.faiss") is None
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["collections", DATABASE_FILE]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["data", "new", name])


def test_only_who_makes_it_can_read_it(data_dir: Path, tmp_path: Path) -> None:
    back_up(data_dir, tmp_path / "backup.tar")
    assert (tmp_path / "backup.tar").stat().st_mode & 0o077 == 0


WRITER = """
import sys
from pathlib import Path
from corpus.document import make_document
from corpus.store.sqlite import Store
with Store.open(Path(sys.argv[1])) as store:
    for number in range(10_000):
        document = make_document(f"Of a process, {number}." + " again" * 2000, source=f"process-{number}.txt")
        with store.writing() as writer:
            writer.put(document, (), ())
        print(document.document_id, flush=True)
"""


def test_what_was_durable_before_is_in_it_whatever_is_written_meanwhile(data_dir: Path, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    enough, stop = Event(), Event()

    def write() -> None:
        with Store.open(data_dir) as store:
            for number in range(10_000):
                if stop.is_set():
                    return
                document = make_document(f"Of a thread, {number}.", source=f"thread-{number}.txt")
                put(store, document)
                acknowledged.append(document.document_id)

    def listen(lines: list[str]) -> None:
        assert process.stdout is not None
        for count, line in enumerate(process.stdout):
            lines.append(line.strip())
            if count == 20:
                enough.set()

    command = [sys.executable, "-c", WRITER, str(data_dir)]
    of_process: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    ) as process:
        threads = [Thread(target=write), Thread(target=listen, args=(of_process,))]
        for thread in threads:
            thread.start()
        try:
            assert enough.wait(30)
            for number in range(3):
                before = {*acknowledged, *of_process}
                back_up(data_dir, tmp_path / f"{number}.tar")
                assert {*acknowledged, *of_process} > before, "others wrote meanwhile"
                restore(tmp_path / f"{number}.tar", tmp_path / str(number))
                with Store.open(tmp_path / str(number)) as store:
                    assert before <= set(ids_in(store))
        finally:
            stop.set()
            process.kill()
            for thread in threads:
                thread.join()


def test_a_backup_that_is_stopped_leaves_what_was_there(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(data_dir, file)
    before = file.read_bytes()
    make_data(data_dir, {"new": ["Later."]})
    codes = set()
    for at in range(1, 40):
        code = stopped("back_up(Path(sys.argv[2]), Path(sys.argv[3]), force=True)", at, data_dir, file)
        codes.add(code)
        if file.read_bytes() != before:
            assert restore(file, tmp_path / f"restored-{at}")["new"].documents == 1
        if code == 0:
            break
    assert codes == {0, 9}
    assert file.read_bytes() != before
    assert sorted(path.name for path in tmp_path.iterdir() if "backup" in path.name) == ["backup.tar"]


def test_a_file_that_is_there_is_kept_unless_told_otherwise(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    file.write_text("something else")
    with pytest.raises(InvalidInput, match=r"backup\.tar is there already.*--force"):
        back_up(data_dir, file)
    assert file.read_text() == "something else"
    back_up(data_dir, file, force=True)
    assert restore(file, tmp_path / "new")["default"].documents == 2


def test_places_where_no_backup_can_be(data_dir: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for inside in (DATABASE_FILE, "backup.tar", "collections/law/wherefrom.sqlite3"):
        with pytest.raises(InvalidInput, match="is in the data folder"):
            back_up(data_dir, data_dir / inside, force=True)
    (tmp_path / "link").symlink_to(data_dir)
    with pytest.raises(InvalidInput, match="is in the data folder"):
        back_up(data_dir, tmp_path / "link" / "backup.tar", force=True)
    (tmp_path / "link").unlink()
    with pytest.raises(InvalidInput, match="is a folder"):
        back_up(data_dir, tmp_path, force=True)
    with pytest.raises(InvalidInput, match="none: no such folder"):
        back_up(data_dir, tmp_path / "none" / "backup.tar")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_without_an_index_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no index here; run: wherefrom index"):
        back_up(tmp_path / "data", tmp_path / "backup.tar")
    assert not list(tmp_path.iterdir())


def test_a_damaged_store_does_not_take_the_place_of_its_last_good_backup(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(data_dir, file)
    before = file.read_bytes()
    with closing(sqlite3.connect(data_dir / DATABASE_FILE)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'documents'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (data_dir / DATABASE_FILE).open("r+b") as store:
        store.seek((page - 1) * size)
        store.write(b"\xff" * 64)
    with pytest.raises(StoreDamaged, match=r"wherefrom\.sqlite3: .*wherefrom verify"):
        back_up(data_dir, file, force=True)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.tar"]


def test_one_at_a_time(data_dir: Path, tmp_path: Path) -> None:
    with locked(data_dir), pytest.raises(StoreUnavailable, match="a backup or restore of it is running"):
        back_up(data_dir, tmp_path / "backup.tar")
    back_up(data_dir, tmp_path / "backup.tar")


def test_a_disk_without_room_is_told(data_dir: Path, tmp_path: Path) -> None:
    # A limit on the length of files stands for a full disk: writing fails in the middle.
    script = (
        "import resource, signal, sys; from pathlib import Path; from corpus.store.backup import back_up\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100_000,) * 2)\n"
        "try: back_up(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    command = [sys.executable, "-c", script, str(data_dir), str(tmp_path / "backup.tar")]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert "StoreUnavailable" in done.stdout
    assert "cannot be copied to" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
