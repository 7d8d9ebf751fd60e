"""Headers say what a document is called, without the number of the page, however that is written."""

import pytest

from corpus.files.office.blocks import Blocks
from corpus.files.office.headers import PAGE_NUMBER, header_lines


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Page # of #", []),
        ("- # -", []),
        ("第 # 页 共 # 页", []),
        ("第#页/共#页", []),
        ("Seite # von #\tHB-12", ["HB-12"]),
        ("HB-12 Rev. 3 Page # of #", ["HB-12 Rev. 3"]),
        ("HB-12 | 3 | Harbour rules", ["HB-12"]),
        ("12", []),
        ("2026-0012", ["2026-0012"]),
        ("HB-12\nHB-12\nof the harbour", ["HB-12", "of the harbour"]),
    ],
)
def test_what_a_header_says(header: str, said: list[str]) -> None:
    (blocks := Blocks()).paragraph(header.replace("#", PAGE_NUMBER))
    assert list(header_lines([blocks, blocks], "# Harbour rules\n\nText.")) == said
