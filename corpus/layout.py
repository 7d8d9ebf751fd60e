"""What the lines of a text are to each other: headings, asides, and running text that a line break may cut.

Newspaper columns break sentences over blank lines and set captions between the halves. Lines that read as one
become one flow. Only offsets are made here; no text is changed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from itertools import groupby, pairwise

from corpus.passage import Span

MARKDOWN_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
FENCE = re.compile(r"```|~~~")
QUOTED_HEADING = re.compile(r">[ \t]*[^\s>]{1,12}$")
LIST_OR_TABLE = re.compile(r">|[-*+•][ \t]|\d{1,3}[.)、．]|\||[（(]\d{1,2}[)）]")
# Lines about the text instead of in it: who wrote or photographed it, who speaks, where it goes on.
CREDIT = re.compile(
    r"(?:——|文[/／]|(?:策划|撰稿|记者|通讯员|作者|摄影|来源|编辑)\s*[:：]|本报(?:记者|通讯员)|[（(]下转)|.{2,40}\s摄$"
)
SENTENCE_CLOSED = re.compile(r"[。！？!?…；;：:.．][”’」』》）)\]\"'*]*$")
SENTENCE_MARK = re.compile(r"[。！？!?]")
PHRASE_CLOSED = re.compile(r"[，,、]$")
PHRASE = re.compile(r"[，,]")
# Scripts that put no space between words; a line break beside one of their characters is joined by nothing.
UNSPACED = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff“”‘’…—]")

HEADING_WIDTH = 60  # columns, as a terminal counts them: 30 Chinese characters or 60 Latin letters
PHRASED_HEADING_WIDTH = 40  # with a comma in it; longer, it is the first half of a broken sentence
CAPTION_CHARACTERS = 60
# Headings stand one to three above a text; a longer run of short lines is a list without marks.
HEADING_RUN = 3
PLAIN_LEVEL = 10  # below every Markdown level, so that a plain heading never closes a marked one


class Kind(StrEnum):
    """What a line is: a title of what follows, something set beside the text, or the text."""

    HEADING = auto()
    ASIDE = auto()
    BODY = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank, without the space around it.

    Attributes:
        span: where it stands in the text.
        text: what it says.
        gap: line breaks between it and the line before; more than one means blank lines.
        kind: what it is.
        level: of a heading, 1 outermost; 0 for others.
        literal: whether it stands in a fenced block of code, where marks mean nothing.
    """

    span: Span
    text: str
    gap: int
    kind: Kind = Kind.BODY
    level: int = 0
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that read as one: a heading, an aside, or running text with its line breaks undone.

    Attributes:
        kind: what the lines are.
        spans: where they stand, in order; asides of other flows may stand between them.
        level: of a heading, 1 outermost; 0 for others.
    """

    kind: Kind
    spans: tuple[Span, ...]
    level: int = 0


def read_layout(text: str) -> list[Flow]:
    """Return the flows of a text in the order in which they begin; together they cover all but white space."""
    return _joined(_levelled(_without_false_headings(_classified(list(_lines(text))))))


def reading_text(quote: str) -> str:
    """Return a quote with the sentences that a line break cuts made whole; only white space differs."""
    pieces = sorted(
        (span.start, number, span.of(quote)) for number, flow in enumerate(read_layout(quote)) for span in flow.spans
    )
    text = ""
    for (_, flow, before), (_, next_flow, after) in pairwise(pieces):
        text += before + (joint(before, after) if flow == next_flow else "\n")
    return text + pieces[-1][2] if pieces else ""


def reading_offset(quote: str, reading: str, offset: int) -> int:
    """Return where the character at `offset` of a quote stands in its reading text."""
    wanted = sum(not character.isspace() for character in quote[:offset])
    for position, character in enumerate(reading):
        if not character.isspace():
            if wanted == 0:
                return position
            wanted -= 1
    return len(reading)


def joint(before: str, after: str) -> str:
    """Return what belongs between two halves of one sentence: a space, or nothing beside Chinese."""
    return "" if UNSPACED.match(before[-1]) or UNSPACED.match(after[0]) else " "


def _lines(text: str) -> Iterator[Line]:
    gap, position = 2, 0  # the beginning of a text sets its first line apart as a blank line would
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = position + raw.index(stripped)
            yield Line(Span(start, start + len(stripped)), stripped, gap)
            gap = 0
        gap += 1
        position += len(raw) + 1


def _classified(lines: list[Line]) -> Iterator[Line]:
    fence = ""  # the marks of the block of code that is open
    for number, line in enumerate(lines):
        gap_after = lines[number + 1].gap if number + 1 < len(lines) else 2
        mark = FENCE.match(line.text)
        if mark or fence:
            fence = "" if mark and fence == mark[0] else fence or (mark[0] if mark else "")
            yield replace(line, literal=True)
        elif level := _marked_heading_level(line.text):
            yield replace(line, kind=Kind.HEADING, level=level)
        elif CREDIT.match(line.text) or _is_caption(line, gap_after):
            yield replace(line, kind=Kind.ASIDE)
        elif line.gap > 1 and gap_after > 1 and _reads_like_heading(line.text):
            yield replace(line, kind=Kind.HEADING, level=PLAIN_LEVEL)
        else:
            yield line


def _marked_heading_level(line: str) -> int:
    if match := MARKDOWN_HEADING.match(line):
        return len(match[1])
    return 2 if QUOTED_HEADING.match(line) else 0


def _reads_like_heading(line: str) -> bool:
    width = sum(2 if UNSPACED.match(character) else 1 for character in line)
    return (
        width <= (PHRASED_HEADING_WIDTH if PHRASE.search(line) else HEADING_WIDTH)
        and not SENTENCE_MARK.search(line)
        and not SENTENCE_CLOSED.search(line)
        and not PHRASE_CLOSED.search(line)
        and not LIST_OR_TABLE.match(line)
        and not line[0].islower()
        and any(map(str.isalpha, line))
    )


def _is_caption(line: Line, gap_after: int) -> bool:
    """Return whether a line is one short sentence that wide gaps set apart from the text around it."""
    one_sentence = len(SENTENCE_MARK.findall(line.text)) == 1 and SENTENCE_CLOSED.search(line.text)
    return bool(one_sentence) and len(line.text) <= CAPTION_CHARACTERS and max(line.gap, gap_after) > 2


def _without_false_headings(lines: Iterable[Line]) -> Iterator[Line]:
    """Take back headings that no text follows, and runs of plain ones that are lists."""
    groups = [list(group) for _, group in groupby(lines, key=lambda line: line.kind is Kind.HEADING)]
    for number, group in enumerate(groups):
        plain = sum(line.level == PLAIN_LEVEL for line in group)
        if number + 1 == len(groups):
            group = [replace(line, kind=Kind.BODY, level=0) if line.level else line for line in group]
        elif plain > HEADING_RUN:
            group = [replace(line, kind=Kind.BODY, level=0) if line.level == PLAIN_LEVEL else line for line in group]
        yield from group


def _levelled(lines: Iterable[Line]) -> Iterator[Line]:
    """Put a plain heading that follows another one below it."""
    before: Line | None = None
    for line in lines:
        if line.level >= PLAIN_LEVEL and before is not None and before.level >= PLAIN_LEVEL:
            line = replace(line, level=before.level + 1)
        before = line
        yield line


def _joined(lines: Iterable[Line]) -> list[Flow]:
    flows: list[tuple[Line, list[Span]]] = []
    running: Line | None = None
    place = 0  # of the flow that `running` is the last line of
    for line in lines:
        if line.kind is Kind.BODY and running is not None and _continues(running, line):
            flows[place][1].append(line.span)
            running = line
            continue
        flows.append((line, [line.span]))
        if line.kind is not Kind.ASIDE:
            running, place = (line, len(flows) - 1) if line.kind is Kind.BODY else (None, 0)
    return [Flow(first.kind, tuple(spans), first.level) for first, spans in flows]


def _continues(before: Line, after: Line) -> bool:
    """Return whether running text goes on from one line to the next.

    It does inside a sentence, and from line to line of a paragraph that is wrapped by hand in a script with spaces.
    """
    if before.literal or after.literal or LIST_OR_TABLE.match(after.text) or before.text.startswith("|"):
        return False
    return not SENTENCE_CLOSED.search(before.text)
