"""The text of a PDF, page after page, as PDFium reads it.

A form feed ends each page, so that every offset of the text tells its page. Lines stand in the order in which they
were drawn: typesetters draw column after column. What repeats on every page is left where it is.
"""

import re
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, check_length, clean_text, creation_day, stated_author, stated_title
from corpus.files.metadata import Metadata
from corpus.files.pdf_page import page_text
from corpus.files.pdf_reasons import Drawn, drawn, why_no_text
from corpus.files.pdf_streams import check_streams, stream_problem
from corpus.files.pdf_xfa import form_text
from corpus.parts import PART_END, Part
from corpus.splitting.pages import running_lines

LABEL_LENGTH = 40  # code points of what is printed on a page to name it; what is longer is something else
PAGE_LIMIT = 2_000  # pages of a document; the thickest yearbooks have about a thousand
# What stands for a character that a font does not name: private use, replacement, control.
UNNAMED = re.compile("[\ue000-\uf8ff\ufffd\0-\x08\x0e-\x1f]")
MOST_UNNAMED = 0.2  # of all characters; a dingbat or two as bullets is no broken font


def read(path: Path) -> Extract:
    """Return the text of a PDF with its pages, and what its properties say.

    Raises:
        UnreadableFile: if it is damaged, locked, too long, or holds no text that can be read.
    """
    check_streams(path)
    with open_pdf(path) as document:
        pages, remarks = _pages(document)
        form = form_text(document, "".join(pages))
        if form is not None:
            pages = [form]
        if not any(map(str.strip, pages)):
            raise UnreadableFile(why_no_text(_drawn(document), path))
        parts = _labelled(document) if form is None else ()
        properties = document.get_metadata_dict(skip_empty=True)
    _check_legible("".join(pages))
    text = "".join(f"{clean_text(page)}\n{PART_END}" for page in pages)
    metadata = Metadata(
        title=stated_title(properties.get("Title")) or _first_line(text),
        author=stated_author(properties.get("Author")),
        other=creation_day(properties.get("CreationDate")),
    )
    return Extract(text, metadata, parts, remarks=remarks)


def open_pdf(file: Path | bytes) -> pdfium.PdfDocument:
    """Return a PDF, to be closed.

    Raises:
        UnreadableFile: if it is damaged or locked.
    """
    try:
        document = pdfium.PdfDocument(file)
        document.init_forms()  # before any page is opened, so that what was filled in is read and drawn
        return document
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableFile("it is locked by a password; save it without one") from None
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise UnreadableFile("it is encrypted in a way that is not read; save it without") from None
        problem = stream_problem(file) if isinstance(file, Path) else None
        raise UnreadableFile(problem or "it is a damaged or incomplete PDF; open it and save it again") from None


def _pages(document: pdfium.PdfDocument) -> tuple[list[str], tuple[str, ...]]:
    """Return the text of each page, and which are damaged, if others are not."""
    count = len(document)
    if count > PAGE_LIMIT:
        raise UnreadableFile(f"it has {count:,} pages, more than the {PAGE_LIMIT:,} of a document; split it")
    pages: list[str] = []
    damaged: list[int] = []
    length = 0
    for number in range(count):
        try:
            with closing(document[number]) as page:
                pages.append(page_text(page))
        except pdfium.PdfiumError:
            pages.append("")
            damaged.append(number + 1)
        length += len(pages[-1])
        check_length(length)
    if len(damaged) == count:
        raise UnreadableFile("all of its pages are damaged; open it and save it again")
    return pages, tuple(f"its page {number} is damaged and was not read" for number in damaged)


def _drawn(document: pdfium.PdfDocument) -> Iterator[Drawn | None]:
    for number in range(len(document)):
        with suppress(pdfium.PdfiumError), closing(document[number]) as page:
            yield drawn(page)


def _labelled(document: pdfium.PdfDocument) -> tuple[Part, ...]:
    """Return the pages with what is printed on each, as the file tells; nothing where it does not."""
    labels = [_label(document, number) for number in range(len(document))]
    return tuple(Part(label=label) for label in labels) if any(labels) else ()


def _label(document: pdfium.PdfDocument, number: int) -> str | None:
    try:
        label = str(document.get_page_label(number)).strip()
    except UnicodeError:
        return None
    return label if label.isprintable() and 0 < len(label) <= LABEL_LENGTH else None


def _first_line(text: str) -> str | None:
    """Return the first line of words that is no header, footer or number of a page."""
    running = running_lines(text)
    lines = (match for match in re.finditer(r"\S.*", text) if match.start() not in running)
    return next((line for match in lines if (line := stated_title(match[0]))), None)


def _check_legible(text: str) -> None:
    words = sum(not character.isspace() for character in text)
    if len(UNNAMED.findall(text)) > MOST_UNNAMED * words:
        raise UnreadableFile(Drawn.LETTERS.value)
