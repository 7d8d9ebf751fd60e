"""The question and what it may ask for: how many passages, of which documents, with how much around them."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from corpus.errors import InvalidInput
from index.filters.conditions import Condition, check_size


class Signal(StrEnum):
    """What a score may come from, in the order it is told."""

    DENSE = auto()  # the cosine of the passage's vector
    SENTENCE = auto()  # that of its best sentence's
    TOKENS = auto()  # the mean over the question's tokens, rare ones counting more, of the best cosine each finds
    SENTENCE_TOKENS = auto()  # the best such mean within one of its sentences
    LEXICAL = auto()  # BM25


class Step(StrEnum):
    """What is done with a question besides."""

    DICTIONARY = auto()  # its words count in other languages, too
    RARITY = auto()  # rare tokens count more than common ones
    GLOSS = auto()  # it is compared a second time, in the words of the passages found first
    EXACT = auto()  # codes, phrases and names that it writes decide
    YEARS = auto()  # passages of other years fall behind


Part = Signal | Step
PARTS: tuple[Part, ...] = (*Signal, *Step)


class Method(StrEnum):
    """How passages are found and ordered."""

    DENSE = auto()  # by one vector a passage
    LEXICAL = auto()  # by BM25
    HYBRID = auto()  # by both
    FULL = auto()  # by both, and by sentences and tokens

    @property
    def signals(self) -> frozenset[Signal]:
        """What counts."""
        return SIGNALS[self]


SIGNALS = {
    Method.DENSE: frozenset({Signal.DENSE}),
    Method.LEXICAL: frozenset({Signal.LEXICAL}),
    Method.HYBRID: frozenset({Signal.DENSE, Signal.LEXICAL}),
    Method.FULL: frozenset(Signal),
}


MAX_QUESTION = 2048  # code points; the model reads fewer, and no question is longer
MAX_K = 50
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
HALF_PAIR = re.compile("[\ud800-\udfff]")
MAX_CONTEXT_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class Query:
    """A question.

    Attributes:
        text: what is asked, in any language.
        k: how many passages at most, 1 to 50.
        filters: the condition that passages and their documents must meet, if there is one.
        context_sentences: how many sentences before and after a passage to give with it, 0 to 10.
        min_confidence: passages of a lower score are dropped, 0 to 1.
        method: how passages are found.
        without: a part of the method that is left out, to see what it is worth.
        today: the day from which last year is counted; the day on which it is answered, if none is given.

    Raises:
        InvalidInput: if any of it is out of bounds, because a silent correction would answer another question.
    """

    text: str
    k: int = 5
    filters: Condition | None = None
    context_sentences: int = 0
    min_confidence: float = 0.0
    method: Method = Method.FULL
    without: Part | None = None
    today: date | None = None

    def __post_init__(self) -> None:
        if not self.text.strip() or not any(map(str.isprintable, self.text.strip())):
            raise InvalidInput("the question is empty; ask something")
        if len(self.text) > MAX_QUESTION:
            raise InvalidInput(f"the question has {len(self.text)} characters; ask in at most {MAX_QUESTION}")
        _check_text("the question", self.text)
        _check_range("k", self.k, 1, MAX_K)
        _check_range("context_sentences", self.context_sentences, 0, MAX_CONTEXT_SENTENCES)
        _check_range("min_confidence", self.min_confidence, 0, 1)
        if self.filters is not None:
            check_size(self.filters)
        if not self.signals:
            raise InvalidInput(f"nothing is left of the method {self.method} without {self.without}")

    @property
    def signals(self) -> frozenset[Signal]:
        """What counts."""
        return frozenset(each for each in self.method.signals if each is not self.without)

    def does(self, step: Step) -> bool:
        """Return whether a step is taken."""
        return step is not self.without

    @property
    def full(self) -> bool:
        """Whether it is answered with all that there is."""
        return self.method is Method.FULL and self.without is None


def day_of(text: str) -> date:
    """Return the day that a text gives for today.

    Raises:
        InvalidInput: if it is none; a month or a year would not say which day.
    """
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"today is {text[:40]!r}; give a day that exists, as 2026-04-16") from None


def _check_text(name: str, text: str) -> None:
    if "\0" in text:
        raise InvalidInput(f"{name} holds a NUL character; remove it")
    if HALF_PAIR.search(text):
        raise InvalidInput(f"{name} holds half of a surrogate pair; send it as UTF-8")


def _check_range(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InvalidInput(f"{name} is {str(value)[:40]}; give {least} to {most}")
