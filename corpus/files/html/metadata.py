"""What a web page says about itself: in its metadata, in JSON-LD, or in the line above its text.

Only what is labelled counts. A date somewhere in the text is no date of publication, and a wrong one would be cited.
"""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from corpus.document import checked_date
from corpus.errors import InvalidInput
from corpus.files.extract import UNPRINTABLE
from corpus.files.folders.metadata import Metadata
from corpus.files.html.author import marked_authors, name_of
from corpus.files.html.names import names_of

# Names of `meta` elements, the most telling first. The first of each row is what Chinese government sites must write.
META = {
    "title": ("articletitle", "og:title", "dc.title", "citation_title", "twitter:title", "parsely-title"),
    "publisher": ("contentsource", "og:site_name", "dc.publisher", "citation_journal_title", "sitename"),
    "published": (
        "pubdate article:published_time publishdate dc.date dc.date.issued dcterms.issued citation_publication_date"
        " og:published_time parsely-pub-date datepublished date.published sailthru.date date"
    ).split(),
    "author": (
        "dc.creator dcterms.creator author citation_author byl parsely-author sailthru.author article:author"
        " article:author_name"
    ).split(),
    "url": ("og:url", "url"),
}
JSON_LD = {"title": "headline", "publisher": "publisher", "published": "datePublished", "author": "author"}
ARTICLE = re.compile(r"(?:Article|Posting|Report|WebPage|Dataset|Book)$")

# What hides JSON from old parsers of pages.
WRAPPING = re.compile(r"^\s*(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*$")
PUBLISHED = re.compile(r"publi|posted|entry-date|post-date|dateline", re.IGNORECASE)

DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
CLOCK = r"(?:\s*日)?(?:[\sT]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?"
SOURCE = r"(?<!\w)(?:信息|文章|稿件|新闻)?来源\s*[:：]"
LABELLED = {
    "publisher": re.compile(rf"{SOURCE}\s*[【\[(（《]?([^\s\]】)）》:：]{{2,30}})"),
    "published": re.compile(
        rf"(?:发布|发表|发文|刊发|发稿|公开)(?:时间|日期)\s*[:：]\s*{DATE}|{DATE}{CLOCK}\s*{SOURCE}"
    ),
    "author": re.compile(r"(?<!\w)作者\s*[:：]\s*([\w·]{2,20})"),
}
# What stands in the place of a publisher and names none.
NO_PUBLISHER = re.compile(r"(?:本[网站]\S{0,2}|原创|网络|互联网|转载|未知|其[他它]|作者|浏览\S*|点击\S*)$")


def page_metadata(page: BeautifulSoup) -> Metadata:
    """Return what a page says about itself; must be called before anything is taken out of the page."""
    text = page.get_text(" ")
    return Metadata(
        title=_first(_titles(page)),
        publisher=_first(value for value in _values(page, text, "publisher") if not NO_PUBLISHER.match(value)),
        published=next(filter(None, map(_day, _dates(page, text))), None),
        url=_first(value for value in _addresses(page) if _is_address(value)),
        author=_first(value for value in _authors(page, text) if not _is_address(value)),
    )


def _first(values: Iterator[str]) -> str | None:
    return next((tidy for value in values if (tidy := " ".join(UNPRINTABLE.sub("", value).split()).rstrip(" ¶"))), None)


def _titles(page: BeautifulSoup) -> Iterator[str]:
    headings = page.find_all("h1")
    yield from list(_in_meta(page, "title"))[:1]
    if len(headings) == 1:
        yield headings[0].get_text(" ", strip=True)
    yield from _in_json_ld(page, "title")
    yield page.title.get_text() if page.title else ""


def _values(page: BeautifulSoup, text: str, field: str) -> Iterator[str]:
    """Yield what is said of a field: what is written for machines, the line above the text, the name of the site."""
    in_meta = list(_in_meta(page, field))
    yield from in_meta[:1] if _has_meta(page, META[field][0]) else ()
    yield from (match[1] for match in LABELLED[field].finditer(text))
    yield from _in_json_ld(page, field)
    yield from in_meta


def _authors(page: BeautifulSoup, text: str) -> Iterator[str]:
    yield from (name_of(value) or value for value in _values(page, text, "author"))
    yield from marked_authors(page)


def _dates(page: BeautifulSoup, text: str) -> Iterator[str]:
    yield from _in_meta(page, "published")
    yield from _in_json_ld(page, "published")
    for element in page.find_all(itemprop="datePublished"):
        yield str(element.get("content") or element.get("datetime") or element.get_text())
    yield from (match[0] for match in LABELLED["published"].finditer(text))
    times = page.find_all("time", datetime=True)
    for time in times:
        if time.has_attr("pubdate") or any(PUBLISHED.search(name) for name in names_of(time)):
            yield str(time["datetime"])
    if len(times) == 1:  # of several, some belong to other pages
        yield str(times[0]["datetime"])


def _addresses(page: BeautifulSoup) -> Iterator[str]:
    yield from (str(link.get("href", "")) for link in page.find_all("link", rel="canonical"))
    yield from _in_meta(page, "url")


def _in_meta(page: BeautifulSoup, field: str) -> Iterator[str]:
    said = {
        name.lower().replace("dc:", "dc."): str(meta["content"])
        for meta in reversed(page.find_all("meta", content=True))
        for name in str(meta.get("name") or meta.get("property")).split()
    }
    return (said[name] for name in META[field] if said.get(name, "").strip())


def _has_meta(page: BeautifulSoup, name: str) -> bool:
    found = page.find("meta", attrs={"name": re.compile(rf"{re.escape(name)}$", re.IGNORECASE)})
    return found is not None and bool(str(found.get("content", "")).strip())


def _in_json_ld(page: BeautifulSoup, field: str) -> Iterator[str]:
    for script in page.find_all("script", type="application/ld+json"):
        try:
            data = json.loads(WRAPPING.sub("", script.get_text()), strict=False)
        except (ValueError, RecursionError):
            continue  # other pages' mistakes
        for item in _items(data):
            if ARTICLE.search(str(item.get("@type", ""))) and (said := ", ".join(_named(item.get(JSON_LD[field])))):
                yield said


def _named(value: object) -> Iterator[str]:
    """Yield what JSON-LD says in a value: words, something that has a name, or several of them."""
    for each in value if isinstance(value, list) else [value]:
        named = each.get("name") if isinstance(each, dict) else each
        if isinstance(named, str) and named.strip():
            yield named


def _items(data: object) -> Iterator[dict[str, object]]:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (each for each in graph if isinstance(each, dict)) if isinstance(graph, list) else ()


def _day(value: str) -> str | None:
    match = re.search(DATE, value) or re.search(r"(\d{4})(\d{2})(\d{2})", value)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        return checked_date(f"{year}-{month:>02}-{day:>02}", "a page")
    except InvalidInput:
        return None


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
