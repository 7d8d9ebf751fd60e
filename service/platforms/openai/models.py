"""What OpenAI's clients send and take of files and vector stores; fields of later versions are passed over."""

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from index.filters.names import Value
from service.http.filters import Text
from service.platforms.openai.attributes import LONGEST, Attributes, Notes

MOST_IN_BATCH = 500  # files; OpenAI takes more, and so do several batches
FILE_ID = "file-0199c1d2e3f40123456789abcdef0123"
BATCH_ID = "vsfb_0123456789abcdef"
VectorStoreId = Annotated[
    str,
    Path(description="A collection, or the setting WHEREFROM_KNOWLEDGE_ID for `default`.", examples=["wherefrom"]),
]
FileId = Annotated[str, Path(description="Id of a file, which is its document's.", examples=[FILE_ID])]
BatchId = Annotated[str, Path(description="Id of a batch.", examples=[BATCH_ID])]
PASSED_OVER = "Passed over: documents are cut in one way."
OF_FILE = "Up to 16 pairs; they become what is known of the document."
FILE_IDS = "Ids of uploaded files."


def _only(name: str, other: str) -> dict[str, Any]:
    """Return the schema of an object that has something in one list and nothing in the other."""
    return {"required": [name], "properties": {name: {"minItems": 1}, other: {"maxItems": 0}}}


class ExpiresAfter(BaseModel):
    """When a vector store is to expire; it is kept and told, and nothing expires by it."""

    anchor: Literal["last_active_at"] = Field(description="Always that.")
    days: int = Field(ge=1, le=365, description="How many days after it.")


class VectorStoreIn(BaseModel):
    """A vector store to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Harbours", "metadata": {"team": "maps"}}]})

    name: Text | None = Field(None, max_length=LONGEST, description="Its id, too, where a collection can be called so.")
    description: Text | None = Field(None, max_length=LONGEST, description="What it is for.")
    metadata: Notes | None = Field(None, description="Up to 16 pairs of texts.")
    expires_after: ExpiresAfter | None = Field(None, description="Kept and told; nothing expires by it.")
    file_ids: list[Text] = Field([], max_length=MOST_IN_BATCH, description=FILE_IDS)
    chunking_strategy: dict[str, Any] | None = Field(None, description=PASSED_OVER)


class VectorStoreChangeIn(BaseModel):
    """What of a vector store is changed; what is left out stays."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Harbours of the north"}]})

    name: Text | None = Field(None, max_length=LONGEST, description="Another name; the id stays.")
    metadata: Notes | None = Field(None, description="Other pairs of texts.")
    expires_after: ExpiresAfter | None = Field(None, description="Kept and told; nothing expires by it.")


class AttachedFileIn(BaseModel):
    """A file to be attached to a vector store."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"file_id": FILE_ID, "attributes": {"year": 2024}}]})

    file_id: Text = Field(description="Id of an uploaded file.")
    attributes: Attributes | None = Field(None, description=OF_FILE)
    chunking_strategy: dict[str, Any] | None = Field(None, description=PASSED_OVER)


class AttributesIn(BaseModel):
    """Other attributes of a file."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"attributes": {"year": 2025}}]})

    attributes: Attributes | None = Field(description=OF_FILE)


class FileBatchIn(BaseModel):
    """Files to be attached together: ids with one set of attributes, or files with one each."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"file_ids": [FILE_ID]}],
            "oneOf": [_only("file_ids", "files"), _only("files", "file_ids")],
        }
    )

    file_ids: list[Text] = Field([], max_length=MOST_IN_BATCH, description=FILE_IDS)
    files: list[AttachedFileIn] = Field([], max_length=MOST_IN_BATCH, description="Instead of `file_ids`.")
    attributes: Attributes | None = Field(None, description=OF_FILE)
    chunking_strategy: dict[str, Any] | None = Field(None, description=PASSED_OVER)

    def wanted(self) -> list[tuple[str, dict[str, Value]]]:
        """Return each file's id and attributes; none unless files are given in one of the two ways."""
        if self.files and self.file_ids:
            return []
        if self.files:
            return [(each.file_id, each.attributes or {}) for each in self.files]
        return [(file_id, self.attributes or {}) for file_id in self.file_ids]


class FileCountsOut(BaseModel):
    """How many files are how far."""

    in_progress: int = Field(description="Are being read.")
    completed: int = Field(description="Are found.")
    failed: int = Field(description="Could not be read.")
    cancelled: int = Field(description="Were not read any more.")
    total: int = Field(description="All of them.")


