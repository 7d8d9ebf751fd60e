"""The text of a PDF, page after page, as PDFium reads it.

A form feed ends each page, so that every offset of the text tells its page. Lines stand in the order in which they
were drawn: typesetters draw column after column. What repeats on every page is left where it is.
"""

import re
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, check_length, clean_text, creation_day, stated_author, stated_title
from corpus.files.metadata import Metadata
from corpus.files.pdf_page import page_text
from corpus.files.pdf_streams import check_streams
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
        pages = _pages(document)
        parts = _labelled(document)
        properties = document.get_metadata_dict(skip_empty=True)
    _check_legible("".join(pages))
    text = "".join(f"{clean_text(page)}\n{PART_END}" for page in pages)
    metadata = Metadata(
        title=stated_title(properties.get("Title")) or _first_line(text),
        author=stated_author(properties.get("Author")),
        other=creation_day(properties.get("CreationDate")),
    )
    return Extract(text, metadata, parts)


def open_pdf(file: Path | bytes) -> pdfium.PdfDocument:
    """Return a PDF, to be closed.

    Raises:
        UnreadableFile: if it is damaged or locked.
    """
    try:
        return pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableFile("it is locked by a password; save it without one") from None
        raise UnreadableFile("it is a damaged or incomplete PDF; open it and save it again") from None


def _pages(document: pdfium.PdfDocument) -> list[str]:
    count = len(document)
    if count > PAGE_LIMIT:
        raise UnreadableFile(f"it has {count:,} pages, more than the {PAGE_LIMIT:,} of a document; split it")
    pages: list[str] = []
    length = 0
    for number in range(count):
        pages.append(_page_text(document, number))
        length += len(pages[-1])
        check_length(length)
    return pages


def _page_text(document: pdfium.PdfDocument, number: int) -> str:
    try:
        with closing(document[number]) as page:
            return page_text(page)
    except pdfium.PdfiumError:
        raise UnreadableFile(f"its page {number + 1} is damaged; open it and save it again") from None


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
    if not words:
        raise UnreadableFile("it has no text, only pictures of it; run it through OCR first")
    if len(UNNAMED.findall(text)) > MOST_UNNAMED * words:
        raise UnreadableFile("its fonts do not tell which characters they draw; run it through OCR first")
