"""A question of another language in the words of Chinese passages, to be compared with them beside the question itself.

Word by word, as the glosses under the lines of a foreign text: names as the passages write them, by their sound; of all
translations of a word the one that the passages have, and where they have none the word itself; at the end what is
asked for. A model that reads both languages finds such a gloss nearer to the passages than the question.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log1p

from corpus.language import detect_language
from index.terms.dictionary import Translation
from index.terms.foreign import translations
from index.terms.names import IDEOGRAPHS
from index.terms.pinyin import readings, syllable, without_diacritics
from index.terms.small_words import small_words

PIECE = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)*")
HAN_RUN = re.compile(f"[{IDEOGRAPHS}]+")
BETWEEN_HAN = re.compile(f"(?<=[{IDEOGRAPHS}]) (?=[{IDEOGRAPHS}])")
# What a question asks for, by the word it asks with; the first that it has counts.
ASKED = (
    (r"how (?:many|much|long|old|far)|wie ?viele?|cu[aá]nt[oa]s?|combien|quant[ei]|quantos", "多少"),
    (r"when|what (?:year|date|day)|wann|cu[aá]ndo|quand|quando", "什么时候"),
    (r"where|wo|woher|wohin|d[oó]nde|où|dove|onde", "哪里"),
    (r"why|warum|wieso|weshalb|por qu[eé]|pourquoi|perché|por que", "为什么"),
    (r"who|whom|whose|wer|wen|wem|wessen|qui[eé]n(?:es)?|qui|chi|quem", "谁"),
    (r"how|wie|c[oó]mo|comment|come|como", "怎么"),
    (r"which|welche[rsnm]?|cu[aá]l(?:es)?|quel(?:le)?s?|quale|qual", "哪个"),
    (r"what|was|qu[eé]|que|quoi|cosa|o que", "什么"),
)
ASKING = re.compile(rf"\b(?:{'|'.join(f'({words})' for words, _ in ASKED)})\b", re.IGNORECASE)
WRITTEN_IN_HAN = ("zh", "ja")  # and without spaces, so that there is no word by word
CHINESE_SHARE = 0.25  # of a passage's letters; others name something in Chinese, and are not
LONGEST = 400  # code points

Span = tuple[int, int]
Piece = tuple[str, float]  # what is said, and how surely it is Chinese for what the question says there
LookUp = Callable[[str, str], Iterable[Translation]]


@dataclass(frozen=True, slots=True)
class Gloss:
    """A question in the words of passages.

    Attributes:
        text: the gloss, at most `LONGEST` code points; empty where there is none.
        coverage: how many of the question's words it has in Chinese, each by the share of its translation, 0 to 1.
    """

    text: str
    coverage: float


NO_GLOSS = Gloss("", 0.0)


def gloss(question: str, texts: Sequence[str], look_up: LookUp = translations) -> Gloss:
    """Return a question in the words of some passages; none if it is in Chinese, or these are not.

    Args:
        question: in any language.
        texts: what is searched of the passages that were found first.
        look_up: what the words of a question in a language may be in Chinese.
    """
    language = detect_language(question)
    passages = [] if language in WRITTEN_IN_HAN else list(filter(None, map(_in_chinese, texts)))
    if not passages:
        return NO_GLOSS
    question = unicodedata.normalize("NFKC", question)
    known = {(each.start, each.end): best for each in look_up(question, language) if (best := _best(each, passages))}
    known |= dict(_names(question, passages))
    pieces = _pieces(question, small_words(language), known)
    shares = [share for piece, share in pieces if piece[-1].isalpha()]
    if not any(shares):
        return NO_GLOSS
    said = " ".join([*(piece for piece, _ in pieces), _asked(question)])
    return Gloss(BETWEEN_HAN.sub("", said)[:LONGEST].strip(), sum(shares) / len(shares))


def _in_chinese(text: str) -> str:
    """Return the Chinese of a text with what is between left out; nothing where most of it is not Chinese."""
    runs = HAN_RUN.findall(text)
    han = sum(map(len, runs))  # letters are counted only where that tells more than the length
    return "/".join(runs) if han >= CHINESE_SHARE * len(text) or han >= CHINESE_SHARE * _letters(text) else ""


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _pieces(question: str, small: Set[str], known: Mapping[Span, Piece]) -> list[Piece]:
    """Return the words and numbers of a question, without its small words, in Chinese where they are known."""
    pieces, covered = dict[int, Piece](), set[int]()
    for start, end in sorted(known, key=lambda span: (span[0], -span[1])):
        if covered.isdisjoint(range(start, end)):
            pieces[start] = known[start, end]
            covered.update(range(start, end))
    for match in PIECE.finditer(question):  # of a word that is known in part, the rest is an article or an ending
        if covered.isdisjoint(range(*match.span())) and without_diacritics(match[0].lower()) not in small:
            pieces[match.start()] = match[0], 0.0
    return [pieces[start] for start in sorted(pieces)]


def _best(translation: Translation, passages: Sequence[str]) -> Piece | None:
    """Return the translation that passages have, rather one of few passages than of many, and its share."""
    held = {word: sum(word in passage for passage in passages) for word in translation.shares}
    worth = {word: translation.shares[word] * log1p(len(passages) / count) for word, count in held.items() if count}
    best = max(worth, key=worth.__getitem__, default=None)
    return None if best is None else (best, translation.shares[best])


def _names(question: str, passages: Sequence[str]) -> Iterator[tuple[Span, Piece]]:
    """Yield the names in a question as passages write them, and where they stand."""
    spelled = list(_spelled(question))
    sounds = [[syllable(character) for character in passage] for passage in passages] if spelled else []
    for span, name in spelled:
        heard = Counter(
            passage[place : place + len(name)]
            for passage, own in zip(passages, sounds, strict=True)
            for place, sound in enumerate(own)
            if sound == name[0] and own[place : place + len(name)] == name
        )
        if heard:
            yield span, (heard.most_common(1)[0][0], 1.0)


def _spelled(question: str) -> Iterator[tuple[Span, list[str]]]:
    """Yield where names stand that can be read as pinyin, and their syllables: capitalised words and pairs of them."""
    before: tuple[int, int, list[str]] | None = None
    for match in PIECE.finditer(question):
        read = readings(match[0].casefold()) if match[0][0].isupper() else []
        if not read:
            before = None
            continue
        for each in read:
            if len(each) > 1:
                yield match.span(), each
            if before is not None and before[1] + 1 == match.start():
                yield (before[0], match.end()), before[2] + each
        before = (match.start(), match.end(), read[0])


def _asked(question: str) -> str:
    match = ASKING.search(question)
    return ASKED[match.lastindex - 1][1] if match and match.lastindex else ""