class VectorStoreOut(BaseModel):
    """A vector store: a collection."""

    id: str = Field(description="Name of the collection.")
    object: Literal["vector_store"] = Field(description="Always that.")
    created_at: int = Field(description="When it was made, in seconds since 1970; 0 where that is not known.")
    name: str = Field(description="What it was named.")
    description: str | None = Field(description="What it is for.")
    usage_bytes: int = Field(description="Bytes of its files, or of their texts where no files are kept.")
    file_counts: FileCountsOut = Field(description="How many of its files are how far.")
    status: Literal["in_progress", "completed"] = Field(description="Whether files are being read.")
    expires_after: ExpiresAfter | None = Field(description="What was said of it; nothing expires by it.")
    expires_at: int | None = Field(description="Always null.")
    last_active_at: int | None = Field(description="Always null: nobody notes it.")
    metadata: dict[str, str] = Field(description="Pairs of texts.")


class LastErrorOut(BaseModel):
    """Why a file failed."""

    code: Literal["server_error", "unsupported_file", "invalid_file"] = Field(description="The kind of failure.")
    message: str = Field(description="What is wrong, and the way out.")


class OtherStrategyOut(BaseModel):
    """How a document was cut."""

    type: Literal["other"] = Field(description="Always that: not by a number of tokens.")


class VectorStoreFileOut(BaseModel):
    """A file of a vector store: a document, or what becomes one."""

    id: str = Field(description="Id of the file, which is the document's.")
    object: Literal["vector_store.file"] = Field(description="Always that.")
    created_at: int = Field(description="When the file came, in seconds since 1970; 0 where that is not known.")
    vector_store_id: str = Field(description="Name of the collection.")
    status: Literal["in_progress", "completed", "cancelled", "failed"] = Field(description="How far it is.")
    last_error: LastErrorOut | None = Field(description="Why it failed.")
    usage_bytes: int = Field(description="Bytes of the file, or of the text where no file is kept.")
    attributes: dict[str, Value] = Field(description="What is known of the document, at most 16 pairs.")
    chunking_strategy: OtherStrategyOut = Field(description="How it was cut.")


class FileBatchOut(BaseModel):
    """Files that are attached together."""

    id: str = Field(description="Id of the batch; it is known until a thousand other files have been read.")
    object: Literal["vector_store.files_batch"] = Field(description="Always that.")
    created_at: int = Field(description="When it was accepted, in seconds since 1970.")
    vector_store_id: str = Field(description="Name of the collection.")
    status: Literal["in_progress", "completed", "cancelled", "failed"] = Field(description="How far it is.")
    file_counts: FileCountsOut = Field(description="How many of its files are how far.")


class FileOut(BaseModel):
    """An uploaded file."""

    id: str = Field(description="Its id.")
    object: Literal["file"] = Field(description="Always that.")
    bytes: int = Field(description="How many it has.")
    created_at: int = Field(description="When it came, in seconds since 1970; 0 where that is not known.")
    filename: str = Field(description="Its name.")
    purpose: str = Field(description="What for, as its sender said.")
    status: Literal["uploaded", "processed"] = Field(description="Whether it is attached to a vector store.")
    expires_at: int | None = Field(description="When it is removed unless it is attached; null once it is.")


class DeletedOut(BaseModel):
    """What was removed."""

    id: str = Field(description="Its id.")
    object: str = Field(description="What it was.")
    deleted: bool = Field(description="Always true.")


class PageOut(BaseModel):
    """A page of a list."""

    object: Literal["list"] = Field(description="Always that.")
    first_id: str | None = Field(description="Id of the first, null if there is none.")
    last_id: str | None = Field(description="Id of the last; the next page comes after it.")
    has_more: bool = Field(description="Whether there are more.")


class VectorStoresOut(PageOut):
    """Vector stores."""

    data: list[VectorStoreOut] = Field(description="Those that the key opens.")


class VectorStoreFilesOut(PageOut):
    """Files of a vector store."""

    data: list[VectorStoreFileOut] = Field(description="One for each document or file.")


class FilesOut(PageOut):
    """Uploaded files."""

    data: list[FileOut] = Field(description="Those that the key opens.")


class TextOut(BaseModel):
    """A text."""

    type: Literal["text"] = Field(description="Always that.")
    text: str = Field(description="All of the document.")


class FileContentOut(BaseModel):
    """The text of a file, as it is quoted."""

    object: Literal["vector_store.file_content.page"] = Field(description="Always that.")
    data: list[TextOut] = Field(description="One text.")
    has_more: bool = Field(description="Always false.")
    next_page: str | None = Field(description="Always null.")
