"""What a splitter packs: sentences, headings and asides, each small enough for a passage, with their offsets."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from typing import NamedTuple

from corpus.passage import Span
from corpus.splitting.layout import Flow, Layout, joint
from corpus.splitting.lines import Kind, columns_of
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import FlowText, sentence_bounds

CountTokens = Callable[[Sequence[str]], list[int]]

SHORT = 20  # columns, as a terminal counts them, of a sentence, or several, that is not taken apart
# Of the head of a table, what is searched with each passage of its rows: code points, and the share of the tokens.
LEAD, LEAD_SHARE = 200, 3
# Where a sentence that is too long is cut, the best place first; the last cuts anywhere.
CLOSED_HEADING = re.compile(r"(#{1,6}[ \t].*?)[ \t]+#+")  # by marks after its words, too, which say nothing
CUTS = ["\n\n", "\n", "；", "; ", "：", "，", ", ", "、", " ", ""]


@dataclass(frozen=True, slots=True)
class Room:
    """The most that fits: code points, and tokens as the model counts them."""

    characters: int
    tokens: int


class Unit(NamedTuple):  # as `Line` is
    """A stretch that is packed whole.

    Attributes:
        span: where it stands.
        text: what it says, line breaks undone, in its searched form.
        kind: sentence of the body, heading or aside.
        section: the headings above it, outermost first.
        ends_flow: whether a paragraph, heading or aside ends with it.
        tokens: how many the model reads of it.
        head: of a row of a table, where the names of its columns stand.
        lead: of a row of a table, what its columns are called, in the searched form.
        lead_tokens: how many the model reads of that.
    """

    span: Span
    text: str
    kind: Kind
    section: tuple[str, ...]
    ends_flow: bool
    tokens: int = 0
    head: Span | None = None
    lead: str = ""
    lead_tokens: int = 0


def read_units(layout: Layout, room: Room, count_tokens: CountTokens) -> list[Unit]:
    """Return the units of a text in order; they are disjoint, cover all but white space, and each fits `room`.

    Headings and the unit after them fit it together, so that no heading need stand alone.
    """
    units = _grouped(_with_words(_absorb(sorted(_units(layout), key=lambda unit: unit.span.start))))
    counts = count_tokens([unit.text for unit in units])
    units = [unit._replace(tokens=count) for unit, count in zip(units, counts, strict=True)]
    units = _with_leads(layout.text, units, room.tokens // LEAD_SHARE, count_tokens)
    return list(_fitted(layout, _without_long_headings(units, room), room, count_tokens))


def _units(layout: Layout) -> Iterator[Unit]:
    headings: list[tuple[int, str]] = []
    for flow in layout.flows:
        if flow.kind is Kind.HEADING:
            title = _title(FlowText(layout.text, flow.spans).text)
            headings = [
                *((level, name) for level, name in headings if level < flow.level),
                (flow.level, title),
            ]
        yield from _units_of(layout.text, flow, tuple(name for _, name in headings))


def _units_of(text: str, flow: Flow, section: tuple[str, ...]) -> Iterator[Unit]:
    if flow.kind is not Kind.BODY:
        span, said = Span(flow.spans[0].start, flow.spans[-1].end), FlowText(text, flow.spans).text
        yield Unit(span, _title(said), flow.kind, section, ends_flow=True)
        return
    flow_text = FlowText(text, flow.spans)
    bounds = list(sentence_bounds(flow_text.text))
    for start, end in bounds:
        sentence = normalise(flow_text.text[start:end])
        yield Unit(flow_text.span(start, end), sentence, flow.kind, section, end == bounds[-1][1], head=flow.head)


def _title(said: str) -> str:
    """Return what a heading or an aside says."""
    closed = CLOSED_HEADING.fullmatch(said)
    return normalise(closed[1] if closed else said)


def _absorb(units: Iterable[Unit]) -> list[Unit]:
    """Make an aside that stands between the halves of a sentence part of its unit."""
    kept: list[list[Unit]] = []
    for unit in units:
        if kept and unit.span.start < kept[-1][0].span.end:
            kept[-1].append(unit)
        else:
            kept.append([unit])
    return [
        first._replace(text=" ".join(unit.text for unit in (first, *asides))) if asides else first
        for first, *asides in kept
    ]


def _with_words(units: Iterable[Unit]) -> Iterator[Unit]:
    """Make what has no letter or digit, a rule or a lone bracket, part of the unit before it, or else after it."""
    kept: Unit | None = None
    for unit in units:
        if kept is None:
            kept = unit
        elif not _has_words(unit) and kept.kind is not Kind.HEADING:
            kept = kept._replace(span=Span(kept.span.start, unit.span.end), ends_flow=unit.ends_flow)
        elif not _has_words(kept):
            kept = unit._replace(span=Span(kept.span.start, unit.span.end))
        else:
            yield kept
            kept = unit
    if kept is not None:
        yield kept


def _has_words(unit: Unit) -> bool:
    return any(map(str.isalnum, unit.text))


def _grouped(units: Iterable[Unit]) -> list[Unit]:
    """Take very short sentences together: apart they say nothing, and a list has tens of thousands of them."""
    grouped: list[Unit] = []
    for unit in units:
        before = grouped[-1] if grouped else None
        if (
            before is not None
            and before.kind is unit.kind is Kind.BODY
            and before.section == unit.section
            and before.head == unit.head
            and columns_of(before.text) + columns_of(unit.text) < SHORT
        ):
            text = before.text + (between(before, unit) if before.text and unit.text else "") + unit.text
            span = Span(before.span.start, unit.span.end)
            grouped[-1] = before._replace(span=span, text=text, ends_flow=unit.ends_flow)
        else:
            grouped.append(unit)
    return grouped


def between(before: Unit, after: Unit) -> str:
    """Return what belongs between the searched texts of two units: a line that ends without a mark stands apart."""
    if before.kind is Kind.HEADING or (before.ends_flow and before.text[-1].isalnum()):
        return " "
    return joint(before.text, after.text)


def _with_leads(text: str, units: list[Unit], most: int, count_tokens: CountTokens) -> list[Unit]:
    """Return units, the rows of tables among them with what their columns are called, as far as that is short enough.

    Args:
        text: of the document.
        units: of it.
        most: tokens that may be spent on it.
        count_tokens: how many the model reads.
    """
    leads: dict[Span | None, tuple[str, int]] = {None: ("", 0)}
    for head in dict.fromkeys(unit.head for unit in units if unit.head):
        lead = normalise(head.of(text))[:LEAD]
        while (tokens := count_tokens([lead])[0]) > most and lead:
            lead = lead[: len(lead) // 2]
        leads[head] = (lead, tokens if lead else 0)
    return [
        unit._replace(lead=leads[unit.head][0], lead_tokens=leads[unit.head][1]) if unit.head else unit
        for unit in units
    ]


def _without_long_headings(units: list[Unit], room: Room) -> Iterator[Unit]:
    """Take headings that would fill half a passage before its text begins for what they are: a list."""
    runs = [list(run) for _, run in groupby(units, key=lambda unit: unit.kind is Kind.HEADING)]
    for run, following in zip_longest(runs, runs[1:]):
        if run[0].kind is Kind.HEADING:
            length = (following[0] if following else run[-1]).span.start - run[0].span.start
            if 2 * length > room.characters or 2 * sum(unit.tokens for unit in run) > room.tokens:
                run = [unit._replace(kind=Kind.BODY) for unit in run]
        yield from run


def _fitted(layout: Layout, units: Iterable[Unit], room: Room, count_tokens: CountTokens) -> Iterator[Unit]:
    """Cut the units that are too long for the room that the headings right before them leave."""
    lead_start, lead_tokens = -1, 0
    for unit in units:
        left = room
        if lead_start >= 0:
            left = Room(room.characters - (unit.span.start - lead_start), room.tokens - lead_tokens)
        elif unit.lead_tokens:
            left = Room(room.characters, room.tokens - unit.lead_tokens)
        if unit.kind is Kind.HEADING:
            lead_start = unit.span.start if lead_start < 0 else lead_start
            lead_tokens += unit.tokens
        else:
            lead_start, lead_tokens = -1, 0
        yield from _cut(layout, unit, left, count_tokens)


def _cut(layout: Layout, unit: Unit, room: Room, count_tokens: CountTokens) -> list[Unit]:
    """Return a unit in as many pieces as fit; token limits are met by halving the length until they are."""
    length = unit.span.end - unit.span.start
    if length <= room.characters and unit.tokens <= room.tokens:
        return [unit]
    limit = min(room.characters, length if unit.tokens <= room.tokens else length // 2)
    while True:
        spans = list(_cut_spans(layout.text, unit.span, max(limit, 1)))
        texts = [normalise(layout.reading(span)) for span in spans]
        counts = count_tokens(texts)
        if limit <= 1 or max(counts) <= room.tokens:
            break
        limit //= 2
    last = len(spans) - 1
    return [
        unit._replace(span=span, text=piece, tokens=count, ends_flow=unit.ends_flow and number == last)
        for number, (span, piece, count) in enumerate(zip(spans, texts, counts, strict=True))
    ]


def _cut_spans(text: str, span: Span, limit: int) -> Iterator[Span]:
    # Only now: it takes a third of a second to import, and who searches cuts nothing.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        CUTS, keep_separator="end", chunk_size=limit, chunk_overlap=0, strip_whitespace=False
    )
    # Nothing is stripped or repeated, so the pieces lie end to end and their lengths are their offsets.
    position = span.start
    for piece in splitter.split_text(span.of(text)):
        if stripped := piece.strip():
            start = position + piece.index(stripped)
            yield Span(start, start + len(stripped))
        position += len(piece)
