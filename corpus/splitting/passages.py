"""From documents to passages: sentences packed into stretches short enough to cite and long enough to answer.

Offsets are tracked from the first line to the last passage, never searched for. A section begins a new passage,
a sentence that a line break cuts stays whole, and the passages of a section are made about equally long.

A change here changes what is indexed, so it raises SPLITTER_VERSION.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, islice, pairwise

from corpus.document import Document
from corpus.passage import Passage, Quotation, Span, passage_id_of
from corpus.splitting.blocks import is_markdown
from corpus.splitting.layout import Layout
from corpus.splitting.lines import Kind
from corpus.splitting.parts import PagesOf, edges_of
from corpus.splitting.synonyms import lengths_of, with_synonyms
from corpus.splitting.units import CountTokens, Room, Unit, between, read_units
from corpus.splitting.years import with_years

SPLITTER_VERSION = 7

Split = Callable[[Document], list[Passage]]

# What a break inside a paragraph costs, where a passage of half or twice the target costs 0.25 or 1.
BREAK_IN_PARAGRAPH = 0.1
# What is no text that could answer.
UNANSWERING = (Kind.HEADING, Kind.TABLE_HEAD, Kind.RUNNING)


@dataclass(frozen=True, slots=True)
class SplitterSettings:
    """How long passages are.

    Attributes:
        limit: the most code points a passage may span.
        target: the length that the passages of a long section are made near to.
    """

    limit: int = 400
    target: int = 340


def make_splitter(settings: SplitterSettings, count_tokens: CountTokens, max_tokens: int) -> Split:
    """Return a splitter whose passages keep to the settings and to what a model reads.

    Args:
        settings: how long passages are.
        count_tokens: how many tokens the model reads of each text, prompt and special tokens included.
        max_tokens: the most it reads.
    """
    room = Room(settings.limit, max_tokens)

    def split(document: Document) -> list[Passage]:
        layout = Layout(document.text, markdown=is_markdown(document.source))
        units = read_units(layout, room, count_tokens)
        sections = _sections(units, edges_of(document))
        stretches = [stretch for section in sections for stretch in _pack(section, room, settings.target)]
        return make_passages(document, layout, stretches)

    return split


def make_passages(document: Document, layout: Layout, stretches: Iterable[Sequence[Unit]]) -> list[Passage]:
    """Return a passage of each stretch of a document's units."""
    seen = Counter[str]()
    pages_of, lengths = PagesOf(document), lengths_of(document.synonyms)
    passages = []
    for units in stretches:
        span = Span(units[0].span.start, units[-1].span.end)
        quote = span.of(document.text)
        head = units[0].head  # of a table whose first rows are here without it; there may be others below
        passages.append(
            Passage(
                passage_id=passage_id_of(document.document_id, quote, seen[quote]),
                document_id=document.document_id,
                start=span.start,
                end=span.end,
                quote=quote,
                text=layout.reading(span),
                section=units[-1].section,
                search_text=with_synonyms(
                    with_years(_search_text(units), document.published), document.synonyms, lengths
                ),
                sentences=tuple(unit.span for unit in units if unit.kind not in UNANSWERING),
                pages=tuple(pages_of(units)),
                table_header=None if head is None else Quotation(head.start, head.end, head.of(document.text)),
            )
        )
        seen[quote] += 1
    return passages


def _sections(units: Iterable[Unit], edges: Sequence[int]) -> list[list[Unit]]:
    """Return the units of each section, its headings among them; none goes on over an edge."""
    sections: list[list[Unit]] = []
    part = 0
    for unit in units:
        before, part = part, bisect_right(edges, unit.span.start)
        headed = unit.kind is Kind.HEADING and sections and sections[-1][-1].kind is not Kind.HEADING
        if not sections or headed or part != before:
            sections.append([])
        sections[-1].append(unit)
    return sections


def _pack(units: Sequence[Unit], room: Room, target: int) -> list[Sequence[Unit]]:
    """Return the units in stretches that fit, with the least sum of squared distances from the target length.

    A shortest path over all breaks, as paragraphs are broken into lines by Knuth and Plass (1981).
    """
    costs, origins = [0.0], [0]
    starts = [unit.span.start for unit in units]
    squares = [(length / target - 1) ** 2 for length in range(room.characters + 1)]
    for end, first in enumerate(_firsts(units, room), start=1):
        ends_at, extra = units[end - 1].span.end, _extra_cost(units, end)
        best, origin, least = float("inf"), first, min(costs[first:])
        for start in range(first, end):
            length = ends_at - starts[start]
            cost = costs[start] + (squares[length] + extra)
            if cost < best:
                best, origin = cost, start
            elif length < target and least + (squares[length] + extra) >= best:
                break  # what is shorter still is no better
        costs.append(best)
        origins.append(origin)
    breaks = [len(units)]
    while breaks[-1]:
        breaks.append(origins[breaks[-1]])
    return [units[start:end] for end, start in pairwise(breaks)][::-1]


def _firsts(units: Sequence[Unit], room: Room) -> Iterator[int]:
    """Yield for each unit the first one from which on all fit together that end with it."""
    tokens = [0, *accumulate(unit.tokens for unit in units)]
    ends, full = [unit.span.end for unit in units], [0] * (len(units) + 2)
    for start, unit in enumerate(units):
        within = bisect_right(ends, unit.span.start + room.characters, start) + 1
        read = bisect_right(tokens, tokens[start] + room.tokens - unit.lead_tokens, start)
        # From there on all that begin with it are too long, but it by itself is taken as it is.
        full[min(max(min(within, read), start + 2), len(units) + 1)] = start + 1
    yield from islice(accumulate(full, max), 1, len(units) + 1)


def _extra_cost(units: Sequence[Unit], end: int) -> float:
    """Return what a break costs for where it is."""
    if end == len(units):
        return 0.0
    if units[end - 1].kind in (Kind.HEADING, Kind.TABLE_HEAD):
        return float(len(units))  # more than all other costs: none stands alone while anything else is possible
    return 0.0 if units[end - 1].ends_flow else BREAK_IN_PARAGRAPH


def _search_text(units: Sequence[Unit]) -> str:
    """Return what is indexed of units: their words, after the names of the columns that rows at their top are in."""
    said = [unit for unit in units if unit.text]
    glue = (between(before, after) for before, after in pairwise(said))
    text = "".join(before + unit.text for before, unit in zip(chain([""], glue), said, strict=False))
    return f"{units[0].lead} {text}" if units[0].lead else text
