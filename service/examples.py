"""What the interactive documentation shows as examples."""

from typing import Any

QUESTIONS = ["how many Yunnan workers came to Shanghai in 2022", "青浦和德宏签了什么文件"]
# Lists of any: what a schema takes as examples is any JSON.
SEARCHES: list[Any] = [
    {"query": QUESTIONS[0], "k": 5},
    {"query": QUESTIONS[1], "filters": {"published_after": "2026"}, "context_sentences": 1},
]
ERROR: dict[str, Any] = {
    "error": "k is 1000; give 1 to 50",
    "error_type": "InvalidInput",
    "request_id": "5b2f1d3c9a8e4f70b6c1d2e3f4a5b6c7",
}
# The quote is made up, as are the numbers; everything else is as it is in an answer.
ANSWER: dict[str, Any] = {
    "query": "how many boats can the harbour hold",
    "language": "en",
    "answerable": True,
    "confidence": 0.93,
    "no_answer_reason": None,
    "results": [
        {
            "rank": 1,
            "passage_id": "p_3f2a9c01d4e5b678",
            "document_id": "d_0a1b2c3d4e5f6071",
            "text": "The harbour has 36 berths. It holds 420 boats.",
            "score": 0.93,
            "scores": {"dense": 0.89, "sentence": 0.9, "tokens": 0.88, "lexical": 41.2, "rerank": 0.9724},
            "citation": {
                "label": "[1]",
                "document_id": "d_0a1b2c3d4e5f6071",
                "title": "The new harbour",
                "source": "harbour.md",
                "publisher": "The Bay Daily",
                "published": "2024-05",
                "url": None,
                "section": ["Size"],
                "page": None,
                "start": 120,
                "end": 166,
                "quote": "The harbour has 36 berths.\nIt holds 420 boats.",
                "document_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            },
            "highlights": [{"start": 147, "end": 166}],
            "context": None,
            "also_in": [],
        }
    ],
    "index": {"id": "1c2d3e4f-5a6b7c8d9e0f1a2b", "model": "multilingual-e5-small", "documents": 5, "passages": 130},
    "timings_ms": {"encode": 2.9, "search": 0.4, "rerank": 1.1, "total": 4.4},
    "request_id": "5b2f1d3c9a8e4f70b6c1d2e3f4a5b6c7",
}
