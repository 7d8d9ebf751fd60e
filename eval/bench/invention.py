"""Passages beyond the real ones: halves of two like passages joined, with a vector between theirs.

Real vectors lie close together in some directions and apart in others, and a search is as hard as they make it. A
point between two neighbours, moved a little, keeps to that shape; a random one would not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.language import detect_language
from corpus.passage import Span
from corpus.store.truth import Features
from eval.bench.embedded import Embedded, floats
from eval.bench.passages import LONGEST, Text, searched
from index.models.encoder import Vectors
from index.models.tokens import unit
from index.models.vectors import counts_from_bytes, counts_to_bytes, to_bytes
from index.ranking.late import SCALE

NEIGHBOURS = 20  # of each passage, of the same set and another paragraph, that it may be joined with
NEAREST, FARTHEST = 0.3, 0.7  # how far the new vector lies from one to the other
NOISE = 0.05  # length of what is added; neighbours lie about 0.5 apart
UNSPACED = ("zh", "ja")
SEED = 7


@dataclass(frozen=True, slots=True)
class Joined:
    """Which real passages a new one is made of, and its vector.

    Attributes:
        first: whose first half it has.
        second: whose second half it has.
        vector: unit length, shape `(dimension,)`.
    """

    first: int
    second: int
    vector: Vectors


class Inventor:
    """Makes up passages of real ones, always the same ones."""

    def __init__(self, texts: Sequence[Text], embedded: Embedded) -> None:
        self._texts = texts
        self._embedded = embedded
        self._vectors = floats(embedded.passages)
        self._neighbours = _neighbours(texts, self._vectors)

    def vectors(self, count: int, seed: int = SEED) -> tuple[NDArray[np.int64], Vectors]:
        """Return which pairs of real passages new ones are made of, shape `(count, 2)`, and their vectors."""
        random = np.random.default_rng(seed)
        able = np.flatnonzero(self._neighbours[:, 0] >= 0)
        first = able[random.integers(len(able), size=count)]
        second = self._neighbours[first, random.integers(self._neighbours.shape[1], size=count)]
        part = random.uniform(NEAREST, FARTHEST, size=(count, 1)).astype(np.float32)
        between = self._vectors[first] * (1 - part)
        between += self._vectors[second] * part
        noise = random.standard_normal(between.shape, dtype=np.float32)
        noise *= NOISE / np.sqrt(between.shape[1])
        between += noise
        return np.stack([first, second], axis=1), unit(between)

    def passages(self, count: int) -> Iterator[tuple[Text, Features]]:
        """Yield new passages with all vectors the store holds of them; their sentences' and tokens' are real."""
        pairs, vectors = self.vectors(count)
        for (first, second), vector in zip(pairs.tolist(), vectors, strict=True):
            yield self._passage(Joined(first, second, vector))

    def _passage(self, joined: Joined) -> tuple[Text, Features]:
        first, second = self._texts[joined.first], self._texts[joined.second]
        head = [(joined.first, number) for number in range((len(first.sentences) + 1) // 2)]
        tail = [(joined.second, number) for number in range(len(second.sentences) // 2, len(second.sentences))]
        chosen = self._fitting([*head, *tail])
        text, spans = _joined([self._sentence(*each) for each in chosen])
        made = Text(text, spans, searched(text), first.paragraph, first.group)
        parts = [self._parts(place)[number] for place, number in chosen]
        return made, Features(
            vector=to_bytes(joined.vector),
            sentence_vectors=b"".join(vector for vector, _, _ in parts),
            token_vectors=b"".join(tokens for _, tokens, _ in parts),
            sentence_tokens=counts_to_bytes([count for _, _, count in parts]),
            terms=b"",
        )

    def _sentence(self, place: int, number: int) -> str:
        return self._texts[place].sentences[number].of(self._texts[place].text)

    def _fitting(self, chosen: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the first of some sentences that make a passage of usual length, one at least."""
        kept: list[tuple[int, int]] = []
        length = 0
        for each in chosen:
            length += len(self._sentence(*each)) + 1
            if kept and length > LONGEST:
                break
            kept.append(each)
        return kept

    def _parts(self, place: int) -> list[tuple[bytes, bytes, int]]:
        """Return vector, packed tokens and their number of each sentence of a real passage."""
        vectors = self._embedded.vectors_of(place)
        dimension = self._vectors.shape[1]
        counts = counts_from_bytes(vectors.sentence_tokens)
        token, vector = SCALE.itemsize + dimension // 2, len(vectors.vector)
        start = max(0, len(vectors.token_vectors) // token - sum(counts))  # what stands before the sentences: headings
        parts = []
        for number, count in enumerate(counts):
            tokens = vectors.token_vectors[start * token : (start + count) * token]
            parts.append(
                (vectors.sentence_vectors[number * vector : (number + 1) * vector], tokens, len(tokens) // token)
            )
            start += count
        return parts


def _joined(sentences: Sequence[str]) -> tuple[str, tuple[Span, ...]]:
    glue = "" if detect_language(sentences[0]) in UNSPACED else " "
    text, spans = "", []
    for sentence in sentences:
        text += glue if text else ""
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence
    return text, tuple(spans)


def _neighbours(texts: Sequence[Text], vectors: Vectors) -> NDArray[np.int64]:
    """Return the neighbours of each text of the same group and another paragraph, -1 where there are none."""
    groups = np.array([text.group for text in texts])
    paragraphs = np.array([text.paragraph for text in texts])
    able = np.array([bool(text.sentences) for text in texts])
    neighbours = np.full((len(texts), NEIGHBOURS), -1, dtype=np.int64)
    for group in np.unique(groups):
        places = np.flatnonzero((groups == group) & able)
        for some in np.array_split(places, len(places) // 1000 + 1):
            cosines = vectors[some] @ vectors[places].T
            cosines[paragraphs[some][:, None] == paragraphs[places][None, :]] = -1
            nearest = np.argsort(-cosines, axis=1)[:, :NEIGHBOURS]
            for place, order, found in zip(some, nearest, np.take_along_axis(cosines, nearest, axis=1), strict=True):
                if (usable := order[found > -1]).size:
                    neighbours[place] = np.resize(places[usable], NEIGHBOURS)  # again and again where there are few
    return neighbours
