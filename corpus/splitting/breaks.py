"""Which line breaks a column made, and which the writer did.

A column breaks a sentence where the next word would not have fitted, so its lines could all have one width, and they
are prose: sentences end in them, and a line goes on as a sentence does. What a writer puts on lines of its own has a
form in common: labels, dates, numbers, words that begin every line. Lines of verse all begin with a capital or end
with a mark.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from corpus.splitting.lines import HEADING_WIDTH, LABEL, LIST_OR_TABLE, SENTENCE_END, UNSPACED, Line

# No column is narrower, in columns of a terminal: eight Chinese characters, or three words.
NARROWEST = 16
NARROWEST_SPACED = 20
AROUND = 12  # lines on each side that show what a line is among
LABELS_AROUND = 20  # and those among which there is another label: what is said after one may be long
# By how much lines of one column differ beside what the next word takes: letters are not equally wide in print, and
# a Chinese line gives up a place or two to a mark that may not begin the next.
SLACK, LEAST_SLACK = 0.12, 4
SENTENCE_INSIDE = re.compile(rf"(?:{SENTENCE_END.pattern})[\"'”’)\]]*\s+\w")
LINE_MARKED = re.compile(r"[。！？!?…；;：:，,、.][”’」』》）)\]\"']*$")
FIRST_WORD = re.compile(r"[^\W\d_]{2,}")
INNER_MARK = re.compile(r"(?<!\d)[，,。．、；;！？!?،؛।](?=.)|\.(?=\s)")
# What cannot stand alone at the beginning of a line: a Chinese character, or a word.
NEXT_WORD = re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern})\S)+")
DASHES = ("-", "–", "—")
NUMBER_FIRST, NUMBER_LAST = re.compile(r"[^\w\s]?\d"), re.compile(r"\d[%°)\]]?$")
# What is left of a line when its words and numbers are taken for each other, and the marks of a form in that.
WORDS, NUMBER = re.compile(r"[^\W\d_]+(?:[ '’-]+[^\W\d_]+)*"), re.compile(r"\d+")
WIDE_SPACE = re.compile(r"\t|\u3000| {2,}")
FORM_MARK = re.compile(r"[0\t|;=]")
OPENING = "([{\"'“‘«„「『（《*_`"  # the last three are Markdown's


def goes_on(lines: Sequence[Line], place: int) -> bool:
    """Return whether the text of a line goes on in the next one.

    Args:
        lines: lines of running text in their order; only asides may have stood between them.
        place: of the line.
    """
    before, after = lines[place], lines[place + 1]
    if before.literal or after.literal or before.head or after.head or before.text.startswith("|"):
        return False
    if LIST_OR_TABLE.match(after.text) or before.closed:
        return False
    if after.gap == 1 and is_hyphenated(before.text, after.text):
        return True
    if before.width < (NARROWEST if UNSPACED.search(before.text) else NARROWEST_SPACED):
        return False
    first, last = _paragraph(lines, place)
    if _is_repeated(lines, place, first, last):
        return False
    above, below = lines[first : place + 1], lines[place + 1 : last]
    if before.width >= HEADING_WIDTH and _is_unfinished(above, below):
        return True
    # Over a blank line the next may be a paragraph, and its width says nothing.
    column = [*above, *below] if after.gap == 1 else above
    return _fills_column(column, len(above) - 1, after) and _follows(above, below)


def is_hyphenated(before: str, after: str) -> bool:
    """Return whether a line ends within a word; one that has a hyphen of its own cannot be told from it."""
    return before.endswith("-") and before[-2:-1].islower() and after[:1].islower()


def _paragraph(lines: Sequence[Line], place: int) -> tuple[int, int]:
    """Return from where to where lines stand together around a line and the next, at most so many on each side."""
    first, last = place, place + 2
    while first > max(0, place - AROUND) and _stands_below(lines[first - 1], lines[first]):
        first -= 1
    while last < min(len(lines), place + 2 + AROUND) and _stands_below(lines[last - 1], lines[last]):
        last += 1
    return first, last


def _stands_below(before: Line, after: Line) -> bool:
    """Return whether no blank line parts two lines, or one in the middle of a sentence."""
    return after.gap == 1 or (_begins_low(after) and not before.closed)


def _is_repeated(lines: Sequence[Line], place: int, first: int, last: int) -> bool:
    """Return whether two lines have a form in common that prose has by chance only, and so has a third beside them.

    Two that are alone are none where a sentence ends in them.
    """
    before, after = lines[place].text, lines[place + 1].text
    if LABEL.match(after):
        reach = 1 if _begins_low(lines[place + 1]) else LABELS_AROUND  # in prose a small word may stand before a colon
        near = lines[max(0, place + 1 - reach) : place + 2 + reach]
        return sum(LABEL.match(line.text) is not None for line in near) > 1
    beside = [lines[number].text for number in (place - 1, place + 2) if first <= number < last]
    if not beside and _is_prose(lines[place : place + 2]):
        return False
    for form in FORMS:
        common = form(before)
        if common and common == form(after) and (not beside or common in map(form, beside)):
            return True
    return False


def _begins_with_number(line: str) -> str:
    return "0" if NUMBER_FIRST.match(line) else ""


def _ends_with_number(line: str) -> str:
    return "0" if NUMBER_LAST.search(line) else ""


def _first_word(line: str) -> str:
    word = FIRST_WORD.match(line)
    return word[0][:2] if word and UNSPACED.match(line) else word[0].casefold() if word else ""


def _first_mark(line: str) -> str:
    return "" if line[0].isalnum() or line[0] in OPENING else line[0]


def _shape(line: str) -> str:
    """Return a line with its words and its numbers taken for each other, where that says anything."""
    shape = NUMBER.sub("0", WORDS.sub("a", WIDE_SPACE.sub("\t", line)))
    return shape if len(FORM_MARK.findall(shape)) > 1 else ""


FORMS: Sequence[Callable[[str], str]] = (_begins_with_number, _ends_with_number, _first_word, _first_mark, _shape)


def _is_unfinished(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Return whether a long line, a paragraph as it seems, ends within a sentence that the next one goes on with."""
    before, after = above[-1], below[0]
    if _has_cases(before):
        return _begins_low(after) and _is_prose([*above, *below])
    return INNER_MARK.search(before.text) is not None and _is_prose((before, after))


