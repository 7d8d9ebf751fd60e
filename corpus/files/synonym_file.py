"""The `synonyms.txt` beside documents, in the form search engines read: which words may stand for which.

`a, b, c` says that each of them may stand for the others, `a, b => c` that a and b may stand for c, and a line that
begins with `#` is a comment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.decoding import decode, read_bytes
from corpus.splitting.search_text import normalise
from corpus.splitting.synonyms import NONE, Synonyms

SYNONYMS_FILE = "synonyms.txt"
FILE_LIMIT = 1_000_000  # bytes; all lists of a language's synonyms that are of use are shorter
MOST_WORDS = 20  # of a line: what stands for one of them is added in each place
LONGEST_WORD = 50  # characters
MOST_MISTAKES = 5  # that are told at a time

COMMENT = ("#", "＃")
# Commas and arrows after which words begin, unless a backslash stands before them.
COMMA, ARROW = re.compile(r"(?<!\\),"), re.compile(r"(?<!\\)=>")
ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class SynonymFile:
    """What a file says, and its lines that say nothing, each with its number and the reason."""

    synonyms: Synonyms = field(default_factory=lambda: NONE)
    mistakes: tuple[str, ...] = ()


def read_synonyms(folder: Path) -> SynonymFile:
    """Return what the `synonyms.txt` of a folder says; nothing where there is none.

    Lines with mistakes are passed over, and so is a file that cannot be read: documents are worth more than synonyms.
    """
    path = folder / SYNONYMS_FILE
    if not path.is_file():
        return SynonymFile()
    try:
        data = read_bytes(path)
        if len(data) > FILE_LIMIT:
            raise UnreadableFile(f"{SYNONYMS_FILE}: {len(data):,} bytes are more than {FILE_LIMIT:,}; shorten it")
        return parse_synonyms(decode(data, SYNONYMS_FILE))
    except UnreadableFile as error:
        return SynonymFile(mistakes=(str(error).removeprefix(f"{SYNONYMS_FILE}: "),))


def parse_synonyms(text: str) -> SynonymFile:
    """Return what the lines of a text say."""
    synonyms: dict[str, dict[str, None]] = {}
    mistakes = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith(COMMENT):
            continue
        try:
            for word, others in _read_line(line):
                synonyms.setdefault(word.casefold(), {}).update(dict.fromkeys(others))
        except InvalidInput as error:
            mistakes.append(f"line {number}: {error}")
    more = len(mistakes) - MOST_MISTAKES
    if more > 0:
        mistakes[MOST_MISTAKES:] = [f"and {more} more lines"]
    return SynonymFile({word: tuple(others) for word, others in sorted(synonyms.items())}, tuple(mistakes))


def _read_line(line: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the words of a line, each with the others that it may stand for."""
    sides = [_words(side) for side in ARROW.split(normalise(line))]
    if len(sides) > 2:
        raise InvalidInput("=> stands in it more than once; write one line for each")
    words, others = sides[0], sides[-1]
    if len(sides) == 1 and len(words) == 1:
        raise InvalidInput(f"{words[0]!r} stands alone; write two words with a comma or => between them")
    if len(words) > MOST_WORDS or len(others) > MOST_WORDS:
        raise InvalidInput(f"it has more than {MOST_WORDS} words; make it several lines")
    for word in words:
        yield word, [other for other in others if other.casefold() != word.casefold()]


def _words(side: str) -> list[str]:
    """Return the words between the commas of one side of a line, in their searched form."""
    words = [ESCAPED.sub(r"\1", word).strip() for word in COMMA.split(side)]
    for word in words:
        if not word:
            raise InvalidInput("a word is missing before or after a comma or =>")
        if not any(map(str.isalnum, word)):
            raise InvalidInput(f"{word[:20]!r} has no letter or digit")
        if len(word) > LONGEST_WORD:
            raise InvalidInput(f"{word[:20]!r}… has {len(word)} characters; a word has at most {LONGEST_WORD}")
    return words
