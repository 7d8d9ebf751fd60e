"""Stems are the same whether C or Python takes the endings off."""

from importlib import import_module

import pytest
from babel import Locale

from index.terms.snowball import ALGORITHMS, stems


@pytest.mark.parametrize("language", ALGORITHMS)
def test_stems_in_c_are_those_in_python(language: str) -> None:
    fast, name = pytest.importorskip("Stemmer"), ALGORITHMS[language]
    in_python = getattr(import_module(f"snowballstemmer.{name}_stemmer"), f"{name.capitalize()}Stemmer")()
    words = " ".join(Locale(language).territories.values()).casefold().split()
    assert len(words) > 300
    assert [fast.Stemmer(name).stemWord(word) for word in words] == [in_python.stemWord(word) for word in words]


def test_a_stem_is_the_same_for_forms_of_a_word() -> None:
    assert stems("Brücken, Brücke", "de")[0] == stems("Brücken, Brücke", "de")[1]
