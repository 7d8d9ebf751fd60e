"""The two forms of a line: what is in them, and that nothing which stands in a record makes two of one."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.watching.lines import FORMATS, JsonLines, TextLines

BEGINNING = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug|info|warning|error|critical) ")
HANDLED: dict[str, Any] = {
    "request_id": "r-1",
    "method": "GET",
    "route": "/v1/search",
    "status": 200,
    "ms": 3.2,
    "client": "::1",
}


def record(message: str, *arguments: object, level: int = logging.INFO, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("service.access", level, "", 1, message, arguments, None)
    vars(made).update(fields)
    return made


def failed(message: str) -> logging.LogRecord:
    made = record("it failed", level=logging.ERROR)
    try:
        raise ValueError(message)
    except ValueError:
        made.exc_info = sys.exc_info()
    return made


def test_a_request_as_text() -> None:
    line = TextLines().format(record("GET /v1/search 200", **HANDLED, question="泊位 多少"))
    assert BEGINNING.match(line)
    assert line.endswith(' info GET /v1/search 200 ms=3.2 client=::1 request_id=r-1 question="泊位 多少"')


def test_a_request_as_json() -> None:
    made = record("GET /v1/search 200", **HANDLED, question="泊位\n多少")
    line = JsonLines().format(made)
    assert "泊位" in line  # as people read it
    told = json.loads(line)
    when = datetime.fromisoformat(told.pop("time"))
    assert when.tzinfo == UTC
    assert abs(when.timestamp() - made.created) < 0.001
    expected = {"level": "info", "logger": "service.access", "message": "GET /v1/search 200", **HANDLED}
    assert list(told.items()) == [*expected.items(), ("question", "泊位\n多少")]


def test_a_failure_has_its_trace() -> None:
    text, told = TextLines().format(failed("odd")), json.loads(JsonLines().format(failed("odd")))
    first, *trace = text.splitlines()
    assert BEGINNING.match(first)
    assert trace[-1] == "    ValueError: odd"
    assert all(each.startswith("    ") for each in trace)
    assert told["error"].endswith("ValueError: odd")
    assert "request_id" not in told


@pytest.mark.parametrize("form", FORMATS)
@given(text=st.text(st.characters(), max_size=40))
def test_a_record_is_one_line_whatever_is_in_it(form: str, text: str) -> None:
    line = FORMATS[form]().format(record("%s is odd", text, request_id="r", question=text))
    line = line.encode(errors="backslashreplace").decode()
    assert len(line.splitlines()) == 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", line)
    if form == "json":
        assert json.loads(line)["question"] == text
        assert json.loads(line)["message"] == f"{text} is odd".rstrip()


@given(st.text(st.characters(), max_size=20))
def test_no_trace_looks_like_a_line(text: str) -> None:
    forged = f"{text}\n2026-11-27T00:00:00.000Z info GET /healthz 200\r2026-11-27T00:00:00.000Z info"
    _, *trace = TextLines().format(failed(forged)).split("\n")
    assert not any(map(BEGINNING.match, trace))
    assert len(json.loads(JsonLines().format(failed(forged)))) == 5
