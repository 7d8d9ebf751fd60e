"""A mail, whatever file it came in: its headers and its text in lines, and what hangs on it as files of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.archive import unread
from corpus.files.extract import Extract, Member, clean_text
from corpus.files.folders.metadata import METADATA_FILE, make_metadata
from corpus.files.folders.synonym_file import SYNONYMS_FILE
from corpus.files.formats import format_of
from corpus.files.html.page import read as read_html
from corpus.files.names import plain_name
from corpus.files.office.rtf import read as read_rtf

HEADERS = ("From", "To", "Cc", "Date", "Subject")  # that stand above the text
SIDE_FILES = (METADATA_FILE, SYNONYMS_FILE)  # would say something of the other files if they lay in a folder with them
BODY = ".body"  # a hidden name, so that the text is no file that hangs on the mail
# What reads a text, and in which encoding, whatever it names itself: RTF is bytes.
READERS = {".html": (read_html, "utf-8-sig"), ".rtf": (read_rtf, "latin-1")}


@dataclass(frozen=True, slots=True)
class Body:
    """A piece of a mail's text, and how a file of its kind ends: `.html`, `.rtf`, or "" for what is the text itself."""

    text: str
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that hangs on a mail: its name, how it ends where it has none, and what it holds."""

    name: str
    ending: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that was taken apart.

    Attributes:
        headers: those of `HEADERS` that it has, as a person reads them.
        body: its text, in pieces.
        sender: who wrote it, by name where that is told.
        day: on which it was sent, `2026-04-16`, where that is told.
        facts: what else is known of it, by name.
        attachments: the files that hang on it.
        remarks: what of it could not be read.
    """

    headers: Mapping[str, str]
    body: Sequence[Body]
    sender: str | None = None
    day: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    remarks: Sequence[str] = ()


def letter_extract(letter: Letter, folder: Path) -> Extract:
    """Return what a mail says, and put the files that hang on it into a folder."""
    remarks = list(letter.remarks)
    head = "\n".join(f"{name}: {letter.headers[name]}" for name in HEADERS if letter.headers.get(name))
    pieces = (_text_of(body, folder, remarks) for body in letter.body)
    text = clean_text("\n\n".join((head, *pieces))).strip("\n")
    known = {"title": letter.headers.get("Subject"), "author": letter.sender, "published": letter.day}
    members, others = _put(letter.attachments, folder)
    return Extract(
        f"{text}\n" if text else "",
        make_metadata({**known, **letter.facts}),
        members=members,
        remarks=(*remarks, *unread(others)),
    )


def _text_of(body: Body, folder: Path, remarks: list[str]) -> str:
    if not body.ending:
        return body.text
    read, encoding = READERS[body.ending]
    path = folder / f"{BODY}{body.ending}"
    path.write_bytes(body.text.encode(encoding, "replace"))
    try:
        return read(path).text
    except UnreadableFile as error:
        remarks.append(f"its text: {error}")
        return ""
    finally:
        path.unlink()


def _put(attachments: Sequence[Attachment], folder: Path) -> tuple[tuple[Member, ...], list[str]]:
    """Put files of kinds that are read into a folder, each under a name of its own; return the names of the others."""
    named = list(_named(attachments))
    members: dict[str, Member] = {}
    for name, content in named:
        if format_of(Path(name)) is not None:
            name = _unused(name, members)
            (folder / name).write_bytes(content)
            members[name] = Member(name, str(folder / name))
    return tuple(members.values()), [name for name, _ in named if format_of(Path(name)) is None]


def _named(attachments: Sequence[Attachment]) -> Iterator[tuple[str, bytes]]:
    for number, each in enumerate(attachments, start=1):
        name = plain_name(each.name) or f"attachment {number}{each.ending}"
        yield f"attached {name}" if name in SIDE_FILES else name, each.content


def _unused(name: str, used: Mapping[str, object]) -> str:
    """Return a name, with a number where another file has it."""
    path, number = Path(name), 1
    while name in used:
        number += 1
        name = f"{path.stem} ({number}){path.suffix}"
    return name
