"""What the headers and footers of pages say once: numbers and names of a document, not the number of a page."""

import re
from collections.abc import Iterable, Iterator

from corpus.files.office.blocks import Blocks, one_line

PAGE_NUMBER = "\0"  # stands for the number of the page, which no text has, until it is cleaned
PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)  # what programs are told to show there
SEGMENT = re.compile(r"[\t\n]|(?<!\\)\|")  # between what stands in different places of a header


def header_lines(headers: Iterable[Blocks], text: str) -> Iterator[str]:
    """Yield the lines of headers and footers that say something beyond the text and the number of the page.

    Args:
        headers: what each of them says.
        text: what the document says.
    """
    seen = one_line(text)
    for header in headers:
        for line in header.lines():
            told = (one_line(each) for each in SEGMENT.split(line))
            if said := "  ".join(dict.fromkeys(each for each in told if _tells(each) and each not in seen)):
                yield said
                seen += f" {said}"


def with_headers(headers: Iterable[Blocks], text: str) -> tuple[str, bool]:
    """Return a text below what its headers and footers say, and whether they say anything."""
    (above := Blocks()).paragraph("\n".join(header_lines(headers, text)))
    return "\n\n".join(filter(None, (above.text(), text))), len(above) > 0


def _tells(segment: str) -> bool:
    return PAGE_NUMBER not in segment and any(map(str.isalpha, segment))
