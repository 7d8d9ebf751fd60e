"""What is said about a document beside its text: `documents.toml` of a folder, or front matter of a file.

Neither is quoted in what is told of its mistakes: a place and a kind of mistake are enough to find it.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from fnmatch import fnmatchcase
from math import isfinite
from pathlib import Path
from typing import Any

from corpus.document import checked_date
from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.folders.side_file import read_side_file
from corpus.files.text.decoding import Decoding, DecodingErrors

METADATA_FILE = "documents.toml"
FILE_LIMIT = 10_000_000  # bytes; enough for tens of thousands of files in one folder
TOML_PLACE = re.compile(r"\(at (line \d+, column \d+|end of document)\)$")
# A name of TOML in more parts than anyone writes: each is looked up with all before it.
LONG_NAME = re.compile(r"""(?:^|[{,\[])[ \t]*(?:(?:"[^"\n]*"|'[^'\n]*'|[\w-]+)[ \t]*\.[ \t]*){20}""", re.MULTILINE)
UNSTORABLE = re.compile("[\ud800-\udfff]|\\\\u0000")
DECODED = ("encoding", "errors")  # what is said of the bytes of a text, and is nothing of its document
PATTERN = re.compile(r"[*?]")  # what the names of several files have in the place of what they differ in
FIELDS = ("title", "publisher", "published", "url", "author", "language")
DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?\s*[月日]?(?:[T\s]+\d{1,2}[:：].*)?", re.ASCII | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields a citation shows, everything else that was said, and what of it could not be understood.

    `decoding` is how the folder says that the bytes of a text are read.
    """

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    author: str | None = None
    language: str | None = None
    other: Mapping[str, object] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()
    decoding: Decoding | None = None


def filled(metadata: Metadata, others: Metadata) -> Metadata:
    """Return what is said first and, where that says nothing, what is said otherwise; mistakes are of neither."""
    fields = {name: getattr(metadata, name) or getattr(others, name) for name in FIELDS}
    return Metadata(**fields, other={**others.other, **metadata.other})


def listed_of(name: str, listed: Mapping[str, Metadata]) -> Metadata:
    """Return what a folder's `documents.toml` says of a name: by itself and, where that says nothing, by patterns."""
    said = listed.get(name, Metadata())
    for pattern, others in listed.items():
        if pattern != name and PATTERN.search(pattern) and fnmatchcase(name, pattern):
            mistakes = (*said.mistakes, *others.mistakes)
            said = replace(filled(said, others), mistakes=mistakes, decoding=said.decoding or others.decoding)
    return said


def read_folder_metadata(folder: Path, root: Path | None = None) -> dict[str, Metadata] | None:
    """Return what a folder's `documents.toml` says of each name or pattern of names, or `None` where there is none.

    Args:
        folder: where it is.
        root: the folder that it must be in if it is a link; if not given, the same.

    Raises:
        UnreadableFile: if it cannot be read, is no TOML, or says something of no file. Then nothing is known of any
            file of the folder, and none can be indexed without losing what it said before.
    """
    text = read_side_file(folder / METADATA_FILE, root or folder.resolve(), FILE_LIMIT)
    if text is None:
        return None
    try:
        tables = read_toml(text)
    except InvalidInput as error:
        raise UnreadableFile(f"{METADATA_FILE}: {error}") from None
    loose = {name for name, table in tables.items() if not isinstance(table, dict)}
    if loose and not loose <= {path.name for path in folder.iterdir()}:
        raise UnreadableFile(
            f'{METADATA_FILE}: a line above all tables names no file; write ["name of a file"] above it'
        )
    return {name: _listed(table) for name, table in tables.items()}


def _listed(table: Any) -> Metadata:
    """Return what is said below a name: of its document, and of how it is read."""
    if not isinstance(table, dict):
        return make_metadata(table)
    said = {name: table.pop(name) for name in DECODED if name in table}
    metadata = make_metadata(table)
    try:
        return replace(metadata, decoding=decoding_said(said)) if said else metadata
    except InvalidInput as error:
        return replace(metadata, mistakes=(*metadata.mistakes, str(error)))


def read_toml(text: str) -> dict[str, Any]:
    """Return what TOML says.

    Raises:
        InvalidInput: if it is none, or is made to take long; the place and the kind of mistake are told.
    """
    if LONG_NAME.search(text):
        raise InvalidInput("a name in it has more than 20 parts; write it in quotes")
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = TOML_PLACE.search(str(error))
        at = f" at {place[1]}" if place else ""
        raise InvalidInput(f"it is no TOML{at}; mend it") from None


def decoding_said(said: Mapping[str, object]) -> Decoding:
    """Return a decoding of what a person wrote of it: `encoding` and `errors`, none of which must be there.

    Raises:
        InvalidInput: for what is none; it is not repeated.
    """
    encoding, errors = said.get("encoding"), said.get("errors", DecodingErrors.STRICT)
    if errors not in list(DecodingErrors):
        raise InvalidInput(f"errors is none of {', '.join(DecodingErrors)}; write one of them")
    if encoding is None or isinstance(encoding, str):
        with suppress(InvalidInput):
            return Decoding(encoding, DecodingErrors(str(errors)))
    raise InvalidInput("encoding is none that is known; name one such as shift_jis, euc-kr or windows-1252")


def make_metadata(values: object) -> Metadata:
    """Return metadata of a mapping as TOML or YAML gives it; a field with a mistake is left out."""
    if not isinstance(values, Mapping):
        return Metadata(mistakes=("it is no table; write the fields below its name",))
    said: dict[str, Any] = {}
    mistakes: list[str] = []
    for key in FIELDS:
        try:
            text = _text(key, values.get(key))
        except InvalidInput as error:
            mistakes.append(str(error))
            continue
        if text:
            said[key] = text
    try:
        other = {str(key): _plain(value) for key, value in values.items() if key not in FIELDS}
        unstorable = UNSTORABLE.search(json.dumps([said, other], ensure_ascii=False))
    except RecursionError:
        return Metadata(mistakes=("a value is nested too deep; make it flatter",))
    except ValueError:  # Python writes out no number of thousands of digits
        return Metadata(mistakes=("a value is a number of thousands of digits; write it in quotes",))
    if unstorable:
        return Metadata(mistakes=("a value holds half of a surrogate pair or a NUL; remove it",))
    return Metadata(**said, other=other, mistakes=tuple(mistakes))


def _text(key: str, value: object) -> str:
    if isinstance(value, list) and key == "author" and all(isinstance(each, str) for each in value):
        return ", ".join(map(str.strip, value))
    if value is not None and (isinstance(value, bool) or not isinstance(value, str | int | date)):
        raise InvalidInput(f"{key} is no text; write it in quotes")
    text = "" if value is None else str(_plain(value)).strip()
    return day_of(key, text) if key == "published" and text else text


def day_of(key: str, text: str) -> str:
    """Return the day that a text names, in the forms that people write.

    Raises:
        InvalidInput: if it names none; the key is told, and the forms.
    """
    match = DATE.fullmatch(text)
    try:
        return checked_date("-".join(f"{part:>02}" for part in match.groups() if part) if match else text, key)
    except InvalidInput:
        raise InvalidInput(f"{key} is no date; write 2026, 2026-04 or 2026-04-16") from None


def _plain(value: object) -> object:
    """Return a value in JSON's types: dates as ISO text, the rest as text where JSON has no word for it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # JSON has no word for it, and it never equals itself
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
