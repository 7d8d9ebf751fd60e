"""How large a file may be, what is told of one whose name lies, and all that a new format needs."""

import io
import json
import re
import zipfile
from importlib import import_module
from pathlib import Path

import pytest

from corpus.files import formats
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.formats import REGISTRY, suffixes
from corpus.files.kind import CONTAINER_LIMIT, OLE_HEAD, TEXT_LIMIT, ZIP_HEAD, Format, Markup
from corpus.splitting.blocks import is_markdown
from tests.command_fixtures import Command
from tests.conftest import ROOT
from tests.corpus.files.file_makers import column, docx_bytes, make_pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


OOXML = "application/vnd.openxmlformats-officedocument"


def ole(*names: str) -> bytes:
    """Return the head of a container of OLE whose directory, in its second sector, lists these names."""
    head = bytearray(OLE[:8] + bytes(504))
    head[30], head[48] = 9, 1  # sectors of 512 bytes
    return bytes(head) + bytes(512) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)


def zipped(name: str, text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, text)
    return stream.getvalue()


def reason(folder: Path) -> str:
    (found,) = read_documents([folder])
    assert isinstance(found, Skipped)
    assert found.failed
    return found.reason


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.txt", b"%PDF-1.7\n...", "its name ends in .txt, but what it holds is PDF; name it .pdf"),
        ("a.md", docx_bytes(), "its name ends in .md, but what it holds is DOCX; name it .docx"),
        ("a.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>x", "but what it holds is HTML; name it .html"),
        ("a.pdf", b"<html><body>x</body></html>", "its name ends in .pdf, but what it holds is HTML; name it .html"),
        ("a.pdf", b"plain text", "its name ends in .pdf, but it is no PDF"),
        ("a.docx", b"plain text", "its name ends in .docx, but it is no DOCX"),
        ("a.docx", b"{\\rtf1 x}", "its name ends in .docx, but what it holds is RTF"),
        ("a.docx", OLE, "locked by a password; open it, remove the password and save it as DOCX"),
        ("a.html", b"%PDF-1.7\n...", "but what it holds is PDF"),
        ("a.txt", OLE, "what it holds is a file of an older Office"),
        ("a.docx", ole("Root Entry", "1Table", "WordDocument"), "what it holds is DOC, of an older Word; open it and"),
        ("a.xlsx", ole("Root Entry", "Workbook"), "what it holds is XLS; name it .xls"),
        ("a.xls", ole("Root Entry", "PowerPoint Document"), "what it holds is PPT, of an older PowerPoint"),
        ("a.xlsx", ole("Root Entry", "EncryptedPackage"), "what it holds is locked by a password; open it, remove"),
        ("a.xls", b"<html><table>", "what it holds is HTML; name it .html"),
        ("a.xls", b"a\tb\n1\t2", "it is no XLS; give it the ending of what it is"),
        ("a.docx", zipped("[Content_Types].xml", f"{OOXML}.spreadsheetml.sheet.main+xml"), "XLSX; name it .xlsx"),
        ("a.xlsx", docx_bytes(), "its name ends in .xlsx, but what it holds is DOCX; name it .docx"),
        ("a.txt", zipped("mimetype", "application/epub+zip"), "what it holds is EPUB; name it .epub"),
        ("a.epub", zipped("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "ODS; name it .ods"),
        ("a.ods", zipped("mimetype", "application/vnd.oasis.opendocument.graphics"), "what it holds is ODG"),
        ("a.xlsx", zipped("word/document.xml", "<x/>"), "what it holds is DOCX; name it .docx"),
        ("a.docx", zipped("a.txt", "x"), "it is a ZIP without word/document.xml"),
        ("a.pdf", b"", "the file is empty"),
        ("a.html", b"", "the file is empty"),
        ("a.docx", b"", "the file is empty"),
    ],
)
def test_a_name_that_lies_is_told(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert told in reason(tmp_path)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.doc", ".doc is not read; open it and save it as DOCX"),
        ("a.PPT", ".PPT is not read; open it and save it as PPTX"),
        ("a.xyz", ".xyz is not read"),
    ],
)
def test_what_is_not_read_is_told_with_the_way_out(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / name).write_bytes(OLE)
    (found,) = read_documents([tmp_path])
    assert isinstance(found, Skipped)
    assert found.reason == told


