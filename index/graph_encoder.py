"""Questions encoded by a graph, without torch; `index.question_graph` makes graphs."""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Encoded, EncoderSpec, Vectors
from index.own_tokens import mended, own_places, unit

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

GRAPH = "questions.onnx"
TOKENIZER = "tokenizer.json"
FACTS = "facts.json"


class GraphEncoder:
    """Encodes questions; any number of threads may share it, each computing by itself.

    One question at a time: eight-bit activations share a scale, so that questions in one batch would change
    each other's vectors.
    """

    def __init__(
        self,
        session: "InferenceSession",
        tokenizer: "Tokenizer",
        spec: EncoderSpec,
        pooling: str,
        special: Collection[int],
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._pooling = pooling
        self._special = special
        self._prompt = tokenizer.encode(spec.query_prompt).ids if spec.query_prompt else []
        self.spec = spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        return self.encode_queries_with_tokens(texts).vectors

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        vectors = np.empty((len(texts), self.spec.dimension), np.float32)
        tokens: list[Vectors] = []
        for place, text in enumerate(texts):
            ids = self._tokenizer.encode(self.spec.query_prompt + mended(text)).ids
            found = self._run(ids)
            vectors[place] = found.mean(axis=0) if self._pooling == "mean" else found[0]
            tokens.append(unit(found[own_places(ids, self._prompt, self._special)]))
        return Encoded(unit(vectors), tokens)

    def _run(self, ids: Sequence[int]) -> Vectors:
        row = np.array([ids], dtype=np.int64)
        found: Vectors = self._session.run(None, {"input_ids": row, "attention_mask": np.ones_like(row)})[0][0]
        return found


def open_graph(folder: Path) -> GraphEncoder:
    """Return the graph in a folder whose checksums hold."""
    import onnxruntime
    from tokenizers import Tokenizer

    facts = json.loads((folder / FACTS).read_bytes())
    spec = EncoderSpec(**facts["spec"])
    options = onnxruntime.SessionOptions()
    # More threads for one question would wait for each other as soon as anything else runs.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(spec.max_tokens)
    return GraphEncoder(session, tokenizer, spec, facts["pooling"], set(facts["special"]))
