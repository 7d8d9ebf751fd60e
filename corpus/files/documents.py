"""From files to documents: what each file says, and each of the files in it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from time import monotonic

from corpus.document import Document, make_document
from corpus.errors import UnreadableFile, WherefromError
from corpus.files.extract import Extract
from corpus.files.folders.folder import Skipped, SourceFile, files_of_folder, find_files
from corpus.files.folders.metadata import filled
from corpus.files.formats import format_of
from corpus.files.members import Unpacking, facts_of_holder, handed_down, inherited_by
from corpus.files.reading import read_extract
from corpus.files.sandbox import Extractor
from corpus.files.text.decoding import STRICT, Decoding
from corpus.parts import PartKind
from corpus.splitting.synonyms import NONE, Synonyms, synonyms_within

Found = tuple[SourceFile, Document] | Skipped


def read_documents_of(file: SourceFile, extractor: Extractor, scratch: Path | None = None) -> Iterator[Found]:
    """Yield the documents that a file holds: its own text, then what is in it, in the order of the names.

    What cannot be read is skipped with the reason. Files in it are there while it is iterated; see
    `corpus.files.members`.

    Args:
        file: the file.
        extractor: reads formats that others parse.
        scratch: a folder for what is unpacked; the system's if none is given.
    """
    with Unpacking(scratch) as unpacking:
        yield from _documents_of(file, extractor, unpacking, 0)


def _documents_of(file: SourceFile, extractor: Extractor, unpacking: Unpacking, depth: int) -> Iterator[Found]:
    began = monotonic()
    try:
        folder = unpacking.folder_for(file.path, depth)
        extract = read_extract(file.content, file.source, extractor, file.decoding, folder)
        unpacking.add(file.content, extract.members)
        own = _own_documents(file, extract)
    except WherefromError as error:
        unpacking.waste(began)
        yield Skipped(file.source, reason_of(error, file), failed=True)
        return
    yield from own
    for each in () if folder is None else _members_of(file, extract, folder):
        yield from [each] if isinstance(each, Skipped) else _documents_of(each, extractor, unpacking, depth + 1)


def _own_documents(file: SourceFile, extract: Extract) -> list[Found]:
    """Return the document of a file's own text, with what could not be understood; what is told of one without a text.

    What the folder says of it wins over what the file says of itself.

    Raises:
        UnreadableFile: if there is nothing in it at all.
        InvalidInput: if its text cannot be stored.
    """
    if not extract.text.strip():
        if not (extract.members or extract.remarks):
            raise UnreadableFile(f"{file.source}: the file is empty; nothing can be found in it")
        return [Skipped(file.source, remark) for remark in extract.remarks]
    known = filled(file.metadata, extract.metadata)
    document = make_document(
        extract.text,
        source=file.source,
        title=known.title or _name_of(file, extract),
        publisher=known.publisher,
        published=known.published,
        url=known.url,
        author=known.author,
        language=known.language,
        metadata={**file.inherited, **known.other},
        synonyms=synonyms_within(extract.text, file.synonyms or NONE),
        parts=extract.parts,
    )
    warnings = (*(f"front matter: {mistake}" for mistake in extract.metadata.mistakes), *extract.remarks)
    return [(replace(file, warnings=warnings, left_out=extract.left_out), document)]


def _name_of(file: SourceFile, extract: Extract) -> str | None:
    """Return the name of a file whose text does not begin with its title: of several sheets, or of records."""
    sheets = sum(part.kind is PartKind.SHEET for part in extract.parts)
    named = format_of(file.content)
    is_called_by_it = sheets > 1 or (named is not None and named.titled_by_file)
    return PurePath(file.source).stem if is_called_by_it else None


def _members_of(holder: SourceFile, extract: Extract, folder: Path) -> Iterator[SourceFile | Skipped]:
    """Yield the files in a file, as they are cited: those that were not unpacked first."""
    for member in extract.members:
        if member.problem:
            yield Skipped(f"{holder.source}/{member.name}", member.problem, failed=True)
    facts = facts_of_holder(holder.source, holder.inherited, extract)
    for found in files_of_folder(folder):
        source = f"{holder.source}/{found.source}"
        if isinstance(found, Skipped):
            yield replace(found, source=source)
            continue
        yield replace(
            found,
            path=holder.path / found.source,
            source=source,
            metadata=handed_down(holder.metadata, found.metadata),
            synonyms=_both(holder.synonyms, found.synonyms),
            decoding=found.metadata.decoding or holder.decoding,
            unpacked=found.path,
            inherited=inherited_by(found.path, facts),
        )


def _both(outer: Synonyms | None, inner: Synonyms | None) -> Synonyms | None:
    return None if outer is None or inner is None else {**outer, **inner}


def reason_of(error: WherefromError, file: SourceFile) -> str:
    """Return what is wrong with a file, without its name."""
    return str(error).removeprefix(f"{file.source}: ").removeprefix(f"{file.content.name}: ")


def read_documents(paths: Sequence[Path], decoding: Decoding = STRICT) -> Iterator[Found]:
    """Yield every document below `paths` with its file; a file that cannot be read is skipped with the reason."""
    with Extractor() as extractor:
        for found in find_files(paths, decoding):
            yield from [found] if isinstance(found, Skipped) else read_documents_of(found, extractor)
