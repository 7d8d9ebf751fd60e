"""What is derived in a database: it follows what is written, is derived anew where it is lost, and finds the same."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.document import make_document
from corpus.errors import StoreDamaged, StoreUnavailable
from corpus.store.stored import Key
from index.cutting import Entry
from index.models import hashing
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from index.query import Query
from index.terms.terms import LexicalQuestion, digest_of, read_question
from index.writer import Indexer, rebuild
from tests.conformance.brute_force import BruteForceIndex
from tests.conformance.conftest import document_of, found, held
from tests.store_fixtures import keys

if TYPE_CHECKING:
    from index.oceanbase.connecting import Database
    from index.oceanbase.truth import OceanBaseTruth

QUESTION = "2022年卖出茶叶多少吨"


@pytest.fixture
def truth(truth: "OceanBaseTruth") -> "OceanBaseTruth":
    """A collection with forty documents, each of some passages."""
    put(truth, *range(40))
    return truth


def put(truth: "OceanBaseTruth", *numbers: int, version: int = 0) -> None:
    documents = (document_of(number, version) for number in numbers)
    list(Indexer(truth, HashEncoder()).add(map(Entry, documents)))


@contextmanager
def opened(truth: "OceanBaseTruth", indexed_from: int = 1_000_000) -> Iterator[OpenIndex]:
    from index.oceanbase.engine import engine_of

    engine = engine_of(truth.database, indexed_from)
    with open_index(Path(truth.name), lambda choice: HashEncoder(), engine=engine) as index:
        yield index


def problems(index: OpenIndex) -> list[str]:
    with index.truth.reading() as reader:
        return list(index.index.problems(reader))


def table_of(truth: "OceanBaseTruth") -> str:
    return f"index_{truth.collection}_{HashEncoder().spec.dimension}"


def run(truth: "OceanBaseTruth", statement: str) -> None:
    with truth.database.writing() as connection:
        connection.run(statement)


def alone(truth: "OceanBaseTruth", statement: str) -> None:
    truth.database.alone(statement)


def test_it_follows_what_is_written(truth: "OceanBaseTruth") -> None:
    with opened(truth) as index:
        assert problems(index) == []
        put(truth, 3, 4, version=1)
        with truth.writing() as writer:
            writer.delete(document_of(5).document_id)
            empty = make_document("", source="empty.md")
            writer.put(empty, [], [])
        assert problems(index) == []
        with truth.writing() as writer:
            for document_id in writer.document_ids():
                writer.delete(document_id)
        assert problems(index) == []
    with truth.database.reading() as connection:
        for table in ("term_counts", "facets"):
            query = f"SELECT count(*) FROM {table} WHERE collection = %s"
            assert connection.one(query, truth.collection) == (0,), "nothing is left of what was deleted"
        assert connection.one("SELECT term_count FROM collections WHERE collection = %s", truth.collection) == (0,)


DAMAGES = {
    "DROP TABLE {table}": "missing, outdated or of another version",
    "DELETE FROM {table} ORDER BY passage_key DESC LIMIT 3": "missing, outdated or of another version",
    "ALTER TABLE {table} COMMENT = '0'": "missing, outdated or of another version",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_lost_is_derived_anew(truth: "OceanBaseTruth", damage: str) -> None:
    with opened(truth) as index:
        before = index.searcher.search(Query(QUESTION, k=20))
        (run if damage.startswith("DELETE") else alone)(truth, damage.format(table=table_of(truth)))
        assert [DAMAGES[damage] in each for each in problems(index)] == [True]
        if damage.startswith("DROP"):
            with pytest.raises(StoreDamaged, match="is derived anew where wherefrom starts"):
                index.searcher.search(Query("茶"))
    with opened(truth) as index:
        assert problems(index) == []
        assert index.searcher.search(Query(QUESTION, k=20)).results == before.results


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE {table} SET language = 'xx' ORDER BY passage_key LIMIT 1", "is not what the store does"),
        ("UPDATE {table} SET vector = '[1" + ",0" * 255 + "]' ORDER BY passage_key LIMIT 1", "the vector of key"),
        ("DELETE FROM {table} ORDER BY passage_key LIMIT 1", "is not in it"),
        ("UPDATE term_counts SET passages = passages + 1 WHERE collection = {collection} LIMIT 1", "is not counted"),
        ("DELETE FROM facets WHERE collection = {collection} LIMIT 1", "what conditions are about"),
        ("INSERT INTO {table} SELECT 0, document, language, first_day, last_day, years, vector, terms"
         " FROM {table} LIMIT 1", "holds passages that the store does not"),
    ],
)  # fmt: skip
def test_damage_is_told(truth: "OceanBaseTruth", damage: str, told: str) -> None:
    run(truth, damage.format(table=table_of(truth), collection=truth.collection))
    with opened(truth) as index:
        assert any(told in each for each in problems(index))


def test_by_its_indexes_it_finds_what_comparing_all_finds(truth: "OceanBaseTruth") -> None:
    with opened(truth, indexed_from=20) as index:
        index.searcher.state()
        assert index.index.unsaved > 0, "whoever keeps indexes is told that there is something to keep"
        index.index.save()
        index.searcher.state()
        assert (index.index.unsaved, index.index.exact) == (0, False)
        index.index.save()
        for version in range(3):
            with truth.reading() as reader:
                other = BruteForceIndex(index.truth, index.manifest, Path())
                (vector,) = HashEncoder().encode_queries([QUESTION])
                with other.refreshed(reader):
                    expected = other.dense(vector, 10, None), other.lexical(read_question(QUESTION), 10, None)
            assert found(index, QUESTION, 10) == expected
            assert held(index.index, index.truth) == set(keys(index.truth))
            put(truth, *range(6), version=version + 1)
            with truth.writing() as writer:
                writer.delete(document_of(10 + version).document_id)
        assert problems(index) == []


def test_a_state_from_before_the_indexes_is_still_searched(truth: "OceanBaseTruth") -> None:
    with opened(truth, indexed_from=20) as index, truth.reading() as older:
        expected = older.keys()
        put(truth, 50)
        index.index.save()
        (vector,) = HashEncoder().encode_queries(["x"])
        with index.index.refreshed(older):
            assert set(index.index.dense(vector, 300, None)) == set(expected)


def test_a_model_of_another_dimension_leaves_no_table_behind(
    truth: "OceanBaseTruth", database: "Database", monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.oceanbase.engine import engine_of
    from index.oceanbase.index_tables import tables_of

    monkeypatch.setattr(hashing, "DIMENSION", 512)
    list(rebuild(truth, HashEncoder()))
    with open_index(Path(truth.name), lambda choice: HashEncoder(), engine=engine_of(database)) as index:
        assert problems(index) == []
        first, *_ = index.searcher.search(Query(document_of(7).text.replace("#", ""))).results
        assert first.document_id == document_of(7).document_id
    with database.reading() as connection:
        assert [table.dimension for table in tables_of(connection, truth.collection)] == [512]


def colliding() -> tuple[str, str]:
    """Return two words whose terms share a dimension."""
    from index.oceanbase.sparse import DIMENSIONS

    known: dict[int, str] = {}
    for number in count():
        word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        other = known.setdefault(digest_of(f"w{word}") % DIMENSIONS, word)
        if other != word:
            return other, word
    raise AssertionError


def test_a_rare_word_is_found_behind_a_common_one_that_shares_its_dimension(
    truth: "OceanBaseTruth", monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.oceanbase import finding

    monkeypatch.setattr(finding, "CANDIDATES", 5)
    common, rare = colliding()
    texts = [common] * 30 + [f"{rare} {'und noch viele andere Worte ' * 8}"]
    documents = (make_document(text, source=f"{number}.txt") for number, text in enumerate(texts))
    list(Indexer(truth, HashEncoder()).add(map(Entry, documents)))
    with opened(truth) as index, truth.reading() as reader, index.index.refreshed(reader):
        question = LexicalQuestion([f"w{rare}"], [])
        best = index.index.lexical(question, 1, None)
        assert best == [max(reader.keys())]
        assert index.index.lexical(question, 50, None) == best


def test_a_question_takes_few_statements(truth: "OceanBaseTruth", monkeypatch: pytest.MonkeyPatch) -> None:
    from index.oceanbase.connecting import Connection

    statements: Counter[str] = Counter()
    execute = Connection.rows

    def counting(self: Connection, statement: str, *values: object) -> list[tuple[Key, ...]]:
        statements[statement] += 1
        return execute(self, statement, *values)

    with opened(truth) as index:
        index.searcher.search(Query(QUESTION))
        monkeypatch.setattr(Connection, "rows", counting)
        assert index.searcher.search(Query(QUESTION)).results
    assert statements.total() <= 11


def test_a_table_that_was_dropped_is_not_begun_anew_without_what_was_in_it(truth: "OceanBaseTruth") -> None:
    with opened(truth) as index:
        truth.database.alone(f"DROP TABLE index_{truth.collection}_{index.manifest.encoder.dimension}")
        with pytest.raises(StoreUnavailable, match="is missing; it is derived anew where wherefrom starts"):
            put(truth, 40)
    with opened(truth) as index:
        put(truth, 40)
        assert problems(index) == []
