"""Checking a store that nobody uses, and that may come from anywhere, without trusting anything in it."""

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import StoreDamaged
from corpus.store.schema import EXTENDED_FORMATS, FORMAT_VERSION, LACKS_CHECKSUMS, create_tables, format_of
from corpus.store.upgrade import OLD_FORMATS

FORMATS = (*OLD_FORMATS, *EXTENDED_FORMATS, FORMAT_VERSION)
# All that a store of ours is made of. A trigger, a view or a virtual table would act where it is only read.
PLAIN = re.compile(r"CREATE (TABLE|(UNIQUE )?INDEX) ", re.IGNORECASE)
SHOWN = 3  # of what is wrong with it


@dataclass(frozen=True, slots=True)
class Held:
    """What a store holds.

    Attributes:
        documents: how many.
        passages: how many.
        sequence: the number of the last change.
        format: of its tables; one before the newest has to be upgraded.
    """

    documents: int
    passages: int
    sequence: int
    format: int


def check_store(path: Path) -> Held:
    """Check a whole store and return what it holds; nothing is written, not even beside it.

    Raises:
        StoreDamaged: if it is none of ours, of a format that this version does not know, or damaged.
    """
    try:
        # Immutable: there is no log beside it, and none is made.
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            found = _format_of(connection)
            errors = [row[0] for row in connection.execute(f"PRAGMA integrity_check({SHOWN})")]
            if errors != ["ok"]:
                raise StoreDamaged(f"it is damaged: {' '.join('; '.join(errors).split())}")
            documents, passages, sequence = (
                connection.execute(f"SELECT {what}").fetchone()[0]
                for what in (
                    "count(*) FROM documents",
                    "count(*) FROM passages",
                    "coalesce(max(sequence), 0) FROM changes",
                )
            )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise StoreDamaged(f"it is no database that can be read ({error})") from None
    return Held(documents, passages, sequence, found)


def _format_of(connection: sqlite3.Connection) -> int:
    """Return the format of a store, whose tables are then those of that format and nothing else."""
    found = format_of(connection)
    if found not in FORMATS:
        raise StoreDamaged(f"it has format {found}, this version reads {', '.join(map(str, FORMATS))}")
    tables = _tables_of(connection)
    if not all(PLAIN.match(sql) for _, sql in tables):
        raise StoreDamaged("it holds other things than tables")
    if found >= LACKS_CHECKSUMS:
        with closing(sqlite3.connect(":memory:")) as fresh:
            create_tables(fresh)
            if tables != _tables_of(fresh):
                raise StoreDamaged(f"it has not the tables of format {found}")
    return found


def _tables_of(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the names of all that was made in a database, and how; SQLite's own is not made by anyone."""
    query = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    return [(str(name), str(sql)) for name, sql in connection.execute(query)]
