"""An encoder of two: a graph, and the model it was made of where that reads many passages faster."""

from collections.abc import Callable, Sequence
from threading import Lock
from time import perf_counter

from index.models.encoder import Encoded, Encoder, EncoderSpec, Progress, Vectors
from index.models.onnx import GraphEncoder

# Passages in the life of an encoder, from which on it pays to load torch and to measure who is faster.
MANY = 2_000
MEASURED = 16  # of them, twice by each


class QuickEncoder:
    """Encodes questions by the graph, and passages by whoever is faster on this machine.

    Which that is depends on the processor: where it multiplies matrices in bfloat16, a model in that form may be
    ahead. A short measurement tells, once a process and only where there is much to encode.
    """

    def __init__(self, graph: GraphEncoder, load_model: Callable[[], Encoder]) -> None:
        self._graph = graph
        self._load_model = load_model
        self._lock = Lock()
        self._passages = 0
        self._chosen: Encoder | None = None

    @property
    def spec(self) -> EncoderSpec:
        """The facts of the model."""
        return self._graph.spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        return self._graph.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage, shape `(len(texts), dimension)`, in the order of `texts`."""
        return self._reader_of(texts).encode_passages(texts, progress)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        return self._graph.encode_queries_with_tokens(texts)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens."""
        return self._reader_of(texts).encode_passages_with_tokens(texts, progress)

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model reads of each passage, prompt and special tokens included."""
        return self._graph.count_passage_tokens(texts)

    def _reader_of(self, texts: Sequence[str]) -> Encoder:
        with self._lock:
            self._passages += len(texts)
            if self._chosen is None and self._passages >= MANY:
                sample = texts[:: max(1, len(texts) // MEASURED)][:MEASURED]
                self._chosen = fastest([self._graph, self._load_model()], sample)
            return self._chosen or self._graph


def fastest(encoders: Sequence[Encoder], texts: Sequence[str]) -> Encoder:
    """Return which of some encoders takes the least time for these passages, after one round that is not counted."""
    seconds: list[float] = []
    for encoder in encoders:
        encoder.encode_passages(texts)
        started = perf_counter()
        encoder.encode_passages(texts)
        seconds.append(perf_counter() - started)
    return encoders[seconds.index(min(seconds))]
