"""Markdown as blocks of offsets. What is marked up is set so; whatever is not understood is shown as it is written.

The tokens are markdown-it's; they know their lines, and `inline` finds the places in these. HTML is text as any other,
and nothing is left out but marks and the addresses of links and pictures.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, groupby, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.passage import Span
from corpus.splitting.search_text import TABLE_RULE
from service.layout.blocks import Block, Kind, Piece, Style
from service.layout.inline import Paragraph, PlacedInline, read_pieces

CONTAINERS = {
    "blockquote_open": Kind.QUOTE,
    "bullet_list_open": Kind.LIST,
    "ordered_list_open": Kind.LIST,
    "list_item_open": Kind.ITEM,
}
# What stands in a line before the text of a quote, an item or a row of a table begins.
MARGIN = re.compile(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$))*")
ROW_MARGIN = re.compile(r"[ \t>]*")
CELL_EDGE = re.compile(r"(?<!\\)\|")
ROW = re.compile(r"\|.*\|.*\|")


def read_markdown(text: str, extracted: bool = False) -> tuple[Block, ...]:
    """Return the blocks of a text.

    Args:
        text: Markdown, or a stretch of it.
        extracted: whether it was made of a web page or a DOCX: there headings, lists, tables and code are marked, and
            an asterisk is nothing but one.
    """
    return tuple(_Reader(text, _extracted() if extracted else _written()).read())


@cache
def _written() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline = PlacedInline()
    parser.inline.ruler.enableOnly(["text", "newline", "escape", "backticks", "emphasis", "link", "image", "autolink"])
    parser.inline.ruler2.enableOnly(["balance_pairs", "emphasis"])
    parser.core.ruler.enableOnly(["block"])  # lines are read when their places are known
    return parser.enable("table").disable("html_block")


@cache
def _extracted() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline = PlacedInline()
    parser.inline.ruler.enableOnly(["text", "newline", "backticks"])
    parser.inline.ruler2.enableOnly([])
    parser.core.ruler.enableOnly(["block"])
    return parser.enable("table").disable(["html_block", "code", "reference", "lheading"])


class _Reader:
    """Reads one text, from its first line to its last."""

    def __init__(self, text: str, parser: MarkdownIt) -> None:
        self._text = text
        plain = text.replace("\r", "\n")  # as markdown-it counts lines, and equally long
        self._lines = plain.split("\n")
        self._starts = list(accumulate((len(line) + 1 for line in self._lines), initial=0))
        self._parser = parser
        self._env: dict[str, Any] = {}
        self._tokens = iter(parser.parse(plain, self._env))
        self._line = 0  # the first line that is in no block yet

    def read(self) -> list[Block]:
        """Return the blocks of the text."""
        return [*self._blocks(), *self._unread(len(self._lines))]

    def _blocks(self) -> Iterator[Block]:
        """Yield the blocks up to the end of the one that holds them."""
        for token in self._tokens:
            if token.nesting < 0:
                return
            if token.type in CONTAINERS:
                number = int(token.info) if token.info else None
                yield Block(CONTAINERS[token.type], blocks=tuple(self._blocks()), number=number)
                continue
            first, end = token.map or (self._line, self._line)
            yield from self._unread(first)
            yield from self._leaf(token)
            self._line = end

    def _leaf(self, token: Token) -> Iterable[Block]:
        """Return what a token begins that holds no other blocks."""
        if token.type in ("fence", "code_block"):
            return [Block(Kind.CODE, tuple(self._code(token)))]
        if token.type == "hr":
            return [Block(Kind.RULE)]
        if token.type == "table_open":
            return [Block(Kind.TABLE, blocks=tuple(self._rows()))]
        inline = next(self._tokens)
        next(self._tokens)  # the end of the heading or paragraph
        if token.type == "heading_open":
            return [Block(Kind.HEADING, self._pieces(self._title(inline, token.markup)), number=int(token.tag[1]))]
        return self._paragraphs(self._found(inline))

    def _unread(self, end: int) -> Iterator[Block]:
        """Yield the lines as they are that stand before a line and in no token: definitions of links, the too deep."""
        lines = [self._inner(number, MARGIN) for number in range(self._line, end)]
        lines = [line for line in lines if line.start < line.end]
        if lines:
            yield Block(Kind.PARAGRAPH, tuple(_literal(lines)))

    def _inner(self, number: int, margin: re.Pattern[str]) -> Span:
        """Return where a line stands without its margin and the white space around it."""
        line = self._lines[number]
        matched = margin.match(line)
        inner = line[matched.end() if matched else 0 :].strip()
        return self._last(number, inner)

    def _last(self, number: int, words: str) -> Span:
        """Return where the words stand that a line ends with."""
        end = self._starts[number] + len(self._lines[number].rstrip())
        return Span(end - len(words), end)

    def _title(self, inline: Token, markup: str) -> list[Span]:
        """Return where the words of a heading stand."""
        if not markup.startswith("#"):
            return self._found(inline)
        number = (inline.map or [0])[0]
        line = self._lines[number]
        start = line.find(inline.content, line.index(markup) + len(markup))
        return [Span(self._starts[number] + start, self._starts[number] + start + len(inline.content))]

    def _found(self, inline: Token) -> list[Span]:
        """Return where the lines of a paragraph stand; they are what its lines in the text end with."""
        number, end = inline.map or (0, 0)
        found = []
        for words in filter(None, map(str.strip, inline.content.split("\n"))):
            while number < end - 1 and not self._lines[number].rstrip().endswith(words):
                number += 1  # a line of white space that markdown-it does not take for blank
            found.append(self._last(number, words))
            number += 1
        return found

    def _paragraphs(self, lines: Sequence[Span]) -> Iterator[Block]:
        """Yield lines as a paragraph, and rows among them, whose head stands elsewhere, as a table."""
        for is_row, group in groupby(lines, lambda line: ROW.fullmatch(line.of(self._text)) is not None):
            if is_row:
                rows = [line for line in group if not TABLE_RULE.fullmatch(line.of(self._text))]
                yield Block(Kind.TABLE, blocks=tuple(Block(Kind.ROW, blocks=self._cells(row)) for row in rows))
            else:
                yield Block(Kind.PARAGRAPH, self._pieces(list(group)))

    def _rows(self) -> Iterator[Block]:
        """Yield the rows of a table up to its end; cells are told apart anew, for markdown-it drops the spare ones."""
        kind = Kind.HEAD
        for token in self._tokens:
            if token.type == "table_close":
                return
            if token.type == "tr_open" and token.map:
                row = self._inner(token.map[0], MARGIN if kind is Kind.HEAD else ROW_MARGIN)
                yield Block(kind, blocks=self._cells(row))
                kind = Kind.ROW

    def _cells(self, row: Span) -> tuple[Block, ...]:
        text = row.of(self._text)
        edges = [-1, *(edge.start() for edge in CELL_EDGE.finditer(text)), len(text)]
        edges = edges[1 if text.startswith("|") else 0 : -1 if CELL_EDGE.match(text, len(text) - 1) else None]
        cells = []
        for start, end in pairwise(edges):
            words = text[start + 1 : end].strip()
            place = row.start + text.index(words, start + 1)
            cells.append(Block(Kind.CELL, self._pieces([Span(place, place + len(words))])))
        return tuple(cells)

    def _code(self, token: Token) -> Iterator[Piece]:
        first = token.map[0] if token.map else 0
        if token.type == "fence":
            opening, info = self._lines[first], token.info.strip()
            if info and (place := opening.find(info, opening.find(token.markup) + len(token.markup))) >= 0:
                yield Piece(Span(self._starts[first] + place, self._starts[first] + place + len(info)), (Style.NOTE,))
            first += 1
        lines = []
        for number, words in enumerate(token.content.removesuffix("\n").split("\n"), start=first):
            if number < len(self._lines):
                # Indents of tabs are no longer as they were written.
                whole = self._lines[number].endswith(words)
                end = self._starts[number] + len(self._lines[number])
                lines.append(Span(end - len(words), end) if whole else self._last(number, words.strip()))
        yield from _literal(lines)

    def _pieces(self, lines: list[Span]) -> tuple[Piece, ...]:
        return read_pieces(self._parser, Paragraph(self._text, lines), self._env)


def _literal(lines: Sequence[Span]) -> Iterator[Piece]:
    """Yield lines as they are."""
    for number, line in enumerate(lines):
        if number:
            yield Piece(Span(lines[number - 1].end, lines[number - 1].end + 1), (Style.BREAK,))
        if line.start < line.end:
            yield Piece(line)
