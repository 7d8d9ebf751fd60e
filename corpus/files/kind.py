"""What a kind of file is: how it is named, how large it may be, what begins it, and what reads it."""

from dataclasses import dataclass
from enum import StrEnum, auto

# Bytes. Everything is held in memory while it is split; of a PDF or DOCX most are pictures, which are not read.
TEXT_LIMIT = 20_000_000
CONTAINER_LIMIT = 100_000_000
# What begins pages, and the containers that several formats share.
ZIP_HEAD = b"pk\x03\x04"
HTML_HEADS = (b"<!doctype html", b"<html")
OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Markup(StrEnum):
    """What marks the parts of a text: nothing, Markdown as people write it, or the little of it that we write."""

    NONE = auto()
    WRITTEN = auto()
    EXTRACTED = auto()  # headings, lists, tables and code, by `corpus.files.html.markdown`; an asterisk is one


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
        inside: of a container, what stands in its list of contents or its directory and in that of no other format.
        signed: whether a file without one of the signatures in its head is of another kind.
        decoded: whether its reader decodes text, and takes a `Decoding` by the keyword `decoding`.
        front_matter: whether a text may begin with metadata in YAML.
        markup: what marks the parts of its text.
        media_type: what HTTP calls it.
        titled_by_file: whether a document without a title is called by its file, for its first line is like all others.
        holds_files: whether its files hold others; then `read(path, folder)` unpacks them into a folder.
    """

    name: str
    suffixes: tuple[str, ...]
    limit: int
    reader: str | None = None
    signatures: tuple[bytes, ...] = ()
    inside: tuple[str, ...] = ()
    signed: bool = False
    front_matter: bool = False
    decoded: bool = False
    markup: Markup = Markup.NONE
    media_type: str = "application/octet-stream"
    holds_files: bool = False
    titled_by_file: bool = False
