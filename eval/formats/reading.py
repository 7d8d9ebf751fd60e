"""A file as the product reads it, under a name of its own or another."""

from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.reading import read_extract
from corpus.files.sandbox import Extractor


def read(path: Path, extractor: Extractor, name: str | None = None) -> Extract | str:
    """Return what a file says, or in a line why it was refused.

    Args:
        path: the file.
        extractor: what reads it where it has to be parsed.
        name: the name that says of which format it is, if not its own.
    """
    source = name or path.name
    try:
        extract = read_extract(path, source, extractor)
    except UnreadableFile as error:
        return str(error).removeprefix(f"{source}: ").removeprefix(f"{path.name}: ")
    return extract
