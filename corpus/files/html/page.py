"""The text of a web page in Markdown, and what the page says about itself. Nothing is run, and nothing is fetched."""

import re
import warnings
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract
from corpus.files.html.content import page_content
from corpus.files.html.markdown import flatten, markdown_of
from corpus.files.html.marks import plain_marks
from corpus.files.html.metadata import page_metadata
from corpus.files.html.nesting import count_elements, parsed
from corpus.files.kind import TEXT_LIMIT
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes

HEAD = 4096  # bytes in which a page must name its encoding, and then some
DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")
# What is granted, several times what honest pages take: of its bytes, to decode and count; of what is counted, to read.
BYTE_SECONDS, BYTE_MEMORY = 0.5e-6, 5
ELEMENT_SECONDS, ELEMENT_MEMORY = 250e-6, 4_000
CHARACTER_SECONDS, CHARACTER_MEMORY = 2e-6, 15


def read(path: Path, decoding: Decoding = STRICT) -> Extract:
    """Return the text of a page and its metadata.

    Raises:
        UnreadableFile: if its encoding cannot be told, or it says nothing.
    """
    data = read_bytes(path, TEXT_LIMIT)
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    declared = DECLARED.search(data[:HEAD])
    markup = decode(data, path.name, declared[1].decode() if declared else None, decoding, invisible=True)
    declaration = XML_DECLARATION.match(markup)
    markup = markup[declaration.end() :] if declaration else markup
    elements, length = count_elements(markup), len(markup)
    grant(
        ELEMENT_SECONDS * elements + CHARACTER_SECONDS * length, ELEMENT_MEMORY * elements + CHARACTER_MEMORY * length
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a page that is XML, or no page at all, is read all the same
        page = parsed(markup)
    metadata = page_metadata(page)
    plain_marks(page)
    flatten(page)
    content = page_content(page)
    text = markdown_of(content.root)
    if not text:
        raise UnreadableFile("the page has no text; one that a script writes must be saved as a browser shows it")
    return Extract(text, metadata, left_out=round(content.left_out, 3))
