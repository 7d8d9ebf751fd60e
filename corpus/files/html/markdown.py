"""From the elements of HTML to lines of Markdown: headings with `#`, an item or a row of a table to a line.

Marks that only help the eye, bold or links, are left out: what is quoted are the words.
"""

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from markdownify import MarkdownConverter

from corpus.errors import UnreadableFile
from corpus.files.extract import clean_text
from corpus.files.text.markdown import RAISABLE, RAISED, fenced, raised
from corpus.splitting.lines import UNSPACED

# Marks of form. Old pages often leave them open, so that thousands are nested.
MARKS = frozenset(
    "abbr b bdi bdo big center cite dfn em font i ins label mark s small span strike strong sub sup tt u var".split()
)
MANY = 500  # siblings; a sentence or a section that people write has fewer
PICTURES = ("img", "picture", "svg", "video", "audio")
DEEPEST = 250  # elements inside each other; pages that people make stay far below, and parsers recurse
CELLS = ("td", "th")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Elements that begin a line of their own, which the library does not know as such.
DIVISIONS = (
    "address aside center details dialog fieldset figure footer form header hgroup legend main menu nav noscript"
    " summary"
).split()
LINES = ("div", "p", "li", "tr")  # of code, in pages that make an element of each
WIDEST_SPAN = 100  # rows or columns that a cell may claim; more is a mistake, or made to fill the memory
# A line break of the source between two Chinese characters, where a reader sees none.
SOURCE_BREAK = re.compile(rf"(?<={UNSPACED.pattern})[ \t\r]*\n\s*(?={UNSPACED.pattern})")


def markdown_of(root: Tag) -> str:
    """Return what an element says, in Markdown; the element is changed and of no further use.

    Raises:
        UnreadableFile: if elements are nested so deep that nobody can have meant it.
    """
    flatten(root)
    return clean_text(_convert(root))


def flatten(root: Tag) -> None:
    """Take marks of form out of an element, and leave what they mark.

    Raises:
        UnreadableFile: if what remains is nested so deep that nobody can have meant it.
    """
    for number in root.find_all(RAISED):
        if number.find(RAISED) is None and RAISABLE.fullmatch(text := number.get_text(strip=True)):
            number.string = raised(text, number.name)
    for mark in root.find_all(MARKS):
        _unmark(mark)
    depths: dict[int, int] = {}
    for element in root.find_all(True):
        depth = depths[id(element)] = depths.get(id(element.parent), 0) + 1
        if depth > DEEPEST:
            raise UnreadableFile(f"its elements are nested more than {DEEPEST} deep; save it in a simpler form")


def _unmark(mark: Tag) -> None:
    """Leave what a mark marks; among very many siblings, where taking it out would go through all, as a plain span."""
    if mark.parent is not None and len(mark.parent.contents) > MANY:
        mark.name, mark.attrs = "span", {}
    else:
        mark.unwrap()


def _convert(root: Tag) -> str:
    for picture in root.find_all(PICTURES):
        picture.decompose()
    for link in root.find_all("a"):
        _unmark(link)
    _part_lines(root)
    root.smooth()
    for text in root.find_all(string=SOURCE_BREAK):
        text.replace_with(NavigableString(SOURCE_BREAK.sub("", text)))
    for table in root.find_all("table"):
        _fill_spans(table)
    for items in root.find_all("ol"):
        for before, item in enumerate(items.find_all("li", recursive=False)):
            # What the library asks of each item to number it; looked for each time, a long list would take for ever.
            item.find_previous_siblings = _Before(before)  # type: ignore[assignment]
    converter = _Converter(
        heading_style="atx",
        bullets="-",
        escape_asterisks=False,
        escape_underscores=False,
        table_infer_header=True,
        wrap=True,  # line breaks of the source mean nothing
        wrap_width=None,  # and no others are made
    )
    return str(converter.convert_soup(root))


def _part_lines(root: Tag) -> None:
    """Make what begins a line a division, what heads one line, and a line of each line of code."""
    for division in root.find_all(DIVISIONS):
        division.name = "div"
    for heading in root.find_all(HEADINGS):
        for block in heading.find_all(["div", "p", "br"]):
            block.insert_before(" ")
            block.unwrap()
    for code in root.find_all("pre"):
        _write_out(code)


class _Converter(MarkdownConverter):
    def convert_pre(self, element: Tag, text: str, parent_tags: set[str]) -> str:
        """Write code between fences that are longer than any inside."""
        code = text.strip("\n")
        return f"\n\n{fenced(code)}\n\n" if code.strip() else ""


def _write_out(code: Tag) -> None:
    """Write a line of code for each element that shows one."""
    for line in code.find_all(LINES):
        line.append("" if line.get_text().endswith("\n") else "\n")
        line.unwrap()
    for end in code.find_all("br"):
        end.replace_with("\n")


@dataclass(frozen=True, slots=True)
class _Before:
    """How many items stand before one of a list, as if they were looked for."""

    count: int

    def __call__(self, name: str) -> range:
        return range(self.count)


def _fill_spans(table: Tag) -> None:
    """Repeat a cell in every row that it spans, so that each row can be read alone."""
    below: dict[int, tuple[int, str]] = {}  # column -> (rows still spanned, what the cell says)
    for row in table.find_all("tr"):
        column = 0
        for cell in [*row.find_all(CELLS, recursive=False), None]:
            while column in below:
                rows, text = below[column]
                below.pop(column) if rows == 1 else below.update({column: (rows - 1, text)})
                repeated = BeautifulSoup("", "lxml").new_tag("td", string=text)
                row.append(repeated) if cell is None else cell.insert_before(repeated)
                column += 1
            if cell is None:
                break
            rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            cell["colspan"] = str(columns)
            for spanned in range(column, column + columns if rows > 1 else column):
                below[spanned] = (rows - 1, cell.get_text(" ", strip=True) if spanned == column else "")
            column += columns


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, ""))
    return min(max(int(value), 1), WIDEST_SPAN) if value.isascii() and value.isdigit() else 1
