"""Keeping an index equal to files by workers: what `index.syncing` does, in the same order and with the same result.

A file is sent away where it may be new or changed. First those are looked at that cannot be told by their names alone:
which have a version in the store, the name of another, or others in them. What is left is made, and stored in the order
of the files.
"""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from pathlib import Path

from corpus.document import document_id_of
from corpus.files.folders.folder import Skipped, SourceFile, find_files
from corpus.files.folders.presence import Presence
from corpus.files.formats import holds_files
from corpus.files.text.decoding import STRICT, Decoding
from corpus.passage import Passage
from corpus.splitting.synonyms import NONE
from corpus.store.stored import Features
from corpus.store.truth import Truth
from index.bulk.work import Answer, Failed, Look, Made, Make, Refused, Seen, Target, Workers, digest_of, whole_digest
from index.cutting import Cut, Entry, Indexed, Outcome, known_features, readable
from index.features import NOTHING_KNOWN, searched
from index.ranking.sentence_tokens import Sentences
from index.syncing import Event, LeftOut, Warned, new_id, prune_paths, told_of
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
        yield from prune_paths(truth, paths, run.presence, force=force)


class _Run:
    def __init__(self, truth: Truth, indexer: Indexer, workers: Workers, files: Sequence[SourceFile]) -> None:
        self._truth, self._indexer, self._workers, self._files = truth, indexer, workers, files
        with truth.reading() as reader:
            self._ids = reader.document_paths()
            self._stored = frozenset(reader.document_ids())
        self._paths = sorted(self._ids)
        self._holders = {document_id: path for path, document_id in self._ids.items()}
        self.presence = Presence()
        self.told: dict[Path, Sequence[Skipped | Warned | LeftOut]] = {}

    def events(self) -> Iterator[Indexed]:
        """Yield what became of the documents; what else there is to tell of a file is then in `told`."""
        seen = {task.file.path: self._noted(task.file, answer) for task, answer in self._workers.each(self._looks())}
        makes: list[Make] = []
        for file in self._files:  # in their order, for the first of a name has it
            targets: dict[str, Target] = {}
            for each in seen.get(file.path, [file]):
                planned = self._planned(each)
                if isinstance(planned, Indexed):
                    yield planned
                else:
                    targets[str(_file_of(each).path)] = planned
            if targets:
                makes.append(Make(file, targets))
        for task, answer in self._workers.each(map(self._with_known, makes)):
            yield from (self._keep(each) for each in self._noted(task.file, answer) if isinstance(each, Made))

    def _noted(self, file: SourceFile, answer: Answer) -> Sequence[Seen | Made]:
        """Take down what is to be told of a file, and return the documents in it, as far as it can be read."""
        if isinstance(answer, Refused):
            raise answer.error
        if isinstance(answer, Failed):
            answer = [Skipped(file.source, answer.reason, failed=True)]
        found = [each if isinstance(each, Skipped) else each.file for each in answer]
        if file.path not in self.told:  # only what was looked at was seen whole
            self.presence.note(file, found)
        told = [each for one in found for each in _told_of(one)]
        self.told[file.path] = list(dict.fromkeys([*self.told.get(file.path, ()), *told]))
        return [each for each in answer if not isinstance(each, Skipped)]

    def _likely_id(self, file: SourceFile) -> str:
        return self._ids.get(str(file.path)) or document_id_of(file.source)

    def _looks(self) -> Iterator[Look]:
        likely = list(map(self._likely_id, self._files))
        alike = Counter(likely)
        for file, document_id in zip(self._files, likely, strict=True):
            if document_id in self._stored or alike[document_id] > 1 or holds_files(file.path):
                yield Look(file, self._targets(file, document_id))

    def _targets(self, file: SourceFile, document_id: str) -> dict[str, Target]:
        """Return what the documents in a file likely are: those that were in it when it was read last."""
        inner = f"{file.path}{os.sep}"
        start = bisect_left(self._paths, inner)
        stored = takewhile(lambda path: path.startswith(inner), islice(self._paths, start, None))
        ids = {path: self._ids[path] for path in stored} if holds_files(file.path) else {}
        return {path: self._target(file, each) for path, each in {**ids, str(file.path): document_id}.items()}

    def _planned(self, found: SourceFile | Seen | Made) -> Target | Indexed:
        """Give a document its id, and return what is to be made of it, or what it is if it is stored as it is."""
        file = _file_of(found)
        path, likely = str(file.path), self._likely_id(file)
        sha256 = found.sha256 if isinstance(found, Seen) else ""
        document_id = self._ids.get(path) or new_id(self._truth, path, likely, sha256, self._holders, self.presence)
        self._ids[path] = document_id
        self._holders[document_id] = path
        if isinstance(found, Seen) and document_id == likely:
            with self._truth.reading() as reader:
                stored = readable(reader, document_id)
            if stored is not None and whole_digest(stored) == found.digest:
                return self._indexer.put(Entry(stored, file.path))
        return self._target(file, document_id)

    def _target(self, file: SourceFile, document_id: str) -> Target:
        """Return a target with the synonyms of its version in the index, if what they are now cannot be read."""
        if file.synonyms is not None:
            return Target(document_id)
        with self._truth.reading() as reader:
            stored = readable(reader, document_id)
        return Target(document_id, NONE if stored is None else stored.synonyms)

    def _with_known(self, task: Make) -> Make:
        ids = (target.document_id for target in task.targets.values())
        return replace(task, known=frozenset(digest_of(each) for own in ids for each in self._known(own)))

    def _known(self, document_id: str) -> Mapping[Sentences, Features]:
        if document_id not in self._stored:
            return NOTHING_KNOWN
        with self._truth.reading() as reader:
            stored = readable(reader, document_id)
            return NOTHING_KNOWN if stored is None else known_features(reader, stored)

    def _keep(self, made: Made) -> Indexed:
        entry = Entry(made.document, made.file.path)
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


def _file_of(found: SourceFile | Seen | Made) -> SourceFile:
    return found if isinstance(found, SourceFile) else found.file


def _told_of(found: SourceFile | Skipped) -> list[Skipped | Warned | LeftOut]:
    return [found] if isinstance(found, Skipped) else [*told_of(found)]
