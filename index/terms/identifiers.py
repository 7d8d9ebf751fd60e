"""Exact terms: what is only found by itself, as a code, a telephone number, an address or an article of a law.

Each has one normal form, however it is written: KX-2041-B is KX2041B, +49 30 1234567 is 030/1234567. A passage is
read generously, for a number that nobody asks for harms nothing; a question strictly, for it may say how many, how
much or when. Then no exact term is meant: 14,809 workers, 3.5 km, 1998, a 24-yard line.

A change here changes what is indexed, so it raises TERMS_VERSION.
"""

import re
import unicodedata
from collections.abc import Iterator

from index.terms.articles import articles, numbered

# What each kind of term is marked with: a passage is of what it names as a whole or begins with, and only touches what
# it names as part of something longer or refers to.
NAMED, TOUCHED = "X", "x"

# A letter that may stand in a code; scripts without spaces may stand right beside one.
LETTER = r"A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f"
TOKEN = re.compile(rf"(?<![{LETTER}0-9])[{LETTER}0-9]+(?:[-_./][{LETTER}0-9]+)*")
OTHER_DIGIT = re.compile(r"[^\D0-9]")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
JOINT = re.compile(rf"(?<=[{LETTER}])(?:[-_]|\.(?=\d))(?=\w)|(?<=\d)[-_.](?=[{LETTER}])")
# What a language glues to a code: SB0018-based, SB0018-го.
ENDING = re.compile(r"(?<=[\dA-Z])(?:-[a-zа-яё]{2,})+$")
SPACED_CODE = re.compile(r"(?<![\w-])([A-Z]{1,5}) (\d{2,}(?:-[A-Z\d]+)*)(?![\w.,]*\d)")
EMAIL = re.compile(r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
URL = re.compile(r"(?:https?://|www\.)[A-Za-z0-9./?=&%#_~:@+-]*[A-Za-z0-9/]", re.IGNORECASE)
EXTENSIONS = (
    "avi|bak|bat|bmp|bz2|cfg|conf|cpp|css|csv|dll|docx?|dwg|epub|exe|gif|gz|html?|ini|ipynb|iso|jar|java|jpe?g|js|json|"
    "lock|log|md|mp3|mp4|msi|odt|pdf|php|png|pptx?|ps1|py|rar|rs|rtf|sh|sql|svg|tar|tex|tiff?|toml|ts|tsv|txt|wav|webp|"
    "xlsx?|xml|ya?ml|yml|zip"
)
DOMAINS = "com|org|net|edu|gov|info|io|dev|eu|cn|de|fr|uk|jp|ru|nl|ch|at|it|es|pl|kr|in|br|au|ca|us"
FILE = re.compile(rf"\.(?:{EXTENSIONS})$", re.IGNORECASE)
DOTTED = re.compile(rf"\.(?:{EXTENSIONS}|{DOMAINS})$", re.IGNORECASE)
# Groups of digits, which begin as a telephone number does where there are spaces between, or are three long ones.
BY_ITSELF = rf"(?<![{LETTER}0-9_.,+])"
PHONE = re.compile(
    rf"{BY_ITSELF}(?:\+\d{{1,3}}|\(\d{{2,5}}\)|0\d*)(?:[ ./()-]{{1,3}}\d+)+(?![{LETTER}0-9_])"
    rf"|{BY_ITSELF}(?<!-)(?:\d+(?:-\d+)+|(?<!\d )\d{{2,4}}(?: \d{{3,4}}){{2}}(?! ?\d|[.,]\d))(?![{LETTER}0-9_-])"
)
PHONE_DIGITS, SIGNIFICANT = range(7, 16), 9  # without what is dialled before it from elsewhere
VERSION = re.compile(r"\d+(?:\.\d+)+")
OF_VERSION = re.compile(
    r"(?:版本|バージョン|버전|(?<!\w)(?:versions?|versión|versão|версии?|v|ver\.?|release))\s?$", re.IGNORECASE
)

GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)|(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?![\d.])")
DATE = re.compile(
    r"(?<![\w./=-])(?:(?:1\d{3}|20\d\d)([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:1\d|20)\d\d)(?![\w-]|\.\d)"
)
YEAR = re.compile(r"1\d{3}|20\d\d")
LEAST_DIGITS = 3  # of a number that may tell one thing from others
LONGEST = 64  # characters of an identifier
REACH = 30  # characters before a number in which it is said what it is


