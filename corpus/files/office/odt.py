"""The text of an ODT: headings, lists, tables and notes in Markdown, and what it says of itself."""

import posixpath
import zipfile
from dataclasses import replace
from pathlib import Path

from lxml import etree

from corpus.document import first_line
from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, creation_day, stated_author, stated_title
from corpus.files.folders.metadata import Metadata
from corpus.files.office.blocks import Blocks, check_text, one_line
from corpus.files.office.headers import with_headers
from corpus.files.office.odf_body import Body
from corpus.files.office.odf_styles import OASIS, OFFICE, STYLE, Styles
from corpus.files.office.ooxml import Element, tree_of
from corpus.files.zip_parts import opened

CONTENT, STYLES, META, MANIFEST = "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"
ENCRYPTED = b"encryption-data"
MATH = "{http://www.w3.org/1998/Math/MathML}"
AUTHORS = OASIS % "meta" + "initial-creator", "{http://purl.org/dc/elements/1.1/}creator"
HEADERS = [f"{part}{which}" for part in ("header", "footer") for which in ("", "-left", "-first")]


def read(path: Path) -> Extract:
    """Return the text and the properties of an ODT.

    Raises:
        UnreadableFile: if it is damaged, locked, no ODT, or more than a document can be.
    """
    with opened(path, "ODT") as parts:
        return _extract(parts)


def _extract(parts: zipfile.ZipFile) -> Extract:
    if MANIFEST in parts.namelist() and ENCRYPTED in parts.read(MANIFEST):
        raise UnreadableFile("it is locked by a password; save it without one")
    content, styles = _tree(parts, CONTENT), _tree(parts, STYLES)
    text = None if content is None else content.find(f"{OFFICE}body/{OFFICE}text")
    if content is None or text is None:
        raise UnreadableFile(f"it is a ZIP without a text in {CONTENT}, so no ODT; give it the ending of what it is")
    body = Body(Styles([content] if styles is None else [content, styles]), lambda address: _formula(parts, address))
    body.read(text, blocks := Blocks())
    for number, note in enumerate(body.notes, start=1):
        blocks.note(f"[{number}]", "\n".join(note.lines()))
    headers = []
    for page in () if styles is None else styles.iter(STYLE + "master-page"):
        for each in (each for name in HEADERS for each in page.iterfind(STYLE + name)):
            body.read(each, header := Blocks())
            headers.append(header)
    said, metadata = blocks.text(), _metadata(_tree(parts, META))
    whole, headed = with_headers(headers, said)
    check_text(whole)
    return Extract(whole, replace(metadata, title=metadata.title or first_line(said)) if headed else metadata)


def _tree(parts: zipfile.ZipFile, name: str) -> Element | None:
    return tree_of(parts.read(name)) if name in parts.namelist() else None


def _formula(parts: zipfile.ZipFile, address: str) -> str:
    """Return the text of the formula at an address within the file: as it was typed, or else its signs."""
    try:
        root = _tree(parts, posixpath.normpath(f"{address}/{CONTENT}"))
    except etree.XMLSyntaxError:
        return ""
    if root is None or root.tag != MATH + "math":
        return ""
    typed = root.find(f".//{MATH}annotation")
    return one_line("".join(root.itertext()) if typed is None else typed.text or "")


def _metadata(root: Element | None) -> Metadata:
    if root is None:
        return Metadata()
    names = (root.findtext(f".//{tag}") for tag in AUTHORS)
    return Metadata(
        title=stated_title(root.findtext(".//{http://purl.org/dc/elements/1.1/}title")),
        author=next((author for name in names if (author := stated_author(name))), None),
        other=creation_day(root.findtext(f".//{OASIS % 'meta'}creation-date")),
    )
