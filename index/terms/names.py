"""Names as directories, tables and lists have them: 郑霞 between two commas, two capitalised words side by side.

Who is asked for by name is found by all of it, for its parts are shared with others of the same list. Names in prose
are left to other words: what is said of Luther may well stand where only Martin Luther's book is named.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

NAME = "="  # what the form of such a term begins with
IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff"  # for a set in a pattern
SHORTEST, LONGEST = 2, 4  # characters of a Chinese name
ENTRY = re.compile(rf"(?<![{IDEOGRAPHS}])[{IDEOGRAPHS}]{{{SHORTEST},{LONGEST}}}(?![{IDEOGRAPHS}])")
RUN = re.compile(rf"[{IDEOGRAPHS}]{{{SHORTEST},}}")
WORD = re.compile(rf"(?:(?![{IDEOGRAPHS}])[^\W\d_])+(?:['’-](?:(?![{IDEOGRAPHS}])[^\W\d_])+)*")
# Of a list: so many entries at least, which have so much of its letters. In directories these are .75 to 1, in prose
# that is full of names half.
FEWEST, MOSTLY = 6, 2 / 3
MOST_ASKED = 400  # of a question's longest, which names few


def names(text: str) -> Iterator[str]:
    """Yield the forms of the names in a passage that is hardly anything but a list, each as often as it stands there.

    Args:
        text: its search text in NFKC and simplified.
    """
    entries = ENTRY.findall(text)
    pairs = [pair for pair in _side_by_side(text) if all(map(_is_capitalised, pair))]
    if len(entries) + len(pairs) < FEWEST:
        return
    words = WORD.findall(text)
    short = sum(map(len, entries)) + sum(len(word) for word in words if _is_capitalised(word))
    whole = sum(map(len, re.findall(f"[{IDEOGRAPHS}]+", text))) + sum(map(len, words))
    if short >= MOSTLY * whole:
        yield from (NAME + entry for entry in entries)
        yield from (f"{NAME}{first} {second}".casefold() for first, second in pairs)


def asked_names(text: str) -> list[str]:
    """Return the forms of all that a question may name, in whatever case, each once."""
    found = dict.fromkeys(f"{NAME}{first} {second}".casefold() for first, second in _side_by_side(text))
    for match in RUN.finditer(text):
        for length in range(SHORTEST, LONGEST + 1):
            found |= dict.fromkeys(
                NAME + match[0][start : start + length] for start in range(len(match[0]) - length + 1)
            )
    return list(found)[:MOST_ASKED]


def _side_by_side(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words that have a space between them and nothing else."""
    for first, second in pairwise(WORD.finditer(text)) if " " in text else ():
        if text[first.end() : second.start()] == " ":
            yield first[0], second[0]


def _is_capitalised(word: str) -> bool:
    return len(word) > 1 and word[0].isupper()
