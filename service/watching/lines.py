"""The lines of the log, made of records: text for people or JSON for programs.

Whatever a client sent, a record is one line. Only a stack trace has more in text, each of them indented.
"""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from service.watching.escapes import CONTROLS, OBEYED
from service.watching.requests import current_request

FIELDS = ("request_id", "method", "route", "status", "ms", "client", "question")
MORE = ("ms", "client", "request_id", "question")  # of them, those that the message of a request does not hold
INDENT = "    "


class TextLines(logging.Formatter):
    """Time, level and message, then what more is known of the request, as in `ms=3.2`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        fields = _fields(record)
        more = [f" {name}={_shown(fields[name])}" for name in MORE if name in fields]
        line = _escaped(f"{_time(record)} {record.levelname.lower()} {record.getMessage().rstrip()}{''.join(more)}")
        return "\n".join((line, *(INDENT + _escaped(each) for each in (_trace(self, record) or "").splitlines())))


class JsonLines(logging.Formatter):
    """An object a line; keys of which nothing is known are left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        told: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().rstrip(),  # some libraries end theirs
            **_fields(record),
        }
        trace = _trace(self, record)
        if trace:
            told["error"] = trace
        return OBEYED.sub(lambda match: json.dumps(match[0])[1:-1], json.dumps(told, ensure_ascii=False))


FORMATS: dict[str, type[logging.Formatter]] = {"text": TextLines, "json": JsonLines}


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is known of the request that a record is about, which is the current one unless it says else."""
    known = {name: value for name in FIELDS if (value := getattr(record, name, None)) is not None}
    request_id = current_request().get("request_id")
    return known if request_id is None else {"request_id": request_id, **known}


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str | None:
    return formatter.formatException(record.exc_info) if record.exc_info else None


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shown(value: object) -> str:
    """Return a value as it stands behind its name; a text of several words in quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) and " " in value else str(value)


def _escaped(text: str) -> str:
    return CONTROLS.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)
