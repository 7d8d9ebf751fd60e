"""Breaking lines to a width in columns, in Chinese too.

Between its characters a line may be broken anywhere, but not before a closing mark nor after an opening one.
Only what is shown is broken; quotes in JSON never are.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

LEAST_WIDTH = 10  # columns; in a narrower window lines run on

# Characters that a line may be broken before and after, spaces or not.
UNSPACED = r"\u2e80-\u2fff\u3001-\u30ff\u3100-\u312f\u31c0-\u9fff\uf900-\ufaff\uff01-\uff65\U00020000-\U0003ffff"
OPENING = r"(\[{“‘»（［｛《〈「『【〔〖"
CLOSING = r")\]}”’«）］｝》〉」』】〕〗、，。．；：？！…—·,.;:?!%％"
PIECE = re.compile(rf"(?P<word>[{OPENING}]*(?:[^\s{UNSPACED}]+|\S)[{CLOSING}]*)(?P<space>\s*)|\s+")


def print_lines(console: Console, text: Text, indent: int = 0) -> None:
    """Print a text, broken to the console's width; no line is filled up with spaces, for they would be copied too."""
    for line in wrapped(text, console.width - indent):
        print_line(console, Text(" " * indent) + line if line else line)


def print_line(console: Console, line: Text) -> None:
    """Print a line as it is, however wide the console."""
    console.print(line, no_wrap=True, overflow="ignore", crop=False)


def wrapped(text: Text, width: int) -> list[Text]:
    """Return the lines of a text, none wider than so many columns and none with space at its end."""
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        lines += paragraph.divide(_breaks(paragraph.plain, max(width, LEAST_WIDTH)))
    for line in lines:
        line.rstrip()
    return lines


def _breaks(line: str, width: int) -> Iterator[int]:
    """Yield where new lines begin."""
    column = 0
    for piece in PIECE.finditer(line):
        if (word := piece["word"]) is None:  # the space a line begins with
            column = cell_len(piece[0])
            continue
        if column and column + cell_len(word) > width:
            yield piece.start()
            column = 0
        *full, last = chop_cells(word, width) if cell_len(word) > width else [word]
        position = piece.start()
        for chunk in full:
            position += len(chunk)
            yield position
        column += cell_len(last) + cell_len(piece["space"])
