"""A question of another language in the words of Chinese passages, to be compared with them beside the question itself.

Word by word, as the glosses under the lines of a foreign text: names as the passages write them, by their sound; of all
translations of a word the one that the passages have, and where they have none the word itself; at the end what is
asked for. A
model that reads both languages finds such a gloss nearer to the passages than the question.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log1p

from corpus.language import LATIN, detect_language
from index.terms.dictionary import Translation, translations
from index.terms.pinyin import readings, syllable, without_diacritics
from index.terms.small_words import small_words

PIECE = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)*")
HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
HAN_RUN = re.compile(rf"{HAN}+")
BETWEEN_HAN = re.compile(rf"(?<={HAN}) (?={HAN})")
MONTHS = {
    month: f"{number}月"
    for number, month in enumerate(
        "January February March April May June July August September October November December".split(), 1
    )
}
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
LONGEST = 400  # code points

Span = tuple[int, int]
LookUp = Callable[[str, str], Iterable[Translation]]


@dataclass(frozen=True, slots=True)
class Gloss:
    """A question in the words of passages.

    Attributes:
        text: the gloss, at most `LONGEST` code points; empty where there is none.
        coverage: how many of the question's words it has in Chinese, 0 to 1.
    """

    text: str
    coverage: float


NO_GLOSS = Gloss("", 0.0)


def gloss(question: str, texts: Sequence[str], look_up: LookUp = translations) -> Gloss:
    """Return a question in the words of some passages; none if it is in Chinese, or these are not.

    Args:
        question: in any language; there are glosses of those in Latin script.
        texts: what is searched of the passages that were found first.
        look_up: what the words of a question in a language may be in Chinese.
    """
    language = detect_language(question)
    passages = ["/".join(HAN_RUN.findall(text)) for text in texts]
    if language not in (*LATIN, "und") or not any(passages):
        return NO_GLOSS
    known = {(each.start, each.end): word for each in look_up(question, language) if (word := _best(each, passages))}
    pieces = list(_pieces(question, small_words(language), known | dict(_names(question, passages))))
    words = [piece for piece in pieces if piece[-1].isalpha()]
    covered = sum(HAN_RUN.search(piece) is not None for piece in words)
    if not covered:
        return NO_GLOSS
    return Gloss(BETWEEN_HAN.sub("", " ".join([*pieces, _asked(question)]))[:LONGEST].strip(), covered / len(words))


def _pieces(question: str, small: Set[str], known: Mapping[Span, str]) -> Iterator[str]:
    """Yield the words and numbers of a question, without its small words, in Chinese where they are known."""
    end = 0
    for match in PIECE.finditer(question):
        month = MONTHS.get(match[0])
        if match.start() < end or (month is None and without_diacritics(match[0].lower()) in small):
            continue
        start, end = max((span for span in known if span[0] == match.start()), default=match.span())
        yield month or known.get((start, end), match[0])


def _best(translation: Translation, passages: Sequence[str]) -> str | None:
    """Return the translation that passages have, rather one of few passages than of many."""
    held = {word: sum(word in passage for passage in passages) for word in translation.shares}
    worth = {word: translation.shares[word] * log1p(len(passages) / count) for word, count in held.items() if count}
    return max(worth, key=worth.__getitem__, default=None)


def _names(question: str, passages: Sequence[str]) -> Iterator[tuple[Span, str]]:
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
            yield span, heard.most_common(1)[0][0]


def _spelled(question: str) -> Iterator[tuple[Span, list[str]]]:
    """Yield where names stand that can be read as pinyin, and their syllables: capitalised words and pairs of them."""
    before: tuple[int, int, list[str]] | None = None
    for match in PIECE.finditer(question):
        read = readings(match[0].casefold()) if match[0][0].isupper() else []
        if not read:
            before = None
            continue
        if len(read[0]) > 1:
            yield match.span(), read[0]
        if before is not None and before[1] + 1 == match.start():
            yield (before[0], match.end()), before[2] + read[0]
        before = (match.start(), match.end(), read[0])


def _asked(question: str) -> str:
    match = ASKING.search(question)
    return ASKED[match.lastindex - 1][1] if match and match.lastindex else ""
