"""Files of questions: one a line, as JSON."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from corpus.errors import InvalidInput, NotFound
from index.query import Query, day_of


def read_batch(path: Path, make_query: Callable[..., Query]) -> list[Query]:
    """Return the questions of a file with a `{"query": "…"}` a line; other fields are for whoever wrote them.

    A line may have a `today` of its own, which `make_query` is given besides.

    Raises:
        NotFound: if the file cannot be read.
        InvalidInput: naming the first line that is no question, before anything is asked.
    """
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise NotFound(f"{path}: {reason}; name a readable UTF-8 file") from None
    queries = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                queries.append(make_query(**_question(line)))
        except InvalidInput as error:
            raise InvalidInput(f"{path}, line {number}: {error}") from None
    return queries


def _question(line: str) -> dict[str, str | date]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    question = value.get("query", value.get("question")) if isinstance(value, dict) else None
    if not isinstance(question, str):
        raise InvalidInput('it is no question; write {"query": "…"}')
    if (today := value.get("today")) is None:
        return {"text": question}
    return {"text": question, "today": day_of(str(today))}
