"""Other words for the words of a text.

They are added to the searched form alone, in brackets after the first place where a word stands in it, and never to
a quote.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from corpus.splitting.layout import Layout
from corpus.splitting.lines import UNSPACED
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import FlowText

MOST_ADDED = 200  # characters that are added to a text: a model has not much more room beside a passage

Synonyms = Mapping[str, tuple[str, ...]]
"""The other words for each word, which is folded to one case; a word that has none is left alone wherever it stands."""

NONE: Synonyms = MappingProxyType({})


def synonyms_within(text: str, synonyms: Synonyms) -> Synonyms:
    """Return the synonyms of those words that stand in a document's text."""
    if not synonyms:
        return NONE
    lengths = lengths_of(synonyms)
    found = set[str]()
    layout = Layout(text)
    for flow in layout.flows:
        searched = normalise(FlowText(layout.text, flow.spans).text)
        found.update(word for at in range(len(searched)) for word, _ in _words_at(searched, at, synonyms, lengths))
    return MappingProxyType({word: synonyms[word] for word in sorted(found)})


def with_synonyms(text: str, synonyms: Synonyms, lengths: Sequence[int] | None = None) -> str:
    """Return a text with the other words written after the first place of each word that has some.

    The longest word counts where several begin, and what was added is not looked at again. What would go beyond
    `MOST_ADDED` is left out.

    Args:
        text: in its searched form.
        synonyms: of the document.
        lengths: of its words, the longest first, if they are known; a document has one list for all its passages.
    """
    if not synonyms:
        return text
    lengths = lengths_of(synonyms) if lengths is None else lengths
    seen = set[str]()
    pieces, done, at, room = [], 0, 0, MOST_ADDED
    while at < len(text):
        word, at = next(_words_at(text, at, synonyms, lengths), ("", at + 1))
        others = () if word in seen else synonyms.get(word, ())
        seen.add(word)
        added = f"({', '.join(others)})" if others else ""
        if 0 < len(added) <= room:
            pieces += [text[done:at], added]
            done, room = at, room - len(added)
    return "".join([*pieces, text[done:]])


def lengths_of(synonyms: Synonyms) -> list[int]:
    """Return how long the words are that have others, each length once, the longest first."""
    return sorted(set(map(len, synonyms)), reverse=True)


def _words_at(text: str, start: int, synonyms: Synonyms, lengths: Sequence[int]) -> Iterator[tuple[str, int]]:
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
