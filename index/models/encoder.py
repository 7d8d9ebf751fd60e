"""What an encoder is: the protocol every embedding model stands behind, and the facts an index keeps of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """What an index must know of the model that made its vectors; a mismatch of any of it is refused.

    Attributes:
        name: the model as the user names it.
        revision: which weights, settings and tokenizer: a digest of their files or a commit of the hub.
        dimension: length of a vector.
        max_tokens: the longest input the model reads, special tokens and prompt included.
        query_prompt: put before every question.
        passage_prompt: put before every passage.
        arithmetic: how the vectors are computed from the weights, `graph-6 int8` for one.
        token_layers: of how many of the last layers the vector of a token is the mean.
    """

    name: str
    revision: str
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    arithmetic: str
    token_layers: int = 1


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """Which encoder is wanted.

    Attributes:
        name: the model as the user names it.
        arithmetic: the only one that will do, as an index names it; `None` for a new index, which gets the best
            that can be had.
    """

    name: str
    arithmetic: str | None = None


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts as one vector each, and as one vector a token.

    Attributes:
        vectors: unit vectors, shape `(texts, dimension)`.
        tokens: of each text, the unit vectors of its tokens without prompt and special tokens, shape
            `(tokens, dimension)`; a text may have none.
        rarities: of each text, how rare its tokens are, shape `(tokens,)`, all above 0; see `index.models.tokens`.
    """

    vectors: Vectors
    tokens: Sequence[Vectors]
    rarities: Sequence[Vectors]


class Encoder(Protocol):
    """Turns texts into unit vectors; questions and passages have verbs of their own, for many models differ."""

    @property
    def spec(self) -> EncoderSpec:
        """The facts of this model."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), dimension)`."""
        ...

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage, shape `(len(texts), dimension)`, in the order of `texts`.

        `progress` is called with the number of texts done since its last call.
        """
        ...

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        ...

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens."""
        ...

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model reads of each passage, prompt and special tokens included."""
        ...
