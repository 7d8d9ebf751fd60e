"""Keeping an index equal to files and folders: what is new or changed is indexed, what is gone is removed if asked."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.document import Document, document_id_of
from corpus.errors import NotFound
from corpus.files.folder import Skipped, read_documents
from corpus.store.truth import Truth
from index.writer import Entry, Indexed, Indexer


@dataclass(frozen=True, slots=True)
class Removed:
    """A document that was removed because its file is gone."""

    document_id: str
    path: str


def index_paths(
    truth: Truth, indexer: Indexer, paths: Sequence[Path], *, prune: bool = False
) -> Iterator[Indexed | Skipped | Removed]:
    """Index the files below `paths` and yield what became of each.

    A file that can no longer be read keeps the version that is in the index. With `prune`, documents whose
    files were below `paths` and do not exist any more are removed.
    """
    skipped: list[Skipped] = []
    yield from indexer.add(_entries(truth, paths, skipped))
    yield from skipped
    if prune:
        yield from _prune(truth, [path.resolve() for path in paths])


def _entries(truth: Truth, paths: Sequence[Path], skipped: list[Skipped]) -> Iterator[Entry]:
    with truth.reading() as reader:
        ids = reader.document_paths()
    holders = {document_id: path for path, document_id in ids.items()}
    for found in read_documents(paths):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        file, document = found
        path = str(file.path)
        document_id = ids.get(path) or _new_id(truth, path, document, holders)
        ids[path] = document_id
        holders[document_id] = path
        yield Entry(replace(document, document_id=document_id), file.path)


def _new_id(truth: Truth, path: str, document: Document, holders: dict[str, str]) -> str:
    """Return the id that a file's name gives, or one of its own where another file of that name has it.

    A file that is gone keeps its document, for its disk may only be away; unless this one has the same text, and
    so is the file itself in another place.
    """
    holder = holders.get(document.document_id)
    if holder is None or holder == path:
        return document.document_id
    with truth.reading() as reader:
        stored = reader.find_document(document.document_id)
    moved = stored is not None and stored.sha256 == document.sha256 and not Path(holder).exists()
    if not moved:
        return document_id_of(path)
    with truth.writing() as writer:
        writer.set_path(document.document_id, Path(path))
    return document.document_id


def _prune(truth: Truth, roots: Sequence[Path]) -> Iterator[Removed]:
    with truth.reading() as reader:
        paths = reader.document_paths()
    for path, document_id in paths.items():
        below = any(Path(path).is_relative_to(root) for root in roots)
        if below and not Path(path).exists():
            with suppress(NotFound), truth.writing() as writer:  # another process may have been faster
                writer.delete(document_id)
            yield Removed(document_id, path)