def exact_terms(text: str) -> Iterator[str]:
    """Yield the exact terms of a passage's search text, each as often as it stands there."""
    text = plain(text)
    for article in articles(text):
        yield (NAMED if article.begins else TOUCHED) + article.form
    yield from (NAMED + form for form in numbered(text))
    for pattern in (EMAIL, URL):
        for match in pattern.finditer(text):
            yield NAMED + address(match[0])
    for match in PHONE.finditer(text):
        for digits in phones(match[0]):
            yield NAMED + phone(digits)
            yield TOUCHED + digits
    for letters, rest in SPACED_CODE.findall(text):
        yield NAMED + form(letters + rest)
    text = DATE.sub(" ", text)
    text = GROUPED.sub(lambda match: re.sub("[.,]", "", match[0]), text)
    for match in TOKEN.finditer(text):
        token = match[0]
        if not token.isalpha():  # as most are, which are words
            yield from _terms_of_token(text, token if token.isdecimal() else ENDING.sub("", token), match.start())


def _terms_of_token(text: str, token: str, start: int) -> Iterator[str]:
    if is_identifier(token) or (VERSION.fullmatch(token) and stands_before(OF_VERSION, text, start)):
        yield NAMED + form(token)
        if token.isdecimal() and len(token) in PHONE_DIGITS:
            yield NAMED + phone(token)
        yield from (TOUCHED + part for part in _parts(token))


def is_identifier(token: str) -> bool:
    """Return whether a token is more than a word or a small number."""
    if len(token) > LONGEST:
        return False
    if token.isdecimal():
        return len(token) >= LEAST_DIGITS or token[0] == "0"
    if any(map(str.isdigit, token)):
        return any(map(str.isalpha, token)) or token.count(".") > 1
    return "_" in token or DOTTED.search(token) is not None


def _parts(token: str) -> Iterator[str]:
    """Yield what a question may call a code for short: its beginnings up to a mark, and the numbers in it."""
    if token.isdecimal():
        return
    for match in re.finditer(r"[-_./]", token):
        if any(map(str.isdigit, token[: match.start()])):
            beginning = form(token[: match.start()])
            if len(beginning) >= LEAST_DIGITS:
                yield beginning
    yield from (digits for digits in re.findall(r"\d+", token) if len(digits) >= LEAST_DIGITS)


def form(token: str) -> str:
    """Return a code in its one form: without case, and without the marks beside its letters."""
    if token.isdecimal():
        return token
    joined = JOINT.sub("", token.casefold()).replace("_", "-")
    return joined[1:] if re.match(r"v\d+\.\d", joined) else joined


def address(text: str) -> str:
    """Return an address of the web or of mail in its one form."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", text.casefold()).rstrip("/")


def phones(text: str) -> Iterator[str]:
    """Yield the digits of a telephone number, and of its beginnings: the cells of a table may follow it."""
    groups = re.findall(r"\d+", text.replace("(0)", ""))[: PHONE_DIGITS.stop]
    if all(map(YEAR.fullmatch, groups)) or DATE.fullmatch(text):
        return
    for end in range(2, len(groups) + 1):
        digits = "".join(groups[:end])
        if len(digits) in PHONE_DIGITS:
            yield digits


def phone(digits: str) -> str:
    """Return the digits of a telephone number in their one form, without what is dialled from elsewhere."""
    return "+" + digits.lstrip("0")[-SIGNIFICANT:]


def plain(text: str) -> str:
    """Return a text in NFKC, with its digits in ASCII and its dashes as hyphens."""
    text = unicodedata.normalize("NFKC", text).translate(DASHES)
    return text if text.isascii() else OTHER_DIGIT.sub(lambda match: str(int(match[0])), text)


def stands_before(pattern: re.Pattern[str], text: str, place: int) -> bool:
    """Return whether what a pattern that ends in `$` describes stands right before a place in a text."""
    return pattern.search(text, max(0, place - REACH), place) is not None
