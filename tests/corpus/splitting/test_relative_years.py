"""One look tells which texts hint at no year, and no hint is missed by it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.splitting.relative_years import ANY_HINT, HINTS


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in HINTS], ids=range(len(HINTS)))
def test_one_look_misses_no_hint(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=20, suppress_health_check=[HealthCheck.filter_too_much])
    @given(st.from_regex(pattern))
    def check(text: str) -> None:
        assert all(ANY_HINT.search(match[0].casefold()) for match in pattern.finditer(text))

    check()
