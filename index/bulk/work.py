"""What a worker does with a file, wherever it runs: it reads it, cuts it and embeds what is not known yet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from json import dumps
from platform import node
from typing import Protocol

from corpus.document import Document
from corpus.errors import WherefromError
from corpus.files.folder import SourceFile, read_document, reason_of
from corpus.files.sandbox import Extractor
from corpus.passage import Passage
from corpus.splitting.passages import Split
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
class Look:
    """A file to be read for what tells its document from the one that is stored."""

    file: SourceFile
    document_id: str


@dataclass(frozen=True, slots=True)
class Make:
    """A file to be read, cut and embedded.

    Attributes:
        file: the file.
        document_id: of its document.
        known: digests of passages whose vectors the store has; see `digest_of`.
    """

    file: SourceFile
    document_id: str
    known: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """What tells the document in a file from another: the digest of its text, and that of all of it."""

    sha256: str
    digest: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A document with its passages, and the features of each; those whose vectors the store has are without them."""

    document: Document
    passages: Sequence[Passage]
    features: Sequence[Features]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that cannot be read; why, in one line for the user."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A worker that cannot work at all."""

    error: WherefromError


Task = Look | Make
Answer = Seen | Made | Failed | Refused


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
            file, document = read_document(task.file, self._extractor)
        except WherefromError as error:
            return Failed(reason_of(error, task.file))
        document = replace(document, document_id=task.document_id)
        if isinstance(task, Look):
            return Seen(document.sha256, whole_digest(document), file.warnings)
        try:
            encoder, split = self._loaded = self._loaded or self._load()
        except WherefromError as error:
            return Refused(error)
        try:
            return _made(encoder, split, document, task.known, file.warnings)
        except Exception as error:  # among so many files one that we cannot cut must not end the work on all others
            return Failed(f"it cannot be indexed ({type(error).__name__}: {error})")

    def close(self) -> None:
        """Let go of what reads files."""
        self._extractor.close()

    def _load(self) -> tuple[Encoder, Split]:
        compute_with_one_thread()
        wanted = self._plan.manifest
        encoder = self._plan.load(ModelChoice(wanted.encoder.name, wanted.encoder.arithmetic))
        check_manifest(wanted, make_manifest(encoder.spec, wanted.splitter))
        return encoder, splitter_of(encoder, wanted.splitter)


def _made(
    encoder: Encoder, split: Split, document: Document, known: frozenset[bytes], warnings: tuple[str, ...]
) -> Made:
    passages = split(document)
    wanted = [searched(passage, document.title) for passage in passages]
    kept = {each.sentences: KEPT for each in wanted if known and digest_of(each.sentences) in known}
    computed = compute_features(encoder, wanted, kept)
    return Made(document, passages, [computed[each] for each in wanted], warnings)


def digest_of(sentences: Sentences) -> bytes:
    """Return what names the sentences of a passage in few bytes; equal ones have equal vectors."""
    return sha256(dumps(asdict(sentences)).encode()).digest()


def whole_digest(document: Document) -> str:
    """Return the digest of all of a document; equal documents have equal ones."""
    return document.sha256 + document_checksum(document)
