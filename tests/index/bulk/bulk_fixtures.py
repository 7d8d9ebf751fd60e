"""Workers for the tests: in this process, or processes whose encoder is lost at some texts."""

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from corpus.splitting.passages import SplitterSettings
from corpus.store.sqlite import Store
from index.bulk.packing import packed, unpacked
from index.bulk.syncing import index_by
from index.bulk.work import Answer, Plan, Task, Work
from index.manifest import make_manifest
from index.models.encoder import Encoded, Encoder, ModelChoice, Progress
from index.models.hashing import HashEncoder
from index.syncing import Event, index_paths
from index.writer import Indexer

ALWAYS = "The thunder takes every worker."
ONCE = "The lightning takes one worker, and notes it in "


class DeadlyEncoder(HashEncoder):
    """Ends its process at some texts, without a word."""

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        for text in texts:
            note = Path(text.partition(ONCE)[2].split()[0]) if ONCE in text else None
            if ALWAYS in text or (note is not None and not note.exists()):
                if note is not None:
                    note.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_passages_with_tokens(texts, progress)


def load_hashing(choice: ModelChoice) -> Encoder:
    return HashEncoder()


def load_deadly(choice: ModelChoice) -> Encoder:
    return DeadlyEncoder()


HASHING = Plan(make_manifest(HashEncoder().spec, SplitterSettings()), load_hashing)
DEADLY = Plan(HASHING.manifest, load_deadly)


class Here:
    """One worker in this process; what it is told and tells goes through the same bytes."""

    def __init__(self, plan: Plan = HASHING) -> None:
        self.done: list[Task] = []
        self._plan = plan

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
        work = Work(unpacked(packed(self._plan)))
        for task in tasks:
            self.done.append(task)
            yield task, unpacked(packed(work(unpacked(packed(task)))))
        work.close()


def open_store(folder: Path) -> AbstractContextManager[Store]:
    return Store.open(folder, create=True)


def by_itself(store: Store, *paths: Path, prune: bool = False) -> list[Event]:
    return list(index_paths(store, Indexer(store, HashEncoder()), paths, prune=prune))


def by_workers(store: Store, workers: Here, *paths: Path, prune: bool = False) -> list[Event]:
    return list(index_by(workers, store, Indexer(store, HashEncoder()), paths, prune=prune))


def held(store: Store) -> list[object]:
    """Return all that a store holds of documents and passages, but the numbers of changes."""
    with store.reading() as reader:
        ids = reader.document_ids()
        return [
            [(reader.document(each), reader.document_path(each), reader.passages_of(each)) for each in ids],
            reader.state().corpus_digest,
        ]
