"""Chroma: its collection in memory, searched by vectors (HNSW)."""

from collections.abc import Callable, Sequence
from typing import Any

import chromadb
from sentence_transformers import SentenceTransformer

BATCH = 5_000  # more at a time are refused


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Add unit vectors to a collection that compares them by inner product."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    if vectors is None:
        vectors = encoder.encode(list(passages), prompt="passage: ", normalize_embeddings=True)
    collection = chromadb.EphemeralClient().create_collection("passages", metadata={"hnsw:space": "ip"})
    for start in range(0, len(passages), BATCH):
        places = range(start, min(start + BATCH, len(passages)))
        texts = [passages[place] for place in places]
        collection.add([str(place) for place in places], vectors[places.start : places.stop], documents=texts)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        query = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        found = collection.query(query_embeddings=query, n_results=k)
        return [(int(name), -far) for name, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    return search
