# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "jieba==0.42.1",
#     "langchain-text-splitters==1.1.3",
#     "milvus-lite==3.2.2",
#     "pymilvus==3.0.2",
#     "sentence-transformers==6.2.0",
#     "torch==2.13.0",
#     "transformers==5.23.0",
# ]
# ///
"""Milvus: its full-text search with the jieba tokenizer and vectors, in one hybrid search."""

from collections.abc import Callable, Sequence

from langchain_text_splitters import RecursiveCharacterTextSplitter
from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker
from sentence_transformers import SentenceTransformer

SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ", "，", ", ", " ", ""]
DEPTH = 50  # passages that each half hands to the ranker
LONGEST = 65535  # bytes that a text field may hold


def split(text: str, size: int, overlap: int) -> list[str]:
    """Cut at paragraphs, then lines, sentences and clauses of both scripts; Milvus has no splitter of its own."""
    splitter = RecursiveCharacterTextSplitter(SEPARATORS, keep_separator="end", chunk_size=size, chunk_overlap=overlap)
    return splitter.split_text(text)


def index(passages: Sequence[str], model: str) -> Callable[[str, int], list[tuple[int, float]]]:
    """Insert the passages with their vectors into a collection of a file in the current folder."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    vectors = encoder.encode(list(passages), prompt="passage: ", normalize_embeddings=True)
    client = MilvusClient("milvus.db")
    _create_collection(client, vectors.shape[1])
    rows = zip(passages, vectors.tolist(), strict=True)
    client.insert(
        "passages", [{"place": place, "text": text, "dense": dense} for place, (text, dense) in enumerate(rows)]
    )

    def search(question: str, k: int) -> list[tuple[int, float]]:
        query = encoder.encode([question], prompt="query: ", normalize_embeddings=True)
        halves = [
            AnnSearchRequest(query.tolist(), "dense", {"metric_type": "IP"}, limit=DEPTH),
            AnnSearchRequest([question], "sparse", {"metric_type": "BM25"}, limit=DEPTH),
        ]
        (found,) = client.hybrid_search("passages", halves, RRFRanker(), limit=k)
        return [(hit["place"], hit["distance"]) for hit in found]

    return search


def _create_collection(client: MilvusClient, dimension: int) -> None:
    schema = client.create_schema()
    schema.add_field("place", DataType.INT64, is_primary=True)
    schema.add_field(
        "text",
        DataType.VARCHAR,
        max_length=LONGEST,
        enable_analyzer=True,
        analyzer_params={"tokenizer": "jieba"},
    )
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    schema.add_function(Function("bm25", FunctionType.BM25, ["text"], ["sparse"]))
    indexes = client.prepare_index_params()
    indexes.add_index("dense", index_type="FLAT", metric_type="IP")
    indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    client.create_collection("passages", schema=schema, index_params=indexes)
