"""What a Markdown file says of itself above its text: YAML between dashes or TOML between plus signs.

It is written for other programs, which know other names and forms; a text is never refused for it. What cannot be read
is told, and the rest holds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import yaml

from corpus.errors import InvalidInput
from corpus.files.folders.metadata import FIELDS, Metadata, day_of, make_metadata, read_toml

DEEPEST = 20  # levels of YAML
LONGEST = 20_000  # characters of front matter that are read whole; YAML takes a second for so many
# What generators of sites call the day on which a text was published, the surest first. When it was made is another.
DAYS = ("date", "publishdate", "pubdate", "publish_date", "pub_date", "date_published", "datepublished")
SWITCH = ("true", "false")  # of Jekyll: whether it is published at all
# Seconds or milliseconds since 1970, of this century.
EPOCH = re.compile(r"([1-4]\d{9})(?:\d{3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How front matter is written.

    Attributes:
        block: all of it; its lines are in the group.
        first: how its first line begins, even if there are mistakes; prose between two rules does not.
        other: how each other line begins.
        plain: a line that says what it says without the rest: a name, and a value without signs of the syntax.
        read: returns what it says.
    """

    block: re.Pattern[str]
    first: re.Pattern[str]
    other: re.Pattern[str]
    plain: re.Pattern[str]
    read: Callable[[str], object]


def split_front_matter(text: str) -> tuple[Metadata, str]:
    """Return a Markdown file's metadata and its text after it; what of them cannot be understood is a mistake of it.

    A text that is between two rules of dashes and no front matter stays where it is.
    """
    for syntax in SYNTAXES:
        if match := syntax.block.match(text):
            found = _metadata_of(match[1], syntax)
            return (Metadata(), text) if found is None else (found, text[match.end() :])
    return Metadata(), text


def _metadata_of(block: str, syntax: _Syntax) -> Metadata | None:
    unread: tuple[str, ...] = ()
    try:
        if len(block) > LONGEST:
            raise InvalidInput(f"its {len(block):,} characters are more than {LONGEST:,}")
        values = syntax.read(block)
    except InvalidInput as error:
        lines = [line for line in block[:LONGEST].split("\n") if line.strip()]
        if not (lines and syntax.first.match(lines[0]) and all(map(syntax.other.match, lines))):
            return None
        values, unread = dict(_plain_lines(lines, syntax.plain)), (f"{error}; only its plain lines are read",)
    if values is not None and not isinstance(values, dict):
        return None
    known, mistakes = _in_our_names(values or {})
    metadata = make_metadata(known)
    return replace(metadata, mistakes=(*unread, *mistakes, *metadata.mistakes))


def _plain_lines(lines: Iterable[str], plain: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    matches = (plain.fullmatch(line.rstrip(" \t")) for line in lines)
    yield from ((match[1], match[3]) for match in matches if match)


def _in_our_names(values: Mapping[object, object]) -> tuple[dict[str, object], list[str]]:
    """Return what front matter says by the names and in the forms of ours, and what of that cannot be read."""
    said = {str(key).lower() if str(key).lower() in FIELDS else str(key): value for key, value in values.items()}
    by_key = {key.lower(): key for key in said}
    if str(said.get("published")).lower() in SWITCH:
        del said["published"]
    author = said.get("author") or said.get(by_key.get("authors", ""))
    if author:
        said["author"] = _names(author) or author
    key = next((by_key[name] for name in DAYS if name in by_key and said[by_key[name]]), None)
    try:
        if key and not said.get("published"):
            said["published"] = _day(key, said[key])
    except InvalidInput as error:
        return said, [str(error)]
    return said, []


def _names(value: object) -> str:
    """Return the names of one or several people, however they are given; an empty text for what is none."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_names, value)))
    if isinstance(value, Mapping):
        given = [value[part] for part in ("given", "family") if isinstance(value.get(part), str)]
        return _names(value.get("name")) or " ".join(given)
    return value.strip() if isinstance(value, str) else ""


def _day(key: str, value: object) -> str:
    if isinstance(value, date):  # of TOML, a time among them
        return value.isoformat()[:10]
    text = str(value).strip() if isinstance(value, str | int) else ""
    if epoch := EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), UTC).date().isoformat()
    return day_of(key, text)


def _read_yaml(text: str) -> object:
    """Return what YAML says, all values as text: no dates that do not exist, no numbers that change their form."""
    try:
        depth = 0
        for event in yaml.parse(text, yaml.BaseLoader):
            if isinstance(event, yaml.AliasEvent):
                raise InvalidInput("there are aliases (*name); write out what they stand for")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise InvalidInput(f"it is nested more than {DEEPEST} deep; make it flatter")
        return yaml.load(text, yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        # Lines are counted in the file, whose first is the rule of dashes.
        place = f"line {mark.line + 2}, column {mark.column + 1}" if mark else "it"
        raise InvalidInput(f"{place} is no YAML") from None


def _read_toml(text: str) -> object:
    return read_toml(f"\n{text}")  # lines are counted as above


YAML_FIRST = re.compile(r"[\w-]+[ \t]*:(?:\s|$)")
TOML_FIRST = re.compile(r"""[\w."'-]+[ \t]*=|\[""")
SYNTAXES = (
    _Syntax(
        re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE),
        YAML_FIRST,
        re.compile(rf"[ \t#\]}}]|-\s|{YAML_FIRST.pattern}"),
        re.compile(r"([\w-]+):[ \t]+(['\"]?)([^\s'\"\[\]{}&*!|>%@`#-].*?)\2", re.ASCII),
        _read_yaml,
    ),
    _Syntax(
        re.compile(r"\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE),
        TOML_FIRST,
        re.compile(rf"""[ \t#\]}}"',]|{TOML_FIRST.pattern}"""),
        re.compile(r"([\w-]+)[ \t]*=[ \t]*(['\"]?)([^\s'\"\[\]{}].*?)\2", re.ASCII),
        _read_toml,
    ),
)
