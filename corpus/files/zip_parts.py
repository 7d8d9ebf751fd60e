"""What is in a document that is a ZIP, looked over before any tree is made of it: its parts, their elements and depth.

A ZIP of a few kilobytes can hold gigabytes, and which part is the text is told by a part. So every part that may be XML
counts, whatever it is called.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import EXTRACT_LIMIT
from corpus.files.heads import entries_of
from corpus.files.html.markdown import DEEPEST

UNPACKED_LIMIT = 200_000_000  # bytes of all XML in the ZIP; the text of a document of a thousand pages has ten million
MOST_PARTS = 10_000  # nearly all of them pictures
MOST_ELEMENTS = 2_000_000  # of all parts; a thousand pages of tables, which take the time and memory that a file may
MOST_RELATIONS = 100_000  # of a part to others and to addresses; a thousand pages with a hundred links each
TEXT_LIMIT = 4 * EXTRACT_LIMIT  # characters of a part, the white space between elements among them
LONGEST_PIECE = 20_000_000  # bytes between two tags; a picture that is written out as text
PIECE = 1_000_000  # bytes that are unpacked at a time
HEAD = 256  # bytes that show whether a part is XML
LOCKED = 1  # the flag of a part that a password locks
ENCODING_MARKS = str.maketrans("", "", "\0\xef\xbb\xbf\xfe\xff")  # of UTF-8 and UTF-16, read as Latin-1
UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)  # how a hole in a part is told
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, expat.ExpatError, NotImplementedError, ValueError)
# What is granted, several times what honest documents take: of parts and their bytes, to look over; of what is counted,
# to read.
PART_SECONDS, BYTE_SECONDS = 500e-6, 0.01e-6
ELEMENT_SECONDS, ELEMENT_MEMORY = 250e-6, 3_000
CHARACTER_SECONDS, CHARACTER_MEMORY = 3e-6, 50


@contextmanager
def opened(path: Path, name: str, most_elements: int = MOST_ELEMENTS) -> Iterator[zipfile.ZipFile]:
    """Give a document that is a ZIP and can be read, and tell of its damage wherever it is come upon.

    Args:
        path: of the file.
        name: what a person calls its format.
        most_elements: that all of it may have.

    Raises:
        UnreadableFile: if it is damaged, or more than a document can be.
    """
    _check_list(path)
    try:
        with zipfile.ZipFile(path) as parts:
            _check_parts(parts, most_elements)
            yield parts
    except (*UNPACKING, etree.XMLSyntaxError):
        raise UnreadableFile(f"it is a damaged or incomplete {name}; open it and save it again") from None


def _check_list(path: Path) -> None:
    """Refuse a ZIP that lists more parts than a document has, before the list is read.

    Raises:
        UnreadableFile: if it does.
    """
    with path.open("rb") as file:
        count = entries_of(file)
    if count > MOST_PARTS:
        raise UnreadableFile(f"it has {count:,} parts, more than the {MOST_PARTS:,} of a document; split it")


def _check_parts(parts: zipfile.ZipFile, most_elements: int = MOST_ELEMENTS) -> None:
    """Refuse a ZIP that is more than a document can be, and let it cost what is in it.

    Args:
        parts: what is in it.
        most_elements: that all of it may have; sheets are read without a tree of them, and may have more.

    Raises:
        UnreadableFile: if it is.
    """
    names = parts.namelist()
    grant(PART_SECONDS * len(names), 0)
    if len(set(names)) < len(names):
        raise UnreadableFile("it has parts of the same name, so it is damaged; open it and save it again")
    if any(part.flag_bits & LOCKED for part in parts.infolist()):
        raise UnreadableFile("it is locked by a password; save it without one")
    written = [part for part in parts.infolist() if _may_be_xml(parts, part)]
    # What a ZIP claims is a bound: no more than that is ever unpacked of a part.
    size = sum(part.file_size for part in written)
    if size > UNPACKED_LIMIT:
        raise UnreadableFile(f"it unpacks to {size:,} bytes, more than the {UNPACKED_LIMIT:,} of a document; split it")
    grant(BYTE_SECONDS * size, 0)
    _check_tags(parts, written, most_elements)
    for part in written:
        _Outline(part.filename).follow(_pieces(parts, part))


def _may_be_xml(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Return whether a part begins as XML may; another is refused there by whoever would parse it."""
    with suppress(*DAMAGE), parts.open(part) as file:
        start = file.read(HEAD).decode("latin-1").translate(ENCODING_MARKS).lstrip()
        return not start or start.startswith("<")
    return False


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what a part says, as far as it is whole: if its damage matters, whoever reads it will tell."""
    with suppress(*DAMAGE), parts.open(part) as file:
        while piece := file.read(PIECE):
            yield piece


def _check_tags(parts: zipfile.ZipFile, written: Sequence[zipfile.ZipInfo], most: int) -> None:
    total = 0
    for part in written:
        tags = untagged = 0
        for piece in _pieces(parts, part):
            found = piece.count(b"<")
            tags += found - piece.count(b"</")
            untagged = 0 if found else untagged + len(piece)
            if untagged > LONGEST_PIECE:
                reason = f"its part {part.filename} has more than {LONGEST_PIECE:,} bytes without a tag"
                raise UnreadableFile(f"{reason}; save it in a simpler form")
        if part.filename.endswith(".rels") and tags > MOST_RELATIONS:
            reason = f"its part {part.filename} has {tags:,} relations, more than the {MOST_RELATIONS:,} of a document"
            raise UnreadableFile(f"{reason}; split it")
        total += tags
    if total > most:
        raise UnreadableFile(f"it has {total:,} elements, more than the {most:,} of a document; split it")
    grant(ELEMENT_SECONDS * total, ELEMENT_MEMORY * total)


class _Outline:
    """How deep the elements of a part are and how long its text is, without keeping either."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._root = ""
        self._depth = self._length = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._begin
        self._parser.EntityDeclHandler = self._declare
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def follow(self, pieces: Iterator[bytes]) -> None:
        """Refuse a part that no office writes, and let the text in it cost what it should."""
        with suppress(*DAMAGE):
            for piece in pieces:
                self._parser.Parse(piece)
        grant(CHARACTER_SECONDS * self._length, CHARACTER_MEMORY * self._length)

    def _begin(self, root: str, system: str | None, public: str | None, internal: bool) -> None:
        self._root = root

    def _declare(self, *entity: object) -> None:
        if self._root != "svg":  # pictures that were drawn elsewhere may
            raise UnreadableFile(
                f"its part {self._name} declares entities, which no document needs; save it again with an office"
            )

    def _start(self, name: str, attributes: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableFile(
                f"the elements of its part {self._name} are nested more than {DEEPEST} deep; save it in a simpler form"
            )

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        self._length += len(text)
        if self._length > TEXT_LIMIT:
            raise UnreadableFile(f"its part {self._name} has more than {TEXT_LIMIT:,} characters; split it")
