"""What a service answers, as far as a client reads it.

These forms are written down a second time, beside those that the service writes, so that client and service need
nothing of each other and each may be newer: a field that this version does not know is passed over. A test compares
them field by field with the service's description of itself (`/openapi.json`).
"""

from wherefrom.responses.collections import Collection, Collections
from wherefrom.responses.documents import BatchLine, Document, Documents, DocumentSummary, Original, Written
from wherefrom.responses.jobs import Job, Jobs
from wherefrom.responses.response import Response
from wherefrom.responses.search import (
    BatchResponse,
    Block,
    Citation,
    Context,
    Index,
    Passage,
    Piece,
    Quotation,
    Result,
    SearchResponse,
    Span,
)

__all__ = [
    "BatchLine",
    "BatchResponse",
    "Block",
    "Citation",
    "Collection",
    "Collections",
    "Context",
    "Document",
    "DocumentSummary",
    "Documents",
    "Index",
    "Job",
    "Jobs",
    "Original",
    "Passage",
    "Piece",
    "Quotation",
    "Response",
    "Result",
    "SearchResponse",
    "Span",
    "Written",
]
