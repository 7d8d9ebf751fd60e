"""What the interactive documentation shows as examples of the other platforms' interfaces."""

from typing import Any

from service.http.examples import DIGEST, DOCUMENT_ID, LINK, PASSAGE_ID, QUESTIONS, TEXT

RETRIEVALS: list[Any] = [
    {
        "knowledge_id": "wherefrom",
        "query": QUESTIONS[0],
        "retrieval_setting": {"top_k": 5, "score_threshold": 0.0},
    },
    {
        "knowledge_id": "wherefrom",
        "query": QUESTIONS[1],
        "retrieval_setting": {"top_k": 3, "score_threshold": 0.5},
        "metadata_condition": {
            "logical_operator": "and",
            "conditions": [
                {"name": "published_at", "comparison_operator": "after", "value": "2022-01-01"},
                {"name": ["title"], "comparison_operator": "not contains", "value": "预告"},
            ],
        },
    },
]
VECTOR_STORE_SEARCHES: list[Any] = [
    {"query": QUESTIONS[0], "max_num_results": 5},
    {
        "query": QUESTIONS,
        "filters": {
            "type": "and",
            "filters": [
                {"type": "gte", "key": "published_at", "value": "2022"},
                {"type": "in", "key": "language", "value": ["zh", "en"]},
            ],
        },
        "ranking_options": {"score_threshold": 0.5},
    },
]
WEB_SEARCHES: list[Any] = [{"query": QUESTIONS[0], "count": 3}]

_ATTRIBUTES: dict[str, Any] = {
    "document_id": DOCUMENT_ID,
    "passage_id": PASSAGE_ID,
    "title": "The new harbour",
    "url": LINK,
    "source": "harbour.md",
    "publisher": "The Bay Daily",
    "published_at": "2024-05",
    "section": "Size",
    "start": 120,
    "end": 166,
    "document_sha256": DIGEST,
    "answerable": True,
}
# The examples of each response, by the name of its schema.
RESPONSES: dict[str, list[Any]] = {
    "RetrievalResponse": [
        {"records": [{"content": TEXT, "score": 0.93, "title": "The new harbour", "metadata": _ATTRIBUTES}]}
    ],
    "RetrievalError": [
        {"error_code": 1002, "error_msg": "this key does not open this; ask the operator for one that does"}
    ],
    "VectorStoreSearchResponse": [
        {
            "object": "vector_store.search_results.page",
            "search_query": ["how many boats can the harbour hold"],
            "data": [
                {
                    "file_id": DOCUMENT_ID,
                    "filename": "harbour.md",
                    "score": 0.93,
                    "attributes": _ATTRIBUTES,
                    "content": [{"type": "text", "text": TEXT}],
                }
            ],
            "has_more": False,
            "next_page": None,
        }
    ],
    "OpenAIError": [
        {
            "error": {
                "message": "max_num_results is 100: Input should be less than or equal to 50",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            }
        }
    ],
    "WebResultOut": [{"link": LINK, "title": "The new harbour", "snippet": TEXT}],
}
