"""The collections of a database: rows of one table, whose numbers all other rows begin with."""

from corpus.errors import AlreadyExists, NotFound
from corpus.store.collections import DEFAULT
from corpus.store.columns import DIGEST_BYTES
from corpus.store.stored import moment
from index.oceanbase.connecting import Database
from index.oceanbase.derived import Derived
from index.oceanbase.failures import Missing

# What has rows of collections; of those that are gone they are removed so many at a time, a transaction each.
TABLES = (
    "meta documents pieces passages features tokens changes derived originals uploads jobs term_counts facets".split()
)
REMOVED_TOGETHER = 1_000


def names(database: Database) -> list[str]:
    """Return the names of the collections that a database holds: `default` first, the others in order."""
    try:
        with database.reading() as connection:
            found = {name.decode() for (name,) in connection.rows("SELECT name FROM collections")}
    except Missing:
        return []
    return [DEFAULT] * (DEFAULT in found) + sorted(found - {DEFAULT})


def number_of(database: Database, name: str) -> int | None:
    """Return the number of a collection, another one once it was made anew; `None` where there is none."""
    try:
        with database.reading() as connection:
            row = connection.one("SELECT collection FROM collections WHERE name = %s", name)
    except Missing:
        return None
    return None if row is None else int(row[0])


def make(database: Database, name: str, *, anew: bool = False) -> int:
    """Return the number of a collection, making it, and the database, if it is not there.

    Raises:
        AlreadyExists: if it is to be a new one and is there.
    """
    database.prepare()
    with database.writing() as connection:
        made = connection.run(
            "INSERT IGNORE INTO collections (name, digest, created) VALUES (%s, %s, %s)",
            *(name, bytes(DIGEST_BYTES), moment()),
        )
        if anew and not made:
            raise AlreadyExists(f"there is a collection {name} already; write into it, or delete it first")
        ((number,),) = connection.rows("SELECT collection FROM collections WHERE name = %s", name)
    return int(number)


def delete(database: Database, name: str) -> None:
    """Remove a collection with all that it holds, at once for whoever asks, once no writer is at it.

    Its rows stay until `clear`.

    Raises:
        NotFound: if there is none of that name.
    """
    with database.writing() as connection:
        row = connection.one("SELECT collection FROM collections WHERE name = %s FOR UPDATE", name)
        if row is None:
            raise NotFound(f"{database.address}: no collection {name}")
        connection.run("DELETE FROM collections WHERE collection = %s", *row)
        connection.run("INSERT INTO deleted_collections VALUES (%s)", *row)


def clear(database: Database) -> None:
    """Remove what is left of collections that are gone, also of those whose removal was cut short."""
    with database.reading() as connection:
        numbers = [number for (number,) in connection.rows("SELECT collection FROM deleted_collections")]
    for number in numbers:
        with database.writing() as connection:
            Derived(database, connection, number).forget()
        for table in TABLES:
            _empty(database, table, number)
        _empty(database, "deleted_collections", number)


def _empty(database: Database, table: str, number: int) -> None:
    removed = REMOVED_TOGETHER
    while removed == REMOVED_TOGETHER:
        with database.writing() as connection:
            query = f"DELETE FROM {table} WHERE collection = %s LIMIT {REMOVED_TOGETHER}"
            removed = connection.run(query, number)
