"""Keeping an index equal to files and folders: what is new or changed is indexed, what is gone is removed if asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.document import Document, document_id_of
from corpus.errors import NotFound
from corpus.files.documents import Found, read_documents_of
from corpus.files.folders.folder import Skipped, SourceFile, find_files
from corpus.files.folders.ignoring import Ignoring
from corpus.files.folders.presence import Presence, outermost
from corpus.files.sandbox import Extractor
from corpus.files.text.decoding import STRICT, Decoding
from corpus.splitting.synonyms import NONE, synonyms_within
from corpus.store.truth import Truth
from index.cutting import Entry, Indexed, readable
from index.writer import Indexer, Watch, unwatched


@dataclass(frozen=True, slots=True)
class Removed:
    """A document that was removed because its file is gone or ignored."""

    document_id: str
    path: str


@dataclass(frozen=True, slots=True)
class Warned:
    """A file that was read, and what of it could not be understood."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that was read, and the share of its characters that was left out as no text of it, 0 to 1."""

    source: str
    share: float


def told_of(file: SourceFile) -> list["Warned | LeftOut"]:
    """Return what there is to tell of a file that was read."""
    left_out = [] if file.left_out is None else [LeftOut(file.source, file.left_out)]
    return [*left_out, *(Warned(file.source, each) for each in file.warnings)]


@dataclass(frozen=True, slots=True)
class PruneRefused:
    """Nothing was removed, because so many files are gone that their disk may only be away.

    Attributes:
        gone: documents whose files are gone.
        documents: how many there are below the paths that were named.
        reason: in one line for the user, with the way out.
    """

    gone: int
    documents: int
    reason: str


Event = Indexed | Skipped | Warned | LeftOut | Removed | PruneRefused


def index_paths(
    truth: Truth,
    indexer: Indexer,
    paths: Sequence[Path],
    *,
    prune: bool = False,
    force: bool = False,
    decoding: Decoding = STRICT,
    watch: Watch = unwatched,
) -> Iterator[Event]:
    """Index the files below `paths` and yield what became of each.

    A file that can no longer be read keeps the version that is in the index. With `prune`, documents whose
    files were below `paths` and do not exist any more, or are left out by an ignore file now, are removed; unless that
    were all below one of the paths, or more than half below all of them, and it is not forced.
    """
    presence = Presence()
    yield from index_files(truth, indexer, find_files(paths, decoding), presence, watch)
    if prune:
        yield from prune_paths(truth, paths, presence, force=force)


def index_files(
    truth: Truth,
    indexer: Indexer,
    files: Iterable[SourceFile | Skipped],
    presence: Presence,
    watch: Watch = unwatched,
) -> Iterator[Indexed | Skipped | Warned | LeftOut]:
    """Index files, and yield what became of each, and of those that were passed over before; see `index_paths`.

    Args:
        truth: where to.
        indexer: adds documents to it.
        files: as they were found.
        presence: takes down what was in files that hold others, to be asked when what is gone is removed.
        watch: see `Indexer.add`.
    """
    told: list[Skipped | Warned | LeftOut] = []
    yield from indexer.add(_entries(truth, files, told, presence), watch)
    yield from told


def _entries(
    truth: Truth, files: Iterable[SourceFile | Skipped], told: list[Skipped | Warned | LeftOut], presence: Presence
) -> Iterator[Entry]:
    with truth.reading() as reader:
        ids = reader.document_paths()
    holders = {document_id: path for path, document_id in ids.items()}
    for found in _read(files, presence):
        if isinstance(found, Skipped):
            told.append(found)
            continue
        file, document = found
        told += told_of(file)
        path = str(file.path)
        document_id = ids.get(path)
        if document_id is None:
            document_id = new_id(truth, path, document.document_id, document.sha256, holders, presence)
        ids[path] = document_id
        holders[document_id] = path
        document = replace(document, document_id=document_id)
        yield Entry(document if file.synonyms is not None else _with_known_synonyms(truth, document), file.path)


def _read(files: Iterable[SourceFile | Skipped], presence: Presence) -> Iterator[Found]:
    """Yield the documents in files, and what is skipped of them; take down what was in archives."""
    with Extractor() as extractor:
        for file in files:
            if isinstance(file, Skipped):
                yield file
                continue
            seen: list[SourceFile | Skipped] = []
            for found in read_documents_of(file, extractor):
                seen.append(found if isinstance(found, Skipped) else found[0])
                yield found
            presence.note(file, seen)


def _with_known_synonyms(truth: Truth, document: Document) -> Document:
    """Return a document with the synonyms of its version in the index: what they are now cannot be read."""
    with truth.reading() as reader:
        stored = readable(reader, document.document_id)
    known = stored.synonyms if stored is not None else NONE
    return replace(document, synonyms=synonyms_within(document.text, known))


def new_id(truth: Truth, path: str, named: str, sha256: str, holders: Mapping[str, str], presence: Presence) -> str:
    """Return the id that a file's name gives, or one of its own where another file of that name has it.

    A file that is gone keeps its document, for its disk may only be away; unless this one has the same text, and
    so is the file itself in another place.

    Args:
        truth: where its document belongs.
        path: of the file.
        named: the id that its name gives.
        sha256: of its text.
        holders: which file has which document, by the ids of these.
        presence: tells which files are gone.
    """
    holder = holders.get(named)
    if holder is None or holder == path:
        return named
    with truth.reading() as reader:
        stored = readable(reader, named)
    moved = stored is not None and stored.sha256 == sha256 and presence.is_gone(holder)
    if not moved:
        return document_id_of(path)
    with truth.writing() as writer:
        writer.set_path(named, Path(path))
    return named


def prune_paths(
    truth: Truth, paths: Sequence[Path], presence: Presence, *, force: bool
) -> Iterator[Removed | PruneRefused]:
    """Remove the documents below `paths` whose files are gone; see `index_paths`."""
    roots = [path.resolve() for path in paths]
    with truth.reading() as reader:
        ids = reader.document_paths()
    below = {root: {path for path in ids if Path(path).is_relative_to(root)} for root in roots}
    there = set().union(*below.values())
    gone = set(filter(presence.is_gone, there)) | _ignored(below)
    doubt = "" if force else _doubt(below, there, gone)
    if doubt:
        yield PruneRefused(len(gone), len(there), f"nothing was removed: {doubt}; if they are to go, add --force")
        return
    for path in sorted(gone):
        with suppress(NotFound), truth.writing() as writer:  # another process may have been faster
            writer.delete(ids[path])
        yield Removed(ids[path], path)


def _doubt(below: Mapping[Path, set[str]], there: set[str], gone: set[str]) -> str:
    """Return why a disk may be away rather than files be gone, or "": an unmounted disk leaves an empty folder."""
    for root, documents in below.items():
        if documents and gone >= documents:
            return f"the files of all documents below {root} ({len(documents):,}) are gone or ignored"
    if len(gone) * 2 > len(there):
        of = f"{len(gone):,} of {len(there):,} documents below {', '.join(map(str, below))}"
        return f"the files of {of} are gone or ignored"
    return ""


def _ignored(below: Mapping[Path, set[str]]) -> set[str]:
    """Return which files are ignored below every one of the paths that they are below."""
    kept, ignored = set[str](), set[str]()
    for root, paths in below.items():
        ignoring = Ignoring(root)
        for path in paths:
            (ignored if ignoring.leaves_out(outermost(Path(path))) else kept).add(path)
    return ignored - kept
