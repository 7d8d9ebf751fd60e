"""LlamaIndex: SentenceSplitter, HuggingFaceEmbedding and the vector index it keeps in memory."""

from collections.abc import Callable, Sequence
from typing import Any

from llama_index.core import VectorStoreIndex
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.node_parser.text.utils import split_by_regex
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

SENTENCE = r"(?s).+?(?:[。！？\n]+|[.!?]\s+|\Z)"


def split(text: str, size: int, overlap: int) -> list[str]:
    """Cut at paragraphs, then sentences of both scripts; counted in characters, which needs no tokenizer."""
    splitter = SentenceSplitter(
        chunk_size=size,
        chunk_overlap=overlap,
        tokenizer=list,
        paragraph_separator="\n\n",
        chunking_tokenizer_fn=split_by_regex(SENTENCE),
    )
    return list(splitter.split_text(text))


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index one node a passage, without metadata, which would be embedded as well."""
    embedding = HuggingFaceEmbedding(
        model,
        device="cpu",
        query_instruction="query: ",
        text_instruction="passage: ",
        model_kwargs={"dtype": "float32"},
    )
    known = [None] * len(passages) if vectors is None else vectors.tolist()
    nodes = [
        TextNode(text=text, id_=str(place), embedding=vector)  # embedded if it has no vector
        for place, (text, vector) in enumerate(zip(passages, known, strict=True))
    ]
    index = VectorStoreIndex(nodes, embed_model=embedding)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        found = index.as_retriever(similarity_top_k=k).retrieve(question)
        return [(int(hit.node.node_id), hit.score) for hit in found]

    return search
