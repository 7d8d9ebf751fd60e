"""What is read out of a file: its text and what the file says about itself. Each format has a module that reads it.

The text becomes the canonical text of a document, so what is made here is made once and the same way each time.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from corpus.document import checked_date
from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.allowance import metered
from corpus.files.folders.metadata import Metadata
from corpus.files.text.decoding import decoding_of
from corpus.parts import Part, part_of

EXTRACT_LIMIT = 10_000_000  # code points of an extracted text; ten novels, as much as a text file may hold
# Characters that no reader sees and some programs obey, halves of surrogate pairs, and what stands for no character.
UNPRINTABLE = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
LINE_END = re.compile(r"\r\n?|\f")  # a form feed would be the end of a page
BLANK_LINES = re.compile(r"\n{3,}")
# Paragraphs are indented by two wide spaces in Chinese; two or more narrow ones are levels of a list, or code.
INDENT = re.compile(r"^(?:[ \t]*[\u3000\xa0]\s*| (?! ))")

# What programs write into the properties of a file when its author wrote nothing.
NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|(?:新建|powerpoint presentation|幻灯片).*"
    r"|\W*(?:untitled|unspecified|anonymous|无标题|未命名|document|文档)[\W\d]*"
    r"|.*\.(?:docx?|wps|pdf|indd|qxd|pptx?|xlsx?|rtf|txt|html?|fit|tif|jpg|ps|eps|cdr|ai|dvi|tex)",
    re.IGNORECASE,
)
NO_AUTHOR = re.compile(
    r"\W*(?:(?:administrators?|admin|users?|owner|lenovo|hp|dell|acer|asus|pc|microsoft|windows|office|微软|system|root|guest"
    r"|unknown|anonymous|unspecified|python-docx|openpyxl|未知|匿名|佚名|用户)[\W\d_]*)+",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a file: what an archive holds, or what hangs on a mail.

    Attributes:
        name: by which it is cited after the file that it is in, folders and all.
        path: where it was unpacked.
        problem: why it was not, in one line for the user; "" if it was.
    """

    name: str
    path: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read out of a file.

    Attributes:
        text: what it says; a form feed stands at the end of each page, sheet, slide or chapter, if it has any.
        metadata: what it says about itself.
        parts: what is told of each of these, where they are more than plain pages.
        left_out: the share of its characters that was left out as no text of it, 0 to 1; `None` where nothing ever is.
        remarks: what of it could not be read, each in one line for the user.
        members: the files in it.
        pictures: the numbers, from 1, of its pages that show something and say nothing, which OCR may read.
    """

    text: str
    metadata: Metadata = field(default_factory=Metadata)
    parts: tuple[Part, ...] = ()
    left_out: float | None = None
    remarks: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
    pictures: tuple[int, ...] = ()


def extract_of(fields: Mapping[str, Any]) -> Extract:
    """Return an extract of its fields as `read_as` gives them and JSON has carried them."""
    return Extract(
        fields["text"],
        Metadata(**fields["metadata"]),
        tuple(part_of(**each) for each in fields["parts"]),
        fields["left_out"],
        tuple(fields["remarks"]),
        tuple(Member(**each) for each in fields["members"]),
        tuple(fields["pictures"]),
    )


def read_as(
    path: str, reader: str, folder: str | None = None, decoding: Mapping[str, Any] | None = None
) -> dict[str, object]:
    """Return the fields of what the module of a format reads in a file, for the process that reads such files.

    Args:
        path: of the file.
        reader: the module.
        folder: where files in the file are unpacked, if it is of a format that holds any.
        decoding: the fields of a `Decoding`, if the module takes one.

    Raises:
        UnreadableFile: if it cannot be read, or is longer than a document may be.
    """
    into = [] if folder is None else [Path(folder)]
    how = {} if decoding is None else {"decoding": decoding_of(decoding)}
    read = import_module(reader).read  # a library may take longer to load than a file to read
    with metered():
        extract: Extract = read(Path(path), *into, **how)
    check_length(len(extract.text))
    return asdict(extract)


def printable(text: str) -> str:
    r"""Return text without unprintable characters, with `\n` line ends; its lines stay as they are."""
    return UNPRINTABLE.sub("", LINE_END.sub("\n", text))


def clean_text(text: str) -> str:
    r"""Return text without unprintable characters and indents, with `\n` line ends and no more than one blank line."""
    lines = (INDENT.sub("", line).rstrip() for line in printable(text).split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def check_length(length: int) -> None:
    """Refuse a text that is longer than a document may be.

    Raises:
        UnreadableFile: if it is, because it is held in memory while it is split.
    """
    if length > EXTRACT_LIMIT:
        raise UnreadableFile(
            f"its text has {length:,} characters, more than the {EXTRACT_LIMIT:,} of a document; split it"
        )


def stated_title(value: str | None) -> str | None:
    """Return a title from the properties of a file, or `None` for what a program put there."""
    return _stated(value, NO_TITLE, 200)


def stated_author(value: str | None) -> str | None:
    """Return an author from the properties of a file, or `None` for the name of an account or a computer."""
    return _stated(value, NO_AUTHOR, 100)


def _stated(value: str | None, nothing: re.Pattern[str], longest: int) -> str | None:
    said = " ".join(UNPRINTABLE.sub("", value or "").split())
    if "\ufffd" in said or sum(map(str.isalpha, said)) < 2 or nothing.fullmatch(said):
        return None
    return said[:longest]


def creation_day(value: str | None) -> dict[str, object]:
    """Return the day a file was made, as metadata; it is not when the text was published, and never said to be."""
    match = DAY.search(value or "")
    try:
        return {"created": checked_date("-".join(match.groups()), "a file")} if match else {}
    except InvalidInput:
        return {}
