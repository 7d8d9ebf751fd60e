"""What ranking sees of a passage first, end to end in rows of one width, so that one place of a file has all of it.

A record is the passage's own vector, a vector for each of its sentences, or its own again where it has none, and the
sketch of its text, filled up to whole rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.errors import StoreDamaged
from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.models.vectors import STORED, HalfVectors
from index.ranking.seen import Seen
from index.ranking.sketches import BYTES, Sketches, sketches_of
from index.ranking.wording import read_wordings

Places = NDArray[np.int64]


def width_of(dimension: int) -> int:
    """Return how many bytes a row has."""
    return dimension * STORED.itemsize


def read_records(reader: Reader, keys: Sequence[Key], dimension: int, *, whole: bool) -> list[bytes]:
    """Return the records of some passages, from the truth.

    Args:
        reader: of it.
        keys: of the passages.
        dimension: of their vectors.
        whole: whether sketches are to have digests, for which a question has no time.

    Raises:
        StoreDamaged: if the vectors of one are not of the dimension.
    """
    vectors, texts = reader.vectors(keys), reader.search_texts(keys)
    wordings = read_wordings(reader, keys) if whole else {}
    sketches = sketches_of([texts[key] for key in keys], [wordings[key] for key in keys] if whole else None)
    return [_record(*vectors[key], sketch.tobytes(), dimension) for key, sketch in zip(keys, sketches, strict=True)]


def _record(own: bytes, sentences: bytes, sketch: bytes, dimension: int) -> bytes:
    width = width_of(dimension)
    if len(own) != width or len(sentences) % width:
        wrong = len(own) if len(own) != width else len(sentences)
        raise StoreDamaged(
            f"stored vectors of {wrong} bytes do not fit dimension {dimension}; run: wherefrom index --rebuild"
        )
    return own + (sentences or own) + sketch.ljust(_sketch_rows(width) * width, b"\0")


def _sketch_rows(width: int) -> int:
    return -(-BYTES // width)


@dataclass(frozen=True, slots=True)
class Records:
    """Records end to end.

    Attributes:
        rows: shape `(rows, dimension)`; the last ones of a record are no vectors.
        starts: at which row each begins, and the last ends, shape `(records + 1,)`.
    """

    rows: HalfVectors
    starts: Places

    @classmethod
    def of(cls, records: Sequence[bytes], dimension: int) -> "Records":
        """Return some records end to end."""
        rows = np.frombuffer(b"".join(records), STORED).reshape(-1, dimension)
        ends = np.cumsum([len(each) for each in records], dtype=np.int64) // width_of(dimension)
        return cls(rows, np.concatenate([[0], ends]))

    def seen(self, first: Places, ends: Places) -> Seen:
        """Return what is seen of the passages whose records are the rows from some to others."""
        sketch_rows = _sketch_rows(width_of(self.rows.shape[1]))
        sketches = ends - sketch_rows
        vectors, starts = stretches(first, sketches)

        def sketch(some: Places) -> Sketches:
            rows = self.rows[sketches[some][:, np.newaxis] + np.arange(sketch_rows)]
            data = rows.reshape(len(some), -1).view(np.uint8)[:, :BYTES]
            return np.ascontiguousarray(data).view(np.uint64)

        return Seen(self.rows.take(vectors, axis=0), starts, sketch)


def stretches(first: Places, ends: Places) -> tuple[Places, Places]:
    """Return the numbers from each of some to before its end, one stretch after the other, and where each begins."""
    lengths = ends - first
    after = lengths.cumsum()
    starts = after - lengths
    return np.arange(after[-1]) + (first - starts).repeat(lengths), starts
