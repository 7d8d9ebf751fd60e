"""An encoder that encodes no text twice, for what indexes the same passages many times."""

from collections.abc import Callable, Container, MutableMapping, Sequence
from typing import Any

import numpy as np

from index.models.encoder import Encoded, Encoder, Progress, Vectors

Known = MutableMapping[str, tuple[Vectors, Any, Vectors]]


class RememberingEncoder:
    """Gives the vectors of a text again.

    Attributes:
        known: the vector of each passage that was encoded, and those of its tokens, as they are kept.
        sentences: the vector of each sentence, which is encoded as a passage without its tokens.
    """

    def __init__(self, encoder: Encoder, kept: type[np.floating] = np.float32) -> None:
        """Remember what `encoder` gives; tokens, of which there are many, at the precision `kept`."""
        self._encoder, self._kept = encoder, kept
        self.known: Known = {}
        self._passages: Known = self.known  # where those are that need not be encoded
        self.sentences: dict[str, Vectors] = {}
        self._questions: Known = {}
        self._counts: dict[str, int] = {}
        self.spec = encoder.spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question."""
        return self.encode_queries_with_tokens(texts).vectors

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage."""
        if new := _new(texts, self.sentences):
            self.sentences.update(zip(new, self._encoder.encode_passages(new, progress), strict=True))
        return self._stacked([self.sentences[text] for text in texts])

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        return self._encoded(texts, self._questions, self._encoder.encode_queries_with_tokens)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens."""
        return self._encoded(
            texts, self._passages, lambda new: self._encoder.encode_passages_with_tokens(new, progress)
        )

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model reads of each passage."""
        if new := _new(texts, self._counts):
            self._counts.update(zip(new, self._encoder.count_passage_tokens(new), strict=True))
        return [self._counts[text] for text in texts]

    def _encoded(self, texts: Sequence[str], known: Known, encode: Callable[[list[str]], Encoded]) -> Encoded:
        if new := _new(texts, known):
            found = encode(new)
            tokens = [each.astype(self._kept, copy=False) for each in found.tokens]
            known.update(zip(new, zip(found.vectors, tokens, found.rarities, strict=True), strict=True))
        of_texts = [known[text] for text in texts]
        vectors = self._stacked([vector for vector, _, _ in of_texts])
        of_tokens = [tokens.astype(np.float32, copy=False) for _, tokens, _ in of_texts]
        return Encoded(vectors, of_tokens, [rarities for _, _, rarities in of_texts])

    def _stacked(self, vectors: list[Vectors]) -> Vectors:
        return np.array(vectors, np.float32).reshape(len(vectors), self.spec.dimension)


def _new(texts: Sequence[str], known: Container[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text not in known]
