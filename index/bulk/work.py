"""What a worker does with a file, wherever it runs: it reads it, cuts it and embeds what is not known yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from json import dumps
from platform import node
from typing import Protocol

from corpus.document import Document
from corpus.errors import WherefromError
from corpus.files.documents import read_documents_of
from corpus.files.folders.folder import Skipped, SourceFile
from corpus.files.sandbox import Extractor
from corpus.passage import Passage
from corpus.splitting.passages import Split
from corpus.splitting.synonyms import NONE, Synonyms, synonyms_within
from corpus.store.columns import document_checksum
from corpus.store.stored import Features
from index.cutting import splitter_of
from index.features import compute_features, searched
from index.local.threads import compute_with_one_thread
from index.manifest import Manifest, check_manifest, make_manifest
from index.models.encoder import Encoder, ModelChoice
from index.ranking.sentence_tokens import Sentences

KEPT = Features(b"", b"", b"", b"", b"")  # stands for vectors that the store has


@dataclass(frozen=True, slots=True)
class Plan:
    """What all files are worked on by.

    Attributes:
        manifest: of the index; a worker that would make another refuses to work.
        load: makes the encoder on the worker's machine, to compute in one thread. It is named to the worker and not
            copied, so it must be a function of a module.
    """

    manifest: Manifest
    load: Callable[[ModelChoice], Encoder]


@dataclass(frozen=True, slots=True)
class Target:
    """What a document becomes: one of an id, with the synonyms of its version before if those now cannot be read."""

    document_id: str
    synonyms: Synonyms = field(default_factory=lambda: NONE)


@dataclass(frozen=True, slots=True)
class Look:
    """A file to be read for what tells its documents from those that are stored.

    Attributes:
        file: the file.
        targets: of its documents, by their paths; one that is not named has the id that its source gives.
    """

    file: SourceFile
    targets: Mapping[str, Target]


@dataclass(frozen=True, slots=True)
class Make:
    """A file to be read, its documents cut and embedded.

    Attributes:
        file: the file.
        targets: of those of its documents that are wanted, by their paths.
        known: digests of passages whose vectors the store has; see `digest_of`.
    """

    file: SourceFile
    targets: Mapping[str, Target]
    known: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """What tells a document from another: its file, the digest of its text, and that of all of it."""

    file: SourceFile
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its passages, and the features of each; those whose vectors the store has are without them."""

    file: SourceFile
    document: Document
    passages: Sequence[Passage]
    features: Sequence[Features]


@dataclass(frozen=True, slots=True)
class Failed:
    """A file of which nothing is known; why, in one line for the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker that cannot work at all."""

    error: WherefromError


Task = Look | Make
Part = Seen | Made | Skipped  # of an answer: a document in the file, or what cannot be read of it
Answer = Sequence[Part] | Failed | Refused


class Workers(Protocol):
    """Whoever works on files."""

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
        """Yield tasks in their order, each with what became of it, once and whichever workers are lost meanwhile.

        Raises:
            WherefromError: if no worker can work.
        """
        ...


class Work:
    """What one worker does; it loads the model when something is to be embedded."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._extractor = Extractor()
        self._loaded: tuple[Encoder, Split] | None = None

    def __call__(self, task: Task) -> Answer:
        """Return what became of a task."""
        if not task.file.path.exists():
            return Failed(f"it is not there for the worker on {node()}; put it where all workers see it by that path")
        try:
            return list(self._parts(task))
        except WherefromError as error:
            return Refused(error)

    def _parts(self, task: Task) -> Iterator[Part]:
        for found in read_documents_of(task.file, self._extractor):
            if isinstance(found, Skipped):
                yield found
                continue
            file, document = found
            target = task.targets.get(str(file.path))
            if target is None and isinstance(task, Make):
                continue
            target = target or Target(document.document_id)
            document = replace(document, document_id=target.document_id)
            if file.synonyms is None:
                document = replace(document, synonyms=synonyms_within(document.text, target.synonyms))
            yield self._part(task, file, document)

    def _part(self, task: Task, file: SourceFile, document: Document) -> Part:
        if isinstance(task, Look):
            return Seen(file, document.sha256, whole_digest(document))
        encoder, split = self._loaded = self._loaded or self._load()
        try:
            return _made(encoder, split, file, document, task.known)
        except Exception as error:  # among so many files one that we cannot cut must not end the work on all others
            return Skipped(file.source, f"it cannot be indexed ({type(error).__name__}: {error})", failed=True)

    def close(self) -> None:
        """Let go of what reads files."""
        self._extractor.close()

    def _load(self) -> tuple[Encoder, Split]:
        compute_with_one_thread()
        wanted = self._plan.manifest
        encoder = self._plan.load(ModelChoice(wanted.encoder.name, wanted.encoder.arithmetic))
        check_manifest(wanted, make_manifest(encoder.spec, wanted.splitter))
        return encoder, splitter_of(encoder, wanted.splitter)


def _made(encoder: Encoder, split: Split, file: SourceFile, document: Document, known: frozenset[bytes]) -> Made:
    passages = split(document)
    wanted = [searched(passage, document.title) for passage in passages]
    kept = {each.sentences: KEPT for each in wanted if known and digest_of(each.sentences) in known}
    computed = compute_features(encoder, wanted, kept)
    return Made(file, document, passages, [computed[each] for each in wanted])


def digest_of(sentences: Sentences) -> bytes:
    """Return what names the sentences of a passage in few bytes; equal ones have equal vectors."""
    return sha256(dumps(asdict(sentences)).encode()).digest()


def whole_digest(document: Document) -> str:
    """Return the digest of all of a document; equal documents have equal ones."""
    return document.sha256 + document_checksum(document)
