"""LangChain: RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and its FAISS vector store."""

from collections.abc import Callable, Sequence
from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index unit vectors by distance, as the store does unless told otherwise; the order is that of the cosines."""
    embeddings = HuggingFaceEmbeddings(
        model_name=model,
        model_kwargs={"device": "cpu", "model_kwargs": {"dtype": "float32"}},
        encode_kwargs={"prompt": "passage: ", "normalize_embeddings": True},
        query_encode_kwargs={"prompt": "query: ", "normalize_embeddings": True},
    )
    places = [{"place": place} for place in range(len(passages))]
    if vectors is None:
        store = FAISS.from_texts(list(passages), embeddings, metadatas=places)
    else:
        store = FAISS.from_embeddings(zip(passages, vectors.tolist(), strict=True), embeddings, metadatas=places)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        found = store.similarity_search_with_score(question, k=k)
        return [(document.metadata["place"], -distance) for document, distance in found]

    return search
