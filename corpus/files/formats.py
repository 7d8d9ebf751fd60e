"""The kinds of files that are read, how large they may be, and how a file's content shows that its name lies."""

from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableFile

# Bytes. Everything is held in memory while it is split; of a PDF or DOCX most are pictures, which are not read.
TEXT_LIMIT = 20_000_000
CONTAINER_LIMIT = 100_000_000
HEAD = 1024  # bytes that show what a file is


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        name: what a person calls it.
        suffixes: how the names of its files end.
        limit: the most bytes a file may have.
        extracted: whether its text must be extracted; otherwise the file is the text.
    """

    name: str
    suffixes: tuple[str, ...]
    limit: int
    extracted: bool


TEXT = Format("text", (".txt", ".text"), TEXT_LIMIT, extracted=False)
MARKDOWN = Format("Markdown", (".md", ".markdown"), TEXT_LIMIT, extracted=False)
HTML = Format("HTML", (".html", ".htm", ".xhtml"), TEXT_LIMIT, extracted=True)
PDF = Format("PDF", (".pdf",), CONTAINER_LIMIT, extracted=True)
DOCX = Format("DOCX", (".docx",), CONTAINER_LIMIT, extracted=True)
FORMATS = (TEXT, MARKDOWN, HTML, PDF, DOCX)
OF_SUFFIX = {suffix: each for each in FORMATS for suffix in each.suffixes}
SUFFIXES = frozenset(OF_SUFFIX)

# What begins a file of each kind, in lower case and without white space before it. Word keeps DOCX in a ZIP, and
# puts one that is locked by a password, as all of its older files, into the container of OLE.
OLE = "a file of an older Office or locked by a password"
SIGNATURES = (
    (b"%pdf-", "PDF"),
    (b"pk\x03\x04", "DOCX"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"{\\rtf", "RTF"),
)
LOCKED = "EncryptedPackage".encode("utf-16-le")


def format_of(path: Path) -> Format | None:
    """Return the format that a file's name tells, or `None` if files of that name are not read."""
    return OF_SUFFIX.get(path.suffix.lower())


def check_head(head: bytes, named: Format, suffix: str) -> None:
    """Refuse a file whose first bytes show another format than its name.

    Raises:
        UnreadableFile: if they do, because it would be read as noise, or not at all.
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = next((name for signature, name in SIGNATURES if start.startswith(signature)), None)
    if found == named.name:
        return
    if found == OLE and named is DOCX:
        raise UnreadableFile(f"it is {OLE}; open it, remove the password and save it as DOCX")
    if found is not None:
        other = next((f"; name it {each.suffixes[0]}" for each in FORMATS if each.name == found), "")
        raise UnreadableFile(f"its name ends in {suffix}, but what it holds is {found}{other}")
    if named is DOCX or (named is PDF and b"%PDF-" not in head):
        raise UnreadableFile(f"its name ends in {suffix}, but it is no {named.name}; give it the ending of what it is")
