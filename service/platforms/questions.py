"""Questions of platforms that are longer than is searched for: what is kept of them, for a workflow must not fail.

Kept is the end. Where a platform sends more than a question, it puts what leads to it first: a conversation before what
was just said, a document before what is asked of it.
"""

import re

from starlette.requests import Request

from index.query import MAX_QUESTION
from service.http.bounds import Bounds
from service.http.middleware.headers import QUERY_CUT

QUESTION: Bounds = {"minLength": 1, "pattern": r"\S"}  # index.query, but for its length
KEPT = f"of more than {MAX_QUESTION:,} characters the last count, from a word on"
ASKED = f"What is asked, in any language; {KEPT}."
# Where a word, or in scripts without spaces what is read in one breath, may begin.
BOUNDARY = re.compile(r"\s+|(?<=[。！？，、；：])")
LONGEST_WORD = 60  # characters; what has no boundary for so long is cut anywhere


def fitting(question: str, request: Request | None) -> str:
    """Return a question as it can be searched for, and have the answer tell that it was cut if it was.

    Args:
        question: of any length.
        request: what it came with, if it came over HTTP.
    """
    if len(question) <= MAX_QUESTION:
        return question
    if request is not None:
        request.scope[QUERY_CUT] = True
    start = len(question) - MAX_QUESTION
    boundary = BOUNDARY.search(question, start, start + LONGEST_WORD)
    return question[boundary.end() if boundary else start :]
