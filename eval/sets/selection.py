"""Which part of a SQuAD-style file is asked about, and which of that is left out of the passages."""

import re
from dataclasses import dataclass

from corpus.errors import InvalidInput

RANGE = re.compile(r"(\d{1,6})-(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which articles are asked about, and what is held out: asked about, but not there to be found.

    Attributes:
        articles: the first and the last of them, from 1; all of them if none.
        hold_out: N leaves every Nth of these articles out, so that no paragraph of it is there. Their questions are
            about something else than all that is there.
        hold_out_paragraphs: N leaves every Nth paragraph of each of them out, while the rest of its article stays.
            Their questions are on the very subject of what is there. A file whose articles have one paragraph each has
            its paragraphs counted through.
    """

    articles: tuple[int, int] | None = None
    hold_out: int | None = None
    hold_out_paragraphs: int | None = None

    @property
    def options(self) -> list[str]:
        """The options that say it, those that are given."""
        options = {
            "--articles": self.articles,
            "--hold-out": self.hold_out,
            "--hold-out-paragraphs": self.hold_out_paragraphs,
        }
        return [name for name, value in options.items() if value is not None]

    def check(self, articles: int, paragraphs: int, place: str) -> None:
        """Refuse to select what is not there, or to hold nothing or everything out.

        Args:
            articles: how many the file has.
            paragraphs: how many the longest of those that are selected has.
            place: the file, for errors.

        Raises:
            InvalidInput: naming the option, what was given and what can be.
        """
        first, last = self.articles or (1, articles)
        if self.articles is not None and not 1 <= first <= last <= articles:
            raise InvalidInput(
                f"{place}: has articles 1 to {articles}; give --articles within these, not {first}-{last}"
            )
        selected = last - first + 1
        for what, number, most in (
            ("articles", self.hold_out, selected),
            ("paragraphs of an article", self.hold_out_paragraphs, paragraphs),
        ):
            if number is not None and not 2 <= number <= most:
                told = f"holding out every Nth of {most} {what} takes an N of 2 to {most}"
                raise InvalidInput(f"{place}: {told}, not {number}")

    def asks(self, article: int) -> bool:
        """Return whether an article, by its number from 1, is asked about."""
        return self.articles is None or self.articles[0] <= article <= self.articles[1]

    def keeps(self, article: int, paragraph: int) -> bool:
        """Return whether a paragraph, by its numbers from 1, is there to be found."""
        number = article if self.articles is None else article - self.articles[0] + 1
        held = (self.hold_out, number), (self.hold_out_paragraphs, paragraph)
        return self.asks(article) and all(every is None or each % every for every, each in held)

    def __str__(self) -> str:
        """Return how it is told after the name of a set."""
        told = [] if self.articles is None else [f"articles {self.articles[0]}-{self.articles[1]}"]
        if self.hold_out is not None:
            told.append(f"1 article in {self.hold_out} held out")
        if self.hold_out_paragraphs is not None:
            told.append(f"1 paragraph in {self.hold_out_paragraphs} held out")
        return "".join(f", {each}" for each in told)


EVERYTHING = Selection()


def articles_of(text: str) -> tuple[int, int]:
    """Return the first and the last article that `25-48` names.

    Raises:
        InvalidInput: if it names none.
    """
    match = RANGE.fullmatch(text)
    if match is None:
        raise InvalidInput(f"articles {text[:40]!r} are none; give the first and the last, like 25-48")
    return int(match[1]), int(match[2])
