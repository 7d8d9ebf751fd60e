# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "chonkie==1.7.0",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
#     "txtai==9.14.0",
# ]
# ///
"""txtai: its segmentation and its hybrid index of BM25 and vectors."""

from collections.abc import Callable, Sequence

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


def index(passages: Sequence[str], model: str) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index passages both ways; sentence-transformers puts the prompts that the model's folder names."""
    embeddings = Embeddings(
        path=model,
        method="sentence-transformers",
        vectors={"model_kwargs": {"dtype": "float32"}},
        gpu=False,
        scoring=BM25,
    )
    embeddings.index((place, text, None) for place, text in enumerate(passages))

    def search(question: str, k: int) -> list[tuple[int, float]]:
        return list(embeddings.search(question, k))

    return search
