"""What goes in and comes out where documents, jobs and collections are written, field by field."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.http import bounds
from service.http.examples import DOCUMENT_ID, JOB_ID, REQUEST_ID
from service.http.filters import Request
from service.http.requests import NAMED
from service.writing import LONGEST_ID, LONGEST_TEXT

State = Literal["queued", "reading", "embedding", "done", "failed", "cancelled"]  # those of `corpus.store.job`
OUTCOME = "`added`, `updated`, or `unchanged` where the same was there already."
DOCUMENTS_IN: list[Any] = [
    {
        "text": "The harbour has 36 berths.\nIt holds 420 boats.",
        "title": "The new harbour",
        "source": "harbour.md",
        "publisher": "The Bay Daily",
        "published": "2024-05",
        "metadata": {"tags": ["harbour"]},
    }
]


LINES_IN: list[Any] = [
    {"document_id": "harbour", "text": "The harbour has 36 berths.", "published": "2024-05"},
    {"document_id": "lighthouse", "delete": True},
]


class Facts(Request):
    """What is known of a document beside its text."""

    title: str | None = Field(None, description="Its title; else its first line.")
    publisher: str | None = Field(None, description="Who published it.")
    published: str | None = Field(None, json_schema_extra=bounds.WHEN, description="When: 2026, 2026-04 or 2026-04-16.")
    url: str | None = Field(None, description="Where the original stands.")
    author: str | None = Field(None, description="Who wrote it.")
    language: str | None = Field(None, description="ISO 639 code of its language; else it is told from the text.")
    metadata: dict[str, Any] | None = Field(None, description="Whatever else is known, to filter by; `tags` is a list.")


class DocumentIn(Facts):
    """A document to be written."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": DOCUMENTS_IN})

    text: str = Field(
        json_schema_extra=bounds.TEXT,
        description=f"The text, as it is to be quoted; at most {LONGEST_TEXT:,} characters.",
    )
    source: str | None = Field(None, description="Name of its file in citations; its id where none is given.")
    collection: str | None = Field(None, json_schema_extra=bounds.COLLECTION, description=NAMED)

    def facts(self) -> dict[str, Any]:
        """Return what is said of the document beside its text."""
        return self.model_dump(exclude={"text", "source", "collection", "document_id", "delete"}, exclude_none=True)


class PatchIn(Facts):
    """What is known of a document now; JSON Merge Patch (RFC 7396): what is null is removed, what is left out stays."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [{"published": "2024-06", "author": None}]})

    collection: str | None = Field(None, json_schema_extra=bounds.COLLECTION, description=NAMED)

    def patch(self) -> dict[str, Any]:
        """Return what is to be changed."""
        return self.model_dump(exclude={"collection"}, exclude_unset=True)


class LineIn(DocumentIn):
    """A line of a batch: a document to be written, or one to be deleted."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": LINES_IN})

    document_id: str = Field(
        json_schema_extra=bounds.DOCUMENT_ID, description=f"Its id: 1 to {LONGEST_ID} characters, no `/`."
    )
    text: str = Field("", description="The text; left out where the document is deleted.")
    delete: bool = Field(False, description="Whether the document is deleted instead.")


class WrittenOut(BaseModel):
    """What became of a document that was written; it is durable, and the next question finds it."""

    document_id: str = Field(description="Its id.", examples=[DOCUMENT_ID])
    passages: int = Field(description="How many it was cut into.")
    sequence: int = Field(description="Number of the change that last wrote it, as in the header `ETag`.")
    outcome: str = Field(description=OUTCOME)
    request_id: str = Field(description="Id of the request.")


class LineOut(BaseModel):
    """What became of a line of a batch."""

    line: int = Field(description="Its number, from 1, among the lines that are not blank.")
    status: int = Field(description="As the single request would be answered: 200, 201, 204, 404, 422, 503, 507.")
    document_id: str | None = Field(None, description="Id of the document.")
    passages: int | None = Field(None, description="How many it was cut into.")
    sequence: int | None = Field(None, description="Number of the change.")
    outcome: str | None = Field(None, description=OUTCOME)
    error: str | None = Field(None, description="What is wrong with the line.")
    error_type: str | None = Field(None, description="Name of the kind of error.")


class JobOut(BaseModel):
    """A file that was accepted, and how far it is."""

    id: str = Field(description="Id of the job.", examples=[JOB_ID])
    state: State = Field(description="How far it is.")
    source: str = Field(description="Name of the file.")
    collection: str = Field(description="Where to.")
    documents: list[str] = Field(
        description="Ids of the documents it becomes, several of an archive or a mail, where they are known."
    )
    pages: int | None = Field(description="How many pages a PDF has, once it was read.")
    passages: int = Field(description="How many passages are embedded.")
    total: int | None = Field(description="How many there are, once the document was cut.")
    reason: str | None = Field(description="Why it failed, or what of its file was not read.")
    created: str = Field(description="When it was accepted, in UTC.")
    changed: str = Field(description="When something was last done.")


class OneJobOut(JobOut):
    """A job by its id."""

    request_id: str = Field(description="Id of the request.", examples=[REQUEST_ID])


class JobsOut(BaseModel):
    """Jobs of a collection."""

    jobs: list[JobOut] = Field(description="Those of the files that were sent, in their order; or the newest first.")
    request_id: str = Field(description="Id of the request.")


class CollectionIn(Request):
    """A collection to be made."""

    model_config = ConfigDict(strict=True, json_schema_extra={"examples": [{"name": "harbours"}]})

    name: str = Field(
        json_schema_extra=bounds.NEW_COLLECTION,
        description="1 to 63 of a-z, 0-9, - and _, the first a letter or digit.",
    )


class CollectionOut(BaseModel):
    """A collection."""

    name: str = Field(description="Its name.")
    documents: int = Field(description="How many documents it has.")
    passages: int = Field(description="How many they were cut into.")
    model: str = Field(description="Name of the embedding model.")
    created: str | None = Field(description="When it was made, in UTC, where that is known.")


class OneCollectionOut(CollectionOut):
    """A collection by its name."""

    request_id: str = Field(description="Id of the request.")


class CollectionsOut(BaseModel):
    """The collections there are."""

    collections: list[CollectionOut] = Field(description="Those that the request may read, `default` first.")
    request_id: str = Field(description="Id of the request.")
