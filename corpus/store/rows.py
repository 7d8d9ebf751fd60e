"""What the indexes read of passages: by the row each has in the store, and no more of it than asked for."""

from collections.abc import Iterator, Sequence
from typing import Any

from corpus.errors import StoreDamaged
from corpus.passage import Passage
from corpus.store.columns import PASSAGE_COLUMNS, passage_of
from corpus.store.database import Database

BATCH = 1_000  # rows read at a time where all are read


class RowReader:
    """Passages by row. Rows ascend with time and are never used twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[int]:
        """Return the rows of all passages, in order."""
        with self._database.reading() as connection:
            return [row[0] for row in connection.execute("SELECT row FROM passages ORDER BY row")]

    def search_texts(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the search texts of the passages at these rows."""
        return {row: text for row, text in self._columns("row, search_text FROM passages", rows)}

    def dated_texts(self, rows: Sequence[int]) -> dict[int, tuple[str, str | None]]:
        """Return the search texts of the passages at these rows, and when their documents were published."""
        found = self._columns("row, search_text, published FROM passages JOIN documents USING (document_id)", rows)
        return {row: (text, published) for row, text, published in found}

    def passage_vectors(self, rows: Sequence[int]) -> dict[int, bytes]:
        """Return the vectors of the passages at these rows."""
        return {row: vector for row, vector in self._columns("row, passage_vector FROM vectors", rows)}

    def sentence_vectors(self, rows: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
        """Return the vectors of the passages at these rows, and those of their sentences."""
        found = self._columns("row, passage_vector, sentence_vectors FROM vectors", rows)
        return {row: (vector, of_sentences) for row, vector, of_sentences in found}

    def token_vectors(self, rows: Sequence[int]) -> dict[int, tuple[bytes, bytes]]:
        """Return the vectors of the tokens of the passages at these rows, and how many tokens each sentence has."""
        found = self._columns("row, token_vectors, sentence_tokens FROM tokens", rows)
        return {row: (tokens, counts) for row, tokens, counts in found}

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages at these rows."""
        found = self._columns(f"row, {PASSAGE_COLUMNS} FROM passages", rows)
        return {row: passage_of(columns) for row, *columns in found}

    def _columns(self, columns: str, rows: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return some columns of rows, their number first.

        Raises:
            StoreDamaged: if a row is gone, because the indexes and the store would not speak of the same passages.
        """
        if not rows:
            return []
        marks = ", ".join("?" * len(rows))
        with self._database.reading() as connection:
            found: list[tuple[Any, ...]] = connection.execute(
                f"SELECT {columns} WHERE row IN ({marks})", rows
            ).fetchall()
        if len(found) < len(set(rows)):
            lost = min(set(rows) - {each[0] for each in found})
            raise StoreDamaged(f"the passage of row {lost} is gone from the store; run: wherefrom verify")
        return found


def in_batches(rows: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield rows in stretches that fit in memory with all that is stored of them."""
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
