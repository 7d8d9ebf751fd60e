"""Which files of a folder belong to the corpus, and what the folder says of each."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from corpus.errors import NotFound, UnreadableFile
from corpus.files.folders.ignoring import IGNORE_FILE
from corpus.files.folders.metadata import METADATA_FILE, PATTERN, Metadata, listed_of, read_folder_metadata
from corpus.files.folders.synonym_file import SYNONYMS_FILE, read_synonyms
from corpus.files.folders.system import reason_of as reason_of_system
from corpus.files.folders.walking import walk
from corpus.files.formats import format_of
from corpus.files.reading import kind_not_read
from corpus.files.text.decoding import STRICT, Decoding
from corpus.splitting.synonyms import Synonyms

LONGEST_NAME = 255  # of a file, on all common systems


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus.

    Attributes:
        path: absolute.
        source: its name in citations: relative to the folder that was named, or the bare file name.
        metadata: what the folder's `documents.toml` says of it.
        synonyms: what the folder's `synonyms.txt` says, `None` if there is one that cannot be read.
        warnings: what could not be understood of the file's own metadata, once it was read.
        left_out: the share of its characters that was left out as no text of it, once it was read; `None` if none is.
        decoding: what is said of its bytes, if it is a text.
        unpacked: where it lies while it is read, if it is in another file; then no file is at its path.
        inherited: what the mail that it hangs on says, where neither it nor its folder says more.
    """

    path: Path
    source: str
    metadata: Metadata
    synonyms: Synonyms | None
    warnings: tuple[str, ...] = ()
    left_out: float | None = None
    decoding: Decoding = STRICT
    unpacked: Path | None = None
    inherited: Mapping[str, object] = field(default_factory=dict)

    @property
    def content(self) -> Path:
        """Where what it holds is read."""
        return self.unpacked or self.path


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was passed over.

    Attributes:
        source: its name as it would stand in citations.
        reason: why, in one line for the user.
        failed: whether it should have been read and could not be, or is no part of the corpus.
        unknown: whether files of its kind are not read.
    """

    source: str
    reason: str
    failed: bool = False
    unknown: bool = False


class Ignored(Skipped):
    """A file or folder that an ignore file leaves out; it is counted and not told."""


def find_files(paths: Sequence[Path], decoding: Decoding = STRICT) -> Iterator[SourceFile | Skipped]:
    """Yield the files below `paths`, in the order of their names, texts to be decoded as is said.

    What a folder says of the bytes of its texts is believed before that. Hidden files and links out of the folder are
    no part of a corpus and passed over in silence. A file that is itself named is looked at even if an ignore file
    leaves it out.

    Raises:
        NotFound: if a path does not exist, because a typing error must not look like an empty folder.
    """
    seen: set[Path | Skipped] = set()
    for found in _found(paths):
        key = found if isinstance(found, Skipped) else found.path
        if key not in seen:  # a folder and a file in it may both be named, and two files of one folder
            seen.add(key)
            yield found if isinstance(found, Skipped) else replace(found, decoding=found.metadata.decoding or decoding)


def _found(paths: Sequence[Path]) -> Iterator[SourceFile | Skipped]:
    for path in paths:
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise NotFound(f"{path}: no such file or folder; check the path") from None
        except OSError as error:
            yield Skipped(path.name, reason_of_system(error), failed=True)
            continue
        real = path.resolve()
        if real.is_dir():
            yield from files_of_folder(real)
            continue
        folder = _read_folder(real.parent, real.parent)
        yield from folder.mistakes
        yield _source_file(real, path.name, folder)


@dataclass(frozen=True, slots=True)
class _Folder:
    """What a folder says of its files, why it cannot be known if it cannot, and what is told of it once."""

    listed: Mapping[str, Metadata] | None
    unknown: str
    synonyms: Synonyms | None
    mistakes: tuple[Skipped, ...]


def _read_folder(folder: Path, root: Path, name: str = "") -> _Folder:
    """Read what a folder of a name, as it stands in citations, says of its files."""
    said = read_synonyms(folder, root)
    rest = ("the other lines hold",) if said.synonyms else ()
    told = Skipped(name + SYNONYMS_FILE, "; ".join((*said.mistakes, *rest)), failed=True)
    mistakes = (told,) if said.mistakes else ()
    synonyms = said.synonyms if said.readable else None
    try:
        return _Folder(read_folder_metadata(folder, root), "", synonyms, mistakes)
    except UnreadableFile as error:
        return _Folder(None, str(error), synonyms, mistakes)
    except OSError as error:
        return _Folder(None, f"{METADATA_FILE}: {reason_of_system(error)}", synonyms, mistakes)


def files_of_folder(root: Path) -> Iterator[SourceFile | Skipped]:
    """Yield the files below a folder, whose path is absolute and without links; see `find_files`."""
    folders: dict[Path, _Folder] = {}
    for found in walk(root):
        path = found.path
        source = path.relative_to(root).as_posix()
        if found.ignored:
            yield Ignored(source, f"{IGNORE_FILE} leaves it out")
            continue
        if path.name in (METADATA_FILE, SYNONYMS_FILE):
            continue
        if found.problem:
            yield Skipped(source, found.problem, failed=True)
            continue
        if path.parent not in folders:
            folders[path.parent] = _read_folder(path.parent, root, source.removesuffix(path.name))
            yield from folders[path.parent].mistakes
        folder = folders[path.parent]
        if folder.listed is not None and path.name not in folder.listed and path.stem.upper() == "README":
            yield Skipped(source, f"it is about the folder; list it in {METADATA_FILE} to index it")
            continue
        yield _source_file(path, source, folder)
    for parent, folder in folders.items():
        yield from _not_there(parent, folder.listed or {}, parent.relative_to(root))


def _not_there(folder: Path, listed: Collection[str], name: Path) -> Iterator[Skipped]:
    """Tell which files are listed and are not there: by name those that are read, and how many names are of no file."""
    if not listed:
        return
    there = {path.name for path in folder.iterdir()}
    missing = {each for each in listed if each not in there and not PATTERN.search(each)}
    files = sorted(filter(_is_file_name, missing))
    for each in files:
        yield Skipped((name / each).as_posix(), f"{METADATA_FILE} lists it, but it is not there", failed=True)
    if len(missing) > len(files):
        reason = f"tables in it that name no file beside it: {len(missing) - len(files):,}; remove them"
        yield Skipped((name / METADATA_FILE).as_posix(), reason, failed=True)


def _is_file_name(name: str) -> bool:
    """Return whether a name is of a file that would be read; others are not shown, for they may be anything."""
    single = Path(name).name == name and len(name) <= LONGEST_NAME and name.isprintable()
    return single and format_of(Path(name)) is not None


def _source_file(path: Path, source: str, folder: _Folder) -> SourceFile | Skipped:
    if not _is_utf8(source):
        return Skipped(source, "its name is no UTF-8, so it could not be cited; rename it", failed=True)
    if not path.is_file():
        return Skipped(source, "it is no regular file; name a file or folder", failed=True)
    if path.name == SYNONYMS_FILE:
        return Skipped(source, "it holds the synonyms of its folder, and is no document")
    if format_of(path) is None:
        return Skipped(source, kind_not_read(path), unknown=True)
    metadata = listed_of(path.name, folder.listed or {})
    if folder.unknown or metadata.mistakes:
        return Skipped(source, folder.unknown or f"{METADATA_FILE}: {'; '.join(metadata.mistakes)}", failed=True)
    return SourceFile(path, source, metadata, folder.synonyms)


def _is_utf8(name: str) -> bool:
    """Return whether a file's name is text; other bytes come from the system as half surrogate pairs."""
    return not any("\ud800" <= character <= "\udfff" for character in name)
