"""Texts without Traditional characters are left as they are, and all others are read by OpenCC."""

import subprocess
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.simplified import simplified, simplifier

OPENCC = Path(opencc.__file__).with_name("clib")
TOOL = OPENCC / "bin" / "opencc_dict"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("漢語", "汉语"),
        ("沈默", "沉默"),
        ("沈先生", "沈先生"),
        ("毛坏", "毛坯"),
        ("汉语 and", "汉语 and"),
        ("𠁞", "𠀾"),
    ],
)
def test_traditional_characters_are_simplified(text: str, form: str) -> None:
    assert simplified(text) == form == simplifier().convert(text)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_left_as_it_is_has_no_other_form(text: str) -> None:
    assert simplified(text) == simplifier().convert(text)


@pytest.mark.skipif(not TOOL.exists(), reason="this build of OpenCC comes without its tool for dictionaries")
@pytest.mark.parametrize("dictionary", ["TSPhrases", "TSCharacters", "TSCharactersExt", "CJK_Compatibility_Ideographs"])
def test_no_word_of_the_dictionaries_is_overlooked(dictionary: str, tmp_path: Path) -> None:
    source, text = OPENCC / "share" / "opencc" / f"{dictionary}.ocd2", tmp_path / "words.txt"
    subprocess.run([TOOL, "-i", source, "-o", text, "-f", "ocd2", "-t", "text"], check=True)
    words = [line.partition("\t")[0] for line in text.read_text("utf-8").splitlines()]
    assert len(words) > 100
    assert [word for word in words if simplified(word) != simplifier().convert(word)] == []
