"""Real passages with their vectors: embedded once by the real model, and kept in a file for the next time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.store.truth import Features
from eval.bench.passages import Text
from index.models.encoder import Encoder, Vectors
from index.models.vectors import STORED, counts_to_bytes, from_bytes, to_bytes
from index.ranking.late import pack_tokens

BATCH = 256  # texts embedded together, as when documents are indexed


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of some texts, as the store holds them.

    Attributes:
        passages: of each text, float16, shape `(texts, dimension)`.
        sentences: of the sentences of all texts, end to end, float16.
        sentence_tokens: how many tokens each sentence has.
        sentence_ends: of each text, where its sentences end.
        tokens: the packed tokens of all texts, bytes end to end.
        token_ends: of each text, where its tokens end.
    """

    passages: NDArray[np.float16]
    sentences: NDArray[np.float16]
    sentence_tokens: NDArray[np.uint16]
    sentence_ends: NDArray[np.int64]
    tokens: NDArray[np.uint8]
    token_ends: NDArray[np.int64]

    def vectors_of(self, place: int) -> Features:
        """Return what the store holds of the text at `place`."""
        sentences, tokens = _stretch(self.sentence_ends, place), _stretch(self.token_ends, place)
        return Features(
            vector=self.passages[place].tobytes(),
            sentence_vectors=self.sentences[sentences].tobytes(),
            token_vectors=self.tokens[tokens].tobytes(),
            sentence_tokens=counts_to_bytes(self.sentence_tokens[sentences].tolist()),
            terms=b"",  # of words, which are read where the passage is written
        )


def _stretch(ends: NDArray[np.int64], place: int) -> slice:
    return slice(int(ends[place - 1]) if place else 0, int(ends[place]))


def embed_once(texts: Sequence[Text], encoder: Encoder, folder: Path, progress: Callable[[int], None]) -> Embedded:
    """Return the vectors of texts from a file in `folder`, which is written if these texts have none there yet.

    Args:
        texts: what to embed.
        encoder: with what.
        folder: where vectors are kept.
        progress: called with how many of the texts and of their sentences were embedded since its last call.
    """
    digest = sha256(repr((encoder.spec, [(text.search_text, text.sentence_texts()) for text in texts])).encode())
    path = folder / f"embedded-{digest.hexdigest()[:16]}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as arrays:
            return Embedded(**{field.name: arrays[field.name] for field in fields(Embedded)})
    embedded = embed(texts, encoder, progress)
    folder.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        np.savez(file, **{field.name: getattr(embedded, field.name) for field in fields(Embedded)})
    aside.replace(path)
    return embedded


def embed(texts: Sequence[Text], encoder: Encoder, progress: Callable[[int], None]) -> Embedded:
    """Return the vectors of texts; see `embed_once`."""
    passages, packed = [], []
    for start in range(0, len(texts), BATCH):
        batch = [text.search_text for text in texts[start : start + BATCH]]
        encoded = encoder.encode_passages_with_tokens(batch, progress)
        passages.append(encoded.vectors)
        packed += [pack_tokens(tokens) for tokens in encoded.tokens]
    of_texts = [text.sentence_texts() for text in texts]
    distinct = {each: place for place, each in enumerate(dict.fromkeys(chain.from_iterable(of_texts)))}
    vectors, counts = _sentences(list(distinct), encoder, progress)
    own = np.array([distinct[sentence] for sentences in of_texts for sentence in sentences], dtype=np.int64)
    return Embedded(
        passages=_stored(np.concatenate(passages)),
        sentences=_stored(vectors[own]),
        sentence_tokens=counts[own],
        sentence_ends=np.cumsum([len(sentences) for sentences in of_texts]),
        tokens=np.frombuffer(b"".join(packed), dtype=np.uint8),
        token_ends=np.cumsum([len(each) for each in packed]),
    )


def _sentences(
    texts: Sequence[str], encoder: Encoder, progress: Callable[[int], None]
) -> tuple[Vectors, NDArray[np.uint16]]:
    vectors = encoder.encode_passages(texts, progress)
    frame, *counts = encoder.count_passage_tokens(["", *texts])
    return vectors, np.array([max(count - frame, 0) for count in counts], dtype=np.uint16)


def _stored(vectors: Vectors) -> NDArray[np.float16]:
    return np.frombuffer(to_bytes(vectors), dtype=STORED).reshape(vectors.shape)


def floats(stored: NDArray[np.float16]) -> Vectors:
    """Return stored vectors as they are computed with."""
    return from_bytes([stored.tobytes()], stored.shape[1])
