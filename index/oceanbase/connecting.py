"""Connections to a database: a pool of them, transactions, and statements, one round trip each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Lock
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from corpus.errors import IndexMismatch, InvalidInput, StoreAway, StoreUnavailable
from index.oceanbase.address import Address
from index.oceanbase.driver import CONNECTING_SECONDS, LOCK_SECONDS, make_engine
from index.oceanbase.failures import Crowded, Missing, Redone, told
from index.oceanbase.schema import FORMAT_VERSION, MIGRATIONS, SPREAD, TABLES, in_one_piece

if TYPE_CHECKING:
    import sqlalchemy

CONNECTIONS = 16  # that are open at a time, unless another number is told
WAITING_SECONDS = 5.0  # for a connection, where all of the pool are in use
AGAIN_SECONDS = 0.5  # after which a database is asked again that did not answer
RENEWED_SECONDS = 1_800  # that a connection is used; a balancer in between forgets those that are idle for long
STATEMENT_SECONDS = 30  # the deadline of a statement
DEFINITION_SECONDS = 86_400  # that of one which makes, changes or drops a table, or makes an index of many rows

Row = tuple[Any, ...]


class Connection:
    """Statements inside a transaction. Values are marked by `%s`, bytes or text as the column is."""

    def __init__(self, connection: "sqlalchemy.Connection", address: Address) -> None:
        self._connection = connection
        self._address = address

    def rows(self, statement: str, *values: object) -> list[Row]:
        """Return what a statement finds."""
        return [tuple(row) for row in self._execute(statement, values).fetchall()]

    def one(self, statement: str, *values: object) -> Row | None:
        """Return the first row of what a statement finds, `None` where it finds nothing."""
        found = self.rows(statement, *values)
        return found[0] if found else None

    def run(self, statement: str, *values: object) -> int:
        """Change something, and return how many rows that were."""
        return int(self._execute(statement, values).rowcount)

    def many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Insert rows, as many with one statement as a statement may have bytes."""
        if rows:
            self._execute(statement, [tuple(map(_checked, row)) for row in rows])

    def _execute(self, statement: str, values: Sequence[Any]) -> Any:
        given = values if isinstance(values, list) else tuple(map(_checked, values))
        with told(self._address):
            return self._connection.exec_driver_sql(statement, given)


