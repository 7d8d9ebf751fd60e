"""Putting stores in place in a data folder: all of them or none, however the process ends.

They are first in a folder of their own below the data folder, so on the same disk. A file in it says when they are
ready; whoever finds it there takes the renames that are left to take.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import StoreUnavailable
from corpus.store.checking import Held
from corpus.store.collections import FOLDER, names_in
from corpus.store.folders import locked, sync
from corpus.store.sqlite import DATABASE_FILE

STAGING = "restoring"
READY = "ready.json"
PLACED = (FOLDER, DATABASE_FILE)  # in this order: `default`, which is asked without a name, comes last
# What SQLite keeps beside a database; left by one that is gone, it would be read as a part of the new one.
COMPANIONS = ("-wal", "-shm", "-journal")
AWAY = "move it away, or name another --data-dir"


@dataclass(frozen=True, slots=True)
class Ready:
    """Stores that may be put in place.

    Attributes:
        backup: which backup they are from.
        held: what each collection holds, by name.
    """

    backup: str
    held: Mapping[str, Held]


def sweep_staging(data_dir: Path) -> None:
    """Remove what a killed process has left of a restore, unless one is running, or the next one is to finish it."""
    with suppress(OSError, StoreUnavailable), locked(data_dir):
        if not (data_dir / STAGING / READY).exists():
            shutil.rmtree(data_dir / STAGING, ignore_errors=True)


def check_is_free(data_dir: Path) -> None:
    """Refuse a data folder that has an index, or what would be taken for a part of one.

    Raises:
        StoreUnavailable: naming what is there.
    """
    if names := names_in(data_dir):
        raise StoreUnavailable(f"{data_dir} holds an index already ({', '.join(names)}); name another --data-dir")
    below = data_dir / FOLDER
    for path in (*(data_dir / f"{DATABASE_FILE}{each}" for each in ("", *COMPANIONS)), *_entries(below)):
        if path.exists():
            raise StoreUnavailable(f"{path} is in the way; {AWAY}")


@contextmanager
def staging(data_dir: Path) -> Iterator[Path]:
    """A block with an empty folder in which stores are made ready; gone if it raises."""
    folder = data_dir / STAGING
    folder.mkdir(mode=0o700)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def declare_ready(folder: Path, ready: Ready) -> None:
    """Say that all in a staging folder may be put in place, once it is on the disk."""
    for path in (*folder.rglob("*"), folder):
        sync(path)
    aside = folder / f"{READY}.part"
    aside.write_text(json.dumps(asdict(ready)), "utf-8")
    sync(aside)
    aside.replace(folder / READY)
    sync(folder)


def place(data_dir: Path) -> Ready | None:
    """Put in place what is ready, and return what that was; `None` if nothing is, and what was left is removed.

    Raises:
        StoreUnavailable: if something else has come to stand there.
    """
    folder = data_dir / STAGING
    try:
        told = json.loads((folder / READY).read_text("utf-8"))
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
        return None
    for name in PLACED:
        if (folder / name).exists():
            if any(_entries(data_dir / name)) or (data_dir / name).is_file():
                raise StoreUnavailable(f"{data_dir / name} is in the way of a restore that was stopped; {AWAY}")
            (folder / name).replace(data_dir / name)
            sync(data_dir)
    shutil.rmtree(folder)
    return Ready(told["backup"], {name: Held(**held) for name, held in told["held"].items()})


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())
