"""EPUB: chapters in the order of reading, by what the table of contents calls them, of both versions."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files.html.epub import read
from corpus.parts import Part, PartKind

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" version="{version}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>The Lock Keeper</dc:title><dc:creator>Ann Berg</dc:creator><dc:creator>Ole Strand</dc:creator>
<dc:language>en-GB</dc:language><dc:publisher>Bay Press</dc:publisher><dc:date>2019-06-22T00:00:00Z</dc:date></metadata>
<manifest>{items}<item id="css" href="a.css" media-type="text/css"/></manifest>
<spine>{spine}</spine></package>"""
NAV = (
    '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol><li><a href="text/one.xhtml">The '
    'Gate</a></li><li><a href="text/two%20b.xhtml#top">Winter</a></li></ol></nav></body></html>'
)
NCX = (
    '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">'
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>The Gate</text></navLabel>'
    '<content src="text/one.xhtml"/></navPoint></navMap></ncx>'
)
PAGES = {
    "text/cover.xhtml": "<body><img src='c.png'/></body>",
    "text/one.xhtml": (
        "<body class='sidebar'><h1>I</h1><p>The gate opens at <b>noon</b>.&nbsp;</p>"
        "<ul class='menu'><li><a href='#x'>A lamp</a></li></ul></body>"
    ),
    "text/one-b.xhtml": "<body><p>It closes at dusk.</p></body>",
    "text/two b.xhtml": "<body><h2>Winter ice</h2><p>The canal froze in 1963.</p></body>",
}
XHTML = '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "a.dtd">\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'


def make_epub(path: Path, pages: Mapping[str, str] = PAGES, *, version: str = "3.0", **parts: str) -> Path:
    """Save a book of these pages; the table of contents is of its version."""
    table = (
        ("nav.xhtml", NAV, "application/xhtml+xml", "nav")
        if version == "3.0"
        else ("toc.ncx", NCX, "application/x-dtbncx+xml", "")
    )
    names = [name.replace(" ", "%20") for name in pages]
    items = "".join(
        f'<item id="i{at}" href="{name}" media-type="application/xhtml+xml"/>' for at, name in enumerate(names)
    )
    items += f'<item id="toc" href="{table[0]}" media-type="{table[2]}" properties="{table[3]}"/>'
    spine = '<itemref idref="toc"/>' + "".join(f'<itemref idref="i{at}"/>' for at in range(len(names)))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("OEBPS/book.opf", PACKAGE.format(version=version, items=items, spine=spine))
        archive.writestr(f"OEBPS/{table[0]}", table[1])
        for name, page in pages.items():
            archive.writestr(f"OEBPS/{name}", f"{XHTML}{page}</html>")
        for name, text in parts.items():
            archive.writestr(f"META-INF/{name}.xml", text)
    return path


def test_a_book_is_read_chapter_by_chapter(tmp_path: Path) -> None:
    extract = read(make_epub(tmp_path / "a.epub"))
    assert extract.text.split("\f") == [
        "# I\n\nThe gate opens at noon.\n\n- A lamp\n",
        "It closes at dusk.\n",
        "## Winter ice\n\nThe canal froze in 1963.\n",
        "",
    ]
    assert extract.parts == (
        Part(PartKind.PART, "The Gate"),
        Part(PartKind.PART, "The Gate"),
        Part(PartKind.PART, "Winter ice"),
    )
    metadata = extract.metadata
    assert (metadata.title, metadata.author, metadata.publisher) == (
        "The Lock Keeper",
        "Ann Berg, Ole Strand",
        "Bay Press",
    )
    assert (metadata.language, metadata.published) == ("en", "2019-06-22")


def test_a_book_of_the_second_version_has_another_table(tmp_path: Path) -> None:
    extract = read(make_epub(tmp_path / "a.epub", version="2.0"))
    assert [part.label for part in extract.parts] == ["The Gate", "The Gate", "The Gate"]


LOCK = '<encryption xmlns:enc="e"><enc:CipherReference URI="OEBPS/{}"/></encryption>'


def test_a_book_that_is_locked_is_told_and_one_with_locked_fonts_is_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="locked by the shop"):
        read(make_epub(tmp_path / "a.epub", encryption=LOCK.format("text/one.xhtml")))
    assert read(make_epub(tmp_path / "b.epub", encryption=LOCK.format("font.otf"))).text


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<body><img src='c.png'/></body>", "only pictures"),
        ("<body>" + "<div>" * 300 + "x" + "</div>" * 300 + "</body>", "nested more than 250 deep"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, page: str, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        read(make_epub(tmp_path / "a.epub", {"text/one.xhtml": page}))


def test_a_book_without_its_chapters_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="none of the chapters that it lists is in it"):
        read(make_epub(tmp_path / "a.epub", {}))


def test_entities_that_would_grow_are_refused(tmp_path: Path) -> None:
    path = make_epub(tmp_path / "a.epub")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("OEBPS/bomb.xhtml", '<!DOCTYPE html [<!ENTITY a "aaaa">]><html>&a;</html>')
    with pytest.raises(UnreadableFile, match="declares entities"):
        read(path)


def test_a_zip_that_is_no_book_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableFile, match="no EPUB"):
        read(tmp_path / "a.epub")
