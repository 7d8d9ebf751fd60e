"""Whatever is changed behind the store's back is found, and named."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import StoreDamaged
from corpus.store.sqlite import DATABASE_FILE, Store
from index.local.files import DENSE_FILE
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.verify import Mismatch, verify


def problems(folder: Path) -> list[Mismatch]:
    with Store.open(folder) as store:
        return list(verify(store, folder))


def execute(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / DATABASE_FILE)
    with connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


def test_an_untouched_index_is_whole(data_dir: Path) -> None:
    assert problems(data_dir) == []


def test_one_changed_character_names_the_document_and_the_passage(data_dir: Path) -> None:
    execute(data_dir, "UPDATE texts SET text = replace(text, '14809', '14808') WHERE text LIKE '%14809%'")
    found = problems(data_dir)
    assert all("work.txt" in problem.message for problem in found)
    assert any(problem.passage_id is not None and problem.passage_id in problem.message for problem in found)
    assert any(problem.passage_id is None for problem in found)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET start = start + 1 WHERE key = 1",
        "UPDATE passages SET search_text = search_text || 'x' WHERE key = 2",
        "UPDATE passages SET pages = '[[0, 7, null]]' WHERE key = 2",
        "UPDATE passages SET table_header = '[0, 1, \"x\"]' WHERE key = 2",
        "UPDATE documents SET page_labels = '[\"vii\"]'",
        "UPDATE vectors SET vector = zeroblob(length(vector)) WHERE key = 1",
        "UPDATE vectors SET sentence_vectors = zeroblob(length(sentence_vectors)) WHERE key = 1",
        "DELETE FROM passages WHERE key = 2",
        "UPDATE passages SET quote = quote || 'x' WHERE key = 2",
        "UPDATE passages SET text = 'x' WHERE key = 2",
        "UPDATE passages SET years = '1999' WHERE key = 1",
        "UPDATE passages SET checksum = substr(checksum, 1, 128) || 'x' WHERE key = 1",
        "UPDATE terms SET terms = zeroblob(length(terms)) WHERE key = 1",
        "UPDATE state SET documents = documents + 1",
        "UPDATE documents SET title = 'another' WHERE source = 'tea.md'",
        "UPDATE documents SET published = '1999' WHERE source = 'tea.md'",
    ],
)
def test_every_change_of_a_row_is_found(data_dir: Path, statement: str) -> None:
    execute(data_dir, statement)
    assert problems(data_dir)


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_a_lost_or_damaged_vector_file_is_found(data_dir: Path, damage: Callable[[Path], None]) -> None:
    damage(data_dir / DENSE_FILE)
    (problem,) = problems(data_dir)
    assert DENSE_FILE in problem.message


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET sentences = 'x' WHERE key = 1",
        "UPDATE passages SET section = '5' WHERE key = 1",
        "UPDATE passages SET pages = '5' WHERE key = 1",
        "UPDATE passages SET table_header = '[1]' WHERE key = 1",
        "UPDATE documents SET metadata = '[1]' WHERE source = 'tea.md'",
        "DELETE FROM vectors WHERE key = 1",
        "DELETE FROM tokens WHERE key = 1",
    ],
)
def test_columns_that_were_never_written_so_are_damage(data_dir: Path, statement: str) -> None:
    execute(data_dir, statement)
    with pytest.raises(StoreDamaged), open_index(data_dir, lambda name: HashEncoder()) as index:
        (data_dir / DENSE_FILE).unlink()
        list(verify(index.truth, data_dir))
        index.searcher.search(Query("anything", k=50))
