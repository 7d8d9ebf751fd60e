"""What the headers and footers of pages say once: numbers and names of a document, not the number of a page."""

import re
from collections.abc import Iterable, Iterator

from corpus.files.office.blocks import Blocks
from corpus.files.text.markdown import one_line

PAGE_NUMBER = "\0"  # stands for the number of the page, which no text has, until it is cleaned
PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES)\b", re.IGNORECASE)  # what programs are told to show there
# What is said around the number of a page, in small letters and without signs.
AROUND = frozenset(
    "page pages p pg of seite s von blatt página pág pagina pag de di sur из стр страница sayfa halaman trang strona z "
    "strana sida av side af van 第 共 总 總 全 页 頁 ページ 쪽 페이지 중".split()
)
LEAST_DIGITS = 4  # of a number that is not that of a page
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
            told = (_without_page_number(one_line(each)) for each in SEGMENT.split(line))
            if said := "  ".join(dict.fromkeys(each for each in told if _tells(each) and each not in seen)):
                yield said
                seen += f" {said}"


def with_headers(headers: Iterable[Blocks], text: str) -> tuple[str, bool]:
    """Return a text below what its headers and footers say, and whether they say anything."""
    (above := Blocks()).paragraph("\n".join(header_lines(headers, text)))
    return "\n\n".join(filter(None, (above.text(), text))), len(above) > 0


def _without_page_number(segment: str) -> str:
    words = segment.split(" ")
    gone = [PAGE_NUMBER in word for word in words]
    for places in (range(1, len(words)), range(len(words) - 2, -1, -1)):
        step = -places.step  # towards where a number may stand
        for place in places:
            gone[place] = gone[place] or (
                gone[place + step] and words[place].strip(".:/-–—|()").casefold() in AROUND | {""}
            )
    return " ".join(word for word, is_gone in zip(words, gone, strict=True) if not is_gone)


def _tells(segment: str) -> bool:
    return any(map(str.isalpha, segment)) or sum(map(str.isdigit, segment)) >= LEAST_DIGITS
