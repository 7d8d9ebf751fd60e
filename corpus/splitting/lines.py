"""What the lines of a text are: headings, asides or running text, by their marks, their width and what is around them.

Only offsets are made here; no text is changed.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum, auto
from itertools import groupby
from typing import NamedTuple

from corpus.passage import Span
from corpus.splitting.blocks import LONGEST_HEADING, Marks, read_marks
from corpus.splitting.pages import running_lines

SOLID_LINE = re.compile(r"\S(?:.*\S)?")
# The lines under a heading of a text that is not Markdown, and the level they make it.
UNDERLINES = (re.compile(r"={3,}"), 1), (re.compile(r"-{3,}"), 2)
# How Chinese official texts number their headings, the outermost in the first group; they do it without blank lines,
# too.
NUMBERS = re.compile(
    r"(第[一二三四五六七八九十百]{1,4}[编章])"
    r"|(第[一二三四五六七八九十百]{1,4}节|[一二三四五六七八九十]{1,3}、)"
    r"|([（(][一二三四五六七八九十]{1,3}[)）])"
)
QUOTED_HEADING = re.compile(r">[ \t]*[^\s>]{1,12}$")
LIST_OR_TABLE = re.compile(r">|[-*+•][ \t]|\d{1,3}(?:[)、]|[.．](?!\d))|\||[（(]\d{1,2}[)）]")
# Lines about the text instead of in it: who wrote or photographed it, who speaks, where it goes on.
CREDIT = re.compile(
    r"(?:——|文[/／]|(?:策划|撰稿|记者|通讯员|作者|摄影|来源|编辑)\s*[:：]|本报(?:记者|通讯员)|[（(]下转)|.{2,40}\s摄$"
)
# A name and what goes by it: 甲方：某公司, From: somebody. One alone may be prose.
LABEL = re.compile(r"(?=.{1,24}?[:：])[^\W\d_][^\s:：,，。;；“”]*(?:\s[^\s:：,，。;；“”]+){0,3}\s?[:：](?!//)\s*\S")
SENTENCE_CLOSED = re.compile(r"[。！？!?…；;：:.．][”’」』》）)\]\"'*]*$")
SENTENCE_MARK = re.compile(r"[。！？!?]")
# After a word; what is short before a full stop may be an abbreviation.
SENTENCE_END = re.compile(r"[。！？!?؟۔।]|(?<=\w{3}|\w{2}[)\]”])\.(?=[\"'”’)\]]*(?:$|\s+[^\W\d_]))")
PHRASE_CLOSED = re.compile(r"[，,、]$")
PHRASE = re.compile(r"[，,]")
# Scripts that put no space between words; a line break beside one of their characters is joined by nothing.
UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]")

HEADING_WIDTH = 60  # columns, as a terminal counts them: 30 Chinese characters or 60 Latin letters
PHRASED_HEADING_WIDTH = 40  # with a comma in it; longer, it is the first half of a broken sentence
CAPTION_CHARACTERS = 60
FIRST_GAP = 2
# Headings stand one to three above a text; a longer run of them, unless each is of another level, is a list.
HEADING_RUN = 3
PLAIN_LEVEL = 10  # below every Markdown level, so that a plain heading never closes a marked one


class Kind(StrEnum):
    """What a line is: a title of what follows, the head of a table, a header or footer of a page, an aside, or text."""

    HEADING = auto()
    TABLE_HEAD = auto()
    RUNNING = auto()
    ASIDE = auto()
    BODY = auto()


class Line(NamedTuple):  # which is made sooner than a dataclass; a megabyte may have half a million
    """A line that is not blank, without the space around it.

    Attributes:
        span: where it stands in the text.
        text: what it says.
        width: in columns, as a terminal counts them.
        prose: whether a sentence ends in it.
        closed: whether it ends as a sentence does, or with a colon.
        gap: line breaks between it and the line before; more than one means blank lines.
        kind: what it is.
        level: of a heading, 1 outermost; 0 for others.
        literal: whether it stands in a block of code, where marks mean nothing.
        head: of a row of a table, where the names of its columns stand.
        continues: whether it goes on with the heading in the line before.
    """

    span: Span
    text: str
    width: int
    prose: bool
    closed: bool
    gap: int
    kind: Kind = Kind.BODY
    level: int = 0
    literal: bool = False
    head: Span | None = None
    continues: bool = False


def read_lines(text: str, *, markdown: bool = False) -> list[Line]:
    """Return the lines of a text that are not blank, and what each is; see `corpus.splitting.blocks` for Markdown."""
    lines = _classified(list(_lines(text)), running_lines(text), read_marks(text, markdown=markdown))
    return list(_levelled(_without_false_headings(lines)))


def _lines(text: str) -> Iterator[Line]:
    end, before = 0, FIRST_GAP  # the beginning of a text sets its first line apart as a blank line would
    for match in SOLID_LINE.finditer(text):
        line, start = match[0], match.start()
        gap = before + text.count("\n", end, start)
        prose, closed = SENTENCE_END.search(line) is not None, SENTENCE_CLOSED.search(line) is not None
        end, before = match.end(), 0
        yield Line(Span(start, end), line, columns_of(line), prose, closed, gap)


def _classified(lines: list[Line], running: frozenset[int], marks: Marks) -> Iterator[Line]:
    number = -FIRST_GAP  # of the line in the text
    for before, line, after in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        number += line.gap
        gap_after = after.gap if after else 2
        if number in marks.code:
            yield line._replace(literal=True)
        elif level := marks.headings.get(number):
            yield line._replace(kind=Kind.HEADING, level=level, continues=number in marks.continued)
        elif level := _quoted_level(before, line, after) or _underlined_level(line, after, marks):
            yield line._replace(kind=Kind.HEADING, level=level)
        elif line.span.start in running:
            yield line._replace(kind=Kind.RUNNING)
        elif CREDIT.match(line.text) or _is_caption(line, gap_after):
            yield line._replace(kind=Kind.ASIDE)
        elif (level := _plain_heading_level(line, gap_after, marks)) and not _is_labelled(before, line, after):
            yield line._replace(kind=Kind.HEADING, level=level)
        else:
            yield line


def _quoted_level(before: Line | None, line: Line, after: Line | None) -> int:
    """Return the level of a word that is quoted by itself; one in a quotation of several lines is the end of it."""
    if line.closed or not QUOTED_HEADING.match(line.text):
        return 0
    quoted_before = before is not None and line.gap == 1 and before.text.startswith(">")
    quoted_after = after is not None and after.gap == 1 and after.text.startswith(">")
    return 0 if quoted_before or quoted_after else 2


def _underlined_level(line: Line, after: Line | None, marks: Marks) -> int:
    if marks.markdown or line.gap < 2 or after is None or after.gap > 1 or len(line.text) > LONGEST_HEADING:
        return 0
    if line.closed:
        return 0
    return next((level for underline, level in UNDERLINES if underline.fullmatch(after.text)), 0)


def _is_labelled(before: Line | None, line: Line, after: Line | None) -> bool:
    """Return whether a line and one beside it are names with what goes by them, which are no headings."""
    labelled = [each is not None and LABEL.match(each.text) for each in (before, line, after)]
    return bool(labelled[1] and (labelled[0] or labelled[2]))


def _plain_heading_level(line: Line, gap_after: int, marks: Marks) -> int:
    """Return the level of a heading without marks: one that is numbered, or that blank lines set apart.

    Who marks the headings of a Markdown file leaves none without.
    """
    number = NUMBERS.match(line.text)
    set_apart = line.gap > 1 and gap_after > 1 and not (marks.markdown and marks.headings)
    if not (set_apart or number) or not _reads_like_heading(line):
        return 0
    return PLAIN_LEVEL + (number.lastindex or 0 if number else 0)


def _reads_like_heading(line: Line) -> bool:
    return (
        not line.closed
        and line.width <= (PHRASED_HEADING_WIDTH if PHRASE.search(line.text) else HEADING_WIDTH)
        and not SENTENCE_MARK.search(line.text)
        and not PHRASE_CLOSED.search(line.text)
        and not LIST_OR_TABLE.match(line.text)
        and not line.text[0].islower()
        and any(map(str.isalpha, line.text))
    )


def columns_of(line: str) -> int:
    """Return how wide a line is, in columns as a terminal counts them."""
    return len(line) if line.isascii() else len(line) + len(UNSPACED.findall(line))


def _is_caption(line: Line, gap_after: int) -> bool:
    """Return whether a line is one short sentence that wide gaps set apart from the text around it."""
    if max(line.gap, gap_after) <= 2 or len(line.text) > CAPTION_CHARACTERS:
        return False
    return line.closed and len(SENTENCE_MARK.findall(line.text)) == 1


def _without_false_headings(lines: Iterable[Line]) -> Iterator[Line]:
    """Take back headings that no text follows, and runs of plain ones that are lists."""
    groups = [list(group) for _, group in groupby(lines, key=lambda line: line.kind is Kind.HEADING)]
    for number, group in enumerate(groups):
        plain = [line.level for line in group if line.level >= PLAIN_LEVEL]
        if number + 1 == len(groups):
            group = [line._replace(kind=Kind.BODY, level=0) if line.level else line for line in group]
        elif len(plain) > HEADING_RUN and len(set(plain)) < len(plain):
            group = [line._replace(kind=Kind.BODY, level=0) if line.level >= PLAIN_LEVEL else line for line in group]
        yield from group


def _levelled(lines: Iterable[Line]) -> Iterator[Line]:
    """Put a plain heading that follows another one below it."""
    before: Line | None = None
    for line in lines:
        if line.level >= PLAIN_LEVEL and before is not None and before.level >= PLAIN_LEVEL:
            line = line._replace(level=max(line.level, before.level + 1))
        before = line
        yield line
