"""Databases for measurements: named, or started for them, with collections in them that are gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import StoreUnavailable
from corpus.store.copied import Side
from corpus.store.copying import Copying
from corpus.store.truth import Truth
from eval.cluster.seekdb import seekdb
from index.oceanbase.address import PORT

if TYPE_CHECKING:
    from index.oceanbase.connecting import Database

NAME = "wherefrom_eval"  # of the database where none is named
SHOWN = "wherefrom"  # of the database that a person tries

StoreOption = Annotated[str | None, typer.Option(help="The database; else seekdb is started for it.")]


def cluster_database(
    folder: Annotated[Path, typer.Argument(help="Where it keeps everything; made if it is not there.")],
    port: Annotated[int, typer.Option(help="Where it listens; it refuses other machines.", min=1, max=65535)] = PORT,
) -> None:
    """Run seekdb in a folder until Ctrl+C, to try a database on."""
    with seekdb(folder, port) as started, suppress(KeyboardInterrupt):
        typer.echo(f"to be had by --store {started.address(SHOWN)}; Ctrl+C stops it", err=True)
        started.wait()
        raise StoreUnavailable(f"seekdb ended; see {folder / 'log'}")


@contextmanager
def database_at(store: str | None) -> "Iterator[Database]":
    """A block with the database of an address, or with one of seekdb that is started for it."""
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database

    if store is None:
        with TemporaryDirectory(prefix="wherefrom-eval-") as folder, seekdb(Path(folder) / "seekdb") as started:
            with database_at(started.address(NAME)) as database:
                yield database
        return
    database = Database(read_address(store))
    database.prepare()
    try:
        yield database
    finally:
        database.close()


@contextmanager
def collection(database: "Database", name: str) -> Iterator[Path]:
    """A block with the place of a new collection."""
    from index.oceanbase.collections import delete, make, number_of

    if number_of(database, name) is not None:
        delete(database, name)
    make(database, name)
    try:
        yield Path(name)
    finally:
        delete(database, name)


def copied(source: Truth, target: Truth) -> float:
    """Copy the documents of a truth with their features, and return how many seconds it took."""
    started = perf_counter()
    for _ in Copying(Side("the source", source), Side("the target", target), lambda own, others: True).run():
        pass
    return perf_counter() - started
