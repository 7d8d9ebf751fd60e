"""Which encoding the bytes of a text are in, told by what they spell; where that is nothing known, none is told.

Two kinds of evidence count, and a text that two encodings turn into different texts with it is not told:

- **spelled**: in an encoding of one byte a character, the text has the commonest words of a language, and of its
  characters beyond ASCII 99 in 100 are of that language's alphabet, in words without mixed case or signs inside;
- **common**: in an encoding of East Asia, a third of its characters, more of a short text, are among the few hundred
  commonest of the language, and at least twice the share of any other reading's. Bytes of anything else make rare ones.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

from corpus.files.text.scripts import HANGUL, HANZI, KANA, KANJI, LANGUAGES, SIGNS, Language

SAMPLE = 60_000  # bytes of lines that are not ASCII
# The commonest first, which is named where several turn the bytes into the same text.
SPELLED = (
    "cp1252 cp1250 cp1251 koi8-r koi8-u cp1253 cp1254 cp1255 cp1256 cp1257 iso8859-2 iso8859-5 iso8859-6 iso8859-7"
    " iso8859-9 iso8859-13 iso8859-15 cp866 cp855 cp850 cp852 mac-roman mac-cyrillic"
).split()
COMMON = {
    "gb18030": HANZI | KANJI,  # Japanese is written in it, too
    "cp950": HANZI,
    "cp932": KANJI,
    "euc_jp": KANJI,
    "cp949": HANGUL,
}
# Of the characters; and what is added, over the root of their number, for what chance does in a few of them. Texts that
# are read rightly have 0.41 or more, others 0.19 or less.
LEAST_COMMON, CHANCE = 0.3, 0.75
MARGIN = 2.0
LEAST_CHARACTERS = 5  # beyond ASCII; so few are names
LEAST_IN_NAMES, FEWEST_IN_NAMES = 0.2, 2  # of the characters of names, share and number of those that are common
LEAST_SPELLED = 3  # characters beyond ASCII; fewer may be accidents
MOST_ODD = 0.01  # of the characters beyond ASCII; texts have foreign names in them, and brands in mixed case
LEAST_WORDS, LEAST_DIFFERENT = 5, 3  # among the commonest of a language
LEAST_SHARE = 0.05  # of the words
NEAR = 0.5  # a language with half of the hits of another may be what the text is in
MOST_BAD = 0.01  # of the characters; more that cannot be read are no accident

LINE = re.compile(rb"[^\n]+")
TAG = re.compile(r"<[^<>]*>")
WORD = re.compile(r"[^\W\d_]+")
# A sign inside a word that does not join two, and one at its end or beginning that never stands there.
PARTING = "".join(sorted(SIGNS - set("’‘\xad\xa0·–—…")))
GLUED = re.compile(rf"[^\W\d_][{PARTING}][^\W\d_]|[^\W\d_][‚„€£§]|[²³½¼©®™‰×][^\W\d_]")
QUOTES = frozenset("\xa0“”‘’–—…")  # which a text may have that has no other character beyond ASCII
# Neither letters nor rare: punctuation, wide forms of ASCII, kana.
PLAIN = re.compile(
    "[\x00-\x7f\xa0-\xbf×÷\u2000-\u206f\u2190-\u25ff\u3000-\u303f\u3041-\u30ff\uff01-\uff5e\uffe0-\uffe5]"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sample as an encoding has it, and how common its characters are: 1.0 where words are spelled."""

    encoding: str
    text: str
    share: float = 1.0


def sample_of(data: bytes, size: int = SAMPLE) -> bytes:
    """Return lines that are not ASCII, so many bytes of them at most, if one alone is not longer."""
    lines, length = list[bytes](), 0
    for match in LINE.finditer(data):
        if not match[0].isascii():
            lines.append(match[0][: size - length])
            length += len(lines[-1])
            if length >= size:
                break
    return b"\n".join(lines)


