"""Looking into a store without writing anything, not even beside it: what it holds, and whether it seems whole."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from corpus.errors import IndexMismatch, StoreDamaged, StoreUnavailable
from corpus.store.checking import FORMATS
from corpus.store.schema import EXTENDED_FORMATS, FORMAT_VERSION, format_of
from corpus.store.sqlite import existing_file

SQLITE = sqlite3.sqlite_version
STEPS = 100_000  # of SQLite's machine between two looks at the clock; some milliseconds
CURRENT = (*EXTENDED_FORMATS, FORMAT_VERSION)


@dataclass(frozen=True, slots=True)
class Looked:
    """What a store holds.

    Attributes:
        format: of its tables.
        documents: how many.
        notes: what the index keeps about itself, by name.
        derived: the SHA-256 of each file that was derived from it, by its name.
        whole: whether all of it was looked at, in the time there was.
    """

    format: int
    documents: int
    notes: Mapping[str, str]
    derived: Mapping[str, str]
    whole: bool


def look_into(data_dir: Path, seconds: float) -> Looked:
    """Return what the store of a data folder holds; damage is looked for as long as there is time.

    Raises:
        NotFound: if there is none.
        IndexMismatch: if it has the format of another version, with the way out.
        StoreDamaged: if it is no database of ours, or damaged.
        StoreUnavailable: if the system, or another program, does not let it be read.
    """
    path = existing_file(data_dir)
    # Without a log beside it nobody writes, and SQLite needs no files of its own to read it.
    unused = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
    try:
        path.open("rb").close()
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{unused}", seconds, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            return _look(connection, path, monotonic() + seconds)
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error.strerror}; let this user read the data folder") from None
    except (sqlite3.Error, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
            raise StoreUnavailable(f"{path} is locked by another program; end that, or wait for it") from None
        raise StoreDamaged(f"{path} is damaged ({error})") from None


def _look(connection: sqlite3.Connection, path: Path, until: float) -> Looked:
    found = format_of(connection)
    if found == 0:
        raise StoreDamaged(f"{path} is no store of wherefrom")
    if found not in CURRENT:
        old = f"run: wherefrom index --upgrade --data-dir {path.parent}"
        way_out = old if found in FORMATS else "use the version of wherefrom that wrote it"
        raise IndexMismatch(f"{path} has format {found}, this version reads {FORMAT_VERSION}; {way_out}")
    whole = _is_whole(connection, path, until)
    return Looked(
        format=found,
        documents=connection.execute("SELECT count(*) FROM documents").fetchone()[0],
        notes=dict(connection.execute("SELECT name, value FROM meta")),
        derived=dict(connection.execute("SELECT name, sha256 FROM derived")),
        whole=whole,
    )


def _is_whole(connection: sqlite3.Connection, path: Path, until: float) -> bool:
    """Return whether all of a store was looked at and is in order; not, where the time is up."""
    connection.set_progress_handler(lambda: monotonic() > until, STEPS)
    try:
        errors = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    finally:
        connection.set_progress_handler(None, 0)
    if errors != ["ok"]:
        raise StoreDamaged(f"{path} is damaged ({' '.join(errors[0].split())})")
    return True
