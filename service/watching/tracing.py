"""Whether traces are sent, which the standard variables of OpenTelemetry say."""

import os
from typing import TYPE_CHECKING

from corpus.errors import InvalidInput

if TYPE_CHECKING:
    from service.watching.traces import Traces

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")


def open_traces() -> "Traces | None":
    """Return what sends traces, if a variable says where to; else nothing of OpenTelemetry is loaded.

    Raises:
        InvalidInput: if it is not installed, because whoever set the variable waits for traces.
    """
    named = next((name for name in ENDPOINTS if os.environ.get(name)), None)
    if named is None:
        return None
    try:
        from service.watching.traces import Traces
    except ModuleNotFoundError as error:
        way_out = "pip install 'wherefrom[otel]', or unset it"
        raise InvalidInput(f"{named} is set, but {error.name} is not installed; {way_out}") from None
    return Traces()
