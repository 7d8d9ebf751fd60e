"""One stem for all forms of an English word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.stems import stem


@pytest.mark.parametrize(
    "forms",
    [
        "add adds added adding",
        "stop stops stopped stopping",
        "study studies studied studying",
        "make makes made making",
        "build builds built building",
        "box boxes",
        "bus buses",
        "city cities",
        "lie lies",
        "use uses used using",
        "program programme programs programmes",
        "label labels labeled labelled labelling",
        "organize organise organized organised",
        "organization organisation organisations",
        "analyze analyse analysed",
        "center centre centres centred",
        "fiber fibre",
        "defense defence",
        "catalog catalogue catalogues",
        "favorite favourite favourites",
        "person persons people",
        "write wrote written",
    ],
)
def test_all_forms_have_one_stem(forms: str) -> None:
    assert len(set(map(stem, forms.split()))) == 1


@pytest.mark.parametrize(
    "words", ["add ad", "four for", "string stir", "speed spin", "bus bu", "this thin", "hour hor"]
)
def test_different_words_have_different_stems(words: str) -> None:
    one, other = words.split()
    assert stem(one) != stem(other)


@given(st.text(alphabet="abcdegilnorstuy", max_size=12))
def test_a_stem_is_no_longer_than_its_word_and_never_nothing(word: str) -> None:
    assert len(stem(word)) <= len(word) + 1
    assert bool(stem(word)) == bool(word)
