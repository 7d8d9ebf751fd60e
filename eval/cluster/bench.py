"""`python -m eval cluster-bench`: many passages in a database, beside the same in a folder: how fast, what is found.

They are copied from a folder of `bench-make`, so nothing is embedded. A database that is named keeps them: the next
run of the same command goes on with what is there.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from corpus.errors import NotFound
from corpus.store.collections import DEFAULT
from corpus.store.sqlite import Store
from corpus.store.truth import Truth
from eval.bench.http import asked_in_turns
from eval.bench.runner import (
    OURS,
    Bench,
    CacheOption,
    FolderOption,
    SetsArgument,
    milliseconds,
    new_results,
    shuffled,
)
from eval.bench.servers import running, wherefrom
from eval.cluster.stores import StoreOption, copied, database_at
from eval.files import write_text
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_table
from eval.resampling import quantile_interval, ratio_interval
from index.answer import Result
from index.filters.conditions import Condition
from index.filters.making import make_condition
from index.manifest import read_manifest
from index.models.encoder import ModelChoice
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder
from index.query import Query

if TYPE_CHECKING:
    from index.models.encoder import Vectors
    from index.oceanbase.connecting import Database
    from index.oceanbase.index import OceanBaseIndex
    from index.oceanbase.reader import OceanBaseReader
    from index.oceanbase.truth import OceanBaseTruth

MARK = "cluster"
DATABASE = "database"  # what figures call it, beside the folder
NEAREST = 50  # passages that are found by vectors
VECTORS = 100  # questions whose nearest passages are found by the graph and by comparing all
COMPARED, FIRST = 200, 10  # questions whose first passages are compared with those of the folder
SHARES = (7, 1_000)  # one document in so many meets a condition


def cluster_bench(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[int, typer.Option(help="How many, of a folder that was made.", min=1)] = 100_000,
    rounds: Annotated[int, typer.Option(help="How often both are asked, in turns there and back.", min=1)] = 8,
    questions: Annotated[int, typer.Option(help="How many a round.", min=1)] = 30,
    store: StoreOption = None,
    cache_dir: CacheOption = None,
    out: Annotated[Path | None, typer.Option(help="Write the figures here; results/ in the folder else.")] = None,
) -> None:
    """Copy many passages to a database, and time its answers beside those of the folder they are from."""
    results = new_results("cluster-bench")
    bench = Bench(results, shuffled(sets), folder, rounds, questions, sets, cache_dir=cache_dir, count=passages)
    with database_at(store) as database:
        _load(bench, database)
        _recall(bench, database)
        _same(bench, database)
        _http(bench, database)
    write_text(out or folder / "cluster-bench.json", results.model_dump_json(indent=2) + "\n")
    columns = ("", "what", "passages", "figure", "95 %", "goal", "reached")
    print_table("", plain_table(columns, (figure.cells() for figure in results.figures), words=2), width=150)


def _load(bench: Bench, database: "Database") -> None:
    """Copy what is not there yet, make the indexes, and add how fast that was."""
    with Store.open(bench.data_dir()) as source, _opened(bench, database, True) as (truth, index):
        there, passages = _passages(truth), _passages(source)
        seconds = copied(source, truth)
        if there < passages:
            bench.add(MARK, "passages copied a second", (passages - there) / seconds)
        started = perf_counter()
        index.save()
        if there < passages:
            bench.add(MARK, "making the indexes", perf_counter() - started, "s")


def _passages(truth: Truth) -> int:
    with truth.reading() as reader:
        return reader.state().passages


@contextmanager
def _opened(
    bench: Bench, database: "Database", create: bool = False
) -> "Iterator[tuple[OceanBaseTruth, OceanBaseIndex]]":
    """A block with the collection of a bench, and its index."""
    from index.oceanbase.index import OceanBaseIndex
    from index.oceanbase.truth import OceanBaseTruth

    with Store.open(bench.data_dir()) as source, source.reading() as reader:
        manifest = read_manifest(reader)
    if manifest is None:
        raise NotFound(f"{bench.data_dir()}: nothing is indexed in it")
    with OceanBaseTruth.open(database, DEFAULT, create=create) as truth:
        yield truth, OceanBaseIndex(truth, manifest, Path(DEFAULT))


def _recall(bench: Bench, database: "Database") -> None:
    """Add how many of the nearest passages are found: among all, and among those of some documents."""
    encoder = load_encoder(ModelChoice(DEFAULT_MODEL), bench.cache_dir or default_cache_dir())
    vectors = encoder.encode_queries(bench.take(VECTORS))
    with _opened(bench, database) as (truth, index), truth.reading() as reader, index.refreshed(reader):
        ids = reader.document_ids()
        conditions = {"all": None} | {
            f"1 document in {share:,}": make_condition(document_id=ids[::share]) for share in SHARES
        }
        for among, condition in conditions.items():
            found = [_found(index, reader, vector, condition) for vector in vectors]
            bench.add(MARK, f"recall@{NEAREST} of vectors, of {among}", float(np.mean([each[0] for each in found])))
            for name, place in (("by the index", 1), ("comparing all", 2)):
                value = quantile_interval(milliseconds([each[place] for each in found]))
                bench.add(MARK, f"nearest vectors {name}, p50, of {among}", value, "ms")


def _found(
    index: "OceanBaseIndex", reader: "OceanBaseReader", vector: "Vectors", condition: Condition | None
) -> tuple[float, float, float]:
    """Return the share of the nearest passages that are found, and the seconds that it took, and to compare all."""
    from index.oceanbase.filtering import Filtering
    from index.oceanbase.finding import Finding
    from index.oceanbase.index_tables import IndexTable

    table = IndexTable(reader.collection, len(vector))
    among = None if condition is None else Filtering(reader.connection, reader.collection).predicate(condition)
    started = perf_counter()
    by_index = Finding(reader, table, indexed=True).dense(vector, NEAREST, among)  # if there is no condition
    between = perf_counter()
    of_all = Finding(reader, table, indexed=False).dense(vector, NEAREST, among)
    share = len({*by_index} & {*of_all}) / max(len(of_all), 1)
    return share, between - started, perf_counter() - between


def _same(bench: Bench, database: "Database") -> None:
    """Add how often the first passage is that of the folder, and how many of the first ones are."""
    from index.oceanbase.engine import engine_of
    from index.opening import open_index

    encoder = load_encoder(ModelChoice(DEFAULT_MODEL), bench.cache_dir or default_cache_dir())
    with (
        open_index(bench.data_dir(), lambda choice: encoder) as own,
        open_index(Path(DEFAULT), lambda choice: encoder, engine=engine_of(database)) as theirs,
    ):
        asked = [Query(question, k=FIRST) for question in bench.take(COMPARED)]
        pairs = [[[*map(_passage, each.searcher.search(query).results)] for each in (own, theirs)] for query in asked]
    bench.add(
        MARK, "first passage that of the folder", float(np.mean([ours[:1] == other[:1] for ours, other in pairs]))
    )
    shares = [len({*ours} & {*other}) / max(len(ours), 1) for ours, other in pairs]
    bench.add(MARK, f"of the first {FIRST}, those of the folder", float(np.mean(shares)))


def _passage(result: Result) -> str:
    return result.passage_id


def _http(bench: Bench, database: "Database") -> None:
    """Add how long a question takes over HTTP, of the folder and of the database, in turns."""
    own = wherefrom(bench)
    where = own.arguments.index("--data-dir")
    theirs = replace(own, name=DATABASE, arguments=(*own.arguments[:where], "--store", str(database.address)))
    with ExitStack() as stack:
        servers = {each.name: stack.enter_context(running(each)) for each in (own, theirs)}
        found = asked_in_turns(bench, MARK, servers)
        ratio = ratio_interval(found[DATABASE], found[OURS])
        bench.add(MARK, "p50 over HTTP, times that of the folder", ratio, goal="<= 2.5")
