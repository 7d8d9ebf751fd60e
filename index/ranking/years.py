"""Years: a question that names one asks of passages that speak of it, or that were published in it."""

import re
import unicodedata
from collections.abc import Collection

YEAR = re.compile(r"(?<!\d)(?<!\d[.,])(1[0-9]{3}|20[0-9]{2})(?!\d|[.,]\d)")


def years_of(text: str) -> frozenset[int]:
    """Return the years that a text names in digits; the search text of a passage names those it hints at, too."""
    return frozenset(map(int, YEAR.findall(unicodedata.normalize("NFKC", text))))


def speaks_of(years: frozenset[int], named: Collection[int], published: str | None) -> bool:
    """Return whether a passage that names some years, or was published on a day, is of any of those asked for."""
    return not years.isdisjoint(named) or (published is not None and int(published[:4]) in years)
