"""A client of a running wherefrom service: `Wherefrom`, and `AsyncWherefrom` for programs with an event loop.

What is named here is the interface. The modules `langchain`, `llamaindex` and `haystack` hold a retriever for the
framework they are named after, and need the extra of that name.
"""

from wherefrom.calls import Filters, Format, Options
from wherefrom.client import AsyncWherefrom, Wherefrom
from wherefrom.errors import InvalidInput, ServiceFailed, WherefromError
from wherefrom.responses import (
    Citation,
    Context,
    Document,
    DocumentSummary,
    Index,
    Passage,
    Result,
    SearchResponse,
    Span,
)

__all__ = [
    "AsyncWherefrom",
    "Citation",
    "Context",
    "Document",
    "DocumentSummary",
    "Filters",
    "Format",
    "Index",
    "InvalidInput",
    "Options",
    "Passage",
    "Result",
    "SearchResponse",
    "ServiceFailed",
    "Span",
    "Wherefrom",
    "WherefromError",
]
