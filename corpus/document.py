"""The document: a text with what is known about it. Its `text` is the coordinate system of every citation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from types import MappingProxyType

from corpus.errors import InvalidInput
from corpus.language import detect_language
from corpus.noise import without_noise
from corpus.parts import Part

SURROGATE = re.compile("[\ud800-\udfff]")
PUBLISHED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
NAMELESS = ("|", "```", "~~~")  # begin what is no title


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document beside its text; see `Document` for each."""

    document_id: str
    source: str
    title: str
    sha256: str
    language: str
    publisher: str | None
    published: str | None
    url: str | None
    author: str | None
    metadata: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its metadata.

    Attributes:
        document_id: stable name; a new version of the same file keeps it.
        source: the file name, relative to the folder that was indexed.
        title: what a citation calls the document.
        text: the canonical text; offsets everywhere count its Unicode code points.
        sha256: of `text` in UTF-8, hexadecimal.
        language: ISO 639 code of the text, `und` where it cannot be told.
        publisher: who published it, if known.
        published: `2026`, `2026-04` or `2026-04-16`, as exact as it is known.
        url: where the original stands, if known.
        author: who wrote it, if known.
        metadata: everything else the source said about it.
        synonyms: other words for some of its words, added to what is searched; see `corpus.splitting.synonyms`.
        parts: what is told of what its form feeds divide, of each in order; nothing where they are plain pages.
    """

    document_id: str
    source: str
    title: str
    text: str
    sha256: str
    language: str
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    author: str | None = None
    metadata: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    parts: tuple[Part, ...] = ()

    @property
    def facts(self) -> DocumentFacts:
        """What is known of it beside its text."""
        return DocumentFacts(
            self.document_id,
            self.source,
            self.title,
            self.sha256,
            self.language,
            self.publisher,
            self.published,
            self.url,
            self.author,
            self.metadata,
        )


def make_document(
    text: str,
    *,
    source: str,
    document_id: str | None = None,
    title: str | None = None,
    language: str | None = None,
    publisher: str | None = None,
    published: str | None = None,
    url: str | None = None,
    author: str | None = None,
    metadata: Mapping[str, object] | None = None,
    synonyms: Mapping[str, tuple[str, ...]] | None = None,
    parts: Sequence[Part] = (),
) -> Document:
    """Make a document of a decoded text; what is not given is read off the text.

    Raises:
        InvalidInput: if the text holds lone surrogates or NUL (no citation of it could be sent or
            stored), or `published` is not a date.
    """
    text = canonical_text(text, source)
    read = without_noise(text)
    return Document(
        document_id=document_id or document_id_of(source),
        source=source,
        title=title or first_line(read) or source,
        text=text,
        sha256=text_digest(text),
        language=language or detect_language(read),
        publisher=publisher,
        published=None if published is None else checked_date(published, source),
        url=url,
        author=author,
        metadata=MappingProxyType(dict(metadata or {})),
        synonyms=MappingProxyType(dict(synonyms or {})),
        parts=tuple(parts),
    )


def canonical_text(text: str, source: str) -> str:
    r"""Return the text with `\r\n` as `\n` and without a byte order mark; nothing else changes."""
    if "\0" in text:
        raise InvalidInput(f"{source}: the text holds a NUL character, so it is binary data; convert it to text")
    if SURROGATE.search(text):
        raise InvalidInput(f"{source}: the text holds half of a surrogate pair; save it again as UTF-8")
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def text_digest(text: str) -> str:
    """Return the hexadecimal SHA-256 of a text in UTF-8."""
    return sha256(text.encode()).hexdigest()


def document_id_of(source: str) -> str:
    """Return the id of the document that a source names."""
    return "d_" + text_digest(source)[:16]


def first_line(text: str) -> str:
    """Return the first line with content, without Markdown's heading marks, at most 100 characters.

    A row of a table or the beginning of a block of code names nothing, so there it is empty.
    """
    line = next((line for raw in text.split("\n") if (line := raw.strip().lstrip("#").strip())), "")
    return "" if line.startswith(NAMELESS) else line[:100]


def checked_date(published: str, owner: str, name: str = "published") -> str:
    """Return `published` if it is a year, a month or a day that exists.

    Raises:
        InvalidInput: if it is not, because dates are compared as text and a wrong one would sort anywhere.
    """
    match = PUBLISHED.fullmatch(published)
    try:
        if match is None:
            raise ValueError
        year, month, day = (int(part or 1) for part in match.groups())
        date(year, month, day)
    except ValueError:
        raise InvalidInput(f"{owner}: {name} is {published!r}; write 2026, 2026-04 or 2026-04-16") from None
    return published
