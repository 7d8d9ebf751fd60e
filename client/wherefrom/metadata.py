"""What the retrievers of all frameworks say of a passage beside its text."""

from typing import Any

from wherefrom.responses import Result, SearchResponse


def metadata_of(result: Result, answer: SearchResponse) -> dict[str, Any]:
    """Return the citation of a passage with its `rank`, `score`, `passage_id` and whether it is an answer at all."""
    return {
        **result.citation.model_dump(),
        "passage_id": result.passage_id,
        "rank": result.rank,
        "score": result.score,
        "answerable": answer.answerable,
    }
