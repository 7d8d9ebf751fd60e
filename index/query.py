"""The question and what it may ask for: how many passages, of which documents, with how much around them."""

from dataclasses import dataclass, field, fields
from enum import StrEnum, auto

from corpus.document import checked_date
from corpus.errors import InvalidInput


class Signal(StrEnum):
    """What a score may come from, in the order it is told."""

    DENSE = auto()  # the cosine of the passage's vector
    SENTENCE = auto()  # that of its best sentence's
    TOKENS = auto()  # the mean over the question's tokens of the best cosine each finds
    LEXICAL = auto()  # BM25


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
MAX_CONTEXT_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages may answer; all conditions given must hold.

    Attributes:
        source: file names.
        document_id: ids.
        language: ISO 639 codes.
        published_after: this date or later; a document without a date does not pass.
        published_before: this date or earlier.
        mentions_year: the passage itself names this year, or hints at it as 去年 does.
    """

    source: tuple[str, ...] = ()
    document_id: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    published_after: str | None = None
    published_before: str | None = None
    mentions_year: int | None = None

    def __post_init__(self) -> None:
        for name in ("published_after", "published_before"):
            if (value := getattr(self, name)) is not None:
                checked_date(value, "filter", name)
        if self.mentions_year is not None:
            _check_range("filter mentions_year", self.mentions_year, 1, 9999)
        for name in ("source", "document_id", "language"):
            for value in getattr(self, name):
                _check_text(f"filter {name}", value)

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) not in ((), None) for each in fields(self))

    def condition(self) -> tuple[str, list[str]]:
        """Return an SQL condition on passages and their documents, and its values."""
        parts: list[str] = []
        values: list[str] = []
        for name in ("source", "document_id", "language"):
            if wanted := getattr(self, name):
                parts.append(f"{name} IN ({', '.join('?' * len(wanted))})")
                values.extend(wanted)
        # ISO dates compare as text. A date that is known only to the year or month passes if any of its days may.
        if self.published_after:
            parts.append("published || CASE length(published) WHEN 4 THEN '-12-31' WHEN 7 THEN '-31' ELSE '' END >= ?")
            values.append(self.published_after)
        if self.published_before:
            parts.append("published <= ?")
            values.append(self.published_before + {4: "-12-31", 7: "-31"}.get(len(self.published_before), ""))
        if self.mentions_year is not None:
            parts.append("' ' || search_text || ' ' GLOB ?")
            values.append(f"*[^0-9]{self.mentions_year}[^0-9]*")
        return " AND ".join(parts), values


@dataclass(frozen=True, slots=True)
class Query:
    """A question.

    Attributes:
        text: what is asked, in any language.
        k: how many passages at most, 1 to 50.
        filters: which documents may answer.
        context_sentences: how many sentences before and after a passage to give with it, 0 to 10.
        min_confidence: passages of a lower score are dropped, 0 to 1.
        method: how passages are found.
        without: a signal of the method that is left out, to see what it is worth.

    Raises:
        InvalidInput: if any of it is out of bounds, because a silent correction would answer another question.
    """

    text: str
    k: int = 5
    filters: Filters = field(default_factory=Filters)
    context_sentences: int = 0
    min_confidence: float = 0.0
    method: Method = Method.FULL
    without: Signal | None = None

    def __post_init__(self) -> None:
        if not self.text.strip() or not any(map(str.isprintable, self.text.strip())):
            raise InvalidInput("the question is empty; ask something")
        if len(self.text) > MAX_QUESTION:
            raise InvalidInput(f"the question has {len(self.text)} characters; ask in at most {MAX_QUESTION}")
        _check_text("the question", self.text)
        _check_range("k", self.k, 1, MAX_K)
        _check_range("context_sentences", self.context_sentences, 0, MAX_CONTEXT_SENTENCES)
        _check_range("min_confidence", self.min_confidence, 0, 1)
        if not self.signals:
            raise InvalidInput(f"nothing is left of the method {self.method} without {self.without}")

    @property
    def signals(self) -> frozenset[Signal]:
        """What counts."""
        return self.method.signals - {self.without}


def _check_text(name: str, text: str) -> None:
    if "\0" in text:
        raise InvalidInput(f"{name} holds a NUL character; remove it")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidInput(f"{name} holds half of a surrogate pair; send it as UTF-8")


def _check_range(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise InvalidInput(f"{name} is {str(value)[:40]}; give {least} to {most}")
