"""The bounds of what goes in as the schema tells them, where they are checked in our own words and not by pydantic.

They stand here once for all routes; what checks them is named beside each.
"""

from typing import Any

from corpus.store.collections import NAME
from index.filters.making import LAST_YEAR
from index.query import MAX_CONTEXT_SENTENCES, MAX_K, MAX_QUESTION
from service.writing import LONGEST_ID, LONGEST_TEXT

Bounds = dict[str, Any]

DATE = r"^(?!0000)\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$"


def between(least: float, most: float) -> Bounds:
    """Return the bounds of a number."""
    return {"minimum": least, "maximum": most}


def long(least: int, most: int) -> Bounds:
    """Return the bounds of a text's length."""
    return {"minLength": least, "maxLength": most}


COLLECTION: Bounds = {"pattern": f"^(?:{NAME.pattern})?$"}  # corpus.store.collections; none is named by ""
NEW_COLLECTION: Bounds = {"pattern": f"^{NAME.pattern}$"}
QUESTION: Bounds = {**long(1, MAX_QUESTION), "pattern": r"\S"}  # index.query
K = between(1, MAX_K)
CONTEXT = between(0, MAX_CONTEXT_SENTENCES)
SHARE = between(0, 1)
DAY: Bounds = {"format": "date"}
WHEN: Bounds = {"pattern": DATE}  # corpus.document
YEAR = between(1, LAST_YEAR)  # index.filters.making
PAIR = "^[^:]*:"  # service.http.filters
PAIRS: Bounds = {"pattern": PAIR, "items": {"type": "string", "pattern": PAIR}}  # one of them, or several
NO_NUL: Bounds = {"pattern": r"^[^\x00]*$"}  # corpus.files.folders.metadata
DOCUMENT_ID: Bounds = {**long(1, LONGEST_ID), "pattern": r"^[^/]*$"}  # service.writing
TEXT: Bounds = {**long(1, LONGEST_TEXT), "pattern": r"\S"}
