"""What schemathesis does not know by itself: lines of JSON. It loads this where SCHEMATHESIS_HOOKS says so."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(context: Any, value: Any) -> bytes:
    """Return a body as it stands, or a value as one line."""
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"
