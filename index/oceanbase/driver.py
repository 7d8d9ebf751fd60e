"""The driver and the pool, imported where they are first used: without a database, nothing of them is needed."""

from typing import TYPE_CHECKING, Any

from corpus.errors import InvalidInput
from index.oceanbase.address import Address

if TYPE_CHECKING:
    import sqlalchemy

MICRO = 1_000_000
CONNECTING_SECONDS = 5
LOCK_SECONDS = 10  # how long a writer waits for another before it gives up
# A transaction that does nothing has lost its client, and ends with its locks. Between two documents of a rebuild
# is the time that one takes to embed.
IDLE_SECONDS = 3_600
STATEMENT_BYTES = 4_000_000  # of rows inserted together; the database takes 16 MB, and time for each
# Of a graph of vectors, how many are looked at for a question: of the fifty nearest, 64 find .91 to .98, 400 .996.
LOOKED_AT = 400
# Names may stand in double quotes, as SQL has it, and nothing is cut off where it does not fit.
SESSION = (
    "SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES', transaction_isolation = 'REPEATABLE-READ',"
    f" ob_trx_lock_timeout = {LOCK_SECONDS * MICRO}, ob_trx_idle_timeout = {IDLE_SECONDS * MICRO},"
    f" ob_hnsw_ef_search = {LOOKED_AT}, ob_query_timeout = {{}}"
)


def make_engine(address: Address, seconds: int, *, whole: bool = True, **pool: Any) -> "sqlalchemy.Engine":
    """Return what gives connections whose statements have a deadline; unless a pool is described, a new one each time.

    Args:
        address: of the database.
        seconds: the deadline of a statement.
        whole: whether the database is there; else the connections are to none.
        pool: as SQLAlchemy describes it.

    Raises:
        InvalidInput: if the driver or the pool is not installed.
    """
    try:
        import pymysql.cursors
        import sqlalchemy
    except ModuleNotFoundError as error:
        way_out = "pip install 'wherefrom[oceanbase]'"
        raise InvalidInput(f"{address} needs {error.name}, which is not installed; run: {way_out}") from None

    class Cursor(pymysql.cursors.Cursor):
        max_stmt_length = STATEMENT_BYTES

    return sqlalchemy.create_engine(
        sqlalchemy.URL.create(
            "mysql+pymysql",
            username=address.user,
            host=address.host,
            port=address.port,
            database=address.database if whole else None,
        ),
        connect_args={
            # As bytes, for the driver would send a text in Latin-1, or not at all; where it is no UTF-8, as it came.
            "password": address.password.encode(errors="surrogateescape"),
            "charset": "utf8mb4",
            "connect_timeout": CONNECTING_SECONDS,
            "read_timeout": seconds + CONNECTING_SECONDS,
            "write_timeout": seconds + CONNECTING_SECONDS,
            "init_command": SESSION.format(seconds * MICRO),
            "cursorclass": Cursor,
        },
        **(pool or {"poolclass": sqlalchemy.NullPool}),
    )
