"""What one cheap look finds nothing in holds nothing that a dear one would find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import asked, dates
from index.terms.identifiers import plain

PIECES = st.sampled_from(
    [
        *"0123456789AXIVb第条條款之号月日월일星期一二三周曜 .,:/-_@#+()§",
        "no ",
        "Art",
        "Section",
        "May",
        "mercredi",
        "ngày",
        "ſ",
    ]
)
TEXTS = st.lists(PIECES | st.characters(), max_size=16).map("".join)
PATTERNS = [dates.COUNTED, dates.YEAR_FIRST, dates.DAY_FIRST, dates.EITHER_FIRST, dates.VIETNAMESE]


@given(TEXTS)
def test_nothing_exact_is_missed(text: str) -> None:
    assert asked.ANY.search(plain(text)) or not list(asked._asked(plain(text)))


@given(TEXTS)
def test_no_day_is_missed(text: str) -> None:
    assert dates.DATED.search(text) or not list(dates._counted(text))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_form_of_a_day_is_looked_for(pattern: re.Pattern[str]) -> None:
    @given(st.from_regex(pattern))
    def check(text: str) -> None:
        assert dates.DATED.search(text)

    check()


def test_no_name_of_a_weekday_is_missed() -> None:
    *_, weekday = dates._patterns()
    for name in dates._names()[1]:
        for text in (name, f"({name})", f"x {name}s", f"wann am {name}?"):
            found = weekday.findall(text.casefold())
            assert not found or not dates._weekday_words().isdisjoint(dates.WORD.findall(text.casefold())), text
