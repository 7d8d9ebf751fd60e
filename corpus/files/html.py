"""The text of a web page in Markdown, and what the page says about itself. Nothing is run, and nothing is fetched."""

import re
import warnings
from pathlib import Path

from bs4 import BeautifulSoup

from corpus.errors import UnreadableFile
from corpus.files.decoding import decode, read_bytes
from corpus.files.extract import Extract
from corpus.files.html_content import page_content
from corpus.files.html_metadata import page_metadata
from corpus.files.markdown import flatten, markdown_of

HEAD = 4096  # bytes in which a page must name its encoding, and then some
DECLARED = re.compile(rb"""<(?:meta|\?xml)\b[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*>")


def read(path: Path) -> Extract:
    """Return the text of a page and its metadata.

    Raises:
        UnreadableFile: if its encoding cannot be told, or it says nothing.
    """
    data = read_bytes(path)
    declared = DECLARED.search(data[:HEAD])
    markup = decode(data, path.name, declared[1].decode() if declared else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a page that is XML, or no page at all, is read all the same
        page = BeautifulSoup(XML_DECLARATION.sub("", markup, count=1), "lxml")
    metadata = page_metadata(page)
    flatten(page)
    text = markdown_of(page_content(page))
    if not text:
        raise UnreadableFile("the page has no text; one that a script writes must be saved as a browser shows it")
    return Extract(text, metadata)
