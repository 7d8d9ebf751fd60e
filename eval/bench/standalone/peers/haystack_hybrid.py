# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "haystack-ai==3.4.0",
#     "sentence-transformers-haystack==2.0.0",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# ///
"""Haystack: its documents in memory, given their vectors, searched by vectors and BM25 and joined by rank."""

from collections.abc import Callable, Sequence
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

DEPTH = 50  # passages that each retriever hands to the joiner


def opened(texts: Sequence[str], vectors: Any, model: str) -> Callable[[str, int], Sequence[object]]:
    """Return the search over passages whose vectors are known."""
    store = InMemoryDocumentStore()
    pairs = enumerate(zip(texts, vectors, strict=True))
    documents = [Document(id=str(place), content=text, embedding=vector.tolist()) for place, (text, vector) in pairs]
    store.write_documents(documents)
    embedder = SentenceTransformersTextEmbedder(
        model=model,
        prefix="query: ",
        device=ComponentDevice.from_str("cpu"),
        progress_bar=False,
        model_kwargs={"dtype": "float32"},
    )
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=DEPTH))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("bm25", "joiner")

    def search(question: str, k: int) -> Sequence[object]:
        asked = {"embedder": {"text": question}, "bm25": {"query": question}, "joiner": {"top_k": k}}
        found: Sequence[object] = pipeline.run(asked)["joiner"]["documents"]
        return found

    return search
