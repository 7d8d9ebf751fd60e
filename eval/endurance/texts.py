"""Texts without end, each of its own words: whoever asks for one of them must find the text."""

from dataclasses import dataclass
from hashlib import blake2b

CONSONANTS, VOWELS = "bdfghjklmnprstvz", "aiou"
# What stands around the words that make a text its own, in several languages and scripts.
SENTENCES = (
    "The ferry {} leaves the old pier at seven, carries forty passengers and returns before the tide turns.",
    "茶厂把{}写进了账本，这一年卖出十二吨新茶，收入比上一年多了三成。",
    "Der Speicher {} am Hafen fasst neunhundert Säcke Korn und wurde nach der Flut neu gedeckt.",
    "Мост {} через реку открыли осенью, и по нему ходят два автобуса в час.",
    "La biblioteca {} presta seis mil libros y abre también los domingos por la tarde.",
    "كتب الحارس {} في دفتره أن السفن الثلاث وصلت مع الفجر.",
)
PER_PARAGRAPH = 3  # sentences


@dataclass(frozen=True, slots=True)
class Written:
    """A text.

    Attributes:
        text: it.
        words: what stands in no other text, one a paragraph, in order.
    """

    text: str
    words: tuple[str, ...]


def write(name: str, paragraphs: int = 2) -> Written:
    """Return the text of a name: the same each time, and unlike that of every other name."""
    words = tuple(word_of(f"{name} {number}") for number in range(paragraphs))
    return Written("\n\n".join(_paragraph(word, number) for number, word in enumerate(words)), words)


def write_bytes(name: str, size: int) -> Written:
    """Return the text of a name that has at least so many bytes in UTF-8."""
    of_one = len(write(name, 6).text.encode()) / 6
    return write(name, max(1, round(size / of_one + 0.5)))


def word_of(name: str) -> str:
    """Return a word of sixteen letters that no language has."""
    digest = int.from_bytes(blake2b(name.encode(), digest_size=6).digest(), "little")
    syllables = []
    for _ in range(8):
        digest, consonant = divmod(digest, len(CONSONANTS))
        digest, vowel = divmod(digest, len(VOWELS))
        syllables.append(CONSONANTS[consonant] + VOWELS[vowel])
    return "".join(syllables)


def _paragraph(word: str, number: int) -> str:
    chosen = (SENTENCES[(number + place) % len(SENTENCES)] for place in range(PER_PARAGRAPH))
    return " ".join(sentence.format(word) for sentence in chosen)
