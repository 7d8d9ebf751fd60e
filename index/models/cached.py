"""An encoder that remembers the questions it was asked last."""

from collections.abc import Sequence

import numpy as np

from index.models.encoder import Encoded, Encoder, EncoderSpec, Progress, Vectors
from index.recently_used import RecentlyUsed

QUESTIONS = 1024  # about 25 MB with the vectors of their tokens


class CachedEncoder:
    """Encodes a question once as long as it is remembered; safe to use from several threads."""

    def __init__(self, encoder: Encoder, questions: int = QUESTIONS) -> None:
        self._encoder = encoder
        self._plain = RecentlyUsed[str, Vectors](questions)
        self._with_tokens = RecentlyUsed[str, tuple[Vectors, Vectors]](questions)

    @property
    def spec(self) -> EncoderSpec:
        """The facts of the model."""
        return self._encoder.spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        found = []
        for text in texts:
            if (vector := self._plain.recall(text)) is None:
                vector = self._encoder.encode_queries([text])[0]
                self._plain.remember(text, vector)
            found.append(vector)
        return np.array(found, np.float32).reshape(len(texts), self.spec.dimension)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage; passages are not remembered."""
        return self._encoder.encode_passages(texts, progress)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        found = []
        for text in texts:
            if (pair := self._with_tokens.recall(text)) is None:
                encoded = self._encoder.encode_queries_with_tokens([text])
                pair = encoded.vectors[0], encoded.tokens[0]
                self._with_tokens.remember(text, pair)
            found.append(pair)
        vectors = np.array([vector for vector, _ in found], np.float32).reshape(len(texts), self.spec.dimension)
        return Encoded(vectors, [tokens for _, tokens in found])

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens; they are not remembered."""
        return self._encoder.encode_passages_with_tokens(texts, progress)

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model reads of each passage, prompt and special tokens included."""
        return self._encoder.count_passage_tokens(texts)
