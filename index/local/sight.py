"""What ranking sees of passages first, from the file of all records, and from the truth where that lacks some.

What of a passage is seen never changes, and its key is never given again, so a file of any state will do, whatever was
written since. What it lacks is read once and remembered; the file is written anew where it lacks much, or has what was
deleted.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.durable import Aside
from index.local.following import BATCH
from index.local.record_file import BlockDamaged, RecordFile, write_records
from index.local.records import Places, Records, read_records
from index.ranking.recent import Recent
from index.ranking.seen import Seen

logger = logging.getLogger(__name__)

RECENT = 2_000  # records remembered that the file lacks: 9 MB at 384 numbers and four sentences
LACKING = 16  # a file may lack one passage for so many that it has
SMALL = 64_000_000  # bytes; a file that has no more is compared with its checksums at the start, in some 10 ms


class Sight:
    """What is seen of the passages of a data folder; safe to use from several threads."""

    def __init__(self, path: Path, dimension: int) -> None:
        """See nothing yet.

        Args:
            path: of the file of records.
            dimension: of the vectors.
        """
        self._path = path
        self._dimension = dimension
        self._file: RecordFile | None = None
        self._refused: tuple[int, int] | None = None  # the stamp of a file that has a damaged block
        self._recent = Recent[Key, bytes](RECENT)

    @property
    def damaged(self) -> bool:
        """Whether a block of the file was found damaged, and no other has taken its place."""
        return self._file is None and self._refused is not None

    @property
    def stale(self) -> bool:
        """Whether the file is to be written again: it is damaged, or lacks what an older version left out."""
        return self.damaged or (self._file is not None and not self._file.complete)

    def begin(self, reader: Reader) -> bool:
        """Take the file as it was last recorded, and return whether it is there and whole, as far as that is looked at.

        One that was never written is no damage.
        """
        self.take_over(reader)
        file = self._file
        if file is None:
            return reader.derived(self._path.name) is None
        if file.size <= SMALL and file.damaged():
            self._file, self._refused = None, file.stamp
        return not self.damaged

    def take_over(self, reader: Reader) -> None:
        """Take the file as it was last recorded, unless that was taken before, or is not there any more."""
        recorded = reader.derived(self._path.name)
        if recorded is None or (self._file is not None and self._file.digest == recorded[0]):
            return
        file = RecordFile.open(self._path)
        if file is None or file.stamp == self._refused:
            return
        if (file.digest, file.dimension) == (recorded[0], self._dimension):
            self._file = file

    def seen(self, reader: Reader, keys: Sequence[Key]) -> Seen:
        """Return what is seen of some passages."""
        file, places = self._find(keys)
        if (places < 0).any():
            self.take_over(reader)
            file, places = self._find(keys)
        if file is not None:
            try:
                if (places >= 0).all():
                    return file.seen(places)
                records = self._records(reader, keys, file, places)
            except BlockDamaged:
                self._refuse(file)
                return self.seen(reader, keys)
        else:
            records = self._remembered(reader, keys)
        found = Records.of([records[key] for key in keys], self._dimension)
        return found.seen(found.starts[:-1], found.starts[1:])

    def written(self, reader: Reader) -> Aside | None:
        """Return the file of all passages, written aside; `None` where the one that is there will do."""
        self.take_over(reader)
        recorded, file = reader.derived(self._path.name), self._file
        if recorded is not None and file is not None and file.complete and file.digest == recorded[0]:
            changes = reader.changes(recorded[1])
            if not changes.removed and len(changes.added) * LACKING <= len(file.keys):
                return None
        return Aside(self._path, lambda aside: write_records(aside, self._all(reader), self._dimension))

    def _find(self, keys: Sequence[Key]) -> tuple[RecordFile | None, Places]:
        file = self._file
        return file, np.full(len(keys), -1) if file is None else file.places(np.array(keys))

    def _all(self, reader: Reader) -> Iterator[tuple[Key, bytes]]:
        """Yield the records of all passages by key: those that the file has, and the others from the truth."""
        keys = reader.keys()
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            file, places = self._find(some)
            held = {}
            if file is not None and file.complete:
                try:
                    held = {key: file.record(at) for key, at in zip(some, places.tolist(), strict=True) if at >= 0}
                except BlockDamaged:
                    self._refuse(file)
            lacking = [key for key in some if key not in held]
            held |= self._read(reader, lacking, whole=True)
            yield from ((key, held[key]) for key in some)

    def _records(self, reader: Reader, keys: Sequence[Key], file: RecordFile, places: Places) -> dict[Key, bytes]:
        at = dict(zip(keys, places.tolist(), strict=True))
        records = self._remembered(reader, [key for key in keys if at[key] < 0])
        return records | {key: file.record(at[key]) for key in keys if at[key] >= 0}

    def _remembered(self, reader: Reader, keys: Sequence[Key]) -> dict[Key, bytes]:
        """Return the records of passages that the file lacks."""
        return self._recent.of(keys, lambda lacking: self._read(reader, lacking))

    def _read(self, reader: Reader, keys: Sequence[Key], *, whole: bool = False) -> dict[Key, bytes]:
        return dict(zip(keys, read_records(reader, keys, self._dimension, whole=whole), strict=True))

    def _refuse(self, file: RecordFile) -> None:
        """Read no more of a file that has a damaged block, and remove it, so that the next start makes it anew."""
        logger.warning("%s is damaged; it is rebuilt from the store, nothing is lost", self._path)
        self._file, self._refused = None, file.stamp
        with suppress(OSError):  # of a folder that is read-only
            self._path.unlink()
