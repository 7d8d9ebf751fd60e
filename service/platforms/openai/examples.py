"""What the interactive documentation shows as answers about files and vector stores."""

from collections.abc import Mapping
from typing import Any

from service.http.examples import TEXT
from service.platforms.openai.models import BATCH_ID, FILE_ID

COUNTS = {"in_progress": 0, "completed": 1, "failed": 0, "cancelled": 0, "total": 1}
STORE = {
    "id": "harbours",
    "object": "vector_store",
    "created_at": 1_764_193_867,
    "name": "harbours",
    "description": None,
    "usage_bytes": 47,
    "file_counts": COUNTS,
    "status": "completed",
    "expires_after": None,
    "expires_at": None,
    "last_active_at": None,
    "metadata": {"team": "maps"},
}
STORE_FILE = {
    "id": FILE_ID,
    "object": "vector_store.file",
    "created_at": 1_764_193_867,
    "vector_store_id": "harbours",
    "status": "completed",
    "last_error": None,
    "usage_bytes": 47,
    "attributes": {"year": 2024},
    "chunking_strategy": {"type": "other"},
}
FILE = {
    "id": FILE_ID,
    "object": "file",
    "bytes": 47,
    "created_at": 1_764_193_867,
    "filename": "harbour.md",
    "purpose": "assistants",
    "status": "processed",
    "expires_at": None,
}


def _page(*shown: Mapping[str, Any]) -> dict[str, Any]:
    ids = {"first_id": shown[0]["id"], "last_id": shown[-1]["id"]}
    return {"object": "list", **ids, "has_more": False, "data": list(shown)}


EXAMPLES: Mapping[str, list[Any]] = {
    "VectorStoreOut": [STORE],
    "VectorStoresOut": [_page(STORE)],
    "VectorStoreFileOut": [STORE_FILE],
    "VectorStoreFilesOut": [_page(STORE_FILE)],
    "FileBatchOut": [
        {
            "id": BATCH_ID,
            "object": "vector_store.files_batch",
            "created_at": 1_764_193_867,
            "vector_store_id": "harbours",
            "status": "completed",
            "file_counts": COUNTS,
        }
    ],
    "FileOut": [FILE],
    "FilesOut": [_page(FILE)],
    "DeletedOut": [{"id": FILE_ID, "object": "file", "deleted": True}],
    "FileContentOut": [
        {
            "object": "vector_store.file_content.page",
            "data": [{"type": "text", "text": TEXT}],
            "has_more": False,
            "next_page": None,
        }
    ],
}
