"""EPUB, of the second and the third version: the chapters of a book in the order in which they are read.

Chapters are the files of the book's spine; they are called what the table of contents calls them, else by their first
heading. A file that the table does not name goes on with the chapter before.
"""

import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag
from lxml import etree

from corpus.document import checked_date
from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.extract import Extract, check_length, stated_author, stated_title
from corpus.files.folders.metadata import Metadata
from corpus.files.html.markdown import markdown_of
from corpus.files.html.marks import plain_marks
from corpus.files.html.nesting import parsed
from corpus.files.office.ooxml import Element, local, tree_of
from corpus.files.text.decoding import decode
from corpus.files.zip_parts import opened
from corpus.parts import PART_END, Part, PartKind

CONTAINER, ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
PAGES = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")
SILENT = ("script", "style", "template", "head")
HEADING = re.compile("h[1-6]")
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
LONGEST_TITLE = 200  # characters
DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def read(path: Path) -> Extract:
    """Return the chapters of a book and what it says about itself.

    Raises:
        UnreadableFile: if it is damaged, locked, no EPUB, or more than a document can be.
    """
    with opened(path, "EPUB") as parts:
        return _Book(parts).extract()


class _Book:
    """A book: its package, which lists its files, and what they are called."""

    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts = parts
        self._names = set(parts.namelist())
        container = self._tree(CONTAINER)
        root = None if container is None else container.find("{*}rootfiles/{*}rootfile")
        self._main = "" if root is None else root.get("full-path", "")
        package = self._tree(self._main)
        if package is None:
            raise UnreadableFile("it is a ZIP that names no book, so no EPUB; give it the ending of what it is")
        self._package = package
        self._items = {each.get("id", ""): each for each in package.iterfind("{*}manifest/{*}item")}

    def extract(self) -> Extract:
        """Return the text of the book and what its package says of it."""
        locked, titles = self._locked(), self._titles()
        texts, chapters, length, title = list[str](), list[Part](), 0, None
        spine = list(self._spine())
        if not spine:
            raise UnreadableFile("none of the chapters that it lists is in it, so it is damaged; get it once more")
        for name in spine:
            if name in locked:
                raise UnreadableFile(
                    "its chapters are locked by the shop that it is from; wherefrom reads none of these"
                )
            page = self._page(name)
            heading = _first_heading(page)
            text = _text(page)
            if not text:
                continue  # a cover
            inside = titles.get(f"{name}#")
            title = titles.get(name) or (heading or inside if inside or title is None or not titles else title)
            length += len(text)
            check_length(length)
            texts.append(f"{text}\n{PART_END}")
            chapters.append(Part(PartKind.PART, title))
        if not texts:
            raise UnreadableFile("it has no text, only pictures of it; run it through OCR first")
        return Extract("".join(texts), self._metadata(), tuple(chapters))

    def _tree(self, name: str) -> Element | None:
        """Return the tree of a part as far as it is whole; what it declares to be at other places is not looked for."""
        if name not in self._names:
            return None
        return tree_of(self._parts.read(name), recover=True)

    def _file(self, reference: str, base: str) -> str:
        """Return the name of the file that another one refers to, with a # behind it if to a place inside of it."""
        name, inside, _ = reference.partition("#")
        return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(name))) + inside

    def _spine(self) -> Iterator[str]:
        """Yield the files of the book in the order of reading, without its table of contents."""
        for reference in self._package.iterfind("{*}spine/{*}itemref"):
            item = self._items.get(reference.get("idref", ""))
            if item is None or item.get("media-type") not in PAGES or "nav" in item.get("properties", "").split():
                continue
            name = self._file(item.get("href", ""), self._main)
            if name in self._names:
                yield name

    def _locked(self) -> set[str]:
        """Return which files are encrypted; fonts often are in books that anybody may read."""
        root = self._tree(ENCRYPTION)
        found = () if root is None else root.iter("{*}CipherReference")
        return {unquote(each.get("URI", "")) for each in found}

    def _page(self, name: str) -> BeautifulSoup:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a page is XML, and is read as browsers read pages
            return parsed(XML_DECLARATION.sub("", decode(self._parts.read(name), name)))

    def _titles(self) -> dict[str, str]:
        """Return what the table of contents calls files, and the first of the places inside of each."""
        titles = dict[str, str]()
        for name, label in (*self._navigation(), *self._old_navigation()):
            if said := " ".join(label.split())[:LONGEST_TITLE]:
                titles.setdefault(name, said)
        return titles

    def _navigation(self) -> Iterator[tuple[str, str]]:
        for item in self._items.values():
            if "nav" in item.get("properties", "").split():
                name = self._file(item.get("href", ""), self._main)
                if name in self._names:
                    page = self._page(name)
                    tables = page.find_all("nav", attrs={"epub:type": "toc"}) or page.find_all("nav")[:1]
                    for link in (link for table in tables for link in table.find_all("a", href=True)):
                        yield self._file(str(link["href"]), name), link.get_text()

    def _old_navigation(self) -> Iterator[tuple[str, str]]:
        for item in self._items.values():
            if item.get("media-type") == "application/x-dtbncx+xml":
                name = self._file(item.get("href", ""), self._main)
                root = self._tree(name)
                for point in () if root is None else root.iter("{*}navPoint"):
                    target = point.find("{*}content")
                    if target is not None:
                        yield self._file(target.get("src", ""), name), point.findtext("{*}navLabel/{*}text") or ""

    def _metadata(self) -> Metadata:
        said = dict[str, list[str]]()
        metadata = self._package.find("{*}metadata")
        for each in () if metadata is None else metadata.iter(etree.Element):
            if each.text and each.text.strip():
                said.setdefault(local(each), []).append(" ".join(each.text.split()))
        language = said.get("language", [""])[0]
        return Metadata(
            title=stated_title(said.get("title", [""])[0]),
            author=stated_author(", ".join(said.get("creator", ()))),
            publisher=said.get("publisher", [None])[0],
            published=_day(said.get("date", [""])[0]),
            language=language.lower().partition("-")[0] or None,
        )


def _text(page: BeautifulSoup) -> str:
    """Return what a page says; nothing of it is furniture."""
    for element in page.find_all(SILENT):
        element.decompose()
    plain_marks(page)
    return markdown_of(page.body or page)


def _first_heading(page: Tag) -> str | None:
    heading = page.find(HEADING)
    return " ".join(heading.get_text(" ").split())[:LONGEST_TITLE] or None if heading else None


def _day(said: str) -> str | None:
    match = DAY.match(said)
    try:
        return checked_date(match[0], "a book") if match else None
    except InvalidInput:
        return None
