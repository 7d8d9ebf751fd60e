"""A backup comes back whole or not at all, and nothing else than a backup ever does."""

import os
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from corpus.errors import NotFound, StoreUnavailable, UnreadableFile
from corpus.store.backup import back_up
from corpus.store.collections import names_in
from corpus.store.folders import locked
from corpus.store.restore import restore
from corpus.store.sqlite import DATABASE_FILE
from corpus.store.upgrade import OLD_FORMATS
from tests.backup_fixtures import listing, make_data, plain, stopped, store_bytes, texts_in, write_tar
from tests.conftest import ROOT

TEXTS = {"default": ["Tea grows here."], "law": ["Section 1."], "tax": ["A tenth."]}
STORE, LAW, LIST = DATABASE_FILE, f"collections/law/{DATABASE_FILE}", "backup.json"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    back_up(make_data(tmp_path / "data", TEXTS), tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


def refused(file: Path, told: str) -> None:
    """Check that a file is refused in one line, and that nothing is written, neither there nor elsewhere."""
    before = sorted(file.parent.rglob("*"))
    with pytest.raises((UnreadableFile, StoreUnavailable)) as error:
        restore(file, file.parent / "new")
    message = str(error.value)
    assert told in message
    assert "\n" not in message
    assert len(message) < 500
    assert sorted(file.parent.rglob("*")) == before


# However the process ends


def test_a_restore_that_is_stopped_anywhere_is_none_or_ends_with_the_next(backup: Path, tmp_path: Path) -> None:
    codes, finished = [], 0
    for at in range(1, 100):
        target = tmp_path / f"new-{at}"
        code = stopped("restore(Path(sys.argv[2]), Path(sys.argv[3]))", at, backup, target)
        codes.append(code)
        whole = names_in(target) == list(TEXTS)
        finished += whole
        assert code == 9 or whole
        assert whole or names_in(target) in ([], ["law", "tax"]), "what is asked without a name comes last"
        if code == 9:  # the same command again ends it, whatever was there
            assert list(restore_or_what_is_there(backup, target)) == list(TEXTS)
        for name, texts in TEXTS.items():
            assert texts_in(target, name) == set(texts)
        assert sorted(path.name for path in target.iterdir()) == ["collections", DATABASE_FILE]
        if code == 0:
            break
    assert set(codes) == {0, 9}
    assert 1 < finished < len(codes)


def restore_or_what_is_there(backup: Path, target: Path) -> list[str]:
    """Restore again; where all was in place and told, the folder is refused as any other that holds an index."""
    try:
        return list(restore(backup, target))
    except StoreUnavailable as error:
        assert "holds an index already" in str(error)
        return names_in(target)


def test_what_was_stopped_is_finished_before_another_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    target = half_restored(backup, tmp_path)
    other = tmp_path / "other.tar"
    back_up(make_data(tmp_path / "more", {"default": ["Other."]}), other)
    with pytest.raises(StoreUnavailable, match="holds an index already"):
        restore(other, target)
    assert texts_in(target, "default") == set(TEXTS["default"])


def test_what_came_in_between_is_not_written_over(backup: Path, tmp_path: Path) -> None:
    target = half_restored(backup, tmp_path)
    make_data(target, {"default": ["Written meanwhile."]})
    with pytest.raises(StoreUnavailable, match="in the way of a restore that was stopped"):
        restore(backup, target)
    assert texts_in(target, "default") == {"Written meanwhile."}


def half_restored(backup: Path, tmp_path: Path) -> Path:
    """Return a folder in which a restore was killed between putting in place `law` and `default`."""
    for at in range(1, 100):
        target = tmp_path / f"half-{at}"
        assert stopped("restore(Path(sys.argv[2]), Path(sys.argv[3]))", at, backup, target) == 9
        if names_in(target) == ["law", "tax"]:
            return target
    raise AssertionError("it is all put in place in one step")


# Where it may go


def test_a_folder_that_holds_an_index_is_left_alone(backup: Path, tmp_path: Path) -> None:
    for name in ("default", "law"):
        data = make_data(tmp_path / f"has-{name}", {name: ["Mine."]})
        with pytest.raises(StoreUnavailable, match=rf"holds an index already \({name}\); name another --data-dir"):
            restore(backup, data)
        assert names_in(data) == [name]
        assert texts_in(data, name) == {"Mine."}


@pytest.mark.parametrize("left", [f"{STORE}-wal", f"{STORE}-shm", f"{STORE}-journal", "collections/law/notes.txt"])
def test_what_would_be_taken_for_a_part_of_an_index_is_named(backup: Path, tmp_path: Path, left: str) -> None:
    path = tmp_path / "new" / left
    path.parent.mkdir(parents=True)
    path.write_bytes(b"left")
    with pytest.raises(StoreUnavailable, match="is in the way; move it away"):
        restore(backup, tmp_path / "new")
    assert path.read_bytes() == b"left"
    assert names_in(tmp_path / "new") == []


def test_a_folder_with_other_things_keeps_them(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new" / "collections").mkdir(parents=True)
    (tmp_path / "new" / "lost+found").mkdir()
    (tmp_path / "new" / "dense.faiss").write_bytes(b"of an index that is gone")
    assert list(restore(backup, tmp_path / "new")) == list(TEXTS)
    assert (tmp_path / "new" / "lost+found").is_dir()


def test_one_at_a_time(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with locked(tmp_path / "new"), pytest.raises(StoreUnavailable, match="a backup or restore of it is running"):
        restore(backup, tmp_path / "new")
    restore(backup, tmp_path / "new")


def test_a_disk_without_room_is_told_before_it_is_full(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000}))
    refused(backup, "bytes and has 1,000; make room there")


# What it is


def test_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("missing.tar", ".", "pipe"):
        with pytest.raises(NotFound, match="no such file; name one that `wherefrom backup` wrote"):
            restore(tmp_path / name, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("content", [b"", b"\0", b"x" * 511, b"x" * 5000, b"\x1f\x8b", b"\x1f\x8b" + b"x" * 99])
def test_what_is_no_tar_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backup.tar").write_bytes(content)
    refused(tmp_path / "backup.tar", "no tar file")


def test_an_archive_of_nothing(tmp_path: Path) -> None:
    refused(write_tar(tmp_path / "backup.tar", []), "not those that were written, or not all")
    refused(write_tar(tmp_path / "backup.tar", [(STORE, store_bytes(tmp_path / "a", "x"), plain)]), "not all of them")


@pytest.mark.parametrize("name", ["backup.tar", "backup.tar.gz"])
def test_a_backup_that_is_cut_short_anywhere_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    back_up(make_data(tmp_path / "data", {"default": ["Tea."]}), file)
    whole = file.read_bytes()
    end = whole.rstrip(b"\0").__len__() // 512 * 512 + 512  # of the list; what follows is zeros that mark the end
    limit = len(whole) if name.endswith("gz") else end
    for size in {*range(0, limit, limit // 40), limit - 12}:
        file.write_bytes(whole[:size])
        refused(file, "backup")
    file.write_bytes(whole)
    assert restore(file, tmp_path / "new")["default"].documents == 1


def test_a_byte_that_was_changed_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    back_up(make_data(tmp_path / "data", {"default": ["Tea grows here."]}), file)
    whole = bytearray(file.read_bytes())
    for place in (*range(150, len(whole) - 10_240, len(whole) // 60), whole.index(b"Tea grows")):
        damaged = bytearray(whole)
        damaged[place] ^= 0x20
        file.write_bytes(damaged)
        try:
            restore(file, tmp_path / f"new-{place}")
        except (UnreadableFile, StoreUnavailable):
            assert not (tmp_path / f"new-{place}").exists()
        else:
            assert texts_in(tmp_path / f"new-{place}", "default") == {"Tea grows here."}


def made(kind: bytes, target: str = "") -> Callable[[tarfile.TarInfo], None]:
    def change(head: tarfile.TarInfo) -> None:
        head.type, head.linkname = kind, target

    return change


HOSTILE: dict[str, tuple[str, bytes, Callable[[tarfile.TarInfo], object]]] = {
    "a link out": (STORE, b"", made(tarfile.SYMTYPE, "/etc/passwd")),
    "a hard link out": (STORE, b"", made(tarfile.LNKTYPE, "/etc/passwd")),
    "a folder": ("collections", b"", made(tarfile.DIRTYPE)),
    "a character device": (STORE, b"", made(tarfile.CHRTYPE)),
    "a block device": (STORE, b"", made(tarfile.BLKTYPE)),
    "a pipe": (STORE, b"", made(tarfile.FIFOTYPE)),
    "of no known kind": (STORE, b"", made(b"Z")),
    "an old kind of plain file": (STORE, b"x", made(tarfile.AREGTYPE)),
    "with holes": (STORE, b"x" * 512, made(tarfile.GNUTYPE_SPARSE)),
    "a path up": (f"../{STORE}", b"x", plain),
    "a path up and down": (f"collections/../../{STORE}", b"x", plain),
    "an absolute path": (f"/tmp/{STORE}", b"x", plain),
    "a path with a dot": (f"./{STORE}", b"x", plain),
    "a name of no collection": (f"collections/Law/{STORE}", b"x", plain),
    "a collection below": (f"collections/law/collections/tax/{STORE}", b"x", plain),
    "default by another way": (f"collections/default/{STORE}", b"x", plain),
    "its log": (f"{STORE}-wal", b"x", plain),
    "a derived file": ("dense.faiss", b"x", plain),
    "letters that are not ASCII": ("数据.sqlite3", b"x", plain),
    "an empty name": ("", b"x", plain),
    "a very long name": ("x" * 5000, b"x", plain),
    "what is no store": (STORE, b"no database" * 100, plain),
    "less than the head of a store": (STORE, b"SQLite format 3\0", plain),
    "a list of another form": (LIST, b'{"format": 2, "collections": []}', plain),
    "a list that is none": (LIST, b"[" * 100_000, plain),
    "a list of other things": (LIST, b'{"format": 1, "collections": {"name": 1}}', plain),
    "a list that is text in another code": (LIST, b"\xff\xfe", plain),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("first", [True, False])
def test_a_member_that_no_backup_has_is_refused(tmp_path: Path, name: str, first: bool) -> None:
    store = store_bytes(tmp_path / "good", "Tea.")
    good = [(LAW, store, plain)]
    members = [HOSTILE[name], *good] if first else [*good, HOSTILE[name]]
    if HOSTILE[name][0] != LIST:
        members.append((LIST, listing({"law": store}), plain))
    for ending in ("tar", "tar.gz"):
        refused(write_tar(tmp_path / f"backup.{ending}", members), "backup.tar")


def test_members_that_only_describe_others_are_refused(tmp_path: Path) -> None:
    def described(head: tarfile.TarInfo) -> None:
        head.pax_headers = {"path": "/etc/passwd", "size": "1"}

    members = [(STORE, store_bytes(tmp_path / "good", "Tea."), described)]
    refused(write_tar(tmp_path / "backup.tar", members, form=tarfile.PAX_FORMAT), "is no plain file")


def test_what_comes_twice_or_after_the_list_is_refused(tmp_path: Path) -> None:
    store = store_bytes(tmp_path / "good", "Tea.")
    told = (LIST, listing({"default": store}), plain)
    twice = [(STORE, store, plain), (STORE, store, plain), told]
    refused(write_tar(tmp_path / "backup.tar", twice), "or one too many")
    refused(write_tar(tmp_path / "backup.tar", [(STORE, store, plain), told, told]), "or one too many")
    refused(write_tar(tmp_path / "backup.tar", [told, (STORE, store, plain)]), "or one too many")


@pytest.mark.parametrize("size", [1 << 40, 1 << 62, (1 << 63) - 1])
def test_a_member_that_says_it_is_huge_writes_nothing(tmp_path: Path, size: int) -> None:
    head = tarfile.TarInfo(STORE)
    head.size = size
    file = tmp_path / "backup.tar"
    page = size // 65_536 % (1 << 32)
    claimed = bytearray(store_bytes(tmp_path / "good", "Tea.")[:100])
    claimed[16:18], claimed[28:32] = b"\0\1", page.to_bytes(4, "big")
    file.write_bytes(head.tobuf(tarfile.GNU_FORMAT) + claimed)
    refused(file, "backup" if size > 1 << 48 else "needs 1,099,511,627,776 bytes")


def test_a_head_of_negative_size(tmp_path: Path) -> None:
    head = bytearray(tarfile.TarInfo(STORE).tobuf(tarfile.GNU_FORMAT))
    head[124:136] = b"\xff" * 12
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    (tmp_path / "backup.tar").write_bytes(head + bytes(1024))
    refused(tmp_path / "backup.tar", "is no plain file")


def test_a_long_list_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "backup.tar.gz"
    refused(write_tar(file, [(LIST, bytes(20_000_000), plain)]), "none of a backup's")


def changed(folder: Path, *statements: str) -> bytes:
    """Return a store in which something was done that no version of ours does."""
    store_bytes(folder, "Tea.")
    with closing(sqlite3.connect(folder / DATABASE_FILE)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return (folder / DATABASE_FILE).read_bytes()


FOREIGN = {
    "a trigger": ("CREATE TRIGGER t AFTER DELETE ON derived BEGIN DELETE FROM documents; END",),
    "a view": ("DROP TABLE derived", "CREATE VIEW derived AS SELECT * FROM documents"),
    "a virtual table": ("CREATE VIRTUAL TABLE searched USING fts5(text)",),
    "a table more": ("CREATE TABLE more (x)",),
    "a table less": ("DROP TABLE tokens",),
    "a column more": ("ALTER TABLE documents ADD COLUMN more TEXT",),
    "an index less": ("DROP INDEX passages_of_document",),
    "a format of later": ("PRAGMA user_version = 99",),
    "no format": ("PRAGMA user_version = 0",),
    "none of our tables": (
        "PRAGMA writable_schema = ON",
        "DELETE FROM sqlite_schema",
        "PRAGMA user_version = 4",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_database_that_is_none_of_ours_is_refused(tmp_path: Path, name: str) -> None:
    store = changed(tmp_path / "changed", *FOREIGN[name])
    members = [(STORE, store, plain), (LIST, listing({"default": store}), plain)]
    refused(write_tar(tmp_path / "backup.tar", members), "wherefrom.sqlite3: it ")


def test_a_database_that_is_damaged_is_refused_though_its_list_is_right(tmp_path: Path) -> None:
    store = bytearray(store_bytes(tmp_path / "good", "Tea.", "Salt."))
    store[-16_384 * 3 : -16_384 * 3 + 64] = b"\xff" * 64
    members = [(STORE, bytes(store), plain), (LIST, listing({"default": bytes(store)}), plain)]
    refused(write_tar(tmp_path / "backup.tar", members), "wherefrom.sqlite3: it is")


@pytest.mark.parametrize("version", sorted(OLD_FORMATS))
def test_a_backup_of_an_older_format_comes_back_as_it_was(tmp_path: Path, version: int) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(old / DATABASE_FILE)) as connection:
        connection.executescript((ROOT / "tests" / "index" / f"format-{version}.sql").read_text("utf-8"))
    back_up(old, tmp_path / "backup.tar")
    assert restore(tmp_path / "backup.tar", tmp_path / "new")["default"].format == version


def test_what_follows_the_end_is_not_looked_at(backup: Path, tmp_path: Path) -> None:
    with backup.open("ab") as file:
        file.write(b"what a tape held before")
    assert list(restore(backup, tmp_path / "new")) == list(TEXTS)
