"""The encoder without a model: it hashes characters and words, and needs neither weights nor torch.

It finds texts that share words with the question. Meant for tests and trials, where seconds count and
meaning does not.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Encoded, EncoderSpec, Progress, Vectors

DIMENSION = 256
MAX_TOKENS = 512
ENDS = 2  # tokens that other encoders put around a text; counted so that limits mean the same everywhere
LONGEST_GRAM = 3
LATIN_WORD = re.compile(r"[0-9a-z\u00df-\u024f]+")
TOKEN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|\S")


class HashEncoder:
    """Encodes a text as the signed, hashed counts of its character n-grams and Latin words.

    The same text gives the same vector in every process and on every machine.
    """

    @property
    def spec(self) -> EncoderSpec:
        """The facts of this encoder; the revision changes when its vectors do."""
        return EncoderSpec(
            name="hash",
            revision="2",
            dimension=DIMENSION,
            max_tokens=MAX_TOKENS,
            query_prompt="",
            passage_prompt="",
            arithmetic="hash",
        )

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a question, shape `(len(texts), 256)`."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one unit vector a passage, shape `(len(texts), 256)`, in the order of `texts`."""
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = hashed(readable(text))
            if progress:
                progress(1)
        return vectors

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with a vector for each Latin word and each other character."""
        return self.encode_passages_with_tokens(texts)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with a vector for each Latin word and each other character."""
        vectors = self.encode_passages(texts, progress)
        tokens = [hashed_tokens(readable(text)) for text in texts]
        return Encoded(vectors, tokens, [np.ones(len(each), np.float32) for each in tokens])

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many Latin words and other characters each passage has, and two for its ends."""
        return [len(TOKEN.findall(text)) + ENDS for text in texts]


def readable(text: str) -> str:
    """Return as much of a text as is read."""
    ends = [match.end() for match in islice(TOKEN.finditer(text), MAX_TOKENS - ENDS)]
    return text[: ends[-1]] if ends else text


def hashed(text: str) -> NDArray[np.float64]:
    """Return the unit vector of a text, shape `(256,)`; one without features points along the first axis."""
    counts = Counter(features(text))
    places = np.fromiter(map(place, counts), np.int64, len(counts))
    strengths = 1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))
    signs = 1 - 2 * (places % 2)
    vector = np.bincount(places // 2, weights=signs * strengths, minlength=DIMENSION)
    length = float(np.linalg.norm(vector))
    return vector / length if length else np.eye(1, DIMENSION)[0]


def hashed_tokens(text: str) -> Vectors:
    """Return the unit vectors of a text's tokens, shape `(tokens, 256)`."""
    return np.array([hashed(token) for token in TOKEN.findall(text)], np.float32).reshape(-1, DIMENSION)


def features(text: str) -> list[str]:
    """Return the n-grams of one to three characters, across spaces too, and the whole Latin words."""
    folded = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    padded = f" {folded} "
    grams = (
        padded[start : start + length]
        for length in range(1, LONGEST_GRAM + 1)
        for start in range(len(padded) - length + 1)
    )
    words = (f"word {word}" for word in LATIN_WORD.findall(folded))
    return [*(gram for gram in grams if not gram.isspace()), *words]


@lru_cache(maxsize=1 << 16)  # texts of one corpus share most of their features
def place(feature: str) -> int:
    """Return where a feature is counted: the axis times two, plus one if it counts downwards."""
    digest = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % (2 * DIMENSION)
