"""What a single file says: its format by its name, its size and its first bytes, then its text."""

import os
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.folders.front_matter import split_front_matter
from corpus.files.formats import format_of, what_is_read
from corpus.files.heads import check_content
from corpus.files.kind import Format
from corpus.files.sandbox import Extractor
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes

# What the programs of files that are not read can save them as.
SAVED_AS = {
    **dict.fromkeys((".doc", ".dot", ".wps", ".wpd", ".pages", ".hwp", ".fodt", ".sxw"), "DOCX"),
    **dict.fromkeys((".ppt", ".pps", ".odp", ".key", ".dps"), "PPTX"),
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".heic"),
        'PDF, the words of whose pictures are read where "wherefrom[ocr]" is installed',
    ),
    **dict.fromkeys((".xlsb", ".et", ".numbers", ".fods"), "XLSX"),
}


def checked_format(source: str, file: BinaryIO) -> Format:
    """Return what a file is, by its name, its size and what it holds.

    Raises:
        UnreadableFile: if such a file is not read, with the reason and the way out.
    """
    path = Path(source)
    named = format_of(path)
    if named is None:
        raise UnreadableFile(f"{source}: {not_read(path)}")
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if not size:
        raise UnreadableFile(f"{source}: the file is empty; nothing can be found in it")
    if size > named.limit:
        raise UnreadableFile(f"{source}: {size:,} bytes are more than the {named.limit:,} of a {named.name}; split it")
    check_content(file, named, path.suffix)
    return named


def read_extract(
    path: Path, source: str, extractor: Extractor, decoding: Decoding = STRICT, folder: Path | None = None
) -> Extract:
    """Return what a file says; nothing of it is read before it is known to be what its name says.

    Text is decoded in this process: what that takes is bounded by the size of the file, a second and 100 MB for the
    largest, whatever its bytes are. All else is parsed in the extractor's.

    Args:
        path: of the file.
        source: what errors call it.
        extractor: reads formats that others parse.
        decoding: what is said of its bytes, if it is a text.
        folder: where the files in it are unpacked, if it is of a format that holds any.

    Raises:
        UnreadableFile: if it cannot be opened or read.
    """
    named = _checked(path, source)
    if named.reader is not None:
        return extractor.extract(path, named, source, folder, decoding=decoding)
    text = decode(read_bytes(path, named.limit), source, decoding=decoding).replace("\r\n", "\n")
    if named.front_matter:
        metadata, text = split_front_matter(text.removeprefix("\ufeff"))
        return Extract(text, metadata)
    return Extract(text)


def not_read(path: Path) -> str:
    """Return why a file of a name is not read."""
    return f"{kind_not_read(path)}; {what_is_read()}"


def kind_not_read(path: Path) -> str:
    """Return that files of the kind that a name tells are not read, without those that are."""
    way_out = SAVED_AS.get(path.suffix.lower())
    return f"{path.suffix or 'a name without ending'} is not read" + (
        f"; open it and save it as {way_out}" if way_out else ""
    )


def _checked(path: Path, source: str) -> Format:
    try:
        with path.open("rb") as file:
            return checked_format(source, file)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror}; check the file and its permissions") from None