def guess(data: bytes) -> str | None:
    """Return the encoding that bytes which are not ASCII are in, or `None` where the evidence is not strong."""
    sample = sample_of(data)
    readings = [*_spelled(sample), *_common(sample)]
    best = max(readings, key=lambda each: each.share, default=None)
    if best is None or any(each.text != best.text and each.share * MARGIN > best.share for each in readings):
        return None
    return next(each.encoding for each in readings if each.text == best.text)


def guess_of_names(data: bytes) -> str | None:
    """Return the encoding of East Asia that a few names are likely to be in, or `None`.

    Names say less than a text, so less is asked of them: some of their characters are common, and far more than in any
    other reading. It is for names that nothing else explains.
    """
    shares = {encoding: share for encoding in COMMON if (share := _share_in_names(data, encoding)) > 0.0}
    best = max(shares, key=lambda each: shares[each], default=None)
    alone = best and all(each == best or share * MARGIN <= shares[best] for each, share in shares.items())
    return best if alone else None


def _share_in_names(data: bytes, encoding: str) -> float:
    try:
        letters = PLAIN.sub("", data.decode(encoding))
    except UnicodeDecodeError:
        return 0.0
    hits = sum(character in COMMON[encoding] for character in letters)
    return hits / len(letters) if hits >= FEWEST_IN_NAMES and hits >= LEAST_IN_NAMES * len(letters) else 0.0


def _common(sample: bytes) -> Iterator[Reading]:
    for encoding, common in COMMON.items():
        text = sample.decode(encoding, "replace")
        share = commonness(text, common | KANA if encoding == "cp932" else common)
        if share > 0.0 and text.count("\ufffd") <= MOST_BAD * len(text) + 1:
            yield Reading(encoding, text, share)


def commonness(text: str, common: frozenset[str]) -> float:
    """Return the share of the characters that are common, or 0.0 where it says nothing."""
    counts = Counter(text)
    hits = sum(counts[character] for character in counts.keys() & common)
    rare = sum(times for character, times in counts.items() if character not in common and not PLAIN.match(character))
    counted = hits + rare
    least = LEAST_COMMON + CHANCE / sqrt(max(counted, 1))
    return hits / counted if counted >= LEAST_CHARACTERS and hits >= least * counted else 0.0


def _spelled(sample: bytes) -> Iterator[Reading]:
    for encoding in SPELLED:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if is_spelled(text):
            yield Reading(encoding, text)


def is_spelled(text: str) -> bool:
    """Return whether a language that is known spells the words of a text that is not ASCII."""
    text = TAG.sub(" ", text)
    beyond = Counter(character for character in text.lower() if character > "\x7f")
    letters, words = beyond.keys() - SIGNS, WORD.findall(text)
    if beyond.total() < LEAST_SPELLED or (not letters and beyond.keys() - QUOTES):
        return False
    most = MOST_ODD * beyond.total() - len(GLUED.findall(text)) - sum(not _is_one_case(word) for word in words)
    languages = _languages(Counter(word.lower() for word in words))
    return any(sum(beyond[letter] for letter in letters - each.letters) <= most for each in languages)


def _is_one_case(word: str) -> bool:
    """Return whether a word is in small letters, with or without a capital, or in capitals; ASCII may be a name."""
    return word.isascii() or word[1:].islower() or word.isupper() or word[1:] == word[1:].lower()


def _languages(counts: Counter[str]) -> Iterable[Language]:
    """Return the languages that the words of a text are likely to be of."""
    shares = {language: _share(language, counts) for language in LANGUAGES}
    least = max(LEAST_SHARE, NEAR * max(shares.values()))
    return [language for language, share in shares.items() if share >= least]


def _share(language: Language, counts: Counter[str]) -> float:
    """Return which share of the words are the commonest of a language, of those in its script; 0.0 for a few."""
    found = counts.keys() & language.words
    hits = sum(counts[word] for word in found)
    latin = any(map(str.isascii, language.words))
    words = sum(times for word, times in counts.items() if latin or not word.isascii())
    return hits / words if hits >= LEAST_WORDS and len(found) >= LEAST_DIFFERENT else 0.0
