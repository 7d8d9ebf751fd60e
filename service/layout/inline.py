"""What stands in a paragraph of Markdown: its visible pieces with their offsets, which markdown-it's tokens lack."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from corpus.passage import Span
from corpus.splitting.layout import joint
from service.layout.blocks import Piece, Style

OPENING = {"strong_open": Style.STRONG, "em_open": Style.EMPHASIS}
CLOSING = ("strong_close", "em_close")
WEB = ("http://", "https://")
# Code points of one paragraph that are looked through; some rules take the square of it.
LONGEST = 20_000


class PlacedInline(ParserInline):
    """Parses as its parent does, and notes in each token's `meta` where it stands: `start` and `end`."""

    def tokenize(self, state: StateInline) -> None:
        """Make tokens of the rest of a state's text; each rule's are told apart, so that their places are known."""
        rules = self.ruler.getRules("")
        nested = state.level >= state.md.options["maxNesting"]
        while state.pos < state.posMax:
            start, known = state.pos, len(state.tokens)
            if nested or not any(rule(state, False) for rule in rules):
                state.pending += state.src[start]
                state.pos = start + 1
            if state.pending:
                state.pushPending()
            for number, token in enumerate(state.tokens[known:]):
                if "start" not in token.meta:  # those inside a link have theirs
                    token.meta |= {"start": start + number if token.type == "text" else start, "end": state.pos}


class Paragraph:
    """Some lines of a document as one text, and the way back to the document's offsets.

    Args:
        document: the whole text.
        lines: where the lines stand, without white space around them and what marks them as part of a list or quote.
    """

    def __init__(self, document: str, lines: Sequence[Span]) -> None:
        self.text = "\n".join(line.of(document) for line in lines)
        self._document = document
        self._lines = lines
        self._starts = list(accumulate((line.end - line.start + 1 for line in lines), initial=0))

    def pieces(self, start: int, end: int, styles: Sequence[Style] = (), href: str | None = None) -> Iterator[Piece]:
        """Yield the stretch `[start, end)` line by line, with what stands between the lines."""
        number = self._line_of(start)
        while start < end:
            line, line_end = self._lines[number], self._starts[number + 1] - 1
            if start < (stop := min(end, line_end)):
                place = line.start + start - self._starts[number]
                yield Piece(Span(place, place + stop - start), tuple(styles), href)
            if line_end < end:
                yield from self.line_break(line_end, styles, href)
            start, number = line_end + 1, number + 1

    def line_break(
        self, position: int, styles: Sequence[Style] = (), href: str | None = None, wanted: bool = False
    ) -> Iterator[Piece]:
        """Yield what a reader sees of the line end at a position: a new line, a space, or nothing beside Chinese."""
        end = self._lines[self._line_of(position)].end
        before, after = self.text[position - 1 : position].strip(), self.text[position + 1 : position + 2].strip()
        if wanted or self._document.startswith("  ", end):
            yield Piece(Span(end, end + 1), (*styles, Style.BREAK), href)
        elif before and after and joint(before, after):
            yield Piece(Span(end, end + 1), (*styles, Style.SPACE), href)

    def _line_of(self, position: int) -> int:
        return min(bisect_right(self._starts, position), len(self._lines)) - 1


def read_pieces(parser: MarkdownIt, paragraph: Paragraph, env: dict[str, Any]) -> tuple[Piece, ...]:
    """Return what is seen of a paragraph.

    Args:
        parser: its `inline` is a `PlacedInline`.
        paragraph: the paragraph.
        env: what the parser noted of the whole text, definitions of links.
    """
    if len(paragraph.text) > LONGEST:
        return tuple(paragraph.pieces(0, len(paragraph.text)))
    tokens: list[Token] = []
    parser.inline.parse(paragraph.text, parser, env, tokens)
    return tuple(_merged(_pieces(paragraph, tokens)))


def _pieces(
    paragraph: Paragraph, tokens: Iterable[Token], base: int = 0, outer: Sequence[Style] = ()
) -> Iterator[Piece]:
    """Yield the pieces of tokens whose places count from `base`."""
    styles = list(outer)
    href, is_address = None, False  # of the link that is open
    for token in tokens:
        start, end = base + token.meta["start"], base + token.meta["end"]
        if token.type in OPENING:
            styles.append(OPENING[token.type])
        elif token.type in CLOSING:
            styles.pop()
        elif token.type == "link_open":
            href, is_address = _web(str(token.attrs["href"])), token.info == "auto"
        elif token.type == "link_close":
            href, is_address = None, False
        elif token.type == "image":
            yield from _pieces(paragraph, token.children or (), start + len("!["), (*styles, Style.PICTURE))
        elif token.type in ("softbreak", "hardbreak"):
            line_end = paragraph.text.index("\n", start)
            yield from paragraph.line_break(line_end, styles, href, wanted=token.type == "hardbreak")
        elif token.content:
            code = (Style.CODE,) if token.type == "code_inline" else ()
            yield from paragraph.pieces(*_words(token, start, end, is_address), (*styles, *code), href)


def _words(token: Token, start: int, end: int, is_address: bool) -> tuple[int, int]:
    """Return where within a token its words stand."""
    length = len(token.content)
    if token.type == "code_inline":  # between its marks, and a space on each side if it has them
        spare = (end - start - length) // 2
        return start + spare, end - spare
    if token.type == "text_special":  # an escaped character
        return end - length, end
    return start, end - 1 if is_address else start + length


def _web(address: str) -> str | None:
    return address if address.lower().startswith(WEB) else None


def _merged(pieces: Iterable[Piece]) -> list[Piece]:
    """Make one of pieces that stand end to end and are set alike."""
    merged: list[Piece] = []
    for piece in pieces:
        before = merged[-1] if merged else None
        if before and (before.span.end, before.styles, before.href) == (piece.span.start, piece.styles, piece.href):
            merged[-1] = Piece(Span(before.span.start, piece.span.end), piece.styles, piece.href)
        else:
            merged.append(piece)
    return merged
