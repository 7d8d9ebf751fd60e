"""Whether two texts are the same words: what differs is looked at word by word, and has to be shown to be harmless.

Nothing is known here of what a word means, so there is no list of denials, numerals, units or names to be incomplete:
a word that was put in, left out or replaced makes another text, unless it is a small word or a synonym that the
document was given. A slip of the pen is another word, too, as scarred is for scared. Of two mistakes the lesser is
made: a reprint that is taken for another text is shown twice, while a text that is taken for a reprint hides what it
says.
"""

from collections.abc import Iterator, Set
from itertools import pairwise

from index.ranking.small_words import ALIKE, COUNTED, SMALL
from index.ranking.tokens import MARKS, UNSPACED, Words
from index.ranking.wording import Synonym, Wording

MOST_CHANGES = 100  # that are looked at: a reprint has a few, and what is made to have many is not searched for long
CHANGING = SMALL.union(*ALIKE)  # words that may come, go or stand for each other
HEADLINE = 3  # words that a headline has, and a mere label (Visitors, Dosage) has not


def unchanging(body: Words) -> Words:
    """Return the words of a body that no harmless change touches, unless they have synonyms.

    Where these differ, two passages are not the same words.
    """
    return tuple(word for word in body if word not in CHANGING)


def same_wording(one: Wording, other: Wording) -> bool:
    """Return whether two passages are the same words, but for what a reprint changes."""
    synonyms = one.synonyms | other.synonyms
    if not _all_harmless(one.body, other.body, synonyms):
        return False
    frames = ((one.dateline, other.dateline), (one.notice, other.notice), (one.years, other.years))
    if not all(not left or not right or _all_harmless(left, right, synonyms) for left, right in frames):
        return False
    return _all_harmless(one.head, other.head, synonyms) or _same_subject(one, other)


def _same_subject(one: Wording, other: Wording) -> bool:
    """Return whether different headings leave two texts of one body about the same.

    They do where the body has the words by which they differ, which marks alone are not, and where one is missing or
    both are headlines, no labels, of which more differs than not. For a headline tells what the text tells, while the
    name of a medicine above its leaflet may be told nowhere else, and a word exchanged in a heading is what the heading
    is about.
    """
    told: set[str | tuple[str, str]] = {*one.body, *pairwise(one.body)}
    left, right = (tuple([word for word in each.head if word not in MARKS]) for each in (one, other))
    if left == right:
        return False
    for ours, theirs in ((left, right), (right, left)):
        own = [place for place, word in enumerate(ours) if word not in theirs and word not in SMALL]
        if ours and theirs and (_length(ours) < HEADLINE or 0 < 2 * len(own) < len(ours)):
            return False
        if not all(_is_told(ours, place, told) for place in own):
            return False
    return True


def _length(words: Words) -> float:
    """Return of how many words a heading is, a Chinese one of three characters."""
    return sum(1 / 3 if UNSPACED.match(word) else 1 for word in words)


def _is_told(head: Words, place: int, told: Set[str | tuple[str, str]]) -> bool:
    """Return whether a body has a word of a heading, a character of Chinese with one beside it."""
    if not UNSPACED.match(head[place]):
        return head[place] in told
    return any(pair in told for pair in pairwise(head[max(0, place - 1) : place + 2]))


def _all_harmless(one: Words, other: Words, synonyms: Set[Synonym]) -> bool:
    """Return whether a text becomes another by harmless changes alone; the first that is not decides."""
    waiting, changes = [(0, 0)], set[tuple[int, int]]()
    while waiting and len(changes) < MOST_CHANGES:
        at, place = waiting.pop()
        while at < len(one) and place < len(other) and one[at] == other[place]:
            at, place = at + 1, place + 1
        if at == len(one) and place == len(other):
            return True
        if (at, place) not in changes:
            changes.add((at, place))
            steps = [
                *_synonym_steps(one, at, other, place, synonyms),
                *_harmless_steps(one[at : at + 2], other[place : place + 2]),
            ]
            waiting += [(at + left, place + right) for left, right in steps]
    return False


def _harmless_steps(one: Words, other: Words) -> Iterator[tuple[int, int]]:
    """Yield how many words of two texts may be passed over where they begin to differ, the likeliest last."""
    if _is_small(one):
        yield 1, 0
    if _is_small(other):
        yield 0, 1
    if one and other and _alike(one[0], other[0]):
        yield 1, 1


def _synonym_steps(one: Words, at: int, other: Words, place: int, synonyms: Set[Synonym]) -> Iterator[tuple[int, int]]:
    """Yield the like where a word and one that was given for it stand; they may begin with the same characters."""
    for word, given in synonyms:
        for left, right in ((word, given), (given, word)):
            for back in range(min(at, place, len(left), len(right)) + 1):
                start, begin = at - back, place - back
                if one[start : start + len(left)] == left and other[begin : begin + len(right)] == right:
                    yield len(left) - back, len(right) - back


def _is_small(words: Words) -> bool:
    """Return whether the first of some words is a small one; "a few" are not few."""
    return bool(words) and words[0] in SMALL and not (words[0] == "a" and COUNTED.intersection(words[1:2]))


def _alike(one: str, other: str) -> bool:
    """Return whether two words may stand for each other."""
    return (one in SMALL and other in SMALL) or any(one in words and other in words for words in ALIKE)
