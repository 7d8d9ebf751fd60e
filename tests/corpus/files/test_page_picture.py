"""Pictures of pages: as wide as asked for, as the library draws them, and a hostile page costs itself only."""

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image

from corpus.errors import InvalidInput, NotFound, UnreadableFile
from corpus.files.page_picture import NARROWEST, WIDEST, render_page
from corpus.files.sandbox import Extractor
from tests.corpus.files.file_makers import column, make_pdf, one_page_pdf, raw_pdf

PAGE = column("海湾县渔港改造工程全面完工，新增泊位三十六个。")


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor() as extractor:
        yield extractor


def test_the_picture_is_what_the_library_draws(tmp_path: Path, extractor: Extractor) -> None:
    content = b"1 0 0 rg 0 0 600 100 re f 0 0 1 rg 0 100 300 100 re f BT /F1 40 Tf 50 400 Td (colours) Tj ET"
    pdf = one_page_pdf(content)
    picture = Image.open(io.BytesIO(render_page(extractor, pdf, 1, None, 601).png))
    assert picture.format == "PNG"
    with pdfium.PdfDocument(pdf) as document, closing(document[0]) as page:
        expected = page.render(scale=601 / 600).to_pil().convert("RGB")
    assert picture.size == (601, 802)
    assert picture.tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("box", "size"),
    [
        ("0 0 600 800", (1000, 1334)),
        ("-300 -400 300 400", (1000, 1334)),
        ("0 0 600 0.01", (1000, 1)),
        ("0 0 600 12000", (895, 17889)),  # the most pixels of a picture
        ("0 0 1 14400", (3, 32000)),  # the longest side
        ("0 0 1000000000 1000000000", (1000, 1000)),
        ("0 0 0 0", (1000, 1295)),  # none, so it is letter size
        ("0 0 1e39 nan", (1000, 1295)),
    ],
)
def test_pages_of_every_shape_have_a_picture(extractor: Extractor, box: str, size: tuple[int, int]) -> None:
    pdf = one_page_pdf(b"BT /F1 12 Tf 50 700 Td (x) Tj ET").replace(b"0 0 600 800", box.encode())
    assert Image.open(io.BytesIO(render_page(extractor, pdf, 1, None, 1000).png)).size == size


@pytest.mark.parametrize("width", [NARROWEST, 333, 1001, WIDEST])
def test_the_width_is_the_one_asked_for(tmp_path: Path, extractor: Extractor, width: int) -> None:
    pdf = make_pdf(tmp_path / "a.pdf", [PAGE]).read_bytes()
    assert Image.open(io.BytesIO(render_page(extractor, pdf, 1, None, width).png)).width == width


# What cannot be drawn


@pytest.mark.parametrize("width", [-1, 0, NARROWEST - 1, WIDEST + 1])
def test_a_width_out_of_bounds_is_told(extractor: Extractor, width: int) -> None:
    with pytest.raises(InvalidInput, match=f"width is {width}; a page is drawn 100 to 2,000 pixels wide"):
        render_page(extractor, b"", 1, None, width)


@pytest.mark.parametrize("page", [-1, 0, 3, 10**30])
def test_a_page_that_is_not_there_is_told(tmp_path: Path, extractor: Extractor, page: int) -> None:
    pdf = make_pdf(tmp_path / "a.pdf", [PAGE, PAGE]).read_bytes()
    with pytest.raises(NotFound, match=rf"page {page} is none of this PDF; its pages are 1 to 2$"):
        render_page(extractor, pdf, page, None)


def test_files_that_cannot_be_opened_are_told(tmp_path: Path, extractor: Extractor) -> None:
    locked = make_pdf(tmp_path / "locked.pdf", [PAGE], password="secret").read_bytes()
    with pytest.raises(UnreadableFile, match="page 1 cannot be drawn: it is locked by a password; save it without one"):
        render_page(extractor, locked, 1, None)
    empty = raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
    looped = raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 5>>"])
    for pdf in (b"", b"no PDF", locked[:200], empty, looped):
        with pytest.raises(UnreadableFile, match=r"page 1 cannot be drawn: it is .*damaged"):
            render_page(extractor, pdf, 1, None)


def test_a_page_that_takes_too_long_is_told_and_the_next_is_drawn(
    tmp_path: Path, extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = make_pdf(tmp_path / "a.pdf", [PAGE]).read_bytes()
    plain = render_page(extractor, good, 1, None)
    monkeypatch.setattr("corpus.files.page_picture.SECONDS", 1)
    with pytest.raises(UnreadableFile, match="page 1 cannot be drawn: it took more than 1 seconds"):
        render_page(extractor, one_page_pdf(b"0 0 600 800 re f\n" * 10_000, 1_000), 1, None)
    assert render_page(extractor, good, 1, None) == plain


def test_pages_are_drawn_for_many_threads(tmp_path: Path, extractor: Extractor) -> None:
    pdf = make_pdf(tmp_path / "a.pdf", [column(f"第{number}页的话。") for number in range(6)]).read_bytes()
    alone = [render_page(extractor, pdf, page, None, NARROWEST) for page in range(1, 7)]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda page: render_page(extractor, pdf, page, None, NARROWEST), range(1, 7)))
    assert together == alone
