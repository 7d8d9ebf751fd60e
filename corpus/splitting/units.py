"""What a splitter packs: sentences, headings and asides, each small enough for a passage, with their offsets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from corpus.passage import Span
from corpus.splitting.layout import Flow, joint, read_layout, reading_text
from corpus.splitting.lines import Kind
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import FlowText, sentence_bounds

CountTokens = Callable[[Sequence[str]], list[int]]

SHORT = 20  # code points of a sentence, or several, that is not taken apart
# Where a sentence that is too long is cut, the best place first; the last cuts anywhere.
CUTS = ["\n\n", "\n", "；", "; ", "：", "，", ", ", "、", " ", ""]


@dataclass(frozen=True, slots=True)
class Room:
    """The most that fits: code points, and tokens as the model counts them."""

    characters: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch that is packed whole.

    Attributes:
        span: where it stands.
        text: what it says, line breaks undone, in its searched form.
        kind: sentence of the body, heading or aside.
        section: the headings above it, outermost first.
        ends_flow: whether a paragraph, heading or aside ends with it.
        tokens: how many the model reads of it.
    """

    span: Span
    text: str
    kind: Kind
    section: tuple[str, ...]
    ends_flow: bool
    tokens: int = 0


def read_units(text: str, room: Room, count_tokens: CountTokens) -> list[Unit]:
    """Return the units of a text in order; they are disjoint, cover all but white space, and each fits `room`.

    Headings and the unit after them fit it together, so that no heading need stand alone.
    """
    units = _grouped(_with_words(_absorb(sorted(_units(text), key=lambda unit: unit.span.start))))
    counts = count_tokens([unit.text for unit in units])
    units = [replace(unit, tokens=count) for unit, count in zip(units, counts, strict=True)]
    return list(_fitted(text, _without_long_headings(units, room), room, count_tokens))


def _units(text: str) -> Iterator[Unit]:
    headings: list[tuple[int, str]] = []
    for flow in read_layout(text):
        if flow.kind is Kind.HEADING:
            title = normalise(flow.spans[0].of(text))
            headings = [
                *((level, name) for level, name in headings if level < flow.level),
                (flow.level, title),
            ]
        yield from _units_of(text, flow, tuple(name for _, name in headings))


def _units_of(text: str, flow: Flow, section: tuple[str, ...]) -> Iterator[Unit]:
    if flow.kind is not Kind.BODY:
        (span,) = flow.spans
        yield Unit(span, normalise(span.of(text)), flow.kind, section, ends_flow=True)
        return
    flow_text = FlowText(text, flow.spans)
    bounds = list(sentence_bounds(flow_text.text))
    for start, end in bounds:
        sentence = normalise(flow_text.text[start:end])
        yield Unit(flow_text.span(start, end), sentence, flow.kind, section, ends_flow=end == bounds[-1][1])


def _absorb(units: Iterable[Unit]) -> list[Unit]:
    """Make an aside that stands between the halves of a sentence part of its unit."""
    kept: list[Unit] = []
    for unit in units:
        if kept and unit.span.start < kept[-1].span.end:
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {unit.text}")
        else:
            kept.append(unit)
    return kept


def _with_words(units: Iterable[Unit]) -> Iterator[Unit]:
    """Make what has no letter or digit, a rule or a lone bracket, part of the unit before it, or else after it."""
    kept: Unit | None = None
    for unit in units:
        if kept is None:
            kept = unit
        elif not _has_words(unit) and kept.kind is not Kind.HEADING:
            kept = replace(kept, span=Span(kept.span.start, unit.span.end), ends_flow=unit.ends_flow)
        elif not _has_words(kept):
            kept = replace(unit, span=Span(kept.span.start, unit.span.end))
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
            and unit.span.end - before.span.start <= SHORT
        ):
            text = before.text + joint(before.text or " ", unit.text or " ") + unit.text
            span = Span(before.span.start, unit.span.end)
            grouped[-1] = replace(before, span=span, text=text, ends_flow=unit.ends_flow)
        else:
            grouped.append(unit)
    return grouped


def _without_long_headings(units: list[Unit], room: Room) -> Iterator[Unit]:
    """Take headings that would fill half a passage before its text begins for what they are: a list."""
    groups = list(_heading_groups(units))
    for group, following in zip_longest(groups, groups[1:]):
        length = (following or group)[0 if following else -1].span.start - group[0].span.start
        tokens = sum(unit.tokens for unit in group)
        too_long = 2 * length > room.characters or 2 * tokens > room.tokens
        for unit in group:
            yield replace(unit, kind=Kind.BODY) if too_long and unit.kind is Kind.HEADING else unit


def _heading_groups(units: Iterable[Unit]) -> Iterator[list[Unit]]:
    """Yield runs of headings, and every other unit alone."""
    run: list[Unit] = []
    for unit in units:
        if run and not (unit.kind is Kind.HEADING and run[-1].kind is Kind.HEADING):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _fitted(text: str, units: Iterable[Unit], room: Room, count_tokens: CountTokens) -> Iterator[Unit]:
    """Cut the units that are too long for the room that the headings right before them leave."""
    lead_start, lead_tokens = -1, 0
    for unit in units:
        left = room
        if lead_start >= 0:
            left = Room(room.characters - (unit.span.start - lead_start), room.tokens - lead_tokens)
        if unit.kind is Kind.HEADING:
            lead_start = unit.span.start if lead_start < 0 else lead_start
            lead_tokens += unit.tokens
        else:
            lead_start, lead_tokens = -1, 0
        yield from _cut(text, unit, left, count_tokens)


def _cut(text: str, unit: Unit, room: Room, count_tokens: CountTokens) -> list[Unit]:
    """Return a unit in as many pieces as fit; token limits are met by halving the length until they are."""
    length = unit.span.end - unit.span.start
    if length <= room.characters and unit.tokens <= room.tokens:
        return [unit]
    limit = min(room.characters, length if unit.tokens <= room.tokens else length // 2)
    while True:
        spans = list(_cut_spans(text, unit.span, max(limit, 1)))
        texts = [normalise(reading_text(span.of(text))) for span in spans]
        counts = count_tokens(texts)
        if limit <= 1 or max(counts) <= room.tokens:
            break
        limit //= 2
    last = len(spans) - 1
    return [
        replace(unit, span=span, text=piece, tokens=count, ends_flow=unit.ends_flow and number == last)
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
