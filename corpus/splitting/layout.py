"""Which lines of a text read as one: headings, asides, and running text that a line break may cut.

Newspaper columns break sentences over blank lines and set captions between the halves; pages, headers and footers.
Lines that read as one become one flow. Only offsets are made here; no text is changed.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corpus.noise import SHORTEST_DATA, blanked
from corpus.passage import Span
from corpus.splitting.breaks import goes_on, is_hyphenated
from corpus.splitting.hidden import ANY_HIDDEN, LINE_END, hidden_places, seen, without_hidden
from corpus.splitting.lines import UNSPACED, Kind, Line, read_lines
from corpus.splitting.tables import with_tables

ASIDES = (Kind.RUNNING, Kind.ASIDE)
SOLID = re.compile(r"\S")
BLANK = re.compile(f" {{{SHORTEST_DATA},}}")  # what is left of noise inside a line
UNUSUAL = re.compile("|".join(each.pattern for each in (ANY_HIDDEN, LINE_END, BLANK)))


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that read as one: a heading, an aside, or running text with its line breaks undone.

    Attributes:
        kind: what the lines are.
        spans: where they stand, in order; asides of other flows may stand between them.
        level: of a heading, 1 outermost; 0 for others.
        head: of a row of a table, where the names of its columns stand.
    """

    kind: Kind
    spans: tuple[Span, ...]
    level: int = 0
    head: Span | None = None


class Layout:
    """The flows of a text in the order in which they begin; together they cover all but white space and noise.

    Attributes:
        text: the text as it is read, blank where it is noise; see `corpus.noise`.
        flows: its flows.
    """

    def __init__(self, text: str, *, markdown: bool = False) -> None:
        self.text = text = blanked(text)
        self.flows = tuple(_joined(list(with_tables(read_lines(text, markdown=markdown)))))
        pieces = sorted((span.start, span.end, number) for number, flow in enumerate(self.flows) for span in flow.spans)
        self._starts = [start for start, _, _ in pieces]
        self._pieces = pieces

    def reading(self, span: Span) -> str:
        """Return a stretch of the text as `reading_text` does, the lines around it seen, too."""
        first = max(bisect_right(self._starts, span.start) - 1, 0)
        told = _told if UNUSUAL.search(self.text, span.start, span.end) else str.strip
        read: list[str] = []
        flow_before = -1
        for start, end, flow in self._pieces[first : bisect_left(self._starts, span.end)]:
            if piece := told(self.text[max(start, span.start) : min(end, span.end)]):
                if read:
                    read.append(joint(read[-1], piece) if flow == flow_before else "\n")
                read.append(piece)
                flow_before = flow
        return "".join(read)


def read_layout(text: str) -> tuple[Flow, ...]:
    """Return the flows of a text."""
    return Layout(text).flows


def reading_text(quote: str) -> str:
    """Return a quote with the sentences that a line break cuts made whole, without characters that nobody sees.

    Only these and white space differ.
    """
    quote = without_hidden(blanked(quote))  # in this order: what is hidden may part noise
    if "\n" in quote:
        return Layout(quote).reading(Span(0, len(quote)))
    return _told(quote.strip())


def _told(line: str) -> str:
    """Return a line without what nobody sees, and without more space than a reader takes notice of."""
    return BLANK.sub(" ", seen(line)).strip()


def reading_offset(quote: str, reading: str, offset: int) -> int:
    """Return where the character at `offset` of a quote stands in its reading text."""
    hidden = hidden_places(quote)
    wanted = sum(not character.isspace() and place not in hidden for place, character in enumerate(quote[:offset]))
    for position, character in enumerate(reading):
        if not character.isspace():
            if wanted == 0:
                return position
            wanted -= 1
    return len(reading)


def readings(quote: str, reading: str, spans: Iterable[Span]) -> list[str]:
    """Return what stretches of a quote, which begin and end in words, are in its reading text.

    Args:
        quote: what is read.
        reading: its reading text.
        spans: the stretches, in order and apart from each other.
    """
    if len(reading) == len(quote):  # what is read is never longer, so nothing has moved
        return [span.of(reading) for span in spans]
    places = [match.start() for match in SOLID.finditer(reading)]
    hidden = hidden_places(quote)
    if hidden:
        quote = "".join(" " if place in hidden else character for place, character in enumerate(quote))
    found, at, before = list[str](), 0, 0
    for span in spans:
        first = before + _solid(quote[at : span.start])
        at, before = span.end, first + _solid(span.of(quote))
        found.append(reading[places[first] : places[before - 1] + 1])
    return found


def _solid(text: str) -> int:
    """Return how many characters are no white space."""
    return sum(map(len, text.split()))


def joint(before: str, after: str) -> str:
    """Return what belongs between two halves of one sentence: a space, or nothing beside Chinese or in a word."""
    unspaced = UNSPACED.match(before[-1]) or UNSPACED.match(after[0]) or is_hyphenated(before, after)
    return "" if unspaced else " "


def _joined(lines: Sequence[Line]) -> list[Flow]:
    continued = {
        stretch[place + 1].span.start
        for stretch in _stretches(lines)
        for place in range(len(stretch) - 1)
        if goes_on(stretch, place)
    }
    flows: list[tuple[Line, list[Span]]] = []
    place = 0  # of the flow of running text that was last
    for line in lines:
        if line.span.start in continued or line.continues:
            flows[-1 if line.continues else place][1].append(line.span)
            continue
        if line.kind is Kind.BODY:
            place = len(flows)
        flows.append((line, [line.span]))
    return [Flow(first.kind, tuple(spans), first.level, first.head) for first, spans in flows]


def _stretches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines of running text that no heading parts; what stands beside them parts like a blank line."""
    stretch: list[Line] = []
    aside = False
    for line in lines:
        if line.kind is Kind.BODY:
            stretch.append(line._replace(gap=2) if aside else line)
        elif line.kind not in ASIDES:
            yield stretch
            stretch = []
        aside = line.kind in ASIDES
    yield stretch
