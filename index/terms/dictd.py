"""Dictionaries in the form of dictd, the server of the DICT protocol: an index of headwords, and a file of entries.

A line of the index is a headword, where its entry begins and how many bytes it has, with tabs between and the numbers
in digits of base 64. The entries are in UTF-8, packed by dictzip, which gzip can read, or not packed. A file may come
from anywhere: what it can make us read, unpack or remember is bounded.
"""

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from corpus.errors import InvalidInput, UnreadableFile

DIGITS = {digit: value for value, digit in enumerate(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
)}  # fmt: skip
ABOUT = "00-database", "00database"  # headwords of what the dictionary says of itself
ENDINGS = re.compile(r"\.(?:index|dict|dict\.dz)$")

# The largest of FreeDict, German to English, has 520,000 headwords and 100 MB of entries.
MOST_HEADWORDS = 2_000_000
MOST_UNPACKED = 400_000_000  # bytes
LONGEST_ENTRY = 20_000  # bytes that are read of it
LONGEST_LINE = 4_000  # bytes of the index
BLOCK = 1 << 20  # bytes unpacked at a time
MOST_DIGITS = 8  # of a number, which is 2 to the 48th

# Lines of an entry that do not translate, and what stands in those that do without being part of a translation.
NO_TRANSLATION = re.compile(r'(?:Notes?|Synonyms?|Antonyms?|see|cf\.?|Examples?)\b.*:|["{(“-]|→')
NUMBER = re.compile(r"^(?:\d+[.)]|[-*•])\s+")
MARKS = re.compile(r"<[^<>]*>|\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
PRONUNCIATION = re.compile(r"^.*?/[^/\n]*/")
BETWEEN = re.compile("[,;，；、/]")
LONGEST_MEANING = 40  # characters; what is longer explains


@dataclass(frozen=True, slots=True)
class Files:
    """The two files of a dictionary."""

    index: Path
    entries: Path


def files_of(path: Path) -> Files:
    """Return both files of the dictionary that one of them belongs to.

    Raises:
        InvalidInput: if the name is not that of one of them.
        UnreadableFile: if one of them is not there.
    """
    base = ENDINGS.sub("", str(path))
    if base == str(path):
        raise InvalidInput(f"{path}: not a file of a dictd dictionary; name its .index, .dict or .dict.dz")
    index, packed, plain = (Path(base + ending) for ending in (".index", ".dict.dz", ".dict"))
    entries = packed if packed.is_file() else plain
    for file in (index, entries):
        if not file.is_file():
            raise UnreadableFile(f"{file}: no such file; a dictd dictionary has an .index and a .dict or .dict.dz")
    return Files(index, entries)


def entries(files: Files) -> Iterator[tuple[str, list[str]]]:
    """Yield each headword and what it means, as the index has them; a word may come several times.

    Raises:
        UnreadableFile: naming the file and the line, if they are not of the form of dictd, or too large.
    """
    with TemporaryFile() as unpacked, files.index.open("rb") as index:
        size = _unpack(files.entries, unpacked)
        read = 0
        for number, line in enumerate(iter(lambda: index.readline(LONGEST_LINE), b""), 1):
            if number > MOST_HEADWORDS or read > MOST_UNPACKED:
                raise UnreadableFile(
                    f"{files.index}: larger than any dictionary; more than {number - 1:,} headwords are not read"
                )
            where = f"{files.index}: line {number}"
            headword, start, length = _row(line, where)
            if start + length > size:
                raise UnreadableFile(f"{where} points beyond the end of {files.entries.name}")
            if not headword.startswith(ABOUT):
                read += min(length, LONGEST_ENTRY)
                unpacked.seek(start)
                yield headword, meanings(headword, unpacked.read(min(length, LONGEST_ENTRY)).decode("utf-8", "replace"))


def meanings(headword: str, entry: str) -> list[str]:
    """Return the translations in an entry, each once: without examples, references, notes and grammar."""
    first, *lines = entry.strip("\n").split("\n")
    if not lines:  # all in one line
        lines = [PRONUNCIATION.sub("", first) if "/" in first else first[len(headword) :]]
    found: dict[str, None] = {}
    for line in lines:
        line = NUMBER.sub("", MARKS.sub("", line).strip())
        if not NO_TRANSLATION.match(line):
            parts = (" ".join(part.split()) for part in BETWEEN.split(line))
            found |= dict.fromkeys(part for part in parts if 0 < len(part) <= LONGEST_MEANING)
    return list(found)


def _unpack(packed: Path, into: IO[bytes]) -> int:
    """Write what a file of entries holds, and return its size in bytes."""
    size = 0
    try:
        with gzip.open(packed) if packed.suffix == ".dz" else packed.open("rb") as file:
            while block := file.read(BLOCK):
                size += into.write(block)
                if size > MOST_UNPACKED:
                    raise UnreadableFile(
                        f"{packed}: larger than any dictionary; {MOST_UNPACKED:,} bytes are unpacked at most"
                    )
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{packed}: damaged, or not packed by dictzip: {error}") from None
    return size


def _row(line: bytes, where: str) -> tuple[str, int, int]:
    """Return the headword of a line of the index, and where its entry begins and how long it is, in bytes."""
    try:
        headword, start, length = line.decode("utf-8").rstrip("\r\n").split("\t")[:3]
        return headword, _number(start), _number(length)
    except (ValueError, KeyError):
        raise UnreadableFile(f"{where} is not a headword, an offset and a length with tabs between") from None


def _number(digits: str) -> int:
    if not 1 <= len(digits) <= MOST_DIGITS:
        raise ValueError
    value = 0
    for digit in digits:
        value = value << 6 | DIGITS[digit]
    return value
