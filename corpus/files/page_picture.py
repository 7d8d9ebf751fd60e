"""Pictures of a PDF's pages with a quotation marked, drawn in the process that reads files."""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass

from corpus.errors import InvalidInput, NotFound, UnreadableFile
from corpus.files.sandbox import Extractor
from corpus.splitting.pages import page_starts

DRAW = "corpus.files.pdf.picture:draw"
SECONDS = 20  # for one page; a reader waits for it, and the heaviest maps take a few
WIDTH = 1000  # pixels; a page of A4 is read without effort
NARROWEST, WIDEST = 100, 2000  # pixels; the letters of a page cannot be told below, and are no sharper above


@dataclass(frozen=True, slots=True)
class Mark:
    """What is marked on a page.

    Attributes:
        words: as they stand in the text of the page.
        before: the text of the page before them, by which they are told from the same words elsewhere on it.
    """

    words: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is printed.

    Attributes:
        png: the picture.
        marked: whether the words were found on the page.
    """

    png: bytes
    marked: bool


def mark_on_page(text: str, start: int, end: int, page: int) -> Mark | None:
    """Return the part of `text[start:end]`, of a document with pages, that stands on a page, from 1, if any does."""
    starts = page_starts(text)
    if not 1 <= page < len(starts):
        return None
    first, last = starts[page - 1], starts[page]
    words = text[max(start, first) : min(end, last)]
    return Mark(words, text[first : max(start, first)]) if words.strip() else None


def render_page(extractor: Extractor, pdf: bytes, page: int, quote: Mark | None, width: int = WIDTH) -> Picture:
    """Return a picture of a page.

    Args:
        extractor: whose process draws it.
        pdf: the file.
        page: its number, from 1.
        quote: what is marked; the page is drawn without a mark where the words cannot be found.
        width: of the picture, in pixels; that of a page many times as high as wide is narrower.

    Raises:
        InvalidInput: if the picture would be too narrow or too wide.
        NotFound: if there is no such page.
        UnreadableFile: if the page cannot be drawn within the bounds, with the reason and the way out.
    """
    if not NARROWEST <= width <= WIDEST:
        raise InvalidInput(f"width is {width}; a page is drawn {NARROWEST} to {WIDEST:,} pixels wide")
    arguments = {"pdf": b64encode(pdf).decode(), "page": page, "width": width, "mark": quote and asdict(quote)}
    try:
        drawn = extractor.call(DRAW, "PDF", SECONDS, **arguments)
    except UnreadableFile as error:
        raise UnreadableFile(f"page {page} cannot be drawn: {error}") from None
    if drawn["png"] is None:
        raise NotFound(f"page {page} is none of this PDF; its pages are 1 to {drawn['pages']:,}")
    return Picture(b64decode(drawn["png"]), drawn["marked"])
