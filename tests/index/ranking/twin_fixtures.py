"""Twins of our own making: passages that differ in a word that matters, and reprints that differ in none.

They are listed in `twins/`, a language and a kind a line. `around.txt` has the sentences that a text is made of. Of
`differ.txt` each line has a sentence with a gap and what fills it, two at a time with ~ between; the sentence stands
among those, so nothing else tells two twins apart. Of `same.txt` each line has what reprints change in those texts: a
word for another, or what is set before (^) or after ($). `held-out/` has the like in other words, written when the
rules were done.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from opencc import OpenCC

FOLDER = Path(__file__).with_name("twins")
HELD_OUT = FOLDER / "held-out"

Twins = tuple[str, str, str, str]
"""Language, kind, a text and its twin."""

# What a reprint may change anywhere.
MECHANICAL: dict[str, Callable[[str], str]] = {
    "the same": lambda text: text,
    "white space": lambda text: text.replace(" ", "  ").replace("。", "。 \n"),
    "punctuation": lambda text: re.sub("[。.]$", "!", text).replace("。", "；").replace(". ", "; "),
    "width": lambda text: "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text),
    "marks": lambda text: f"“{text}”" if text.isascii() else f"**{text}**",
}


def contradictions(folder: Path = FOLDER) -> Iterator[Twins]:
    """Yield texts that differ in a word that matters, ten of each language and kind."""
    around = _around(folder)
    for language, kind, sentence, changes in _lines(folder / "differ.txt"):
        for number, change in enumerate(changes.split(", ")):
            one, other = (sentence.format(fill) for fill in change.split("~"))
            for place in (number % 3, (number + 1) % 3):
                yield language, kind, _among(around[language], one, place), _among(around[language], other, place)


def reprints(folder: Path = FOLDER) -> Iterator[Twins]:
    """Yield texts of the same words, ten of most languages and kinds."""
    around = _around(folder)
    for language, kind, changes in _lines(folder / "same.txt"):
        for change in changes.split(", "):
            for place in (0, 1):
                text = _among(around[language], "", place)
                yield language, kind, text, _changed(text, change)
    for language, sentences in around.items():
        for place in range(len(sentences)):
            text = _among(sentences, "", place)
            yield from ((language, kind, text, change(text)) for kind, change in MECHANICAL.items())
            if language == "zh":
                yield language, "traditional", text, OpenCC("s2t").convert(text)


def _around(folder: Path) -> dict[str, list[str]]:
    return {language: sentences for language, *sentences in _lines(folder / "around.txt")}


def _lines(path: Path) -> Iterator[list[str]]:
    return (line.split("|") for line in path.read_text(encoding="utf-8").splitlines())


def _among(around: list[str], sentence: str, place: int) -> str:
    """A sentence among others, which begin with another one each time."""
    others = around[place:] + around[:place]
    joint = "" if "。" in others[0] else " "
    return joint.join([*others[:place], *filter(None, [sentence]), *others[place:]])


def _changed(text: str, change: str) -> str:
    if change[0] in "^$":
        added = change[1:].replace("~", ",")
        return added + text if change[0] == "^" else text + added
    before, after = change.split("~")
    assert before in text, change
    return text.replace(before, after, 1)
