"""JSON is written as the standard library writes it, byte by byte."""

import json
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer import IndexState, SearchResult
from service.http.answers import Json
from service.views import search_view

# Numbers as answers have them: no exponents, which may be written in two ways.
NUMBERS = st.integers(-(2**70), 2**70) | st.integers(-(10**9), 10**9).map(lambda number: number / 10_000)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda some: st.lists(some) | st.dictionaries(TEXTS, some),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_what_the_standard_library_writes(value: Any) -> None:
    expected = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert Json(value).body == expected


@pytest.mark.parametrize(("value", "error"), [("\ud800", UnicodeEncodeError), ({1, 2}, TypeError)])
def test_what_is_no_json_is_not_written(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Json({"key": value})


@pytest.mark.parametrize("score", [nan, inf])
def test_a_score_that_is_no_number_is_not_shown(score: float) -> None:
    answer = SearchResult("x", "en", True, score, None, (), True, {}, IndexState("a", "hash", 0, 0), {})
    with pytest.raises(ValueError, match="a score is"):
        search_view(answer)
