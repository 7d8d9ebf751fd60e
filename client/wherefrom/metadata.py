"""What the retrievers of all frameworks say of a passage: its text, and what stands beside it."""

import re
from typing import Any

from wherefrom.responses import Result, SearchResponse

SELECTORS = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)  # marks that nobody sees; those of no kind are unprintable


def told_text(result: Result) -> str:
    """Return the text of a passage as a model reads it by itself.

    Over rows of a table stand the names of their columns, a line that the document has further up. They are quoted
    verbatim, so that what no reader sees is left out here.
    """
    if result.citation.table_header is None:
        return result.text
    line = SELECTORS.sub("", " ".join(result.citation.table_header.quote.split()))
    return "".join(filter(str.isprintable, line)) + "\n" + result.text


def metadata_of(result: Result, answer: SearchResponse) -> dict[str, Any]:
    """Return the citation of a passage with its `rank`, `score`, `passage_id` and whether it is an answer at all."""
    return {
        **result.citation.model_dump(),
        "passage_id": result.passage_id,
        "rank": result.rank,
        "score": result.score,
        "answerable": answer.answerable,
    }
