"""Stretches of a text that nobody reads: pictures and other bytes written in letters, as data URIs, base64 or hex.

They stay in the text, for citations count its characters, and are blank to whatever reads it: a picture of a megabyte
would be thousands of passages that no question finds. What is noise by itself is noise in any text around it, so that
a passage and its document agree.
"""

import re
from collections.abc import Callable, Iterator

# Characters of a data URI that has nobody's words in it; a shorter one is a few numbers of CSS.
SHORTEST_DATA = 64
# Letters and digits in a row without a space, full stop or mark, both among them. No word or name is as long, nor is
# an address between its marks; what may be looked up by itself, a key's fingerprint or a token, is shorter.
SHORTEST_RUN = 200
# Lines of at least so many letters and digits and nothing else, and how many of them: keys, and attachments of mail.
LINE_LETTERS, FEWEST_LINES = 60, 8
# Bytes as two digits each with marks between, as dumps of memory and arrays of programs have them.
FEWEST_BYTES = 128

# What only says that a picture follows: Markdown's brackets, the name of one that is defined, the beginning of a tag.
BEFORE = re.compile(r"(?:!\[\]\(|\[[^\[\]\n]{1,100}\]:[ \t]*<?|<img\b[^<>]{0,200}?\bsrc[ \t]*=[ \t]*[\"']?|[(<\"'])$")
LONGEST_BEFORE = 250
DATA = re.compile(
    r"[Dd][Aa][Tt][Aa]:(?:[\w.+-]+/[\w.+-]+(?:;[\w.=+-]+)*|(?:;[\w.=+-]+)+),"
    rf"[^\s\"'<>()\[\]]{{{SHORTEST_DATA},}}[)>\"']?"
)
LETTERS = "A-Za-z0-9+/=_-"
RUN = re.compile(rf"(?<![{LETTERS}])(?=(?:[+/=_-]*+[A-Za-z0-9]){{{SHORTEST_RUN}}})[{LETTERS}]++")
LINES = re.compile(
    rf"(?:^[ \t>]*+[A-Za-z0-9+/]{{{LINE_LETTERS},}}+={{0,2}}[ \t]*+\n){{{FEWEST_LINES},}}+(?:[ \t>]*+[{LETTERS}]++$)?",
    re.MULTILINE,
)
_BYTE = r"(?:0x|\\x)?[0-9A-Fa-f]{2}"
BYTES = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_BYTE}(?:[ \t\n,:]{{1,6}}|(?=\\x))){{{FEWEST_BYTES},}}+(?:{_BYTE}(?![0-9A-Za-z]))?"
)
HEX_LETTER, DIGIT, LETTER, SEEN = (re.compile(one) for one in ("[A-Fa-f]", "[0-9]", "[A-Za-z]", r"\S"))


def blanked(text: str) -> str:
    """Return a text of the same length with spaces for what nobody reads; its line breaks stay."""
    return _replaced(text, lambda noise: SEEN.sub(" ", noise))


def without_noise(text: str) -> str:
    """Return a text with one space for each stretch that nobody reads."""
    return _replaced(text, lambda _: " ")


def _replaced(text: str, fill: Callable[[str], str]) -> str:
    pieces, done = list[str](), 0
    for start, end in sorted(_noise(text)):
        if end > done:
            start = max(start, done)
            pieces += [text[done:start], fill(text[start:end])]
            done = end
    return "".join([*pieces, text[done:]]) if pieces else text


def _noise(text: str) -> Iterator[tuple[int, int]]:
    """Yield where stretches that nobody reads begin and end; some are parts of others."""
    for match in DATA.finditer(text):
        before = BEFORE.search(text[max(0, match.start() - LONGEST_BEFORE) : match.start()])
        yield match.start() - (len(before[0]) if before else 0), match.end()
    for pattern in (RUN, LINES):
        for match in pattern.finditer(text):
            if DIGIT.search(match[0]) and LETTER.search(match[0]):
                yield match.span()
    for match in BYTES.finditer(text):
        if 4 * len(HEX_LETTER.findall(match[0])) > FEWEST_BYTES:  # else they are numbers
            yield match.span()
