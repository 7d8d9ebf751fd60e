"""How a document is set and how a passage of it is: as Markdown where its file is that, or else as running text."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import PurePath

from corpus.files.formats import format_of
from corpus.files.kind import Markup
from corpus.passage import Span
from corpus.splitting.layout import joint, read_layout
from service.layout.blocks import Block, Kind, Piece, Style
from service.layout.markdown import read_markdown

# Code points of a document that is set as Markdown; longer ones are shown as they are written. Prose takes a third of a
# second, what is made to take long three.
LONGEST = 300_000


def document_layout(text: str, source: str) -> tuple[Block, ...] | None:
    """Return how a document is set; `None` where it is to be shown line by line, as it is.

    Args:
        text: all of it.
        source: the name of its file, which tells whether it is Markdown.
    """
    markup = _markup(source)
    if markup is Markup.NONE or len(text) > LONGEST:
        return None
    return read_markdown(text, extracted=markup is Markup.EXTRACTED)


def passage_layout(quote: str, source: str) -> tuple[Block, ...]:
    """Return how a passage is set; the offsets of its pieces count from its beginning.

    Args:
        quote: what it says, verbatim.
        source: the name of the document's file.
    """
    markup = _markup(source)
    if markup is Markup.NONE:
        return tuple(_running_text(quote))
    return read_markdown(quote, extracted=markup is Markup.EXTRACTED)


def _markup(source: str) -> Markup:
    known = format_of(PurePath(source))
    return Markup.NONE if known is None else known.markup


def _running_text(quote: str) -> Iterator[Block]:
    """Yield the lines of a text, those that read as one together; see `reading_text`."""
    flows = enumerate(read_layout(quote))
    lines = sorted((span.start, number, span) for number, flow in flows for span in flow.spans)
    for _, flow in groupby(lines, key=lambda line: line[1]):
        spans = [span for *_, span in flow]
        pieces = [Piece(spans[0])]
        for before, after in pairwise(spans):
            if joint(before.of(quote), after.of(quote)):
                pieces.append(Piece(Span(before.end, before.end + 1), (Style.SPACE,)))
            pieces.append(Piece(after))
        yield Block(Kind.PARAGRAPH, tuple(pieces))
