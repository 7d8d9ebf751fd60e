"""What is said about a document beside its text: `documents.toml` of a folder, or YAML front matter of a file."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from pathlib import Path

import yaml

from corpus.errors import InvalidInput
from corpus.files.decoding import decode, read_bytes

METADATA_FILE = "documents.toml"
FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
DEEPEST = 20  # levels of front matter
UNSTORABLE = re.compile("[\ud800-\udfff]|\\\\u0000")
FIELDS = ("title", "publisher", "published", "url", "author", "language")


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields a citation shows, and everything else that was said."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    author: str | None = None
    language: str | None = None
    other: Mapping[str, object] = field(default_factory=dict)


def read_folder_metadata(folder: Path) -> dict[str, Metadata] | None:
    """Return what a folder's `documents.toml` says of each file, or `None` where there is none.

    Raises:
        InvalidInput: if it is no TOML or a field has the wrong type, because an index with half of its
            metadata would have to be found out by its users.
    """
    path = folder / METADATA_FILE
    if not path.is_file():
        return None
    try:
        tables = tomllib.loads(decode(read_bytes(path), str(path)))
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"{path}: {str(error)[:200]}; mend the file") from None
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise InvalidInput(f'{path}: {name} = {table!r} is no table; write ["{name}"] and the fields below it')
    return {name: make_metadata(table, f"{path}: {name}") for name, table in tables.items()}


def split_front_matter(text: str, name: str) -> tuple[Metadata, str]:
    """Return a Markdown file's metadata and its text after it.

    Raises:
        InvalidInput: if the front matter is no YAML mapping or a field has the wrong type.
    """
    match = FRONT_MATTER.match(text)
    if match is None:
        return Metadata(), text
    values = _read_yaml(match[1], name)
    if values is None:
        values = {}
    if not isinstance(values, dict):
        # A rule of dashes and then prose: a text, not metadata.
        return Metadata(), text
    return make_metadata(values, f"{name}: front matter"), text[match.end() :]


def _read_yaml(text: str, name: str) -> object:
    """Return what YAML says, all values as text: no dates that do not exist, no numbers that change their form."""
    try:
        depth = 0
        for event in yaml.parse(text, yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                raise InvalidInput(f"{name}: the front matter has aliases (*name); write out what they stand for")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise InvalidInput(f"{name}: the front matter is nested more than {DEEPEST} deep; make it flatter")
        return yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InvalidInput(f"{name}: the front matter is no YAML that can be read ({reason}); mend it") from None


def make_metadata(values: Mapping[object, object], owner: str) -> Metadata:
    """Return metadata of a mapping as TOML or YAML gives it; `owner` names it in errors."""
    fields = {key: _text(values[key], key, owner) for key in FIELDS if values.get(key) is not None}
    other = {str(key): _plain(value) for key, value in values.items() if key not in FIELDS}
    if UNSTORABLE.search(json.dumps([fields, other], ensure_ascii=False)):
        raise InvalidInput(f"{owner}: a value holds half of a surrogate pair or a NUL; remove it")
    return Metadata(**fields, other=other)


def _text(value: object, key: str, owner: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise InvalidInput(f"{owner}: {key} is {value!r}; write a text in quotes")
    return str(_plain(value)).strip()


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
