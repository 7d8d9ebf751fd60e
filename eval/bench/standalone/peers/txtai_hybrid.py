# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
#     "txtai==9.14.0",
# ]
# ///
"""txtai: its hybrid index of BM25 and vectors, given the vectors of passages; questions by sentence-transformers."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer
from txtai import Embeddings


def opened(texts: Sequence[str], vectors: Any, model: str) -> Callable[[str, int], Sequence[object]]:
    """Return the search over passages whose vectors are known."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    known = {text: vectors[place] for place, text in enumerate(texts)}

    def transform(batch: Sequence[str]) -> Any:
        if all(text in known for text in batch):
            return np.stack([known[text] for text in batch])
        return encoder.encode(list(batch), prompt="query: ", normalize_embeddings=True)

    embeddings = Embeddings(
        method="external",
        transform=transform,
        content=True,
        scoring={"method": "bm25", "terms": True, "normalize": "bayes"},
    )
    embeddings.index((place, text, None) for place, text in enumerate(texts))

    def search(question: str, k: int) -> Sequence[object]:
        return list(embeddings.search(question, k))

    return search
