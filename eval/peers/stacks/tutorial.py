"""What a tutorial builds without a framework: a splitter, one vector a passage, an exact FAISS index."""

from collections.abc import Callable, Sequence
from typing import Any

import faiss
from sentence_transformers import SentenceTransformer


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index unit vectors by inner product."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    if vectors is None:
        vectors = encoder.encode(list(passages), prompt="passage: ", normalize_embeddings=True)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        query = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        scores, places = flat.search(query, min(k, len(passages)))
        return list(zip(places[0].tolist(), scores[0].tolist(), strict=True))

    return search
