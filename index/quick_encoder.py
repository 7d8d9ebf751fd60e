"""An encoder of two: questions by a graph, passages by the model that the graph was made of."""

from collections.abc import Callable, Sequence
from threading import Lock

from index.encoder import Encoded, Encoder, EncoderSpec, Progress, Vectors
from index.graph_encoder import GraphEncoder


class QuickEncoder:
    """Encodes questions quickly; the model, and torch with it, is loaded when the first passage comes."""

    def __init__(self, graph: GraphEncoder, load_model: Callable[[], Encoder]) -> None:
        self._graph = graph
        self._load_model = load_model
        self._lock = Lock()
        self._model: Encoder | None = None

    @property
    def spec(self) -> EncoderSpec:
        """The facts of the model."""
        return self._graph.spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        return self._graph.encode_queries(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage, shape `(len(texts), dimension)`, in the order of `texts`."""
        return self._loaded().encode_passages(texts, progress)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        return self._graph.encode_queries_with_tokens(texts)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens."""
        return self._loaded().encode_passages_with_tokens(texts, progress)

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model reads of each passage, prompt and special tokens included."""
        return self._loaded().count_passage_tokens(texts)

    def _loaded(self) -> Encoder:
        with self._lock:
            if self._model is None:
                self._model = self._load_model()
            return self._model
