"""What a question looks for, and where it stands in a segment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from index.local.lexical.postings import COUNT_BITS, MOST, Digests, Held, Occurrences, Packed, Words
from index.terms.packing import DIGEST
from index.terms.terms import SOUND, LexicalQuestion, digest_bytes, sound_digest_of

NOWHERE = Occurrences(np.empty(0, dtype=np.uint32), 0.0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question looks for.

    Attributes:
        digests: of all terms that it needs.
        terms: so many of them, the first, count each by itself.
        synonyms: words that count as one term with their shares, each by where its parts stand among the digests.
        sounds: which terms count as one by how they sound.
    """

    digests: Digests
    terms: int
    synonyms: Sequence[Mapping[tuple[int, ...], float]]
    sounds: Sequence[int]


def wanted_by(question: LexicalQuestion) -> Wanted:
    """Return what a question looks for."""
    terms = [term for term in question.terms if not term.startswith(SOUND)]
    at = defaultdict[str, int](count(len(terms)).__next__, {term: place for place, term in enumerate(terms)})
    synonyms = [{tuple(map(at.__getitem__, word)): share for word, share in each.items()} for each in question.synonyms]
    digests = np.frombuffer(b"".join(map(digest_bytes, at)), DIGEST)
    sounds = [sound_digest_of(term) for term in question.terms if term.startswith(SOUND)]
    return Wanted(digests, len(terms), synonyms, sounds)


def occurrences(part: Held, wanted: Wanted) -> list[Occurrences]:
    """Return where what a question looks for stands in a segment: its terms, its synonyms and its sounds."""
    segment = part.segment
    indices = segment.find(wanted.digests)
    found: list[int] = indices.tolist()
    there = frozenset(place for place, index in enumerate(found) if index >= 0)
    words = [_words(found, there, each) for each in wanted.synonyms]
    words += [tuple(((term,), 1.0) for term in segment.find_sounding(sound)) for sound in wanted.sounds]
    starts, ends = segment.starts[indices].tolist(), segment.starts[indices + 1].tolist()
    terms = [
        _term(part, term, start, end) if term >= 0 else NOWHERE
        for term, start, end in zip(found[: wanted.terms], starts, ends, strict=False)
    ]
    return [*terms, *(_remembered(part, each) if each else NOWHERE for each in words)]


def _words(found: Sequence[int], there: frozenset[int], wanted: Mapping[tuple[int, ...], float]) -> Words:
    """Return the words of which all parts are in a segment, by the indices of these, with their shares."""
    words = [(word, share) for word, share in wanted.items() if there.issuperset(word)]
    return tuple((tuple(map(found.__getitem__, word)), share) for word, share in words)


def _term(part: Held, term: int, start: int, end: int) -> Occurrences:
    if part.alive is None:
        return Occurrences(part.segment.postings[start:end], end - start, None, term)
    return _remembered(part, (((term,), 1.0),))


def _remembered(part: Held, words: Words) -> Occurrences:
    if words not in part.known:
        part.known[words] = _together(part, words)
    return part.known[words]


def _together(part: Held, words: Words) -> Occurrences:
    """Return which passages hold any of some words, and how much of them all in all."""
    each = [_word([part.segment.of_term(term) for term in terms]) for terms, _ in words]
    packed = np.concatenate(each) if len(each) > 1 else each[0]
    places = packed >> np.uint32(COUNT_BITS)
    if len(words) == 1 and words[0][1] == 1:
        held = len(places) if part.alive is None else np.count_nonzero(part.alive[places])
        return Occurrences(packed, float(held), None, words[0][0][0] if len(words[0][0]) == 1 else None)
    shares = np.repeat(np.array([share for _, share in words], dtype=np.float32), [len(one) for one in each])
    shares *= packed & MOST
    sums = np.zeros(len(part.segment.keys), dtype=np.float32)
    np.add.at(sums, places, shares)
    places.sort()
    sums = sums[places]
    sums[1:] *= places[1:] != places[:-1]  # of a passage that is there several times, the first says it all
    had = np.minimum(sums, 1) if part.alive is None else np.minimum(sums, 1)[part.alive[places]]
    return Occurrences(places << np.uint32(COUNT_BITS), float(had.sum(dtype=np.float64)), sums)


def _word(parts: Sequence[Packed]) -> Packed:
    """Return which passages hold all parts of a word, and how often the rarest of them."""
    packed, *others = sorted(parts, key=len)
    for other in others:
        places = packed & ~np.uint32(MOST)
        there = other.take(other.searchsorted(places), mode="clip")
        both = there ^ places <= MOST
        packed = np.minimum(packed[both], there[both])
    return packed
