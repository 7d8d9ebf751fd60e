"""Years: a question that names one asks of passages that speak of it, or that were published in it."""

import re
import unicodedata

YEAR = re.compile(r"(?<!\d)(?<!\d[.,])(1[0-9]{3}|20[0-9]{2})(?!\d|[.,]\d)")


def years_of(text: str) -> frozenset[str]:
    """Return the years that a text names in digits; the search text of a passage names those it hints at, too."""
    return frozenset(YEAR.findall(unicodedata.normalize("NFKC", text)))


def speaks_of(years: frozenset[str], search_text: str, published: str | None) -> bool:
    """Return whether a passage names any of some years, or was published in one."""
    return bool(years & years_of(search_text)) or (published or "")[:4] in years
