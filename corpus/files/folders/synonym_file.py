"""The `synonyms.txt` beside documents, in the form search engines read: which words may stand for which.

`a, b, c` says that each of them may stand for the others, `a, b => c` that a and b may stand for c, and a line that
begins with `#` is a comment.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.folders.side_file import read_side_file
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
    """What a file says, its mistakes, and whether it can be read at all.

    What stands in a line with a mistake is not repeated: its number and the kind of mistake are enough to find it.
    """

    synonyms: Synonyms = field(default_factory=lambda: NONE)
    mistakes: tuple[str, ...] = ()
    readable: bool = True


def read_synonyms(folder: Path, root: Path) -> SynonymFile:
    """Return what the `synonyms.txt` of a folder says; nothing where there is none.

    Lines with mistakes are passed over. Where the file cannot be read, documents are indexed all the same, for they
    are worth more than synonyms, but none of those that are known is forgotten.

    Args:
        folder: where it is.
        root: the folder that it must be in if it is a link.
    """
    try:
        text = read_side_file(folder / SYNONYMS_FILE, root, FILE_LIMIT)
    except UnreadableFile as error:
        return SynonymFile(NONE, (str(error).removeprefix(f"{SYNONYMS_FILE}: "),), readable=False)
    return SynonymFile() if text is None else parse_synonyms(text)


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
        raise InvalidInput("a word stands alone; write two words with a comma or => between them")
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
            raise InvalidInput("a word has no letter or digit")
        if len(word) > LONGEST_WORD:
            raise InvalidInput(f"a word has {len(word)} characters; it has at most {LONGEST_WORD}")
    return words
