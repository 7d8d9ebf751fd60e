"""txtai: its segmentation and its hybrid index of BM25 and vectors."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sentence_transformers import SentenceTransformer
from txtai import Embeddings
from txtai.pipeline import Segmentation

# `hybrid=True` would add weighted scores; log odds find more, on newspaper articles and on XQuAD alike.
BM25 = {"method": "bm25", "terms": True, "normalize": "bayes"}
SENTENCE_ENDS = ["\n", "。", "！", "？", "；", ". ", "! ", "? "]


def split(text: str, size: int, overlap: int) -> list[str]:
    """Cut at lines and sentences of both scripts."""
    cut = Segmentation(
        chunker="sentence",
        cleantext=False,
        chunk_size=size,
        chunk_overlap=overlap,
        delim=SENTENCE_ENDS,
    )
    return list(cut(text))


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index passages both ways; sentence-transformers puts the prompts that the model's folder names."""
    if vectors is None:
        settings = {"model_kwargs": {"dtype": "float32"}}
        dense = {"path": model, "method": "sentence-transformers", "vectors": settings, "gpu": False}
    else:
        dense = {"method": "external", "transform": _encoder(passages, model, vectors), "content": True}
    embeddings = Embeddings(scoring=BM25, **dense)
    embeddings.index((place, text, None) for place, text in enumerate(passages))

    def search(question: str, k: int) -> list[tuple[int, float]]:
        found = embeddings.search(question, k)
        return [(int(each["id"]), each["score"]) if isinstance(each, dict) else each for each in found]

    return search


def _encoder(passages: Sequence[str], model: str, vectors: Any) -> Callable[[Sequence[str]], Any]:
    """Return what turns known passages into their vectors, and questions into vectors of the model."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    known = dict(zip(passages, vectors, strict=True))

    def encode(texts: Sequence[str]) -> Any:
        if all(text in known for text in texts):
            return np.stack([known[text] for text in texts])
        return encoder.encode(list(texts), prompt="query: ", normalize_embeddings=True)

    return encode
