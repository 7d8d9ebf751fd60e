"""Backing up: all collections of a data folder in one tar file, each as it is at one moment, while others write.

Its members are the stores, named as they are in the data folder, and at the end a list of them; what is derived from
them is left out. `corpus.store.restore` reads it.
"""

import gzip
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import time
from typing import IO, BinaryIO

from corpus.errors import InvalidInput, StoreDamaged, StoreUnavailable
from corpus.store.checking import Held, check_store
from corpus.store.collections import folder_of, names_in
from corpus.store.folders import locked, open_private, sync
from corpus.store.sqlite import DATABASE_FILE, Store, existing_file

LIST = "backup.json"  # the last member: one that is cut short has none
BACKUP_FORMAT = 1
COMPRESSED = (".gz", ".tgz")
# Vectors hardly get smaller, and a higher level takes several times as long over them.
COMPRESSION_LEVEL = 1
STEP_PAGES = (
    10_000  # copied between two moments in which a person can stop it: 160 MB; small steps take three times as long
)
COPY_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Copied:
    """A collection in a backup.

    Attributes:
        name: of the collection.
        held: what it holds.
        bytes: how long its store is.
        sha256: of its store.
    """

    name: str
    held: Held
    bytes: int
    sha256: str


def member_of(name: str) -> str:
    """Return what the store of a collection is called in a backup: as in a data folder."""
    return (folder_of(Path(), name) / DATABASE_FILE).as_posix()


def back_up(data_dir: Path, file: Path, *, force: bool = False) -> list[Copied]:
    """Write all collections of a data folder into a file, and return which they are.

    It is there once all of it is on the disk, and never in part. What was durable when this began is in it.

    Args:
        data_dir: the data folder; others may write into it.
        file: where to; compressed if it ends in `.gz` or `.tgz`.
        force: whether a file that is there is replaced.

    Raises:
        NotFound: if there is no index.
        InvalidInput: if the file is there, or is in the data folder.
        StoreDamaged: if a store is damaged: its backup could not be restored.
        StoreUnavailable: if the system or SQLite refuses, or another backup is being made.
    """
    names = names_in(data_dir)
    if not names:
        existing_file(data_dir)  # says how to begin
    _check_target(data_dir, file, force)
    with locked(data_dir), _aside(file) as aside:
        with _tar(aside / "tar", compressed=file.name.endswith(COMPRESSED)) as tar:
            copied = [_add(tar, data_dir, name, aside / DATABASE_FILE) for name in names]
            told = {"format": BACKUP_FORMAT, "collections": [asdict(each) for each in copied]}
            text = json.dumps(told, indent=2).encode()
            tar.addfile(_entry(LIST, len(text)), BytesIO(text))
        sync(aside / "tar")
        (aside / "tar").replace(file)
        sync(file.parent)
    return copied


def _check_target(data_dir: Path, file: Path, force: bool) -> None:
    if file.resolve().is_relative_to(data_dir.resolve()):
        raise InvalidInput(f"{file} is in the data folder; name a file elsewhere, best on another disk")
    if not file.parent.is_dir():
        raise InvalidInput(f"{file.parent}: no such folder; make it, or name a file elsewhere")
    if file.is_dir():
        raise InvalidInput(f"{file} is a folder; name a file in it")
    if file.exists() and not force:
        raise InvalidInput(f"{file} is there already; name another file, or replace it with --force")


@contextmanager
def _aside(file: Path) -> Iterator[Path]:
    """A block with a folder beside a file; one that a killed process left is made use of."""
    aside = file.with_name(f".{file.name}.wherefrom-backup")
    if aside.exists():
        shutil.rmtree(aside)
    aside.mkdir(mode=0o700)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _tar(path: Path, *, compressed: bool) -> Iterator[tarfile.TarFile]:
    # For the eyes of whoever makes it only: it holds all texts, whatever keys guard them in the service.
    with open_private(path, "xb") as plain:
        stream: BinaryIO | gzip.GzipFile = plain
        if compressed:
            stream = gzip.GzipFile("", "wb", COMPRESSION_LEVEL, plain)
        # This format has no members that only describe others, so each is read by itself.
        with (
            closing(stream),
            tarfile.TarFile(mode="w", fileobj=stream, format=tarfile.GNU_FORMAT, copybufsize=COPY_BYTES) as tar,
        ):
            yield tar


def _add(tar: tarfile.TarFile, data_dir: Path, name: str, copy: Path) -> Copied:
    """Add the store of a collection to a backup by way of a copy, which is gone afterwards."""
    store = existing_file(folder_of(data_dir, name))
    _copy(store, copy)
    try:
        held = check_store(copy)
    except StoreDamaged as error:
        raise StoreDamaged(f"{store}: {error}; see what is wrong with: wherefrom verify") from None
    with copy.open("rb") as stream:
        hashed = _Hashed(stream)
        tar.addfile(_entry(member_of(name), size := copy.stat().st_size), hashed)  # type: ignore[arg-type] # is read only
    copy.unlink()
    return Copied(name, held, size, hashed.digest.hexdigest())


def _copy(path: Path, copy: Path) -> None:
    """Copy a store as it is at one moment, whatever is written meanwhile."""
    with closing(Store(path)) as store, store.transaction("BEGIN") as source:
        # From this on it reads one state: a copy that followed what is written might never come to an end.
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        try:
            with closing(sqlite3.connect(copy)) as target:
                target.execute("PRAGMA journal_mode = OFF")  # what fails is thrown away
                target.execute("PRAGMA synchronous = OFF")
                source.backup(target, pages=STEP_PAGES)
        except sqlite3.OperationalError as error:
            raise StoreUnavailable(f"{path} cannot be copied to {copy}: {error}; make room there") from None


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(time())
    return entry


class _Hashed:
    """A file whose digest is taken while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self.digest.update(data)
        return data
