"""CSV and TSV: which mark parts the fields, told by how evenly it does, and the rows as those of a sheet."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract
from corpus.files.folders.metadata import Metadata
from corpus.files.kind import TEXT_LIMIT
from corpus.files.sheets.extracting import MOST_COLUMNS, Sheet, extract_of_sheets
from corpus.files.sheets.lines import Row
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes

DELIMITERS = ",\t;|"  # the usual one first: of equals it is taken
TOLD = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)  # the line by which Excel is told it
SAMPLE = 200  # records by which it is told else
EVEN = 0.8  # of them have as many fields, where another than the usual mark parts them
LONGEST_FIELD = 1_000_000  # characters; a quotation mark that nobody closes would take the rest of the file
SNIFFED = 200_000  # and characters
MOST_FIELDS = 3_000_000  # of all rows; as many as a document has room for
# What is granted, several times what honest files take: of bytes, to decode; of fields, to lay out.
BYTE_SECONDS, BYTE_MEMORY = 2e-6, 20
FIELD_SECONDS, FIELD_MEMORY = 20e-6, 300


def read(path: Path, decoding: Decoding = STRICT) -> Extract:
    """Return the rows of a text of fields.

    Raises:
        UnreadableFile: if its encoding cannot be told, or it has more fields than a document.
    """
    data = read_bytes(path, TEXT_LIMIT)
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    text = decode(data, path.name, decoding=decoding).removeprefix("\ufeff")
    told = TOLD.match(text)
    delimiter = told[1] if told else delimiter_of(text[:SNIFFED], path.suffix.lower())
    fields = text.count(delimiter) + text.count("\n") + 1
    if fields > MOST_FIELDS:
        raise UnreadableFile(f"it has {fields:,} fields, more than the {MOST_FIELDS:,} of a document; split it")
    grant(FIELD_SECONDS * fields, FIELD_MEMORY * fields)
    skipped = 1 if told else 0
    rows = (
        Row(number, _checked(record))
        for number, record in enumerate(_records(text[told.end() if told else 0 :], delimiter), start=1 + skipped)
    )
    return extract_of_sheets([Sheet(None, rows)], Metadata())


def _checked(record: list[str]) -> tuple[str, ...]:
    if len(record) > MOST_COLUMNS:
        raise UnreadableFile(f"a row has {len(record):,} fields, more than the {MOST_COLUMNS:,} of a sheet; split it")
    return tuple(record)


def delimiter_of(text: str, suffix: str) -> str:
    """Return what parts the fields: the usual mark, unless another parts nearly all records into as many each.

    A mark that only stands in prose parts no two lines alike.
    """
    usual = "," if suffix == ".csv" else "\t"
    evenness = {mark: _evenness(text, mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: evenness[mark])
    return best if evenness[best] > max(EVEN, evenness[usual]) else usual


def _evenness(text: str, delimiter: str) -> float:
    """Return the share of the first records with the commonest number of fields; 0 where that is one."""
    try:
        widths = Counter(len(record) for record in islice(filter(any, _reader(text, delimiter)), SAMPLE))
    except csv.Error:
        return 0
    ((width, times),) = widths.most_common(1) or ((1, 0),)
    return (times + min(width, 50) / 1000) / widths.total() if width > 1 else 0


def _records(text: str, delimiter: str) -> Iterable[list[str]]:
    """Return the records; where a quotation mark is never closed, they are read as if it were a letter."""
    try:
        records = list(_reader(text, delimiter))
    except csv.Error:
        return _reader(text, delimiter, quoted=False)
    open_to_the_end = records and any("\n" in field for field in records[-1]) and not text.rstrip().endswith('"')
    return _reader(text, delimiter, quoted=False) if open_to_the_end else records


def _reader(text: str, delimiter: str, *, quoted: bool = True) -> Iterator[list[str]]:
    csv.field_size_limit(LONGEST_FIELD)
    lines = io.StringIO(text, newline="")
    if quoted:
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
