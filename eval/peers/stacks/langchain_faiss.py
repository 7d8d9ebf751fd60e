# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "faiss-cpu==1.15.1",
#     "langchain-community==0.4.2",
#     "langchain-huggingface==1.2.3",
#     "langchain-text-splitters==1.1.3",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# ///
"""LangChain: RecursiveCharacterTextSplitter, HuggingFaceEmbeddings and its FAISS vector store."""

from collections.abc import Callable, Sequence

from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ", "，", ", ", " ", ""]


def split(text: str, size: int, overlap: int) -> list[str]:
    """Cut at paragraphs, then lines, sentences and clauses of both scripts."""
    splitter = RecursiveCharacterTextSplitter(SEPARATORS, keep_separator="end", chunk_size=size, chunk_overlap=overlap)
    return splitter.split_text(text)


def index(passages: Sequence[str], model: str) -> Callable[[str, int], list[tuple[int, float]]]:
    """Index unit vectors by distance, as the store does unless told otherwise; the order is that of the cosines."""
    embeddings = HuggingFaceEmbeddings(
        model_name=model,
        model_kwargs={"device": "cpu", "model_kwargs": {"dtype": "float32"}},
        encode_kwargs={"prompt": "passage: ", "normalize_embeddings": True},
        query_encode_kwargs={"prompt": "query: ", "normalize_embeddings": True},
    )
    places = [{"place": place} for place in range(len(passages))]
    store = FAISS.from_texts(list(passages), embeddings, metadatas=places)

    def search(question: str, k: int) -> list[tuple[int, float]]:
        found = store.similarity_search_with_score(question, k=k)
        return [(document.metadata["place"], -distance) for document, distance in found]

    return search
