"""Keeping an index equal to files by workers: what `index.syncing` does, in the same order and with the same result.

A file is sent away where it may be new or changed. First those are looked at that cannot be told by their names alone:
which have a version in the store, or the name of another. What is left is made, and stored in the order of the files.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.document import document_id_of
from corpus.files.decoding import STRICT, Decoding
from corpus.files.folder import Skipped, SourceFile, find_files
from corpus.passage import Passage
from corpus.splitting.synonyms import NONE
from corpus.store.stored import Features
from corpus.store.truth import Truth
from index.bulk.work import Answer, Failed, Look, Made, Make, Refused, Seen, Workers, digest_of, whole_digest
from index.cutting import Cut, Entry, Indexed, Outcome, known_features, readable
from index.features import NOTHING_KNOWN, searched
from index.ranking.sentence_tokens import Sentences
from index.syncing import Event, Warned, new_id, prune_paths
from index.writer import Indexer


def index_by(
    workers: Workers,
    truth: Truth,
    indexer: Indexer,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    force: bool = False,
    decoding: Decoding = STRICT,
) -> Iterator[Event]:
    """Index the files below `paths` by workers and yield what became of each; see `index.syncing.index_paths`.

    Raises:
        WherefromError: if no worker can work.
    """
    found = list(find_files(paths, decoding))
    run = _Run(truth, indexer, workers, [each for each in found if isinstance(each, SourceFile)])
    yield from run.events()
    for each in found:
        yield from [each] if isinstance(each, Skipped) else run.told.get(each.path, ())
    if prune:
        yield from prune_paths(truth, paths, force=force)


class _Run:
    def __init__(self, truth: Truth, indexer: Indexer, workers: Workers, files: Sequence[SourceFile]) -> None:
        self._truth, self._indexer, self._workers, self._files = truth, indexer, workers, files
        with truth.reading() as reader:
            self._ids = reader.document_paths()
            self._stored = frozenset(reader.document_ids())
        self._holders = {document_id: path for path, document_id in self._ids.items()}
        self.told: dict[Path, Sequence[Skipped | Warned]] = {}

    def events(self) -> Iterator[Indexed]:
        """Yield what became of the documents; what else there is to tell of a file is then in `told`."""
        seen = {task.file.path: self._noted(task.file, answer) for task, answer in self._workers.each(self._looks())}
        makes: list[Make] = []
        for file in self._files:  # in their order, for the first of a name has it
            if file.path not in seen or seen[file.path] is not None:
                planned = self._planned(file, seen.get(file.path))
                if isinstance(planned, Indexed):
                    yield planned
                else:
                    makes.append(planned)
        for task, answer in self._workers.each(map(self._with_known, makes)):
            made = self._noted(task.file, answer)
            if isinstance(made, Made):
                yield self._keep(made, task.file.path)

    def _noted(self, file: SourceFile, answer: Answer) -> Seen | Made | None:
        """Take down what is to be told of a file; return what it holds, `None` if it cannot be read."""
        if isinstance(answer, Refused):
            raise answer.error
        if isinstance(answer, Failed):
            self.told[file.path] = [Skipped(file.source, answer.reason, failed=True)]
            return None
        self.told[file.path] = [Warned(file.source, each) for each in answer.warnings]
        return answer

    def _likely_id(self, file: SourceFile) -> str:
        return self._ids.get(str(file.path)) or document_id_of(file.source)

    def _looks(self) -> Iterator[Look]:
        likely = list(map(self._likely_id, self._files))
        alike = Counter(likely)
        for file, document_id in zip(self._files, likely, strict=True):
            if document_id in self._stored or alike[document_id] > 1:
                yield Look(self._with_synonyms(file, document_id), document_id)

    def _planned(self, file: SourceFile, seen: Seen | Made | None) -> Make | Indexed:
        """Give a file its id, and return what is to be done, or what its document is if it is stored as it is."""
        path, likely = str(file.path), self._likely_id(file)
        sha256 = seen.sha256 if isinstance(seen, Seen) else ""
        document_id = self._ids.get(path) or new_id(self._truth, path, likely, sha256, self._holders)
        self._ids[path] = document_id
        self._holders[document_id] = path
        if isinstance(seen, Seen) and document_id == likely:
            with self._truth.reading() as reader:
                stored = readable(reader, document_id)
            if stored is not None and whole_digest(stored) == seen.digest:
                return self._indexer.put(Entry(stored, file.path))
        return Make(self._with_synonyms(file, document_id), document_id)

    def _with_synonyms(self, file: SourceFile, document_id: str) -> SourceFile:
        """Return a file with the synonyms of its version in the index, if what they are now cannot be read."""
        if file.synonyms is not None:
            return file
        with self._truth.reading() as reader:
            stored = readable(reader, document_id)
        return replace(file, synonyms=NONE if stored is None else stored.synonyms)

    def _with_known(self, task: Make) -> Make:
        known = self._known(task.document_id) if task.document_id in self._stored else {}
        return replace(task, known=frozenset(map(digest_of, known)))

    def _known(self, document_id: str) -> Mapping[Sentences, Features]:
        with self._truth.reading() as reader:
            stored = readable(reader, document_id)
            return NOTHING_KNOWN if stored is None else known_features(reader, stored)

    def _keep(self, made: Made, path: Path) -> Indexed:
        entry = Entry(made.document, path)
        with self._truth.reading() as reader:
            known = readable(reader, made.document.document_id) is not None
        try:
            features = self._whole(made)
        except KeyError:  # others have written the document since
            return self._indexer.put(entry)
        cut = Cut(entry, list(made.passages), NOTHING_KNOWN, Outcome.UPDATED if known else Outcome.ADDED)
        return self._indexer.keep(cut, features)

    def _whole(self, made: Made) -> list[Features]:
        """Return the features of a document, those that were left out from its version in the store."""
        if all(features.vector for features in made.features):
            return list(made.features)
        known = self._known(made.document.document_id)

        def whole(passage: Passage, features: Features) -> Features:
            if features.vector:
                return features
            return replace(
                known[searched(passage, made.document.title).sentences], terms=features.terms, years=features.years
            )

        return list(map(whole, made.passages, made.features))
