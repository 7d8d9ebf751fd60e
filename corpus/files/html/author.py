"""Who wrote a web page, where the page marks it: in a link to its author, or in a line that is called one."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

from corpus.files.html.names import COMMENTS, names_of

CALLED = re.compile(
    r"(?:^|[-_])(?:byline|by-?line|author|writer|writtenby|p-author)(?:$|[-_]?(?:name|s|line|link|info)?$)", re.I
)
BEFORE = re.compile(
    r"(?:(?:(?:posted|written|published|reported|story|text|article|review)\s+)?by|von|par|por|di|door|av|af|autor(?:in)?|author|写文|作者|文)"
    r"\s*[:：/|]?\s+|(?:autor(?:in)?|author|作者|文|von|by)\s*[:：/|]\s*",
    re.IGNORECASE,
)
# What follows names in such a line: a day, a role, another part of the line.
AFTER = re.compile(
    r"\s*(?:[|•·–—@(（]|\d|\bon\b|\bam\b|\bat\b|\bupdated\b|\bpublished\b|\bposted\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d).*",
    re.IGNORECASE | re.DOTALL,
)
NAME = re.compile(r"[^\W\d_][\w.,&'’ \-]{1,78}\w\.?")
MOST_WORDS = 10
MOST_MARKED = 50  # elements that are looked at; more are those of other pages


def marked_authors(page: BeautifulSoup) -> Iterator[str]:
    """Yield who is marked as the author of a page, the first in the page first."""
    for element in page.find_all(_is_marked, limit=MOST_MARKED):
        if _is_in_comments(element):
            continue
        named = element.find(itemprop="name") or element
        said = str(named.get("content") or named.get_text(" "))
        name = name_of(said)
        if name:
            yield name


def name_of(line: str) -> str:
    """Return the names in a line that says who wrote a text, without what stands around them; nothing if it is none."""
    words = " ".join(line.split())
    begin = BEFORE.match(words)
    words = AFTER.sub("", words[begin.end() :] if begin else words, count=1).strip(" ,;:")
    return words if NAME.fullmatch(words) and len(words.split()) <= MOST_WORDS else ""


def _is_marked(element: Tag) -> bool:
    return (
        "author" in element.get_attribute_list("rel")
        or "author" in str(element.get("itemprop", "")).split()
        or any(CALLED.search(name) for name in names_of(element))
    ) and element.name not in ("body", "meta", "link", "img", "script")


def _is_in_comments(element: Tag) -> bool:
    return any(
        COMMENTS.search(name) for around in element.parents for name in names_of(around) if around.name != "body"
    )
