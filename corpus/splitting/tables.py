"""Tables in a text: which line names the columns, and which lines are the rows below it.

Tables are those of Markdown, which those of HTML and DOCX become, and lines of fields with commas, tabs or the like
between them, under a line that names them.
"""

import re
from collections.abc import Iterator, Sequence

from corpus.passage import Span
from corpus.splitting.lines import Kind, Line
from corpus.splitting.search_text import TABLE_RULE

HEAD_LENGTH = 400  # code points of a head that are told; wider tables are read otherwise
# What stands between fields, and how many of it make a table; two fields with a comma are prose.
SEPARATORS = (
    (re.compile(r"\t+"), 1),
    (re.compile(r"\|"), 1),
    (re.compile(r";"), 2),
    (re.compile(r","), 2),
    (re.compile(r" {2,}|\u3000+"), 2),
)
SEPARATED = re.compile("|".join(separator.pattern for separator, _ in SEPARATORS))
QUOTED = re.compile(r'"[^"]*"')
# A field that says a number, a day or a time, with a unit perhaps.
NUMERIC = re.compile(r"[^\w\s]{0,2}\d[\d\s.,:/%°-]*[^\W\d_]{0,3}")
ROWS = 2  # at least, under a head


def with_tables(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines, the heads of tables named as such and every row with its head."""
    place = 0
    while place < len(lines):
        rows = _rows_below(lines, place)
        if not rows:
            yield lines[place]
            place += 1
            continue
        yield lines[place]._replace(kind=Kind.TABLE_HEAD)
        head = _told(lines[place])
        yield from (row._replace(head=head) for row in lines[place + 1 : place + 1 + rows])
        place += 1 + rows


def _rows_below(lines: Sequence[Line], place: int) -> int:
    """Return how many rows of a table a line is the head of, a rule among them; 0 where it is none."""
    if not _is_text(lines[place]) or not SEPARATED.search(lines[place].text):
        return 0
    if "|" in lines[place].text and _is_rule(lines, place + 1):
        end = place + 2
        while _goes_on(lines, end) and "|" in lines[end].text and not _is_rule(lines, end + 1):
            end += 1
        return end - place - 1
    for separator, fewest in SEPARATORS:
        fields = _fields(lines[place].text, separator)
        if len(fields) > fewest and _are_names(fields):
            # Before the rows are counted: lines that are none would be counted anew from each of them.
            first = lines[place + 1 : place + 1 + ROWS]
            if not all(any(map(NUMERIC.fullmatch, _fields(row.text, separator))) for row in first):
                return 0
            end = place + 1
            while _goes_on(lines, end) and len(_fields(lines[end].text, separator)) == len(fields):
                end += 1
            return end - place - 1 if end - place > ROWS else 0
    return 0


def _is_text(line: Line) -> bool:
    return line.kind is Kind.BODY and not line.literal


def _goes_on(lines: Sequence[Line], place: int) -> bool:
    """Return whether a line stands right below the one before it."""
    return place < len(lines) and lines[place].gap == 1 and _is_text(lines[place])


def _is_rule(lines: Sequence[Line], place: int) -> bool:
    return _goes_on(lines, place) and TABLE_RULE.fullmatch(lines[place].text) is not None


def _fields(text: str, separator: re.Pattern[str]) -> list[str]:
    return [field.strip() for field in separator.split(QUOTED.sub("x", text))]


def _are_names(fields: Sequence[str]) -> bool:
    return all(field and not NUMERIC.fullmatch(field) for field in fields)


def _told(head: Line) -> Span | None:
    """Return where a head stands, as far as it is told; one without words names nothing."""
    if not any(map(str.isalnum, head.text)):
        return None
    end = len(head.text)
    if end > HEAD_LENGTH:
        between_fields = (head.text.rfind(mark, 1, HEAD_LENGTH) + 1 for mark in ("|", "\t", ";", ",", " "))
        end = next(filter(None, between_fields), HEAD_LENGTH)
    told = head.text[:end].rstrip()
    return Span(head.span.start, head.span.start + len(told))
