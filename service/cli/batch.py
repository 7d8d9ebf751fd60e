"""Files of questions, one a line as JSON, and their answers, likewise."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import InvalidInput, NotFound
from index.answer import SearchResult
from index.query import Query, day_of
from service.cli.common import print_json
from service.cli.stopping import telling
from service.cli.terminal import counted
from service.views import search_view


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a file, and what of its line belongs to the answer's line, too: its `id`, if it has one."""

    query: Query
    kept: Mapping[str, Any]


def read_batch(path: Path, make_query: Callable[..., Query]) -> list[Asked]:
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
    questions = []
    for number, line in enumerate(lines, start=1):
        try:
            if line.strip():
                questions.append(_asked(line, make_query))
        except InvalidInput as error:
            raise InvalidInput(f"{path}, line {number}: {error}") from None
    return questions


def answer_batch(questions: Sequence[Asked], search: Callable[[Query], SearchResult]) -> None:
    """Print an answer a line; if it is stopped, tell how many there are."""
    answered = 0
    with telling(
        lambda: f"{answered:,} of {counted(len(questions), 'question')} are answered, each with its whole line"
    ):
        for asked in questions:
            print_json({**asked.kept, **search_view(search(asked.query))}, indent=None)
            answered += 1


def _asked(line: str, make_query: Callable[..., Query]) -> Asked:
    value = _value_of(line)
    question = value.get("query", value.get("question")) if isinstance(value, dict) else None
    if not isinstance(question, str):
        raise InvalidInput('it is no question; write {"query": "…"}')
    own = {} if (today := value.get("today")) is None else {"today": day_of(str(today))}
    return Asked(make_query(question, **own), {name: value[name] for name in ("id",) if name in value})


def _value_of(line: str) -> Any:
    """Return the value of a line of JSON that can be written again; `None` where it is none."""
    try:
        value = json.loads(line)
        json.dumps(value, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return value