def test_text_about_a_format_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Every PDF begins with %PDF-1.7, and a page with <!DOCTYPE html>.")
    (tmp_path / "b.md").write_text("<p align=center>A logo</p>\n\nPK is how a ZIP begins.")
    assert not [each for each in read_documents([tmp_path]) if isinstance(each, Skipped)]


def test_a_pdf_may_have_something_before_its_beginning(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", [column("一句话。")])
    path.write_bytes(b"junk of a mail program\n" + path.read_bytes())
    (found,) = read_documents([tmp_path])
    assert not isinstance(found, Skipped)


def test_the_ending_may_be_written_in_capitals(tmp_path: Path) -> None:
    make_pdf(tmp_path / "A.PDF", [column("一句话。")])
    (found,) = read_documents([tmp_path])
    assert not isinstance(found, Skipped)
    assert found[1].source == "A.PDF"


@pytest.mark.parametrize(("name", "limit"), [("a.txt", TEXT_LIMIT), ("a.html", TEXT_LIMIT), ("a.pdf", CONTAINER_LIMIT)])
def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int
) -> None:
    with (tmp_path / name).open("wb") as file:
        file.truncate(limit + 1)

    def refuse(path: Path) -> bytes:
        raise AssertionError("it must not be read")

    monkeypatch.setattr("corpus.files.reading.read_bytes", refuse)
    assert f"{limit + 1:,} bytes are more than the {limit:,} of a" in reason(tmp_path)


# The registry


def test_every_entry_is_whole() -> None:
    assert len(suffixes()) == len(set(suffixes())), "an ending tells one format"
    for each in REGISTRY:
        assert all(re.fullmatch(r"\.[a-z][a-z0-9]*", suffix) for suffix in each.suffixes)
        assert all(signature == signature.lower().lstrip() for signature in each.signatures)
        assert each.signatures or not each.signed
        assert not each.inside or each.signatures in ((ZIP_HEAD,), (OLE_HEAD,))
        assert each.reader is None or callable(import_module(each.reader).read)


def test_every_entry_is_documented() -> None:
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = [line for line in page.split("\n") if line.startswith("| ") and "`." in line]
    assert len(rows) == len(REGISTRY)
    for each, row in zip(REGISTRY, rows, strict=True):
        endings = " ".join(f"`{suffix}`" for suffix in each.suffixes)
        assert row.startswith(f"| {each.name} | {endings} | {each.limit // 1_000_000} MB")
        assert each.name in readme


NOTES = """Harbour notes
=============

The harbour is dredged every spring.

Ferries
-------

A ticket to White Sand Island costs twelve crowns.
"""


def test_a_new_format_is_one_file_and_one_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Format("Titled", (".ttl",), 1000, reader="tests.corpus.files.titled_reader", signatures=(b".. titled",))
    monkeypatch.setattr(formats, "REGISTRY", (*REGISTRY, entry))
    (folder := tmp_path / "files").mkdir()
    (folder / "notes.ttl").write_text(NOTES)
    (folder / "long.ttl").write_text("x" * 1001)
    (folder / "lies.txt").write_text(".. titled\n\nNo plain text.")
    (folder / "picture.xyz").write_text("a,b")
    wherefrom = Command(monkeypatch, capsys, tmp_path / "data")
    told = " ".join(wherefrom("index", folder).failed(1, "2 files could not be read").out.split())
    assert told.startswith("1 added")
    assert "skipped long.ttl: 1,001 bytes are more than the 1,000 of a Titled; split it" in told
    assert "skipped lies.txt: its name ends in .txt, but what it holds is Titled; name it .ttl" in told
    assert "skipped picture.xyz: .xyz is not read" in told
    best = json.loads(wherefrom("ask", "What does a ticket cost?", "--json").succeeded().out)["results"][0]["citation"]
    assert best["quote"].endswith("A ticket to White Sand Island costs twelve crowns.")
    assert (best["title"], best["section"]) == ("Harbour notes", ["Harbour notes", "Ferries"])
    wherefrom("verify").succeeded()


def test_what_is_shown_as_written_markdown_is_cut_as_such() -> None:
    for each in REGISTRY:
        assert {is_markdown(f"a{suffix}") for suffix in each.suffixes} == {each.markup is Markup.WRITTEN}, each.name
