"""The encoder without a model: it hashes characters and words, and needs neither weights nor torch.

It finds texts that share words with the question. Meant for tests and trials, where seconds count and
meaning does not.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from index.models.encoder import Encoded, EncoderSpec, Progress, Vectors

DIMENSION = 256
MAX_TOKENS = 512
ENDS = 2  # tokens that other encoders put around a text; counted so that limits mean the same everywhere
LONGEST_GRAM = 3
CODE_BITS = 21  # of a character; three are a number of 63
TOGETHER = 128  # texts that are hashed at a time, so that little memory is taken
LATIN_WORD = re.compile(r"[0-9a-z\u00df-\u024f]+")
TOKEN = re.compile(r"[0-9A-Za-z\u00c0-\u024f]+|\S")

Integers = NDArray[np.int64]


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
        return encoded(texts, progress)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with a vector for each Latin word and each other character."""
        return self.encode_passages_with_tokens(texts)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with a vector for each Latin word and each other character."""
        vectors = self.encode_passages(texts, progress)
        of_texts = [TOKEN.findall(readable(text)) for text in texts]
        rows = {token: row for row, token in enumerate(dict.fromkeys(chain(*of_texts)))}
        each = encoded(list(rows))
        tokens = [each[[rows[token] for token in of_text]] for of_text in of_texts]
        return Encoded(vectors, tokens, [np.ones(len(of_text), np.float32) for of_text in of_texts])

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many Latin words and other characters each passage has, and two for its ends."""
        counts, before, tokens = list[int](), "", 0
        for text in texts:
            if not text.startswith(before):  # else only what it has more is counted
                before, tokens = "", 0
            tokens += len(TOKEN.findall(text, len(before))) - _parts_word(text, len(before))
            counts.append(tokens + ENDS)
            before = text
        return counts


def _parts_word(text: str, place: int) -> bool:
    """Return whether a place is inside of a Latin word."""
    return 0 < place < len(text) and TOKEN.fullmatch(text, place - 1, place + 1) is not None


def readable(text: str) -> str:
    """Return as much of a text as is read."""
    if len(text) <= MAX_TOKENS - ENDS:
        return text
    ends = [match.end() for match in islice(TOKEN.finditer(text), MAX_TOKENS - ENDS)]
    return text[: ends[-1]] if ends else text


def encoded(texts: Sequence[str], progress: Progress | None = None) -> Vectors:
    """Return the unit vectors of texts as far as they are read, shape `(len(texts), 256)`."""
    parts = [np.zeros((0, DIMENSION), np.float32)]
    for start in range(0, len(texts), TOGETHER):
        parts.append(hashed([readable(text) for text in texts[start : start + TOGETHER]]))
        if progress:
            progress(len(parts[-1]))
    return np.concatenate(parts)


def hashed(texts: Sequence[str]) -> Vectors:
    """Return the unit vectors of texts, shape `(len(texts), 256)`; one without features points along the first axis.

    Features are n-grams of one to three characters, across spaces too, and whole Latin words.
    """
    folded = [" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in texts]
    words = [LATIN_WORD.findall(text) for text in folded]
    numbers = {word: -1 - number for number, word in enumerate(dict.fromkeys(chain(*words)))}
    of_words = (
        np.repeat(np.arange(len(words)), list(map(len, words))),
        np.array([numbers[word] for word in chain(*words)], np.int64),
    )
    rows, keys = map(np.concatenate, zip(*_grams(folded), of_words, strict=True))
    features, feature_of = np.unique(keys, return_inverse=True)
    found = chain(
        map(place, map("word {}".format, reversed(numbers))), map(_gram_place, features[len(numbers) :].tolist())
    )
    places = np.fromiter(found, np.int64, len(features))
    # Of each row, which features it has and how often.
    held, counts = np.unique(rows * len(features) + feature_of, return_counts=True)
    row, place_of = held // len(features), places[held % len(features)]
    weights = (1 - 2 * (place_of % 2)) * (1 + np.log(counts))
    vectors = np.bincount(row * DIMENSION + place_of // 2, weights, len(texts) * DIMENSION).reshape(-1, DIMENSION)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[lengths[:, 0] == 0, 0] = lengths[lengths == 0] = 1
    return np.asarray(vectors / lengths, dtype=np.float32)


def _grams(folded: Sequence[str]) -> Iterator[tuple[Integers, Integers]]:
    """Yield, for each length of n-grams, the rows of the texts that have one and the numbers that stand for these."""
    padded = [f" {text} " for text in folded]
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64) + 1
    rows = np.repeat(np.arange(len(padded)), list(map(len, padded)))
    keys, spaces = codes, codes == ord(" ") + 1
    blank = spaces
    for length in range(1, LONGEST_GRAM + 1):
        if length > 1:
            keys = keys[:-1] | codes[length - 1 :] << CODE_BITS * (length - 1)
            blank = blank[:-1] & spaces[length - 1 :]
        within = (rows[: len(keys)] == rows[length - 1 :]) & ~blank
        yield rows[: len(keys)][within], keys[within]


@lru_cache(maxsize=1 << 16)
def _gram_place(key: int) -> int:
    codes = ((key >> CODE_BITS * number) % (1 << CODE_BITS) for number in range(LONGEST_GRAM))
    return place("".join(chr(code - 1) for code in codes if code))


@lru_cache(maxsize=1 << 16)  # texts of one corpus share most of their features
def place(feature: str) -> int:
    """Return where a feature is counted: the axis times two, plus one if it counts downwards."""
    digest = blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "little") % (2 * DIMENSION)
