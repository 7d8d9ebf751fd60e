"""The words of a text, its numbers with their signs, and its marks, each in the one form in which texts are compared.

White space, quotes and bullets are nothing. What else is no letter and no digit is a token, so that two texts that
differ in it differ: a symbol (an arrow, a currency, an emoji, the # of C#) is itself, as is a sign beside a digit, and
any other mark of punctuation is one of three: what asks, what ends a sentence, and what parts its words, as a comma, a
colon, a bracket or a dash does.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from corpus.splitting.hidden import without_hidden
from corpus.splitting.search_text import MISUSED_DECIMAL
from index.ranking.small_words import SPELLINGS
from index.terms.simplified import simplifier

Words = tuple[str, ...]

# A letter of a script with spaces, or a mark without which such a script cannot be read; no digit, no ideograph.
IDEOGRAPH = "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
LETTER = rf"(?:(?!{IDEOGRAPH})[^\W\d_]|[\u0300-\u036f\u0900-\u0963\u0966-\u109f\u1780-\u17ff])"
BEFORE = r"\s?[^\w\s]?\s?\d"  # a number, perhaps with a currency or a decimal point
TOKEN = re.compile(
    rf"""(?P<sign>
        -(?={BEFORE})|(?<!\S)-(?=\w)|(?<=\d)-        # a minus, a range
        |[(\[](?={BEFORE})                           # which makes a sum a loss in accounts, or a number a note's
        |(?<=\d)["'!·]|(?<!\w)!(?=\w)               # feet and inches, products, factorials, the "not" of programs
        |(?<!\w)[:;=]-?[()]                         # a face
    )
    |{IDEOGRAPH}
    |(?:(?<![^\s(<>≤≥=~±+$€£¥-])[.,])?\d+(?:[.,:/]\d+)*  # a number, decimals, a time, a fraction
    |[ldLD]'(?={LETTER})                             # what French leaves of an article
    |{LETTER}+(?:['-]{LETTER}+)*
    |[^\w\s]""",
    re.VERBOSE,
)
UNSPACED = re.compile(IDEOGRAPH)
ARTICLE = re.compile(r"(?:^|(?<=[.!?;] )|(?<=\"))A(?= [a-z])")  # which begins a sentence, unlike the letter of Class A
TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof)\.")  # with a full stop that ends no sentence

# How a mark is written, where that says nothing.
FORMS = str.maketrans("’‘‚‹›“”„«»「」『』〝〞‐‑⁄〜・٫٬", "'''''" + '"' * 11 + "--/~·.,")
NOTHING = frozenset("\"'《》〈〉•·‧¿¡\ufe0e\ufe0f")
ASK, STOPS = frozenset("?؟՞፧"), frozenset(".!;。؛۔।॥።")
SIGNS = frozenset("#%&@*/\\§†‡‰′″")  # which are punctuation to Unicode
MARKS = (",", "、", ".", "?")
"""Of marks in a row the last in this order is told."""

LONG_DASH = re.compile(rf"[–—―−](?={BEFORE})|(?<=\d)[–—―−]")
EMPHASIS = re.compile(r"(?<![0-9A-Za-z])\*\*|\*\*(?![0-9A-Za-z])|__|`")
LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}|>+|[-*+•])[ \t]+(?=[\"'(*_]*[^\W\d_])", re.MULTILINE)  # "- 5" may be a minus
SLANTED = re.compile(r"(?<![\w*])\*(?=[^\W\d_])([^*\n]+)(?<=[^\W\d_])\*(?![\w*])")
UNWRITTEN = re.compile("[\u064b-\u065f\u0670\u0640\u0591-\u05c7\u00ad\u200b-\u200f]")  # vowels of Arabic and Hebrew
CLAUSE_COMMA = re.compile(r"(?<=[0-9])，(?=[0-9])")  # which NFKC makes one of a number
GREEK_ASK = re.compile("(?<=[\u0370-\u03ff\u1f00-\u1fff]);")
GAP = re.compile("(?<=\\d)[\u00a0\u2009\u202f'’](?=\\d{3}(?!\\d))")  # between thousands, hardly between two numbers
# Thousands in groups that no decimal comma can be: two of them, one before a decimal point, one in Chinese.
GROUPED = re.compile(rf"(?<![\d.,])[1-9]\d{{0,2}}(?:(?:,\d{{3}}){{2,}}(?![\d,])|,\d{{3}}(?=\.\d|\s?{IDEOGRAPH}))")
_LONGEST_FIRST = sorted(map(re.escape, SPELLINGS), key=len, reverse=True)
SPELLING = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(filter(str.isascii, _LONGEST_FIRST))})"
    f"|{'|'.join(key for key in _LONGEST_FIRST if not key.isascii())}",
    re.IGNORECASE,
)


def written(text: str) -> str:
    """Return a text with what may be written in several ways in one: widths, scripts, dashes, spellings."""
    text = CLAUSE_COMMA.sub("， ", UNWRITTEN.sub("", without_hidden(text)))
    text = LONG_DASH.sub("-", GAP.sub("", text).translate(_apart()))
    text = unicodedata.normalize("NFKC", MISUSED_DECIMAL.sub(".", text)).translate(FORMS).translate(simplified())
    text = SLANTED.sub(r"\1", EMPHASIS.sub("", LINE_MARK.sub("", text))).replace("|", " ")
    text = GROUPED.sub(lambda match: match[0].replace(",", ""), GREEK_ASK.sub("?", " ".join(text.split())))
    return TITLE.sub(r"\1 ", SPELLING.sub(lambda match: SPELLINGS[match[0].lower()], text))


def tokens(text: str) -> Words:
    """Return what a text in its written form is made of, without marks before it and but for "?" after it."""
    found: list[str] = []
    for match in TOKEN.finditer(ARTICLE.sub("a", text)):
        token = match["sign"] or _token(match[0])
        if token in MARKS and found and found[-1] in MARKS:
            found[-1] = max(token, found[-1], key=MARKS.index)
        elif token == "?" or (token and (found or token not in MARKS)):
            found.append(token)
    if found and found[-1] in MARKS and found[-1] != "?":
        found.pop()
    return tuple(found)


def _token(word: str) -> str:
    """Return a word, a number or a mark in its one form, empty if it is nothing; the A of Class A stays a capital."""
    if word[0] in ".," and len(word) > 1:
        return f"0{word}"
    if len(word) > 1:
        return word.lower()  # unlike casefold, which has one form for Maßen and Massen
    return word if word.isalnum() else _mark(word)


@cache
def _mark(mark: str) -> str:
    """Return what a character that is no letter and no digit is."""
    kind = unicodedata.category(mark)
    if mark in NOTHING or kind in ("Cf", "Cc"):
        return ""
    if kind[0] != "P" or mark in SIGNS or mark == "、":
        return mark
    return "?" if mark in ASK else "." if mark in STOPS else ","


@cache
def _apart() -> Mapping[int, str]:
    """Return what to write for characters that NFKC would make digits of the number before: 10⁵, 2½, 5①, and xⁿ."""
    found = {}
    for code in range(0x80, 0x20000):
        form = unicodedata.decomposition(chr(code))
        plain = unicodedata.normalize("NFKC", chr(code)) if form.startswith("<") else ""
        raised = form.startswith("<super>")
        if raised or (not chr(code).isdecimal() and any(map(str.isdigit, plain))):
            found[code] = f" ^{plain} " if raised else f" {plain} "
    return found


@cache
def simplified() -> Mapping[int, int]:
    """Return the simplified form of each Chinese character that has one."""
    characters = "".join(map(chr, range(0x3400, 0xA000)))
    plain = simplifier().convert("\n".join(characters)).split("\n")
    return {ord(one): ord(other) for one, other in zip(characters, plain, strict=True) if one != other}
