"""Copying a collection from one truth to another, as it is: nothing is cut or embedded anew.

Documents go in batches, each durable before the next is read, in the order of their keys: by that equal scores are put
in order. Then all of both is compared in one state of the source, and what was written there meanwhile is copied, too.
So a copy that was stopped goes on when it is begun again; until it is whole, a note in it says what it is a copy of.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace

from corpus.errors import AlreadyExists, Outdated, StoreDamaged, StoreUnavailable
from corpus.store.comparing import Fingerprint
from corpus.store.copied import Copied, Side, Step
from corpus.store.copying_files import copy_jobs, copy_uploads, other_files
from corpus.store.truth import Reader, Writer
from corpus.store.whole import Whole, read_whole, write_whole

UNFINISHED = "copy of"  # the note of a store that is not a whole copy yet; empty once it is
PAGE_DOCUMENTS = 200  # compared, or removed, at a time
PAGE_PASSAGES = 250  # of which documents are read in one state of the source
BATCH_BYTES = 1_000_000  # written in one transaction; a document that is larger has one for itself

Look = Callable[[], AbstractContextManager[Reader]]
Notes = Mapping[str, str]
Fits = Callable[[Notes, Notes], bool]  # whether the features of stores with these notes may stand side by side


class Copying:
    """One collection on its way.

    Attributes:
        copied: what became of it, as far as it is.
    """

    def __init__(self, source: Side, target: Side, fits: Fits, *, replace: bool = False) -> None:
        """Prepare a copy.

        Args:
            source: what is copied; others may write there.
            target: what becomes the same; nobody else should write there.
            fits: whether the features of both may stand side by side.
            replace: whether what else the target holds is removed.
        """
        self.copied = Copied()
        self._source, self._target = source, target
        self._fits, self._replace = fits, replace

    def run(self) -> Iterator[Step]:
        """Copy everything, and yield how far it is.

        Raises:
            AlreadyExists: if the target holds anything else, and that is not to be replaced, or is the source itself;
                nothing is changed then.
            Outdated: if the source was built anew, or the target written by others, meanwhile.
            StoreUnavailable: if the source is no whole copy itself.
            StoreDamaged: if the target does not give back what is written.
        """
        with self._source.truth.reading() as reader:
            notes = _notes_of(reader)
            fits = self._check(reader, notes)
        self._begin(notes, fits)
        yield from self._copy_by_key()
        with self._source.truth.reading() as reader:
            if not self._fits(notes, reader.comparing.notes()):
                raise Outdated(f"{self._source.name} was built anew meanwhile; run the same command again")
            yield from self._complete(reader)

    def _check(self, reader: Reader, notes: Notes) -> bool:
        """Refuse to change what is no copy of the source, and return whether features that are there may stay."""
        if reader.meta(UNFINISHED):
            raise StoreUnavailable(f"{self._source.name} is no whole copy itself; finish that first")
        with self._target.truth.reading() as there:
            fits = not there.state().documents or self._fits(notes, there.comparing.notes())
            begun = there.meta(UNFINISHED)
            if self._replace or begun == self._source.name:
                return fits
            if begun:
                other = f"is an unfinished copy of {begun}"
            elif not fits:
                other = f"was built with another model or by other rules than {self._source.name}"
            elif found := next(_others(reader, there), None):
                other = f"holds {found}, which {self._source.name} holds otherwise or not at all"
            else:
                return fits
        way_out = "name another target, or have what it holds replaced with --replace"
        raise AlreadyExists(f"{self._target.name} {other}; {way_out}")

    def _begin(self, notes: Notes, fits: bool) -> None:
        """Note in the target what it becomes a copy of, and remove from it what must not stay."""
        with self._target.truth.writing() as writer:
            writer.set_meta(UNFINISHED, self._source.name)
        self._check_apart()
        if not fits:
            for ids in _pages(self._target.truth.reading):
                self._remove(ids)
        with self._target.truth.writing() as writer:
            if not fits:
                writer.forget_derived()
            _note(writer, notes)

    def _check_apart(self) -> None:
        """Refuse to copy a store to itself, which may go by two names: then the note in one stands in the other."""
        with self._source.truth.reading() as reader:
            same = reader.meta(UNFINISHED) == self._source.name
        if same:
            with self._target.truth.writing() as writer:
                writer.set_meta(UNFINISHED, "")
            raise AlreadyExists(f"{self._target.name} is {self._source.name} itself; name another target")

    def _copy_by_key(self) -> Iterator[Step]:
        """Copy the documents that have passages, each page of them as it is when its turn comes."""
        after, before = 0, ""
        while True:
            with self._source.truth.reading() as reader:
                owners = reader.comparing.owners(after, PAGE_PASSAGES)
                ids = [each for each in dict.fromkeys(owners.values()) if each != before]
                self._copy(reader, ids)
            if not owners:
                return
            after = max(owners)
            before = owners[after]  # the next page may have more of it, but it is copied
            yield Step(len(ids), len(owners))

    def _complete(self, reader: Reader) -> Iterator[Step]:
        """Make the target hold what a state of the source does, and nothing else."""
        for ids in _pages(self._target.truth.reading):
            there = reader.facts(ids)
            self._remove([each for each in ids if each not in there])
        for ids in _pages(lambda: nullcontext(reader)):
            self._copy(reader, ids)
            yield Step(len(ids), 0, comparing=True)
        self.copied.uploads += copy_uploads(reader, self._target.truth)
        self.copied.jobs += copy_jobs(reader, self._target.truth)
        if self.copied.damaged:
            return
        with self._target.truth.writing() as writer:
            _note(writer, _notes_of(reader))
            state, held = reader.state(), writer.state()
            if replace(held, sequence=state.sequence) != state:
                way_out = "see that nobody else writes there, and run the same command again"
                raise Outdated(f"{self._target.name} does not hold what {self._source.name} does after all; {way_out}")
            writer.set_meta(UNFINISHED, "")
        self.copied.state = state

    def _copy(self, reader: Reader, ids: Sequence[str]) -> None:
        """Copy those of some documents that are not in the target as they are in the source."""
        mine = reader.comparing.fingerprints(ids)
        with self._target.truth.reading() as there:
            theirs = there.comparing.fingerprints(ids)
        missing = [each for each in ids if mine[each] != theirs.get(each)]
        for batch in _batches(self._readable(reader, missing, mine)):
            with self._target.truth.writing() as writer:
                for whole in batch:
                    write_whole(writer, whole, there=whole.document_id in theirs)
                self._check_written(writer, batch)
            self.copied.documents += len(batch)
            self.copied.passages += sum(len(each.passages) for each in batch)

    def _readable(self, reader: Reader, ids: Sequence[str], fingerprints: Mapping[str, Fingerprint]) -> Iterator[Whole]:
        """Yield documents, and take down those that are damaged."""
        for each in ids:
            try:
                yield read_whole(reader, each, fingerprints[each])
            except StoreDamaged as error:
                self.copied.damaged[each] = str(error)

    def _check_written(self, writer: Reader, batch: Sequence[Whole]) -> None:
        """Read documents again where they were written, before that is durable."""
        found = writer.comparing.fingerprints([each.document_id for each in batch])
        for whole in batch:
            own = whole.document_id
            with suppress(StoreDamaged):
                if own in found and read_whole(writer, own, found[own]) == whole:
                    continue
            raise StoreDamaged(f"{self._target.name} does not give document {own} back as it was written to it")

    def _remove(self, ids: Sequence[str]) -> None:
        if ids:
            with self._target.truth.writing() as writer:
                for each in ids:
                    writer.delete(each)
            self.copied.removed += len(ids)


def _others(reader: Reader, there: Reader) -> Iterator[str]:
    """Yield what a target holds that its source does not."""
    for ids in _pages(lambda: nullcontext(there)):
        mine, theirs = reader.comparing.fingerprints(ids), there.comparing.fingerprints(ids)
        yield from (f"document {each}" for each in ids if mine.get(each) != theirs[each])
    yield from other_files(reader, there)


def _pages(look: Look) -> Iterator[list[str]]:
    """Yield the ids of all documents in order, some at a time, each time of the state that is looked at."""
    last = ""
    while True:
        with look() as reader:
            ids = reader.document_ids(last, most=PAGE_DOCUMENTS)
        if not ids:
            return
        yield ids
        last = ids[-1]


def _batches(documents: Iterator[Whole]) -> Iterator[list[Whole]]:
    """Yield documents in batches of some size, each filled up by its last one."""
    batch: list[Whole] = []
    for each in documents:
        batch.append(each)
        if sum(whole.bytes for whole in batch) >= BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _notes_of(reader: Reader) -> dict[str, str]:
    """Return the notes that go along."""
    return {name: value for name, value in reader.comparing.notes().items() if name != UNFINISHED}


def _note(writer: Writer, notes: Notes) -> None:
    for name, value in notes.items() - writer.comparing.notes().items():
        writer.set_meta(name, value)
