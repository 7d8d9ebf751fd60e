"""The kinds of files that are read, how large they may be, and how a file's content shows that its name lies.

A new kind is an entry of `REGISTRY` and, where its text must be extracted, a module with a `read` function.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import PurePath

from corpus.errors import UnreadableFile

# Bytes. Everything is held in memory while it is split; of a PDF or DOCX most are pictures, which are not read.
TEXT_LIMIT = 20_000_000
CONTAINER_LIMIT = 100_000_000
HEAD = 1024  # bytes that show what a file is


class Markup(StrEnum):
    """What marks the parts of a text: nothing, Markdown as people write it, or the little of it that we write."""

    NONE = auto()
    WRITTEN = auto()
    EXTRACTED = auto()  # headings, lists, tables and code, by `corpus.files.markdown`; an asterisk is one


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file.

    Attributes:
        name: what a person calls it.
        suffixes: how the names of its files end, the usual ending first.
        limit: the most bytes a file may have.
        reader: the module whose `read(path)` returns the `Extract` of a file, imported only in the process that
            reads such files; `None` where the file is the text itself.
        signatures: what begins its files, in lower case and without white space before it.
        signed: whether a file without one of the signatures in its head is of another kind.
        front_matter: whether a text may begin with metadata in YAML.
        markup: what marks the parts of its text.
        media_type: what HTTP calls it.
        holds_files: whether its files hold others; then `read(path, folder)` unpacks them into a folder.
    """

    name: str
    suffixes: tuple[str, ...]
    limit: int
    reader: str | None = None
    signatures: tuple[bytes, ...] = ()
    signed: bool = False
    front_matter: bool = False
    markup: Markup = Markup.NONE
    media_type: str = "application/octet-stream"
    holds_files: bool = False


REGISTRY = (
    Format("text", (".txt", ".text"), TEXT_LIMIT, media_type="text/plain"),
    Format(
        "Markdown",
        (".md", ".markdown"),
        TEXT_LIMIT,
        front_matter=True,
        markup=Markup.WRITTEN,
        media_type="text/markdown",
    ),
    Format(
        "HTML",
        (".html", ".htm", ".xhtml"),
        TEXT_LIMIT,
        reader="corpus.files.html",
        signatures=(b"<!doctype html", b"<html"),
        markup=Markup.EXTRACTED,
        media_type="text/html",
    ),
    Format(
        "PDF",
        (".pdf",),
        CONTAINER_LIMIT,
        reader="corpus.files.pdf",
        signatures=(b"%pdf-",),
        signed=True,
        media_type="application/pdf",
    ),
    Format(
        "DOCX",
        (".docx",),
        CONTAINER_LIMIT,
        reader="corpus.files.docx",
        signatures=(b"pk\x03\x04",),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    Format(
        "RTF",
        (".rtf",),
        CONTAINER_LIMIT,
        reader="corpus.files.rtf",
        signatures=(b"{\\rtf",),
        signed=True,
        markup=Markup.EXTRACTED,
        media_type="application/rtf",
    ),
    Format(
        "ZIP",
        (".zip",),
        CONTAINER_LIMIT,
        reader="corpus.files.archive",
        signatures=(b"pk\x03\x04", b"pk\x05\x06"),
        signed=True,
        media_type="application/zip",
        holds_files=True,
    ),
    Format(
        "EML",
        (".eml",),
        CONTAINER_LIMIT,
        reader="corpus.files.mail",
        markup=Markup.EXTRACTED,
        media_type="message/rfc822",
        holds_files=True,
    ),
)
# What is told from its beginning and not read, and the way out. Word puts a DOCX that is locked by a password, as all
# of its older files, into the container of OLE.
UNREAD = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "a file of an older Office or locked by a password; open it, remove the password and save it as DOCX",
    ),
)


def format_of(path: PurePath) -> Format | None:
    """Return the format that a file's name tells, or `None` if files of that name are not read."""
    return next((each for each in REGISTRY if path.suffix.lower() in each.suffixes), None)


def holds_files(path: PurePath) -> bool:
    """Return whether files of a name hold others."""
    named = format_of(path)
    return named is not None and named.holds_files


def suffixes() -> list[str]:
    """Return how the names of the files end that are read, in alphabetical order."""
    return sorted(suffix for each in REGISTRY for suffix in each.suffixes)


def check_head(head: bytes, named: Format, suffix: str) -> None:
    """Refuse a file whose first bytes show another format than its name.

    Raises:
        UnreadableFile: if they do, because it would be read as noise, or not at all.
    """
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(named.signatures):
        return
    known = (
        (signature, f"{each.name}; name it {each.suffixes[0]}") for each in REGISTRY for signature in each.signatures
    )
    found = next((what for signature, what in (*known, *UNREAD) if start.startswith(signature)), None)
    if found is not None:
        raise UnreadableFile(f"its name ends in {suffix}, but what it holds is {found}")
    if named.signed and not any(signature in start for signature in named.signatures):
        raise UnreadableFile(f"its name ends in {suffix}, but it is no {named.name}; give it the ending of what it is")
