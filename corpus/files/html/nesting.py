"""What is in a page, counted as the parser comes upon it, so that no tree is made of one that is made to hurt."""

from collections.abc import Mapping

from bs4 import BeautifulSoup
from lxml.etree import ErrorTypes, HTMLParser

from corpus.errors import UnreadableFile
from corpus.files.html.markdown import DEEPEST, MARKS

MOST_ELEMENTS = 1_000_000  # of a page; a table of 20 MB has as many, and takes the time and memory that a file may
DEEPEST_MARKS = 2_000  # elements inside each other, marks of form that old pages leave open by thousands among them
MOST_ATTRIBUTES = 1_000  # of an element; those that programs write for each other have some dozens
# Of all elements together, how many each stands in: what is looked for in each of them is looked for so many times.
MOST_WITHIN = 30_000_000
PIECE = 65_536  # characters that the parser is given at a time


def count_elements(markup: str) -> int:
    """Return how many elements a page has.

    Raises:
        UnreadableFile: if they are too many or nested too deep.
    """
    counted = _Counted()
    parser = HTMLParser(target=counted, recover=True)
    for start in range(0, len(markup), PIECE):
        parser.feed(markup[start : start + PIECE])
    parser.close()
    _check_whole(parser)
    return counted.elements


def parsed(markup: str) -> BeautifulSoup:
    """Return a page as a tree.

    Raises:
        MemoryError: if there is not enough memory for all of it.
    """
    page = BeautifulSoup(markup, "lxml")
    _check_whole(page.builder.parser)  # type: ignore[attr-defined]
    return page


def _check_whole(parser: HTMLParser) -> None:
    """Raise what the parser does not: where it had no memory, it leaves out the rest of the page in silence."""
    if any(error.type == ErrorTypes.ERR_NO_MEMORY for error in parser.feed_error_log):
        raise MemoryError


class _Counted:
    """What a parser calls at each tag."""

    def __init__(self) -> None:
        self.elements = self._depth = self._marks = self._within = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.elements += 1
        self._depth += 1
        self._marks += name in MARKS
        self._within += self._depth
        for deepest, depth in ((DEEPEST, self._depth - self._marks), (DEEPEST_MARKS, self._depth)):
            if depth > deepest:
                raise UnreadableFile(f"its elements are nested more than {deepest:,} deep; save it in a simpler form")
        if len(attributes) > MOST_ATTRIBUTES:
            reason = f"an element of it has {len(attributes):,} attributes, more than {MOST_ATTRIBUTES:,}"
            raise UnreadableFile(f"{reason}; save it in a simpler form")
        if self.elements > MOST_ELEMENTS:
            raise UnreadableFile(f"it has more than {MOST_ELEMENTS:,} elements; split it")
        if self._within > MOST_WITHIN:
            reason = f"its {self.elements:,} elements are nested {self._within // self.elements:,} deep on average"
            raise UnreadableFile(f"{reason}; save it in a simpler form")

    def end(self, name: str) -> None:
        self._depth -= 1
        self._marks -= name in MARKS

    def close(self) -> None:
        pass
