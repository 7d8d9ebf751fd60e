"""What passages take in a database: on disk by table, and in the memory of the two indexes. As seekdb tells it."""

import json
import re
from time import monotonic, sleep

from corpus.errors import NotFound, StoreUnavailable
from eval.cluster.capacity import WINDOW, Figures
from index.oceanbase.connecting import Connection, Database
from index.oceanbase.index_tables import INDEXES, IndexTable, tables_of
from index.terms.packing import unpack_terms

GRAPH, SPARSE = "index_of_vectors", "index_of_terms"
PATIENCE = 1_800.0  # seconds for rebuilding and compaction
SAMPLE = 1_000  # passages whose terms are counted
PROBE = "probe_of_a_window"
LAST = 499_999  # the last dimension of a sparse index, so that its list of dimensions has its full length


def measure(database: Database) -> Figures:
    """Rebuild the indexes of a database and compact it, and return what its passages take.

    Args:
        database: one of seekdb, that nobody uses meanwhile.

    Raises:
        NotFound: if it holds no passages, or those of several indexes.
        StoreUnavailable: if it is not done in time.
    """
    with database.reading() as connection:
        ((documents, passages),) = connection.rows("SELECT SUM(documents), SUM(passages) FROM collections")
        numbers = [int(number) for (number,) in connection.rows("SELECT collection FROM collections")]
        tables = [table for number in numbers for table in tables_of(connection, number)]
        ((version,),) = connection.rows("SELECT VERSION()")
        ((pieces,),) = connection.rows(
            "SELECT COUNT(*) FROM information_schema.partitions WHERE table_schema = DATABASE() AND table_name = %s",
            tables[0].name if tables else "",
        )
    if len(tables) != 1 or not passages:
        raise NotFound(f"{database.address}: holds {len(tables)} indexes; measure one with passages of one collection")
    passages, (table,) = int(passages), tables
    _rebuild(database, table)
    _compact(database)
    memory, window = _memory(database, table), _window(database)
    partitions = int(pieces) or 1
    windows = partitions * -(-passages // partitions // WINDOW)
    return Figures(
        version=str(version),
        passages=passages,
        documents=int(documents),
        dimension=table.dimension,
        terms=_terms(database),
        disk={name: size / passages for name, size in _disk(database, table).items()},
        graph=memory[GRAPH] / passages,
        sparse=(memory[SPARSE] - windows * window) / passages,
        window=window,
    )


def _rebuild(database: Database, table: IndexTable) -> None:
    """Write both indexes anew, as the database does by itself once a fifth is new, and load them."""
    with database.reading() as connection:
        missing = table.missing_indexes(connection)
    for index, (column, _) in INDEXES.items():
        if index in missing:
            table.make_index(database, index)
        database.alone(f"CALL DBMS_VECTOR.REBUILD_INDEX('{index}', '{table.name}', '{column}', 0)")
    zeros = ",".join(["0"] * (table.dimension - 1))
    with database.reading() as connection:
        for column, value in (("vector", f"[1,{zeros}]"), ("terms", f"{{{LAST}:1}}")):
            order = f"ORDER BY negative_inner_product({column}, '{value}') APPROXIMATE LIMIT 1"
            connection.rows(f"SELECT passage_key FROM {table.name} {order}")


def _compact(database: Database) -> None:
    """Have the database write all it holds in its last form, and wait until it has."""
    frozen = "SELECT GLOBAL_BROADCAST_SCN FROM oceanbase.DBA_OB_MAJOR_COMPACTION"
    done = "SELECT STATUS, LAST_SCN FROM oceanbase.DBA_OB_MAJOR_COMPACTION"
    with database.reading() as connection:
        ((before,),) = connection.rows(frozen)
    database.alone("ALTER SYSTEM MAJOR FREEZE")
    until = monotonic() + PATIENCE
    while monotonic() < until:
        sleep(1)
        with database.reading() as connection:
            ((status, last),) = connection.rows(done)
        if status == "IDLE" and last > before:
            return
    raise StoreUnavailable(f"{database.address}: no compaction within {PATIENCE:g} s; see its log")


def _disk(database: Database, table: IndexTable) -> dict[str, int]:
    """Return bytes by table, with what belongs to it, as they were last compacted; older forms are removed in time."""
    query = """
        SELECT owner.table_name, own.table_name, form.tablet_id, form.end_log_scn, form.size
        FROM oceanbase.V$OB_SSTABLES form
        JOIN oceanbase.__all_tablet_to_table held ON held.tablet_id = form.tablet_id
        JOIN oceanbase.__all_table own ON own.table_id = held.table_id
        JOIN oceanbase.__all_database place ON place.database_id = own.database_id
        LEFT JOIN oceanbase.__all_table owner ON owner.table_id = own.data_table_id
        WHERE place.database_name = DATABASE() AND form.table_type = 'MAJOR' ORDER BY form.end_log_scn
    """
    with database.reading() as connection:
        # The newest of each tablet comes last.
        newest = {tablet: (str(owner or name), int(size)) for owner, name, tablet, _, size in connection.rows(query)}
    disk = dict[str, int]()
    for name, size in newest.values():
        key = "index" if name == table.name or name.startswith("__idx_") else name  # tables of an index have parts, too
        disk[key] = disk.get(key, 0) + size
    return disk


def _numbers(connection: Connection) -> dict[str, int]:
    """Return the number of each table, also of those that are parts of others, by name."""
    told = "oceanbase.DBA_OB_TABLE_SPACE_USAGE WHERE DATABASE_NAME = DATABASE()"
    return {str(name): int(number) for name, number in connection.rows(f"SELECT TABLE_NAME, TABLE_ID FROM {told}")}


def _memory(database: Database, table: IndexTable) -> dict[str, int]:
    """Return bytes of memory by index."""
    with database.reading() as connection:
        numbers, held = _numbers(connection), _held(connection)
    found = dict.fromkeys((GRAPH, SPARSE), 0)
    own = numbers[table.name]
    for name, number in numbers.items():
        for index in found:
            if name.startswith(f"__idx_{own}_{index}"):
                found[index] += held.get(number, 0)
    return found


def _held(connection: Connection) -> dict[int, int]:
    """Return bytes of memory by the number of the table that an index is of."""
    ((told,),) = connection.rows("SELECT vector_mem_detail_info FROM oceanbase.__all_virtual_vector_mem_info")
    held = dict[int, int]()
    for key, size in json.loads(str(told), object_pairs_hook=list):
        if named := re.fullmatch(r"vsag_\w+_(\d+)", key):
            held[int(named[1])] = held.get(int(named[1]), 0) + size
    return held


def _window(database: Database) -> int:
    """Return what a window of a sparse index takes: memory of an index that holds one vector."""
    with database.reading() as connection:
        before = sum(_held(connection).values())
    database.alone(
        f"CREATE TABLE {PROBE} (k INT PRIMARY KEY, terms SPARSEVECTOR NOT NULL,"
        " VECTOR INDEX index_of_terms (terms) WITH (lib=vsag, type=sindi, distance=inner_product))"
    )
    try:
        with database.writing() as connection:
            connection.run(f"INSERT INTO {PROBE} VALUES (1, '{{{LAST}:1}}')")
        with database.reading() as connection:
            return sum(_held(connection).values()) - before
    finally:
        database.alone(f"DROP TABLE {PROBE}")


def _terms(database: Database) -> float:
    with database.reading() as connection:
        rows = connection.rows(f"SELECT terms FROM features LIMIT {SAMPLE}")
    return sum(len(unpack_terms(terms).digests) for (terms,) in rows) / len(rows)
