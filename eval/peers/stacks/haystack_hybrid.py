"""Haystack: BM25 and embeddings of the in-memory store, joined by reciprocal ranks."""

from collections.abc import Callable, Sequence
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

SEPARATORS = ["\n\n", "\n", "[。！？；]", "[.!?;] ", "[，,]", " "]  # regular expressions
DEPTH = 50  # passages that each retriever hands to the joiner


def split(text: str, size: int, overlap: int) -> list[str]:
    """Cut at paragraphs, then lines, sentences and clauses of both scripts."""
    splitter = RecursiveDocumentSplitter(
        split_length=size, split_overlap=overlap, split_unit="char", separators=SEPARATORS
    )
    cut = splitter.run([Document(content=text)])["documents"]
    return [document.content for document in cut]


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Write the passages with their vectors into a store, and connect both retrievers with the joiner."""
    settings = {
        "model": model,
        "device": ComponentDevice.from_str("cpu"),
        "progress_bar": False,
        "model_kwargs": {"dtype": "float32"},
    }
    store = InMemoryDocumentStore()
    known = [None] * len(passages) if vectors is None else vectors.tolist()
    documents = [
        Document(id=str(place), content=text, embedding=vector)
        for place, (text, vector) in enumerate(zip(passages, known, strict=True))
    ]
    if vectors is None:
        embedder = SentenceTransformersDocumentEmbedder(prefix="passage: ", **settings)
        embedder.warm_up()
        documents = embedder.run(documents)["documents"]
    store.write_documents(documents)
    pipeline = _pipeline(store, SentenceTransformersTextEmbedder(prefix="query: ", **settings))

    def search(question: str, k: int) -> list[tuple[int, float]]:
        asked = {"embedder": {"text": question}, "bm25": {"query": question}, "joiner": {"top_k": k}}
        found = pipeline.run(asked)["joiner"]["documents"]
        return [(int(document.id), document.score) for document in found]

    return search


def _pipeline(store: InMemoryDocumentStore, embedder: SentenceTransformersTextEmbedder) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=DEPTH))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joiner")
    pipeline.connect("bm25", "joiner")
    return pipeline
