"""Other words for the words of a text, from a `synonyms.txt` beside the documents, in the form search engines read.

`a, b, c` says that each of them may stand for the others, `a, b => c` that a and b may stand for c, and a line that
begins with `#` is a comment. The other words are added to the searched form alone, in brackets after the first
place where a word stands in it, and never to a quote.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.decoding import decode, read_bytes
from corpus.splitting.layout import read_layout
from corpus.splitting.lines import UNSPACED
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import FlowText

SYNONYMS_FILE = "synonyms.txt"
FILE_LIMIT = 1_000_000  # bytes; all lists of a language's synonyms that are of use are shorter
MOST_WORDS = 20  # of a line: what stands for one of them is added in each place
LONGEST_WORD = 50  # characters
MOST_ADDED = 200  # characters that are added to a text: a model has not much more room beside a passage
MOST_MISTAKES = 5  # that are told at a time

COMMENT = ("#", "＃")
# Commas and arrows after which words begin, unless a backslash stands before them.
COMMA, ARROW = re.compile(r"(?<!\\),"), re.compile(r"(?<!\\)=>")
ESCAPED = re.compile(r"\\(.)")

Synonyms = Mapping[str, tuple[str, ...]]
"""The other words for each word, which is folded to one case; a word that has none is left alone wherever it stands."""

NONE: Synonyms = MappingProxyType({})


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


def synonyms_within(text: str, synonyms: Synonyms) -> Synonyms:
    """Return the synonyms of those words that stand in a document's text."""
    if not synonyms:
        return NONE
    lengths = _lengths(synonyms)
    found = set[str]()
    for flow in read_layout(text):
        searched = normalise(FlowText(text, flow.spans).text)
        found.update(word for at in range(len(searched)) for word, _ in _words_at(searched, at, synonyms, lengths))
    return MappingProxyType({word: synonyms[word] for word in sorted(found)})


def with_synonyms(text: str, synonyms: Synonyms) -> str:
    """Return a text with the other words written after the first place of each word that has some.

    The longest word counts where several begin, and what was added is not looked at again. What would go beyond
    `MOST_ADDED` is left out.

    Args:
        text: in its searched form.
        synonyms: of the document.
    """
    if not synonyms:
        return text
    lengths = _lengths(synonyms)
    waiting = {word: f"({', '.join(others)})" for word, others in synonyms.items() if others}
    pieces, done, at, room = [], 0, 0, MOST_ADDED
    while at < len(text):
        word, at = next(_words_at(text, at, synonyms, lengths), ("", at + 1))
        added = waiting.pop(word, "")
        if 0 < len(added) <= room:
            pieces += [text[done:at], added]
            done, room = at, room - len(added)
    return "".join([*pieces, text[done:]])


def _lengths(synonyms: Synonyms) -> list[int]:
    return sorted(set(map(len, synonyms)), reverse=True)


def _words_at(text: str, start: int, synonyms: Synonyms, lengths: list[int]) -> Iterator[tuple[str, int]]:
    """Yield the words that begin at a place of a text, the longest first, and where they end."""
    for length in lengths:
        word, end = text[start : start + length].casefold(), min(start + length, len(text))
        if word in synonyms and not _inside_word(text, start) and not _inside_word(text, end):
            yield word, end


def _inside_word(text: str, place: int) -> bool:
    """Return whether a place is inside a word or number of a script that puts spaces between words."""
    return 0 < place < len(text) and all(
        character.isalnum() and not UNSPACED.match(character) for character in text[place - 1 : place + 1]
    )


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
