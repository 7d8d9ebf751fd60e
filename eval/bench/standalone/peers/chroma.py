# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "chromadb==1.5.9",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# ///
"""Chroma: its collection in memory, given the vectors of passages, searched by vectors (HNSW)."""

from collections.abc import Callable, Sequence
from typing import Any

import chromadb
from sentence_transformers import SentenceTransformer

BATCH = 5_000  # more at a time are refused


def opened(texts: Sequence[str], vectors: Any, model: str) -> Callable[[str, int], Sequence[object]]:
    """Return the search over passages whose vectors are known."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    collection = chromadb.EphemeralClient().create_collection("passages", metadata={"hnsw:space": "ip"})
    for start in range(0, len(texts), BATCH):
        places = range(start, min(start + BATCH, len(texts)))
        collection.add(
            ids=[str(place) for place in places],
            embeddings=vectors[start : start + BATCH],
            documents=[texts[place] for place in places],
        )

    def search(question: str, k: int) -> Sequence[object]:
        query = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        found: Sequence[object] = collection.query(query_embeddings=query, n_results=k)["ids"][0]
        return found

    return search
