"""The text of a PDF, page after page, as PDFium reads it.

A form feed ends each page, so that every offset of the text tells its page. Lines stand in the order in which they
were drawn: typesetters draw column after column. What repeats on every page is left where it is.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, check_length, clean_text, creation_day, stated_author, stated_title
from corpus.files.folders.metadata import Metadata
from corpus.files.pdf.continued import Columns, continued
from corpus.files.pdf.page import page_text
from corpus.files.pdf.reasons import Drawn, drawn, why_no_text
from corpus.files.pdf.recognition import is_installed
from corpus.files.pdf.streams import check_streams, open_problem
from corpus.files.pdf.xfa import form_text
from corpus.parts import PART_END, Part
from corpus.splitting.pages import running_lines

LABEL_LENGTH = 40  # code points of what is printed on a page to name it; what is longer is something else
PAGE_LIMIT = 2_000  # pages of a document; the thickest yearbooks have about a thousand
# What stands for a character that a font does not name: private use, replacement, control.
UNNAMED = re.compile("[\ue000-\uf8ff\ufffd\0-\x08\x0e-\x1f]")
# What is said of pages of which nothing is read while others are.
UNREAD = {
    Drawn.PICTURES: "that show only pictures",
    Drawn.LETTERS: "whose fonts name no characters",
}
RECOGNISED = (Drawn.PICTURES, Drawn.LETTERS, Drawn.SHAPES)  # in which words may be recognised
MOST_UNNAMED = 0.2  # of the characters of a page
FEW_UNNAMED = 2  # dingbats as bullets, of which a page of few words may have as many, are no broken font


class _Page(NamedTuple):
    """The text of a page, what is seen where none can be read, whether it is damaged, and the columns of its tables."""

    text: str
    seen: Drawn | None = None
    damaged: bool = False
    tables: Sequence[Columns] = ()


def read(path: Path) -> Extract:
    """Return the text of a PDF with its pages, and what its properties say.

    Raises:
        UnreadableFile: if it is damaged, locked, too long, or holds no text that can be read.
    """
    check_streams(path)
    with open_pdf(path) as document:
        pages = _pages(document)
        form = form_text(document, "".join(page.text for page in pages))
        parts = _labelled(document) if form is None else ()
        properties = document.get_metadata_dict(skip_empty=True)
    pages = pages if form is None else [_Page(form)]
    pictures = tuple(number for number, page in enumerate(pages, 1) if page.seen in RECOGNISED and is_installed())
    if not pictures and not any(page.text.strip() and page.seen is None for page in pages):
        raise UnreadableFile(why_no_text((page.seen for page in pages), path))
    pages = [page if page.seen is None else page._replace(text="") for page in pages]
    texts = continued((clean_text(page.text), page.tables) for page in pages)
    text = "".join(f"{text}\n{PART_END}" for text in texts)
    metadata = Metadata(
        title=stated_title(properties.get("Title")) or _first_line(text),
        author=stated_author(properties.get("Author")),
        other=creation_day(properties.get("CreationDate")),
    )
    return Extract(text, metadata, parts, remarks=tuple(_remarks(pages)), pictures=pictures)


def open_pdf(file: Path | bytes) -> pdfium.PdfDocument:
    """Return a PDF, to be closed.

    Raises:
        UnreadableFile: if it is damaged or locked.
    """
    raw.FPDF_LoadMemDocument(b"", 0, None)  # sets the error, which else may be that of the file before
    try:
        document = pdfium.PdfDocument(file)
        document.init_forms()  # before any page is opened, so that what was filled in is read and drawn
        return document
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise UnreadableFile("it is locked by a password; save it without one") from None
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise UnreadableFile("it is encrypted in a way that is not read; save it without") from None
        problem = open_problem(file) if isinstance(file, Path) else None
        raise UnreadableFile(problem or "it is a damaged or incomplete PDF; open it and save it again") from None


def _pages(document: pdfium.PdfDocument) -> list[_Page]:
    count = len(document)
    if count > PAGE_LIMIT:
        raise UnreadableFile(f"it has {count:,} pages, more than the {PAGE_LIMIT:,} of a document; split it")
    pages: list[_Page] = []
    length = 0
    for number in range(count):
        pages.append(_page(document, number))
        length += len(pages[-1].text)
        check_length(length)
    if all(page.damaged for page in pages):
        raise UnreadableFile("all of its pages are damaged; open it and save it again")
    return pages


def _page(document: pdfium.PdfDocument, number: int) -> _Page:
    try:
        with closing(document[number]) as page:
            text, tables = page_text(page)
            if not text.strip():
                return _Page("", drawn(page))
            return _Page(text, None if _is_legible(text) else Drawn.LETTERS, tables=tables)
    except pdfium.PdfiumError:
        return _Page("", damaged=True)


def _remarks(pages: Sequence[_Page]) -> Iterator[str]:
    """Yield what of a PDF that is read could not be."""
    damaged = [str(number) for number, page in enumerate(pages, 1) if page.damaged]
    if damaged:
        yield f"damaged pages were not read: {', '.join(damaged)}"
    for kind, said in UNREAD.items():
        unread = [str(number) for number, page in enumerate(pages, 1) if page.seen is kind]
        if unread and not is_installed():
            yield f'pages {said} were not read: {", ".join(unread)}; install "wherefrom[ocr]" for them'


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


def _is_legible(text: str) -> bool:
    unnamed, all_of_them = len(UNNAMED.findall(text)), sum(map(len, text.split()))
    return unnamed <= max(MOST_UNNAMED * all_of_them, min(FEW_UNNAMED, all_of_them - 1))
