"""Milvus: its full-text search with the jieba tokenizer and vectors, in one hybrid search."""

from collections.abc import Callable, Sequence
from typing import Any

from pymilvus import AnnSearchRequest, DataType, Function, FunctionType, MilvusClient, RRFRanker
from sentence_transformers import SentenceTransformer

DEPTH = 50  # passages that each half hands to the ranker
LONGEST = 65535  # bytes that a text field may hold


def index(passages: Sequence[str], model: str, vectors: Any = None) -> Callable[[str, int], list[tuple[int, float]]]:
    """Insert the passages with their vectors into a collection of a file in the current folder."""
    encoder = SentenceTransformer(model, device="cpu", model_kwargs={"dtype": "float32"})
    if vectors is None:
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
