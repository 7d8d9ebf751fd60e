"""What is read on a page of a PDF: its characters in the order in which they were drawn, and its tables as rows."""

from collections.abc import Iterator, Sequence
from contextlib import closing

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.files.extract import check_length
from corpus.files.pdf.continued import Columns
from corpus.files.pdf.fields import filled_in
from corpus.files.pdf.grid import Grid, grids
from corpus.files.pdf.rules import drawn_rules
from corpus.files.pdf.tables import Table, ruled_tables
from corpus.files.pdf.units import LINE_END_HYPHEN, Glyphs, Unit, characters, inside, middles, text_of
from corpus.files.pdf.vertical import may_be_vertical, vertical_units

FEWEST_CHARACTERS = 4  # of a table: two rows of two columns
BREAK: Unit = ("\n\n", None)


def page_text(page: pdfium.PdfPage) -> tuple[str, list[Columns]]:
    """Return the text of a page, and where the columns of each of its tables begin and end.

    Raises:
        UnreadableFile: if it is longer than that of a document.
        PdfiumError: if the page is damaged.
    """
    with closing(page.get_textpage()) as text_page:
        units, tables = _printed_units(page, text_page)
        text = text_of(units)
        # What is shown is without what is cropped, but runs lines together that were written upwards.
        is_as_drawn = all(place == number for number, (_, place) in enumerate(units))
        shown = text_page.get_text_bounded() if is_as_drawn else text
        is_cropped = "".join(text.split()) != "".join(shown.split())
        printed = LINE_END_HYPHEN.sub("-\n", shown if is_cropped else text)
        return printed + text_of(filled_in(page, text_page)), [table.columns for table in tables]


def page_units(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> list[Unit]:
    """Return what is read on a page, what is cropped among it, and where it stands."""
    return [*_printed_units(page, text_page)[0], *filled_in(page, text_page)]


def _printed_units(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> tuple[list[Unit], list[Table]]:
    check_length(text_page.count_chars())
    texts = characters(text_page)
    fields = [grid for grid in grids(drawn_rules(page)) if _may_be_table(grid, page, text_page)]
    if fields:
        glyphs = Glyphs(texts, middles(text_page, len(texts)))
        tables = ruled_tables(fields, glyphs)
        if tables:
            tables.sort(key=lambda table: min(table.members))
            return list(_flow(glyphs, tables, inside(page, glyphs))), tables
    vertical = vertical_units(Glyphs(texts, middles(text_page, len(texts)))) if may_be_vertical(texts) else None
    return vertical or list(zip(texts, range(len(texts)), strict=True)), []


def _may_be_table(grid: Grid, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> bool:
    """Return whether a grid is on the page, and no mark beside it for those who print, and has characters in it."""
    (left, *_, right), (bottom, *_, top) = grid.columns, grid.rows
    edges = page.get_bbox()
    if not (edges[0] < (left + right) / 2 < edges[2] and edges[1] < (bottom + top) / 2 < edges[3]):
        return False
    characters_in_it: int = raw.FPDFText_GetBoundedText(text_page, left, top, right, bottom, None, 0)
    return characters_in_it >= FEWEST_CHARACTERS


def _flow(glyphs: Glyphs, tables: Sequence[Table], shown: Sequence[bool]) -> Iterator[Unit]:
    """Yield the characters of a page that are shown, and each table where the first of its characters stands."""
    table_of = {number: table for table in tables for number in table.members}
    written: list[Table] = []
    in_table = False
    for number, text in enumerate(glyphs.texts):
        table = table_of.get(number)
        if table is not None:
            if all(table is not each for each in written):
                written.append(table)
                yield BREAK
                yield from table.units(glyphs)
                yield BREAK
            in_table = True
        elif not (in_table and text.isspace()):
            in_table = False
            if shown[number]:
                yield text, number
