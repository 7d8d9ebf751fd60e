"""Texts encoded by a graph, without torch; `index.models.making.graph` makes graphs."""

import json
import os
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from index.models.encoder import Encoded, EncoderSpec, Progress, Vectors
from index.models.tokens import mended, rarities_at, text_token_positions, unit

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

GRAPH = "model.onnx"
TOKENIZER = "tokenizer.json"
FACTS = "facts.json"
RARITIES = "rarities.npy"

T = TypeVar("T")


class GraphEncoder:
    """Encodes texts; any number of threads may share it, each computing by itself.

    One text at a time: eight-bit activations share a scale, so that texts in one batch would change each other's
    vectors, and nothing is lost to padding. Passages are spread over the cores, or as many threads as are given.
    """

    def __init__(
        self,
        session: "InferenceSession",
        tokenizer: "Tokenizer",
        spec: EncoderSpec,
        pooling: str,
        special: Collection[int],
        rarities: Vectors,
        threads: int | None = None,
    ) -> None:
        self._threads = threads or os.cpu_count()
        self._session = session
        self._tokenizer = tokenizer
        self._pooling = pooling
        self._special = special
        self._rarities = rarities
        self._prompts = {
            prompt: tokenizer.encode(prompt).ids if prompt else []
            for prompt in (spec.query_prompt, spec.passage_prompt)
        }
        self.spec = spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        return self._stacked([unit(self._read(text, self.spec.query_prompt)[1]) for text in texts])

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        return self._together([self._encode(text, self.spec.query_prompt) for text in texts])

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage, shape `(len(texts), dimension)`, in the order of `texts`."""
        prompt = self.spec.passage_prompt
        return self._stacked(self._spread(lambda text: unit(self._read(text, prompt)[1]), texts, progress))

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens; `progress` is called with 1 after each."""
        return self._together(self._spread(lambda text: self._encode(text, self.spec.passage_prompt), texts, progress))

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each passage has, prompt and special tokens included, before any cut."""
        frame = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        whole = self._tokenizer.encode_batch([self.spec.passage_prompt + mended(text) for text in texts])
        return [len(each.ids) + sum(len(rest.ids) - frame for rest in each.overflowing) for each in whole]

    def _spread(self, encode: Callable[[str], T], texts: Sequence[str], progress: Progress | None) -> list[T]:
        """Return what each text is encoded to, spread over the threads."""
        encoded: list[T] = []
        with ThreadPoolExecutor(self._threads, thread_name_prefix="passages") as threads:
            for each in threads.map(encode, texts):
                encoded.append(each)
                if progress:
                    progress(1)
        return encoded

    def _read(self, text: str, prompt: str) -> tuple[list[int], Vectors, Vectors]:
        """Return the ids of a text's tokens, the vector of the text, and those of its tokens, all of any length."""
        ids = self._tokenizer.encode(prompt + mended(text)).ids
        found: list[Vectors] = self._session.run(None, {"input_ids": np.array([ids], dtype=np.int64)})
        last, tokens = found[0][0], found[-1][0]
        return ids, np.add.reduce(last) / len(last) if self._pooling == "mean" else last[0], tokens

    def _encode(self, text: str, prompt: str) -> tuple[Vectors, Vectors, Vectors]:
        """Return the vector of a text, the unit vectors of its tokens, and how rare these are."""
        ids, vector, tokens = self._read(text, prompt)
        places = text_token_positions(ids, self._prompts[prompt], self._special)
        vectors = unit(np.concatenate([vector[np.newaxis], tokens[places]]))
        return vectors[0], vectors[1:], rarities_at(self._rarities, [ids[place] for place in places])

    def _stacked(self, vectors: Sequence[Vectors]) -> Vectors:
        return np.array(vectors, np.float32).reshape(len(vectors), self.spec.dimension)

    def _together(self, texts: Sequence[tuple[Vectors, Vectors, Vectors]]) -> Encoded:
        vectors = self._stacked([vector for vector, _, _ in texts])
        return Encoded(vectors, [tokens for _, tokens, _ in texts], [rarities for _, _, rarities in texts])


def open_graph(folder: Path, threads: int | None = None) -> GraphEncoder:
    """Return the graph in a folder whose checksums hold; see `GraphEncoder`."""
    import onnxruntime
    from tokenizers import Tokenizer

    facts = json.loads((folder / FACTS).read_bytes())
    spec = EncoderSpec(**facts["spec"])
    options = onnxruntime.SessionOptions()
    # More threads for one text would wait for each other as soon as anything else runs.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("optimization.enable_gelu_approximation", "1")  # by far nearer than eight bits
    session = onnxruntime.InferenceSession(
        str(folder / GRAPH),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # takes four times as long as the two operators that it fuses
    )
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.enable_truncation(spec.max_tokens)
    rarities = np.load(folder / RARITIES, allow_pickle=False)
    return GraphEncoder(session, tokenizer, spec, facts["pooling"], set(facts["special"]), rarities, threads)