class Database:
    """A pool of connections to a database; safe to use from several threads. Nothing is sent before the first use.

    A process that is forked off needs one of its own.

    Attributes:
        address: of the database.
    """

    def __init__(self, address: Address, connections: int = CONNECTIONS) -> None:
        """Prepare a pool of at most so many connections.

        Raises:
            InvalidInput: if the driver or the pool is not installed.
        """
        self.address = address
        self._lock = Lock()
        self._prepared = False
        self._turns: defaultdict[int, Lock] = defaultdict(Lock)
        self._away = Lock()
        self._tried_next = 0.0  # when the database may be asked again that did not answer; 0 while it does
        self._pool = make_engine(
            address,
            STATEMENT_SECONDS,
            pool_size=connections,
            max_overflow=0,
            pool_timeout=WAITING_SECONDS,
            pool_recycle=RENEWED_SECONDS,
            pool_pre_ping=True,
            pool_use_lifo=True,
        )
        self._definitions = make_engine(address, DEFINITION_SECONDS)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A block in which all statements see the state of the first one.

        Raises:
            StoreAway: if the database does not answer, or all connections are in use.
        """
        with self._connected(self._pool) as connection:
            yield Connection(connection, self.address)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A block whose changes become durable together at its end, or not at all; a statement sees the newest state.

        Raises:
            StoreAway: as `reading`; also where the answer to the commit was lost, so that it may have come to pass.
        """
        with self._connected(self._pool) as connection:
            own = Connection(connection, self.address)
            own.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            yield own
            with told(self.address):
                connection.commit()

    @contextmanager
    def turn(self, collection: int) -> Iterator[None]:
        """A block that one thread at a time is in for a collection; those who wait for it need no connection.

        Raises:
            StoreUnavailable: if the others take too long.
        """
        turn = self._turns[collection]
        if not turn.acquire(timeout=LOCK_SECONDS):
            raise StoreUnavailable(f"{self.address}: another index is being written; try again after it")
        try:
            yield
        finally:
            turn.release()

    def alone(self, statement: str) -> None:
        """Make, change or drop a table, on a connection of its own, beside whatever transaction runs.

        What is to be spread over machines stays in one piece where there is one machine.
        """
        with self._connected(self._definitions) as connection:
            own = Connection(connection, self.address)
            if SPREAD.search(statement) and own.one("SELECT VERSION() LIKE '%%seekdb%%'") == (1,):
                statement = in_one_piece(statement)
            own.run(statement)

    def prepare(self) -> None:
        """Make the database and its tables if they are missing, and bring them to the format of this version.

        Raises:
            IndexMismatch: if a newer version of wherefrom made them.
        """
        with self._lock:
            if not self._prepared:
                self._prepare(self._version())
                self._prepared = True

    def check(self) -> float:
        """Return how many seconds a round trip takes."""
        started = perf_counter()
        with self.reading() as connection:
            connection.one("SELECT 1")
        return perf_counter() - started

    def close(self) -> None:
        """Close the connections that are not in use; the others are closed when they are given back."""
        self._pool.dispose()

    def _version(self) -> int | None:
        """Return the format of the tables, `None` where there are none."""
        try:
            with self.reading() as connection:
                row = connection.one("SELECT version FROM wherefrom_format")
        except Missing:
            return None
        return None if row is None else int(row[0])

    def _prepare(self, found: int | None) -> None:
        if found is None:
            self._make()
        elif found > FORMAT_VERSION:
            raise IndexMismatch(
                f"{self.address} has format {found}, this version reads {FORMAT_VERSION};"
                " use the version of wherefrom that wrote it"
            )
        elif found < FORMAT_VERSION:
            self._migrate()

    def _make(self) -> None:
        with self._connected(make_engine(self.address, DEFINITION_SECONDS, whole=False)) as connection:
            Connection(connection, self.address).run(f"CREATE DATABASE IF NOT EXISTS {self.address.database}")
        for table in TABLES:
            self.alone(table)
        with self.writing() as own:
            own.run("INSERT IGNORE INTO wherefrom_format VALUES (1, %s)", FORMAT_VERSION)

    def _migrate(self) -> None:
        """Bring the tables to the newest format; other processes wait, and find it done."""
        with self.writing() as connection:
            ((found,),) = connection.rows("SELECT version FROM wherefrom_format FOR UPDATE")
            for version in range(found, FORMAT_VERSION):
                for statement in MIGRATIONS[version]:
                    with suppress(Redone):  # by a process that was ended before it had noted the format
                        self.alone(statement)
            connection.run("UPDATE wherefrom_format SET version = %s", FORMAT_VERSION)

    def _connect(self, engine: "sqlalchemy.Engine") -> "sqlalchemy.Connection":
        """Return a connection. Where the database is away, one tries at a time, and the others are told so at once."""
        with self._away:
            now = monotonic()
            if now < self._tried_next:
                raise StoreAway(f"{self.address} does not answer, nor did it a moment ago; is it running?")
            if self._tried_next:
                self._tried_next = now + CONNECTING_SECONDS
        try:
            with told(self.address):
                connection = engine.connect()
        except Crowded:
            raise
        except StoreAway:
            self._tried_next = monotonic() + AGAIN_SECONDS
            raise
        self._tried_next = 0.0
        return connection

    @contextmanager
    def _connected(self, engine: "sqlalchemy.Engine") -> Iterator["sqlalchemy.Connection"]:
        connection = self._connect(engine)
        try:
            yield connection
        except UnicodeEncodeError as error:
            raise InvalidInput(f"{error.object!r} holds half of a surrogate pair; give it in UTF-8") from None
        finally:
            with suppress(StoreUnavailable), told(self.address):  # what is to be undone ends with a lost connection
                connection.close()


def _checked(value: object) -> object:
    """Return a value as it is sent, if it can be: the driver would send half of a surrogate pair as a byte."""
    if isinstance(value, str) and not value.isascii():
        value.encode()
    return value
