"""Bytes become the text that was meant, or the file is refused; never something in between."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile
from corpus.files.decoding import decode, read_bytes

SIMPLIFIED = "上海和云南的协作始于1996年，到2025年已有91个园区。\n第二段：他们在这里工作。\n"
TRADITIONAL = "上海和雲南的協作始於1996年，到2025年已有91個園區。\n第二段：他們在這裡工作。\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((SIMPLIFIED, name) for name in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")),
        *((TRADITIONAL, name) for name in ("utf-8", "big5", "gb18030", "utf-16", "utf-32")),
        ("Plain ASCII, in every encoding the same.\n", "ascii"),
        ("Plain text in two bytes a letter.\n", "utf-16-le"),
    ],
)
def test_encodings(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt").removeprefix("\ufeff") == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_utf8_is_always_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode(), "a.txt").removeprefix("\ufeff") == text.removeprefix("\ufeff")


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        SIMPLIFIED.encode()[:-2],
        "Pièce d'identité, à Besançon où l'été s'achève".encode("latin-1"),
        "Текст".encode("koi8-r"),
        b"\xff\xfe\xff",
        b"text\0with a NUL",
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^a\.txt: .* save it as UTF-8$"):
        decode(data, "a.txt")


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        decode(data, "a.txt")
    except UnreadableFile:
        pass


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read_bytes(tmp_path / "missing.txt")
