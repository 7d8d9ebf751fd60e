"""What every model's input and output goes through: readable text in, unit vectors of a text's own tokens out."""

import json
import re
from collections.abc import Collection, Sequence
from itertools import takewhile
from operator import eq

import numpy as np

from index.models.encoder import Vectors

# Of how many of the last layers a token's vector is the mean, where that was measured to find more than the last alone.
TOKEN_LAYERS = {"multilingual-e5-small": 2}
LEAST_RARITY = 1.0  # that of a token which is more than one in e of all
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def text_token_positions(ids: Sequence[int], prompt: Sequence[int], special: Collection[int]) -> list[int]:
    """Return which tokens are those of a text itself, without prompt and special tokens.

    Args:
        ids: the text's tokens, with prompt and special tokens.
        prompt: the tokens of the prompt alone, with special tokens; none where there is no prompt.
        special: what stands for no text.
    """
    # The last token of a prompt may melt into the first of the text, so they are compared and not counted.
    before = sum(takewhile(bool, map(eq, ids, prompt)))
    return [place for place in range(before, len(ids)) if ids[place] not in special]


def unit(vectors: Vectors) -> Vectors:
    """Return vectors at length 1, shape as given; a vector of zeros stays one."""
    lengths: Vectors = np.sqrt(np.add.reduce(vectors * vectors, axis=-1, keepdims=True))
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def mended(text: str) -> str:
    """Return the text with lone surrogates, which no tokenizer can read, as replacement characters."""
    return LONE_SURROGATE.sub("\ufffd", text)


def rarities_of(tokenizer: bytes) -> Vectors:
    """Return how rare each token is, shape `(vocabulary,)`, or `(0,)` where a tokenizer does not say.

    A unigram tokenizer (Kudo, 2018) knows of each token the logarithm of its share of the texts it was made of; rarity
    is that without its sign, in nats. Of tokens that were added to it afterwards it knows nothing.

    Args:
        tokenizer: its `tokenizer.json`.
    """
    facts = json.loads(tokenizer)
    model = facts["model"]
    if model.get("type") != "Unigram":
        return np.empty(0, np.float32)
    known = [-score for _, score in model["vocab"]]
    size = max(len(known), *(each["id"] + 1 for each in facts.get("added_tokens", ())), 0)
    return np.maximum([*known, *[LEAST_RARITY] * (size - len(known))], LEAST_RARITY).astype(np.float32)


def rarities_at(rarities: Vectors, ids: Sequence[int]) -> Vectors:
    """Return how rare tokens are; all alike where nothing is known."""
    return rarities[ids] if len(rarities) else np.full(len(ids), LEAST_RARITY, np.float32)
