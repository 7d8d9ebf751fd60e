"""What tests of PDF share."""

from pathlib import Path

import pypdfium2
import pytest

from tests.corpus.files.file_makers import make_pdf


@pytest.fixture(scope="session")
def _letters_are_measured(tmp_path_factory: pytest.TempPathFactory) -> bool:
    """Whether PDFium finds a single letter of a font that a file lacks; it measures it by one of the machine."""
    path: Path = make_pdf(tmp_path_factory.mktemp("font") / "a.pdf", [[(60, 60, "海")]])
    with pypdfium2.PdfDocument(path) as pdf:
        return bool(pdf[0].get_textpage().count_chars())


@pytest.fixture
def chinese_font(_letters_are_measured: bool) -> None:
    """Skip a test where this machine has no font with Chinese letters."""
    if not _letters_are_measured:
        pytest.skip("no font with Chinese letters, by which PDFium measures them, is installed; see docs/formats.md")