def _fills_column(column: Sequence[Line], place: int, after: Line) -> bool:
    """Return whether a line could be one of a column with at least half of those beside it.

    Args:
        column: the lines that stand together.
        place: of the line.
        after: what follows it.
    """
    line = column[place]
    reach = _reach(line, after)
    alike = 0
    for number, other in enumerate(column):
        if number != place and _without_slack(other) < reach:
            ended = number + 1 == len(column) or other.closed
            alike += ended or _without_slack(line) < _reach(other, column[number + 1])
    return 2 * alike >= len(column) - 1


def _reach(line: Line, after: Line) -> int:
    """Return how wide a line would be with the first word of the next."""
    word = NEXT_WORD.match(after.text)
    return line.width + 1 + (len(word[0]) + bool(UNSPACED.match(word[0])) if word else 0)


def _without_slack(line: Line) -> float:
    return line.width - max(LEAST_SLACK, SLACK * line.width)


def _follows(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Return whether a line begins as one that goes on with a sentence, among lines of prose.

    Args:
        above: the lines that stand together down to the break.
        below: those below it.
    """
    before, after, around = above[-1], below[0], [*above, *below]
    narrow, prose = before.width < HEADING_WIDTH, _is_prose(around)
    if not prose and (narrow or after.gap > 1):
        return False
    if not _has_cases(before):
        if after.gap > 1:
            return INNER_MARK.search(before.text) is not None and _is_prose(below)
        if not prose:  # only a script that has no marks at all has prose in which no sentence ends
            return not any(INNER_MARK.search(line.text) for line in around)
        return not (narrow and all(LINE_MARKED.search(line.text) for line in around))
    if after.gap > 1 or _begins_low(after):
        return _begins_low(after)
    begun = [
        _begins_low(line) for line_before, line in pairwise(around) if line is not after and not line_before.closed
    ]
    if not narrow and any(SENTENCE_INSIDE.search(line.text) for line in around):
        return True
    return 2 * sum(begun) >= len(begun) if begun else before.text.endswith(DASHES)


def _is_prose(lines: Sequence[Line]) -> bool:
    return any(line.prose for line in lines)


def _has_cases(line: Line) -> bool:
    """Return whether a line is in a script that has capitals and small letters."""
    return 4 * len(line.text) > 3 * line.width and line.text.lower() != line.text.upper()


def _begins_low(line: Line) -> bool:
    return line.text.lstrip(OPENING)[:1].islower()
