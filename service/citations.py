"""What the platforms are told of where a passage is from, and the link where a person finds it."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from corpus.passage import Citation, Span
from corpus.splitting.hidden import seen_in_one_line, without_hidden
from corpus.store.collections import DEFAULT
from index.answer import Result, SearchResult
from service.settings import Settings

CITABLE = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Base:
    """Where this service shows the documents of a collection: its address as others reach it, and the collection.

    The address is empty where none is known that leads to it.
    """

    url: str
    collection: str = DEFAULT


def attributes(result: Result, answer: SearchResult, base: Base) -> dict[str, str | int | float | bool]:
    """Return where a result is from, in a flat form; what is not known is left out.

    Args:
        result: one of the answer's.
        answer: says whether any result is likely to answer.
        base: where this service shows documents.
    """
    citation = result.citation
    facts = {
        "document_id": citation.document_id,
        "passage_id": result.passage_id,
        "title": seen_in_one_line(citation.title),
        "url": link(citation, base),
        "source": seen_in_one_line(citation.source),
        "publisher": citation.publisher and seen_in_one_line(citation.publisher),
        "published_at": citation.published,
        "section": seen_in_one_line(" / ".join(citation.section)) or None,
        "page": citation.page,
        "page_label": citation.page_label,
        "sheet": citation.sheet and seen_in_one_line(citation.sheet),
        "row": citation.row,
        "slide": citation.slide,
        "part": citation.part and seen_in_one_line(citation.part),
        "ocr": citation.ocr,
        "table_header": table_head(result) or None,
        "start": citation.start,
        "end": citation.end,
        "document_sha256": citation.document_sha256,
        "answerable": answer.answerable,
    }
    return {name: value for name, value in facts.items() if value is not None}


def told_text(result: Result) -> str:
    """Return the text of a result as a model reads it by itself, and a person who sees nothing else.

    Over rows of a table stand the names of their columns, a line that the document has further up; `result.text` and
    the quote are without it.
    """
    names = table_head(result)
    return f"{names}\n{result.text}" if names else result.text


def table_head(result: Result) -> str:
    """Return the line that names the columns of the rows that a result begins with; empty where it begins otherwise."""
    header = result.citation.table_header
    return "" if header is None else seen_in_one_line(header.quote)


def link(citation: Citation, base: Base) -> str:
    """Return a link to what a citation quotes; see `document_link`."""
    place = Span(citation.start, citation.end)
    return document_link(citation.document_id, citation.document_sha256, citation.url, base, place)


def document_link(document_id: str, sha256: str, url: str | None, base: Base, place: Span | None = None) -> str:
    """Return a link to a document: its own url if a browser can open it, or else the page that shows its text.

    It is empty where there is no such page either: an address that leads nowhere would be cited all the same.
    An address with characters in it that nobody sees is none: who reads it would not see where it leads.

    Args:
        document_id: its id.
        sha256: of its text, by which the page sees whether that has changed since.
        url: where the original stands, as its metadata say.
        base: where this service shows documents.
        place: what the page is to mark.
    """
    if url and CITABLE.fullmatch(url) and without_hidden(url) == url:
        return url
    if not base.url:
        return ""
    # The page links to itself in the same way: sourceAddress in web/assets/results.js.
    places = {} if place is None else {"start": place.start, "end": place.end}
    named = {} if base.collection == DEFAULT else {"collection": base.collection}
    address = {"document": document_id, **places, "sha256": sha256, **named}
    return f"{base.url.rstrip('/')}/source?{urlencode(address)}"


def base_of(request: Request, collection: str = DEFAULT) -> Base:
    """Return where documents are shown, by the address that others reach: the setting, or else as this request did."""
    settings: Settings = request.app.state.settings
    return Base(settings.public_url or str(request.base_url), collection)
