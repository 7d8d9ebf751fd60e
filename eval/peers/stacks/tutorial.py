# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "faiss-cpu==1.15.1",
#     "langchain-text-splitters==1.1.3",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# ///
"""What a tutorial builds without a framework: a splitter, one vector a passage, an exact FAISS index."""

from collections.abc import Callable, Sequence

import faiss
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer

SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ", "，", ", ", " ", ""]


def split(text: str, size: int, overlap: int) -> list[str]:
    """Cut at paragraphs, then lines, sentences and clauses of both scripts."""
    splitter = RecursiveCharacterTextSplitter(SEPARATORS, keep_separator="end", chunk_size=size, chunk_overlap=overlap)
    return splitter.split_text(text)


def index(passages: Sequence[str], model: str) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index unit vectors by inner product."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    vectors = encoder.encode(list(passages), prompt="passage: ", normalize_embeddings=True)
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        query = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        scores, places = flat.search(query, min(k, len(passages)))
        return list(zip(places[0].tolist(), scores[0].tolist(), strict=True))

    return search
