"""What a text is set as. Nothing here holds text: all of it is cut from the document by offsets, never made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from corpus.passage import Span


class Kind(StrEnum):
    """What a block is."""

    HEADING = auto()
    PARAGRAPH = auto()
    CODE = auto()
    RULE = auto()
    QUOTE = auto()
    LIST = auto()
    ITEM = auto()
    TABLE = auto()
    HEAD = auto()  # a row of a table that names its columns
    ROW = auto()
    CELL = auto()


class Style(StrEnum):
    """How a piece is set."""

    STRONG = auto()
    EMPHASIS = auto()
    CODE = auto()
    PICTURE = auto()  # what is said of a picture that stands there; it is never loaded
    SPACE = auto()  # a line end where a reader sees a space
    BREAK = auto()  # a line end that the writer wants
    NOTE = auto()  # what a block of code is said to be written in


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that is seen, in one style.

    Attributes:
        span: where it stands in the text.
        styles: how it is set.
        href: the address of the web that it leads to.
    """

    span: Span
    styles: tuple[Style, ...] = ()
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: it has pieces or other blocks, in the order of the text.

    Attributes:
        kind: what it is.
        pieces: what is seen in it.
        blocks: what stands in it.
        number: level of a heading, 1 to 6; number of an item of a numbered list.
    """

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    blocks: tuple["Block", ...] = ()
    number: int | None = None


def pieces_in(blocks: Iterable[Block]) -> Iterator[Piece]:
    """Yield the pieces of blocks, those within others among them, in order."""
    for block in blocks:
        yield from block.pieces
        yield from pieces_in(block.blocks)


def blocks_within(blocks: Iterable[Block], span: Span) -> list[Block]:
    """Return those of some blocks of which something stands in a range."""
    return [
        block
        for block in blocks
        if any(each.span.start < span.end and each.span.end > span.start for each in pieces_in([block]))
    ]


def blocks_view(blocks: Iterable[Block], offset: int = 0) -> list[dict[str, Any]]:
    """Return the JSON of blocks, without what is empty.

    Args:
        blocks: of a document or a passage.
        offset: where the passage begins in the document's text.
    """
    return [_block_view(block, offset) for block in blocks]


def _block_view(block: Block, offset: int) -> dict[str, Any]:
    view = {
        "kind": block.kind.value,
        "number": block.number,
        "pieces": [_piece_view(piece, offset) for piece in block.pieces],
        "blocks": blocks_view(block.blocks, offset),
    }
    return {name: value for name, value in view.items() if value not in (None, [])}


def _piece_view(piece: Piece, offset: int) -> dict[str, Any]:
    place: dict[str, Any] = {"start": offset + piece.span.start, "end": offset + piece.span.end}
    styles = {"styles": [style.value for style in piece.styles]} if piece.styles else {}
    return place | styles | ({"href": piece.href} if piece.href else {})
