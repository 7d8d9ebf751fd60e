"""The blocks of a text, as readers of office files come upon them, and the lines of Markdown that they become.

Marks that only help the eye are left out, as from HTML; what is quoted are the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby

from corpus.errors import UnreadableFile
from corpus.files.extract import clean_text
from corpus.files.text.markdown import fenced, one_line, table_row, table_rule

MOST_COLUMNS = 1_000  # of a table; what is beyond is a mistake, or made to fill the memory
MOST_FILLED = 100  # of a table in which a row that is too short is filled
DEEPEST_ITEM = 8  # levels of a list that indents show
BULLET = "-"  # for whatever sign a list has


class _Kind(Enum):
    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    NOTE = auto()
    CODE = auto()
    TABLE = auto()


@dataclass(frozen=True, slots=True)
class _Block:
    """A block: what it is, what it says, and of a heading or an item its level, the outermost 1 or 0."""

    kind: _Kind
    text: str
    level: int = 0


class Blocks:
    """A text in the making."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def has_heading_over_text(self) -> bool:
        """Whether a heading stands here that is not all."""
        return len(self._blocks) > 1 and any(block.kind is _Kind.HEADING for block in self._blocks)

    @property
    def has_table(self) -> bool:
        """Whether a table stands here."""
        return any(block.kind is _Kind.TABLE for block in self._blocks)

    def heading(self, level: int, text: str) -> None:
        """Add a heading, the outermost level being 1; nothing where it says nothing, as for all blocks."""
        self._add(_Kind.HEADING, one_line(text), min(max(level, 1), 6))

    def paragraph(self, text: str) -> None:
        """Add a paragraph, whose line breaks stay."""
        self._add(_Kind.PARAGRAPH, text.strip())

    def item(self, depth: int, label: str, text: str) -> None:
        """Add an item of a list with its number or sign, the outermost depth being 0."""
        if text.strip():
            self._add(_Kind.ITEM, label + text.strip(), min(depth, DEEPEST_ITEM))

    def note(self, sign: str, text: str) -> None:
        """Add what a note says, with its sign in the text."""
        if text.strip():
            self._add(_Kind.NOTE, f"{sign} {text.strip()}")

    def code(self, text: str) -> None:
        """Add lines of code; what follows each other is one block."""
        self._add(_Kind.CODE, text)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a table by the texts of its cells, the names of the columns first."""
        self._add(_Kind.TABLE, "\n".join(_table_lines(rows)))

    def extend(self, others: "Blocks") -> None:
        """Add the blocks of another text."""
        self._blocks += others._blocks

    def flat(self) -> str:
        """Return what the blocks say in one line, as a cell of a table does."""
        return one_line(" ".join(block.text for block in self._blocks))

    def lines(self) -> list[str]:
        """Return the lines of the blocks, without marks."""
        return [line for block in self._blocks for line in block.text.split("\n") if line.strip()]

    def text(self) -> str:
        """Return the text of all blocks in Markdown."""
        return clean_text("\n\n".join(self._written()))

    def _add(self, kind: _Kind, text: str, level: int = 0) -> None:
        if text.strip():
            self._blocks.append(_Block(kind, text, level))

    def _written(self) -> Iterator[str]:
        for kind, group in groupby(self._blocks, key=lambda block: block.kind):
            blocks = list(group)
            yield from _WRITTEN[kind](blocks) if kind in _WRITTEN else (block.text for block in blocks)


def _headings(blocks: Sequence[_Block]) -> Iterator[str]:
    return (f"{'#' * block.level} {block.text}" for block in blocks)


def _items(blocks: Sequence[_Block]) -> Iterator[str]:
    outermost = min(block.level for block in blocks)
    indents = ("  " * (block.level - outermost) for block in blocks)
    broken = (indent + block.text.replace("\n", f"\n{indent}  ") for indent, block in zip(indents, blocks, strict=True))
    yield "\n".join(broken)


def _code(blocks: Sequence[_Block]) -> Iterator[str]:
    yield fenced("\n".join(block.text for block in blocks))


def _notes(blocks: Sequence[_Block]) -> Iterator[str]:
    yield "\n".join(block.text for block in blocks)


_WRITTEN = {_Kind.HEADING: _headings, _Kind.ITEM: _items, _Kind.CODE: _code, _Kind.NOTE: _notes}


def check_text(text: str) -> None:
    """Refuse a file that says nothing.

    Raises:
        UnreadableFile: if it does, because nothing could be found in it.
    """
    if not text.strip():
        raise UnreadableFile("it has no text, and what pictures show is not read")


def _table_lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table by the texts of its cells, the names of the columns first."""
    width = min(max(map(len, rows), default=0), MOST_COLUMNS)
    for number, row in enumerate(rows):
        cells = list(map(one_line, row[:width]))
        missing = width - len(cells) if width <= MOST_FILLED else 0
        yield table_row(cells + [""] * missing)
        if not number:
            yield table_rule(width)
