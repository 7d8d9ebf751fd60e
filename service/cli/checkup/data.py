"""The data folder: whether it is there, may be written, has room, and holds indexes that are whole."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.filesize import decimal

from corpus.errors import IndexMismatch, NotFound, StoreUnavailable, WherefromError
from corpus.store.collections import DEFAULT, folder_of, names_in
from corpus.store.looking import Looked, look_into
from corpus.store.sqlite import DATABASE_FILE
from index.local.checking import is_whole
from index.local.files import COPIED, FILES
from index.manifest import MANIFEST, begun_with
from service.cli.checkup.check import Check, failed, may_write, nearest, ok, split_error, user, warning
from service.cli.common import option_of
from service.cli.terminal import counted

SECONDS = 1.5  # for looking into all stores; `wherefrom verify` takes the time it needs
SHOWN = 5  # of collections, that a line names
LEAST_ROOM = 500_000_000  # bytes: an index is written anew beside itself, and so is a graph of the model


@dataclass(frozen=True, slots=True)
class Data:
    """What a data folder holds: of each collection what was found in its store, or why nothing was."""

    folder: Path
    stores: Mapping[str, Looked | WherefromError]


def look_at_data(folder: Path) -> Data | WherefromError:
    """Return what a data folder holds, or why nobody can tell."""
    try:
        names = names_in(folder)
    except WherefromError as error:
        return error
    return Data(folder, {name: _look(folder_of(folder, name), SECONDS / len(names)) for name in names})


def _look(folder: Path, seconds: float) -> Looked | WherefromError:
    try:
        return look_into(folder, seconds)
    except WherefromError as error:
        return error


def check_data_dir(folder: Path) -> Check:
    """Look whether the data folder is there and may be written."""
    there = nearest(folder)
    if not there.is_dir():
        return failed("data_dir", f"{there} is a file, so {folder} cannot be a folder", "name another --data-dir")
    if not may_write(there):
        what = f"{folder}" if folder.exists() else f"{folder} is not there, and {there}"
        way_out = "let this user write there, or name another --data-dir; asking alone needs no writing"
        return failed("data_dir", f"{what} cannot be written by {user()}", way_out)
    if not folder.exists():
        return warning("data_dir", f"{folder} is not there yet", f"it is made by: {_begin(folder)}")
    return ok("data_dir", f"{folder}, which {user()} may write")


def check_index(found: Data | WherefromError, folder: Path) -> Check:
    """Look whether there are indexes, and whether they are whole as far as a quick look tells."""
    if isinstance(found, WherefromError):
        return failed("index", *split_error(found))
    if not found.stores:
        return failed("index", f"{folder}: no index here", f"run: {_begin(folder)}")
    unread = list(_unreadable(found))
    if unread:
        way_out = "let this user read the data folder, or be the user that made it"
        return failed("index", f"{user()} cannot read {unread[0]}", way_out)
    unavailable = [each for each in found.stores.values() if isinstance(each, StoreUnavailable)]
    if unavailable:
        return failed("index", *split_error(unavailable[0]))
    wrong = dict(_damage(found))
    if wrong:
        own = [option_of(name) for name in wrong]
        way_out = f"restore a backup, or index the files into a new --data-dir; more tells: wherefrom verify{own[0]}"
        return failed("index", "; ".join(wrong.values()), way_out)
    stale = list(_stale_copies(found))
    if stale:
        way_out = "the next question or start makes it again; until then it takes longer"
        return failed("index", f"missing or damaged: {', '.join(stale)}; no document is lost", way_out)
    read = {name: each for name, each in found.stores.items() if isinstance(each, Looked)}
    told = [f"{name} has {counted(each.documents, 'document')}" for name, each in read.items()]
    more = f" and {counted(len(told) - SHOWN, 'collection')} more" if len(told) > SHOWN else ""
    depth = (
        "" if all(each.whole for each in read.values()) else "; looked at in part, all of it is by: wherefrom verify"
    )
    return ok("index", f"{', '.join(told[:SHOWN])}{more}{depth}" if told else "all that are there have another format")


def _unreadable(found: Data) -> Iterator[Path]:
    for name in found.stores:
        for file in (DATABASE_FILE, *FILES):
            path = folder_of(found.folder, name) / file
            if path.exists() and not os.access(path, os.R_OK):
                yield path


def _damage(found: Data) -> Iterator[tuple[str, str]]:
    for name, each in found.stores.items():
        if isinstance(each, WherefromError) and not isinstance(each, IndexMismatch | NotFound):
            yield name, f"{name}: {each}"


def _stale_copies(found: Data) -> Iterator[str]:
    """Yield the files that should hold what was derived from a store and do not."""
    for name, each in found.stores.items():
        for file in FILES:
            path = folder_of(found.folder, name) / file
            digest = each.derived.get(file) if isinstance(each, Looked) else None
            if digest is not None and not is_whole(path, digest):
                yield str(path)


def check_format(found: Data | WherefromError) -> Check:
    """Look whether the indexes are of this version."""
    stores = found.stores if isinstance(found, Data) else {}
    others = {name: split_error(each) for name, each in stores.items() if isinstance(each, IndexMismatch)}
    if others:
        told = "; ".join(f"{name}: {message}" for name, (message, _) in others.items())
        return failed("format", told, next(way_out for _, way_out in others.values()))
    return ok("format", "all are of this version" if stores else "there is no index")


def check_disk(found: Data | WherefromError, folder: Path) -> Check:
    """Look whether the disk has room for another index of the same size."""
    free = shutil.disk_usage(nearest(folder)).free
    names = found.stores if isinstance(found, Data) else ()
    size = sum(size_of(folder_of(folder, name)) for name in names)
    told = f"{decimal(free)} free at {folder}, which holds {decimal(size)}"
    if free < max(size, LEAST_ROOM):
        return warning("disk", told, "make room: an index is written anew beside itself, and so is a backup")
    return ok("disk", told)


def index_size(found: Data | WherefromError) -> int:
    """Return how many bytes of the indexes may be copied into memory."""
    if isinstance(found, WherefromError):
        return 0
    folders = [folder_of(found.folder, name) for name in found.stores]
    return sum(size_of(folder, file) for folder in folders for file in COPIED)


def size_of(folder: Path, pattern: str = "*") -> int:
    """Return how many bytes the files in a folder have, those below it aside, which may be of other collections."""
    size = 0
    for file in folder.glob(pattern):
        with suppress(FileNotFoundError):  # SQLite removes its companions when the last process closes it
            size += file.stat().st_size if file.is_file() else 0
    return size


def _begin(folder: Path) -> str:
    return f"wherefrom index PATH --data-dir {folder}"


def model_of(found: Data | WherefromError) -> str | None:
    """Return the model that an index names, that of `default` if there is one."""
    stores = found.stores if isinstance(found, Data) else {}
    named = {name: begun_with(each.notes.get(MANIFEST))[0] for name, each in stores.items() if isinstance(each, Looked)}
    return named.get(DEFAULT) or next(filter(None, named.values()), None)
