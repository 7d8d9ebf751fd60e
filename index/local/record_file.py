"""The file of all records: mapped, not read, so that processes share it and a start does not wait for it.

Blocks of records come first. What follows them is read at once: the keys of the passages, where their records begin,
and a checksum of each block; then, of fixed length, what all of it has to be. The digest is of what follows the blocks,
and by their checksums of these too. A block is compared with its checksum when something of it is wanted first.
"""

import os
import struct
from array import array
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BufferedRandom
from mmap import ACCESS_READ, mmap
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Key
from index.local.records import Places, Records, stretches, width_of
from index.models.vectors import STORED
from index.ranking.seen import Seen
from index.ranking.sketches import BYTES

BLOCK = 16  # rows, some three passages: more would be read for each that is seen first, fewer take as long to check
KEY, CHECKSUM = np.dtype("<i8"), np.dtype("<u4")
END = struct.Struct("<16sqqq")  # what it is, the dimension, how many records and how many rows
NAME = b"wherefrom rows 2"  # another number when what stands in a record, or how it is made, is another
BEFORE = b"wherefrom rows 1"  # has no digests; where they would be, rows that are wide enough are empty


class BlockDamaged(Exception):
    """A block is not what was written."""


class RecordFile:
    """A file of records as it was when it was opened, whatever takes its place since.

    Attributes:
        digest: of what follows the blocks.
        complete: whether sketches have their digests.
        dimension: of the vectors.
        keys: of the passages, ascending.
        size: in bytes.
        stamp: tells it from another file of the same content.
    """

    def __init__(self, data: mmap, stamp: tuple[int, int]) -> None:
        """Take what was mapped.

        Raises:
            ValueError: if it is no such file.
        """
        if len(data) < END.size:
            raise ValueError("shorter than its end")
        name, self.dimension, count, rows = END.unpack_from(data, len(data) - END.size)
        self.complete = name == NAME
        known = self.complete or (name == BEFORE and width_of(self.dimension) >= BYTES)
        if not known or min(self.dimension - 1, count, rows) < 0:
            raise ValueError("another kind of file")
        blocks = -(-rows // BLOCK)
        begin = rows * width_of(self.dimension)
        if begin + (2 * count + 1) * KEY.itemsize + blocks * CHECKSUM.itemsize + END.size != len(data):
            raise ValueError("of another length than it says")
        self.digest = sha256(memoryview(data)[begin:]).hexdigest()
        self.size, self.stamp = len(data), stamp
        self._data = memoryview(data)
        self.keys = np.frombuffer(data, KEY, count, begin)
        starts = np.frombuffer(data, KEY, count + 1, begin + count * KEY.itemsize)
        self._checksums = np.frombuffer(data, CHECKSUM, blocks, len(data) - END.size - blocks * CHECKSUM.itemsize)
        vectors = np.frombuffer(data, STORED, rows * self.dimension).reshape(rows, self.dimension)
        self._records = Records(vectors, starts)
        self._checked = np.zeros(blocks, np.bool_)

    @classmethod
    def open(cls, path: Path) -> "RecordFile | None":
        """Return the file at a path, `None` if there is none or what is there is something else."""
        with suppress(OSError, ValueError), path.open("rb") as file:  # nothing at all cannot be mapped
            found = os.fstat(file.fileno())
            return cls(mmap(file.fileno(), 0, access=ACCESS_READ), (found.st_ino, found.st_mtime_ns))
        return None

    def places(self, keys: NDArray[np.int64]) -> Places:
        """Return where the records of some passages are, -1 for those that are not here."""
        if not len(self.keys):
            return np.full(len(keys), -1)
        places = self.keys.searchsorted(keys)
        return np.where(self.keys.take(places, mode="clip") == keys, places, -1)

    def seen(self, places: Places) -> Seen:
        """Return what is seen of the passages at some places.

        Raises:
            BlockDamaged: if a block of one is not what was written.
        """
        first, ends = self._records.starts.take(places), self._records.starts.take(places + 1)
        self._check(first, ends)
        return self._records.seen(first, ends)

    def record(self, place: int) -> bytes:
        """Return the record at a place.

        Raises:
            BlockDamaged: if a block of it is not what was written.
        """
        first, end = self._records.starts[place : place + 2]
        self._check(np.array([first]), np.array([end]))
        width = width_of(self.dimension)
        return bytes(self._data[first * width : end * width])

    def damaged(self) -> list[int]:
        """Return the numbers of the blocks that are not what was written, having read all."""
        return [block for block in range(len(self._checksums)) if not self._is_whole(block)]

    def _check(self, first: Places, ends: Places) -> None:
        """Raise BlockDamaged if a block of the rows from some to others is not what was written."""
        begin, last = first // BLOCK, (ends - 1) // BLOCK
        if (last - begin).max() <= 1 and self._checked.take(begin).all() and self._checked.take(last).all():
            return
        blocks = np.unique(stretches(begin, last + 1)[0])
        for block in blocks[~self._checked[blocks]].tolist():
            if not self._is_whole(block):
                raise BlockDamaged(f"block {block}")

    def _is_whole(self, block: int) -> bool:
        """Compare a block with its checksum, once for all questions."""
        size = BLOCK * width_of(self.dimension)
        end = min((block + 1) * size, self._records.rows.nbytes)
        self._checked[block] = crc32(self._data[block * size : end]) == self._checksums[block]
        return bool(self._checked[block])


def write_records(file: BufferedRandom, records: Iterable[tuple[Key, bytes]], dimension: int) -> str:
    """Write a file of records, and return its digest.

    Args:
        file: an empty one.
        records: by key, ascending.
        dimension: of their vectors.
    """
    keys, ends, checksums = array("q"), array("q", [0]), array("L")

    def each() -> Iterator[bytes]:
        for key, record in records:
            keys.append(key)
            ends.append(ends[-1] + len(record) // width_of(dimension))
            yield record

    for block in _blocks(each(), BLOCK * width_of(dimension)):
        checksums.append(crc32(block))
        file.write(block)
    parts = np.array(keys, KEY).tobytes(), np.array(ends, KEY).tobytes(), np.array(checksums, CHECKSUM).tobytes()
    rest = b"".join(parts) + END.pack(NAME, dimension, len(keys), ends[-1])
    file.write(rest)
    return sha256(rest).hexdigest()


def _blocks(parts: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield what some parts are end to end in blocks of one size; the last may be shorter."""
    waiting = bytearray()
    for part in parts:
        waiting += part
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)
