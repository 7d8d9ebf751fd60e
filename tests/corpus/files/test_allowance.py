"""What a file may cost: little until what is in it is counted, and no more than so much is worth."""

import signal
import zipfile
import zlib
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files import allowance, zip_parts
from corpus.files.allowance import grant, memory_in_use, metered
from corpus.files.formats import format_of
from corpus.files.html import nesting
from corpus.files.html import page as html
from corpus.files.office import docx
from corpus.files.pdf import reader as pdf
from corpus.files.sandbox import Extractor
from tests.corpus.files.file_makers import change_part, docx_bytes, one_page_pdf

linux = pytest.mark.skipif(allowance.UNBOUNDED, reason="this system bounds neither")


@linux
def test_memory_is_bounded_until_more_is_granted() -> None:
    with metered():
        with pytest.raises(MemoryError):
            bytearray(allowance.MEMORY + 50_000_000)
        grant(0, 200_000_000)
        assert bytearray(allowance.MEMORY + 50_000_000)
    assert bytearray(2 * allowance.MEMORY)


@linux
def test_time_is_granted_and_nothing_is_left_behind() -> None:
    with metered():
        grant(5, 0)
        assert 5 < signal.getitimer(signal.ITIMER_PROF)[0] < 6 + allowance.SECONDS
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0
    grant(5, 0)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0, "nothing is metered outside"
    assert memory_in_use() > 10_000_000


@linux
def test_a_file_that_takes_far_longer_than_it_should_is_told(tmp_path: Path) -> None:
    """Streams in streams: two kilobytes, whose hundred megabytes nobody counts before."""
    packed = zlib.compress(b" " * 120_000_000, 1)
    twice = one_page_pdf(packed).replace(b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]")
    (path := tmp_path / "a.pdf").write_bytes(twice)
    kind = format_of(path)
    assert kind is not None
    with Extractor() as extractor, pytest.raises(UnreadableFile, match=r"far longer|far more memory|ended its reader"):
        extractor.extract(path, kind, path.name)


PAGES = {
    "<div>" * 300: "nested more than 250 deep",
    "<b>" * 2_100: "nested more than 2,000 deep",
    "<p " + " ".join(f"a{number}" for number in range(1_001)) + ">x": "has 1,001 attributes, more than 1,000",
    "<p>x" * 1_000_001: "more than 1,000,000 elements",
    "<div>" * 200 + "<i>x</i>" * 160_000: "are nested 202 deep on average",
}


@pytest.mark.parametrize("markup", PAGES, ids=PAGES.values())
def test_pages_are_counted_before_they_are_trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, markup: str) -> None:
    def refuse(markup: str) -> None:
        raise AssertionError("a tree is made")

    monkeypatch.setattr(html, "parsed", refuse)
    (path := tmp_path / "a.html").write_text(markup)
    with pytest.raises(UnreadableFile, match=PAGES[markup]):
        html.read(path)


def test_elements_are_counted_as_the_tree_has_them() -> None:
    markup = "<!doctype html><p>one<p>two <b>three<table><tr><td>four</table><!-- <p> --><script>'<p>'</script>"
    assert nesting.count_elements(markup) == len(nesting.parsed(markup).find_all(True))


@linux
def test_half_a_page_is_none() -> None:
    """The parser leaves out what it has no memory for, and says so in its log only."""
    with metered(), pytest.raises(MemoryError):
        nesting.count_elements("<p " + " ".join(f"a{number}=1" for number in range(900_000)) + ">x")


BODIES = {
    "elements": (b"<w:p/>" * 2_000_001, "elements, more than the 2,000,000"),
    "depth": (b"<w:sdt>" * 300, "nested more than 250 deep"),
    "text": (b"<w:t>" + b"x " * 5_000_001 + b"</w:t>", "more than 10,000,000 characters"),
    "no tag": (b" " * 22_000_000, "more than 20,000,000 bytes without a tag"),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("part", ["word/document.xml", "word/text", "word/media/picture.png"])
def test_every_part_counts_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: str
) -> None:
    monkeypatch.setattr(zip_parts, "TEXT_LIMIT", 10_000_000)
    content, told = BODIES[name]
    path = tmp_path / "a.docx"
    path.write_bytes(docx_bytes())
    body = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' + content
    if part == "word/document.xml":
        change_part(path, part, lambda before: body)
    else:
        change_part(path, "_rels/.rels", lambda before: before.replace(b"word/document.xml", part.encode()))
        change_part(path, "docProps/thumbnail.jpeg", lambda before: None)
        add_part(path, part, body)
    with pytest.raises(UnreadableFile, match=told):
        docx.read(path)


def add_part(path: Path, name: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, data)


def test_a_list_of_more_parts_than_a_document_has_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_parts, "MOST_PARTS", 10)
    (path := tmp_path / "a.docx").write_bytes(docx_bytes())
    with pytest.raises(UnreadableFile, match="parts, more than the 10 of a document"):
        docx.read(path)


def test_a_stream_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    (path := tmp_path / "a.pdf").write_bytes(one_page_pdf(b" " * 1_000_000, 20))
    with pytest.raises(UnreadableFile, match="unpacks to more than 200 times its size"):
        pdf.read(path)


@pytest.mark.parametrize("lines", [4_000, 5_000, 40_000])
def test_a_stream_that_unpacks_to_more_than_a_piece_is_looked_over_once(tmp_path: Path, lines: int) -> None:
    """What follows it in the file is none of it: it was unpacked for ever."""
    path = tmp_path / "long.pdf"
    path.write_bytes(one_page_pdf(b"BT /F1 12 Tf 50 700 Td (a word) Tj ET " + b"0 0 m 1 1 l S\n" * lines))
    assert pdf.read(path).text == "a word\n\f"
