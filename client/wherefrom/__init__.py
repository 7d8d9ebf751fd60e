"""A client of a running wherefrom service: `Wherefrom`, and `AsyncWherefrom` for programs with an event loop.

What is named here is the interface. The modules `langchain`, `llamaindex` and `haystack` hold a retriever for the
framework they are named after, and need the extra of that name.
"""

from wherefrom.calls.documents import Changes, Facts
from wherefrom.calls.jobs import File, FileFacts
from wherefrom.calls.search import Filters, Format, Options
from wherefrom.client import AsyncWherefrom, Wherefrom
from wherefrom.errors import (
    InvalidInput,
    JobFailed,
    JobUnfinished,
    PreconditionFailed,
    ServiceFailed,
    WherefromError,
)
from wherefrom.responses import (
    BatchLine,
    Citation,
    Collection,
    Context,
    Document,
    DocumentSummary,
    Index,
    Job,
    Original,
    Passage,
    Result,
    SearchResponse,
    Span,
    Written,
)

__all__ = [
    "AsyncWherefrom",
    "BatchLine",
    "Changes",
    "Citation",
    "Collection",
    "Context",
    "Document",
    "DocumentSummary",
    "Facts",
    "File",
    "FileFacts",
    "Filters",
    "Format",
    "Index",
    "InvalidInput",
    "Job",
    "JobFailed",
    "JobUnfinished",
    "Options",
    "Original",
    "Passage",
    "PreconditionFailed",
    "Result",
    "SearchResponse",
    "ServiceFailed",
    "Span",
    "Wherefrom",
    "WherefromError",
    "Written",
]
