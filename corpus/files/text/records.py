"""JSON and JSON Lines in the words that are in them: an object a paragraph, like objects a table, keys as names.

What stands deeper is called by the way to it, `address.city`. Numbers are told as they are written.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract, printable
from corpus.files.folders.metadata import Metadata
from corpus.files.kind import TEXT_LIMIT
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes
from corpus.files.text.markdown import one_line, table_row, table_rule

DEEPEST = 30  # objects inside each other that are told by their names; what is deeper is told as it is written
FEWEST_ROWS, MOST_COLUMNS = 2, 30  # of a table
MOST_VALUES = 1_500_000  # of all, a line of the text each; with more no text would be short enough
LONGEST_CELL = 120  # characters; objects with longer texts are paragraphs
# What is granted, several times what honest files take: of bytes, to decode; of values, to lay out.
BYTE_SECONDS, BYTE_MEMORY = 0.5e-6, 10
VALUE_SECONDS, VALUE_MEMORY = 20e-6, 1_000

Value = str | bool | None | Sequence["Value"] | Mapping[str, "Value"]


def read(path: Path, decoding: Decoding = STRICT) -> Extract:
    """Return what a file of JSON says: one value, or one on each line.

    Raises:
        UnreadableFile: if it is neither.
    """
    data = read_bytes(path, TEXT_LIMIT)
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    text = decode(data, path.name, decoding=decoding).removeprefix("\ufeff")
    values = max(text.count(":"), text.count(","))
    if values > MOST_VALUES:
        raise UnreadableFile(f"it has some {values:,} values, more than the {MOST_VALUES:,} of a document; split it")
    grant(VALUE_SECONDS * values, VALUE_MEMORY * values)
    try:
        value = _value_of(text, path)
    except RecursionError:
        raise UnreadableFile("its values are nested too deep to be read; save it in a simpler form") from None
    named = [value.get("title"), value.get("name")] if isinstance(value, Mapping) else []
    said = printable("\n".join(_lines(value, ""))).strip("\n")
    return Extract(said, Metadata(title=next((each for each in named if isinstance(each, str) and each.strip()), None)))


def _value_of(text: str, path: Path) -> Value:
    """Return the value of a text, a list of them where each line is one."""
    try:
        return _parsed(text)
    except ValueError as error:
        whole = error
    values = list[Value]()
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            values += [_parsed(line)] if line.strip() else []
        except ValueError as error:
            told = whole if path.suffix.lower() == ".json" else f"line {number}: {error}"
            raise UnreadableFile(f"it is no JSON ({told}); mend it, or give it the ending of what it is") from None
    return values


def _parsed(text: str) -> Value:
    value: Value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    return value


def _lines(value: Value, name: str, depth: int = 1) -> Iterator[str]:
    """Yield the lines of a value that goes by a name."""
    if isinstance(value, Mapping) and depth <= DEEPEST:
        for key, each in value.items():
            yield from _lines(each, f"{name}.{key}" if name else key, depth + 1)
    elif isinstance(value, list) and depth <= DEEPEST and any(isinstance(each, Mapping | list) for each in value):
        yield from _list_lines(value, name, depth)
    elif said := _said(value):
        yield f"{name}: {said}" if name else said


def _list_lines(values: Sequence[Value], name: str, depth: int) -> Iterator[str]:
    table = _table(values)
    if name:
        yield from ("", f"## {name}", "")
    if table:
        yield from table
    else:
        for each in values:
            yield from _lines(each, "", depth + 1)
            yield ""
    if name:
        yield ""


def _table(values: Sequence[Value]) -> list[str]:
    """Return the rows of objects that have much the same keys and short values; none where they are no table."""
    objects = [each for each in values if isinstance(each, Mapping)]
    keys = list(dict.fromkeys(key for each in objects for key in each)) if len(objects) == len(values) else []
    said = sum(map(len, objects))
    if len(objects) < FEWEST_ROWS or not 1 < len(keys) <= MOST_COLUMNS or 2 * said < len(keys) * len(objects):
        return []
    if any(_is_nested(each) for row in objects for each in row.values()):
        return []
    rows = [[_said(row.get(key)) for key in keys] for row in objects]
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        return []
    first, *others = (table_row(map(one_line, row)) for row in (keys, *rows))
    return [first, table_rule(len(keys)), *others]


def _is_nested(value: Value) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and any(map(_is_nested, value)))


def _said(value: Value) -> str:
    """Return a value in one piece: a text as it is, a list with commas."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(each, Mapping | list) for each in value):
        return ", ".join(filter(None, map(_said, value)))
    return json.dumps(value, ensure_ascii=False)
