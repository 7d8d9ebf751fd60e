"""Pages of a text: a form feed ends each, as in any text that is printed, so that every offset tells its page.

A text without form feeds has no pages.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from corpus.parts import PART_END

EDGE_LINES = 2  # lines at the top and at the bottom of a page that may be its header or footer
REPEATED = 3  # pages on which a line stands at an edge before it is taken for a header or footer
# What a run of marks begins with is part of it whatever follows: many runs side by side would be tried in all ways.
PAGE_NUMBER = re.compile(
    r"\W*+(?:(?:第|page\b|p\.)\W*+)?\d{1,4}\W*+(?:页\W*+)?(?:(?:(?:共|of\b)\W*+)?\d{1,4}\W*+(?:页\W*+)?)?",
    re.IGNORECASE,
)
TABLE_ROW = "|"  # begins what is no header or footer: the columns of sheets and of tables over pages repeat, too
LINE = re.compile(r"\S.*")
NUMBER = re.compile(r"\d+")
PROSE = re.compile(r"[。！？；，、.!?;,]$")  # how headers and footers do not end


def page_starts(text: str) -> list[int]:
    """Return the offset at which each page begins; nothing where the text has no pages."""
    ends = [match.end() for match in re.finditer(PART_END, text)]
    return [0, *ends] if ends else []


def page_at(starts: Sequence[int], offset: int) -> int | None:
    """Return the number, from 1, of the page on which a character stands."""
    return bisect_right(starts, offset) or None


def running_lines(text: str) -> frozenset[int]:
    """Return where the headers and footers of pages begin: lines at an edge that repeat or say the page's number."""
    edges = [list(_edge_lines(text, start, end)) for start, end in pairwise([*page_starts(text), len(text)])]
    counts = Counter(key for page in edges for key in {key for _, key in page})
    running = {key for key, pages in counts.items() if pages >= REPEATED and not PROSE.search(key)}
    return frozenset(offset for page in edges for offset, key in page if key in running or PAGE_NUMBER.fullmatch(key))


def _edge_lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the lines at the edges of a page with where they begin, numbers all alike."""
    lines = [line for line in LINE.finditer(text, start, end) if not line[0].startswith(TABLE_ROW)]
    edge = lines if len(lines) <= 2 * EDGE_LINES else [*lines[:EDGE_LINES], *lines[-EDGE_LINES:]]
    yield from ((line.start(), NUMBER.sub("0", line[0]).rstrip()) for line in edge)
