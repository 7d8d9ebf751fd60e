"""Where sentences end, in Chinese and in scripts with spaces, with the offsets kept.

Rules instead of a model: the marks of Chinese are unambiguous but for the misused decimal point, and for the
Latin full stop the usual abbreviations and initials are enough to keep a sentence whole.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from sys import maxsize

from corpus.passage import Span
from corpus.splitting.breaks import is_hyphenated
from corpus.splitting.layout import Flow, Layout, joint
from corpus.splitting.lines import Kind
from corpus.splitting.search_text import MISUSED_DECIMAL

# A mark that ends a sentence, what may repeat it, and the quotes and brackets that close with it.
SENTENCE_END = re.compile(r"(?:[。！？!?．。؟।…]|\.(?=[\s”’\"')\]]|$))[。！？!?…．.]*[”’」』》）)\]\"']*")
LEADERS = "...."  # to the page number in a table of contents
LIST_NUMBER = re.compile(r"\d{1,3}[.．]")
ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gov|Gen|Sen|Rep|St|No|Nos|vs|etc|Fig|al|approx|ca|Inc|Ltd|Co|Jr|Sr|e\.g|i\.e|pp?"
    r"|Nr|bzw|z\. ?B|Art|Abs|Abb|Bd|Kap|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|ул))\.$"
)
# The third of March and the 19th century, as German and its neighbours write them.
COUNTED = re.compile(r"(?<!\d)\d{1,2}\.$")
MONTH = re.compile(r"\s+(?:Jan|Feb|Jän|M[äa]r|Apr|Ma[ij]|Jun|Jul|Aug|Sep|O[kc]t|Nov|De[zcs]|Jahrhundert)")


class FlowText:
    """The text of some spans with the breaks between them undone, and the way back to the document's offsets.

    Words that a line end parts are whole again.
    """

    def __init__(self, text: str, spans: Sequence[Span]) -> None:
        pieces: list[str] = []
        self._starts: list[tuple[int, int]] = []  # (offset in the flow, offset in the document) of each span
        length = 0
        for span in spans:
            piece = span.of(text)
            if pieces and is_hyphenated(pieces[-1], piece):
                pieces[-1] = pieces[-1][:-1]
                length -= 1
            elif pieces:
                glue = joint(pieces[-1], piece)
                pieces.append(glue)
                length += len(glue)
            self._starts.append((length, span.start))
            pieces.append(piece)
            length += len(piece)
        self.text = "".join(pieces)

    def span(self, start: int, end: int) -> Span:
        """Return where the stretch `[start, end)` of the flow, which begins and ends in words, stands."""
        return Span(self._offset(start), self._offset(end - 1) + 1)

    def _offset(self, position: int) -> int:
        flow_start, document_start = self._starts[bisect_right(self._starts, (position, maxsize)) - 1]
        return document_start + position - flow_start


def sentence_bounds(text: str) -> Iterator[tuple[int, int]]:
    """Yield `(start, end)` of each sentence of running text; together they cover all but the space between."""
    start = 0
    for match in SENTENCE_END.finditer(text):
        if _is_inside(text, match) or LIST_NUMBER.fullmatch(text[start : match.end()].strip()):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def sentence_spans(text: str) -> list[Span]:
    """Return where the sentences, headings and asides of a text stand, in order and apart from each other.

    A sentence that an aside interrupts is one with it, so that a cut between two spans cuts no sentence.
    """
    spans: list[Span] = []
    layout = Layout(text)
    found = (span for flow in layout.flows for span in _spans_of(layout.text, flow))
    for span in sorted(found, key=lambda span: span.start):
        if spans and span.start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, span.end))
        else:
            spans.append(span)
    return spans


def _spans_of(text: str, flow: Flow) -> Iterable[Span]:
    if flow.kind is not Kind.BODY:
        return flow.spans
    flow_text = FlowText(text, flow.spans)
    return (flow_text.span(*bounds) for bounds in sentence_bounds(flow_text.text))


def _is_inside(text: str, match: re.Match[str]) -> bool:
    """Return whether a mark stands inside a sentence: a decimal point, an abbreviation, a mark in mid-sentence."""
    if MISUSED_DECIMAL.match(text, match.start()):
        return True
    before = text[max(0, match.start() - 8) : match.start() + 1]
    if before.endswith(".") and ABBREVIATION.search(before):
        return True
    if COUNTED.search(before) and MONTH.match(text, match.start() + 1):
        return True
    following = text[match.end() : match.end() + 2].lstrip()
    if text.endswith(LEADERS, 0, match.end()) and following[:1].isdigit():
        return True
    return following[:1].islower() and match.end() < len(text)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    stretch = text[start:end]
    if stripped := stretch.strip():
        start += stretch.index(stripped)
        yield start, start + len(stripped)
