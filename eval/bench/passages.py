"""Passages for large stores: real ones, then made-up ones of halves of two like passages, joined.

Real vectors lie close together in some directions and apart in others, and a search is as hard as they make it. A
point between two neighbours, moved a little, keeps to that shape; a random one would not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.document import make_document
from corpus.language import detect_language
from corpus.passage import Span
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import Split
from corpus.splitting.search_text import normalise
from eval.sets.question_set import QuestionSet
from index.models.encoder import Vectors

NEIGHBOURS = 20  # of each passage, of the same set and another paragraph, that it may be joined with
NEAREST, FARTHEST = 0.3, 0.7  # how far the new vector lies from one to the other
NOISE = 0.05  # length of what is added; neighbours lie about 0.5 apart
LONGEST = 400  # characters of a passage, as the splitter has it, unless told otherwise
UNSPACED = ("zh", "ja")
SEED = 7


@dataclass(frozen=True, slots=True)
class Text:
    """A passage by its sentences.

    Attributes:
        sentences: verbatim.
        glue: what stands between them.
        origin: the numbers of the set, all of which is in one language, and of the paragraph it is of.
    """

    sentences: tuple[str, ...]
    glue: str
    origin: tuple[int, int]

    @property
    def text(self) -> str:
        """The passage."""
        return self.glue.join(self.sentences)

    @property
    def search_text(self) -> str:
        """What is embedded and indexed of it."""
        return normalise(reading_text(self.text))

    def spans(self, start: int) -> Iterator[Span]:
        """Yield where its sentences stand in a text that it begins in at `start`."""
        for sentence in self.sentences:
            yield Span(start, start + len(sentence))
            start += len(sentence) + len(self.glue)


def real_texts(sets: Iterable[QuestionSet], split: Split) -> list[Text]:
    """Return the distinct passages that the splitter makes of the paragraphs of some sets."""
    distinct: dict[str, Text] = {}
    for number, each in enumerate(sets):
        for place, paragraph in enumerate(each.passages):
            document = make_document(paragraph.text, source=paragraph.source)
            glue = "" if detect_language(document.text) in UNSPACED else " "
            for passage in split(document):
                sentences = tuple(span.of(document.text).strip() for span in passage.sentences)
                text = Text(sentences, glue, (number, place))
                distinct.setdefault(text.text, text)
    return list(distinct.values())


@dataclass(frozen=True)
class Neighbourhood:
    """The vectors of real passages, shape `(passages, dimension)`, and the origin of each, shape `(passages, 2)`."""

    vectors: Vectors
    origins: NDArray[np.int64]

    @cached_property
    def neighbours(self) -> NDArray[np.int64]:
        """The neighbours of each passage, shape `(passages, NEIGHBOURS)`; -1 where it has none."""
        neighbours = np.full((len(self.vectors), NEIGHBOURS), -1, dtype=np.int64)
        for number in np.unique(self.origins[:, 0]):
            places = np.flatnonzero(self.origins[:, 0] == number)
            paragraphs = self.origins[places, 1]
            for some in np.array_split(np.arange(len(places)), len(places) // 1000 + 1):
                cosines = self.vectors[places[some]] @ self.vectors[places].T
                cosines[paragraphs[some][:, None] == paragraphs[None, :]] = -1
                nearest = np.argsort(-cosines, axis=1)[:, :NEIGHBOURS]
                for place, order, found in zip(some, nearest, np.take_along_axis(cosines, nearest, 1), strict=True):
                    if (usable := order[found > -1]).size:  # again and again where there are few
                        neighbours[places[place]] = np.resize(places[usable], NEIGHBOURS)
        return neighbours

    def between(self, count: int) -> tuple[NDArray[np.int64], Vectors]:
        """Return which pairs of passages new ones are made of, shape `(count, 2)`, and their unit vectors."""
        random = np.random.default_rng(SEED)
        able = np.flatnonzero(self.neighbours[:, 0] >= 0)
        first = able[random.integers(len(able), size=count)]
        second = self.neighbours[first, random.integers(NEIGHBOURS, size=count)]
        part = random.uniform(NEAREST, FARTHEST, size=(count, 1)).astype(np.float32)
        vectors = self.vectors[first] * (1 - part)
        vectors += self.vectors[second] * part
        noise = random.standard_normal(vectors.shape, dtype=np.float32)
        vectors += noise * np.float32(NOISE / np.sqrt(vectors.shape[1]))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.stack([first, second], axis=1), vectors


def joined(first: Text, second: Text, longest: int = LONGEST) -> Text:
    """Return a passage of the first half of one and the second half of another, no longer than so many characters.

    Where its first sentence alone is longer, it is that one.
    """
    halves = first.sentences[: (len(first.sentences) + 1) // 2], second.sentences[len(second.sentences) // 2 :]
    kept: list[str] = []
    for sentence in [each for half in halves for each in half]:
        if kept and sum(map(len, kept)) + len(kept) + len(sentence) > longest:
            break
        kept.append(sentence)
    return Text(tuple(kept), first.glue, first.origin)
