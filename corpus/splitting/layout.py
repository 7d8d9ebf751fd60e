"""Which lines of a text read as one: headings, asides, and running text that a line break may cut.

Newspaper columns break sentences over blank lines and set captions between the halves; pages, headers and footers.
Lines that read as one become one flow. Only offsets are made here; no text is changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from corpus.passage import Span
from corpus.splitting.hidden import hidden_places, with_plain_ends, without_hidden
from corpus.splitting.lines import LIST_OR_TABLE, SENTENCE_CLOSED, UNSPACED, Kind, Line, read_lines


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
    return _joined(read_lines(text))


def reading_text(quote: str) -> str:
    """Return a quote with the sentences that a line break cuts made whole, without characters that nobody sees.

    Only these and white space differ.
    """
    quote = without_hidden(quote)
    if "\n" not in quote:
        return with_plain_ends(quote.strip())
    pieces = sorted(
        (span.start, number, span.of(quote)) for number, flow in enumerate(read_layout(quote)) for span in flow.spans
    )
    text = ""
    for (_, flow, before), (_, next_flow, after) in pairwise(pieces):
        text += before + (joint(before, after) if flow == next_flow else "\n")
    return with_plain_ends(text + pieces[-1][2]) if pieces else ""


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


def joint(before: str, after: str) -> str:
    """Return what belongs between two halves of one sentence: a space, or nothing beside Chinese or in a word."""
    unspaced = UNSPACED.match(before[-1]) or UNSPACED.match(after[0]) or is_hyphenated(before, after)
    return "" if unspaced else " "


def is_hyphenated(before: str, after: str) -> bool:
    """Return whether a line ends within a word; one that has a hyphen of its own cannot be told from it."""
    return before.endswith("-") and before[-2:-1].islower() and after[:1].islower()


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

    It does inside a sentence, and from line to line of a paragraph that is wrapped by hand in a script with spaces;
    not from one short line to the next, which are a list.
    """
    if after.gap == 1 and not (before.full or after.full):
        return False
    if before.literal or after.literal or LIST_OR_TABLE.match(after.text) or before.text.startswith("|"):
        return False
    return not SENTENCE_CLOSED.search(before.text)
