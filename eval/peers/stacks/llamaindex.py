# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "llama-index-core==0.14.25",
#     "llama-index-embeddings-huggingface==0.8.0",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# ///
"""LlamaIndex: SentenceSplitter, HuggingFaceEmbedding and the vector index it keeps in memory."""

from collections.abc import Callable, Sequence

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


def index(passages: Sequence[str], model: str) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index one node a passage, without metadata, which would be embedded as well."""
    embedding = HuggingFaceEmbedding(
        model,
        device="cpu",
        query_instruction="query: ",
        text_instruction="passage: ",
        model_kwargs={"dtype": "float32"},
    )
    nodes = [TextNode(text=text, id_=str(place)) for place, text in enumerate(passages)]
    vectors = VectorStoreIndex(nodes, embed_model=embedding)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        found = vectors.as_retriever(similarity_top_k=k).retrieve(question)
        return [(int(hit.node.node_id), hit.score) for hit in found]

    return search
