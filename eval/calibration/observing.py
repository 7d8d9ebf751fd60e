"""What is seen when the questions of a set-up are asked: the figures of each answer, and whether it was right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from eval.calibration.setups import Setup
from eval.local_retriever import open_passages
from index.models.encoder import Encoded, Encoder, EncoderSpec, Progress, Vectors
from index.ranking.evidence import COMPARED, Figures

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer to a question.

    Attributes:
        kind: of the set-up.
        direction: the languages of question and passages.
        figures: what speaks for the first passage.
        answerable: whether any of the passages answers.
        right: of each passage found whether it answers, best first.
        gaps: by how much each scores less than the first.
    """

    kind: str
    direction: str
    figures: Figures
    answerable: bool
    right: tuple[bool, ...]
    gaps: tuple[float, ...]


def observe(setup: Setup, encoder: Encoder) -> Iterator[Seen]:
    """Yield what is found for each question of a set-up; questions for which nothing is found are left out."""
    with open_passages(setup.question_set.passages, encoder) as retriever:
        for question in setup.question_set.questions:
            relevant = setup.question_set.qrels.get(question.question_id, {})
            found = retriever.search(question.text, COMPARED)
            if found.results:
                scores = [each.scores["rerank"] for each in found.results]
                yield Seen(
                    setup.kind,
                    setup.direction,
                    found.evidence,
                    bool(relevant),
                    tuple(each.document_id in relevant for each in found.results),
                    tuple(scores[0] - score for score in scores),
                )


class RememberingEncoder:
    """Encodes every text once: the same passages and questions come in many set-ups."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[tuple[str, str], tuple[Vectors, Vectors]] = {}
        self._vectors: dict[str, Vectors] = {}
        self._counts: dict[str, int] = {}

    @property
    def spec(self) -> EncoderSpec:
        """The facts of the model."""
        return self._encoder.spec

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a question."""
        return self.encode_queries_with_tokens(texts).vectors

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return one vector a passage."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._encoder.encode_passages(new), strict=True))
        return np.array([self._vectors[text] for text in texts], np.float32).reshape(len(texts), self.spec.dimension)

    def encode_queries_with_tokens(self, texts: Sequence[str]) -> Encoded:
        """Return questions with the vectors of their tokens."""
        return self._encoded("query", texts)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        """Return passages with the vectors of their tokens."""
        return self._encoded("passage", texts)

    def count_passage_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens the model reads of each passage."""
        new = [text for text in dict.fromkeys(texts) if text not in self._counts]
        self._counts.update(zip(new, self._encoder.count_passage_tokens(new), strict=True))
        return [self._counts[text] for text in texts]

    def _encoded(self, role: str, texts: Sequence[str]) -> Encoded:
        new = [text for text in dict.fromkeys(texts) if (role, text) not in self._known]
        if new:
            encode = self._encoder.encode_queries_with_tokens if role == "query" else self._passages
            encoded = encode(new)
            keys = [(role, text) for text in new]
            self._known.update(zip(keys, zip(encoded.vectors, encoded.tokens, strict=True), strict=True))
        known = [self._known[role, text] for text in texts]
        vectors = np.array([vector for vector, _ in known], np.float32).reshape(len(texts), self.spec.dimension)
        return Encoded(vectors, [tokens for _, tokens in known])

    def _passages(self, texts: Sequence[str]) -> Encoded:
        return self._encoder.encode_passages_with_tokens(texts)
