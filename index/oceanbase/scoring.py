"""BM25 of some passages by the formula, from their terms; how many hold what is looked for is known or estimated.

What counts as one term may be several words, and a word several terms: translations, and pairs of characters that sound
alike. How many passages hold each term is counted exactly; how many hold any of several words, or all parts of one, is
estimated among those that are looked at. Where these are all that hold one of its terms, that is exact, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.store.stored import Key
from index.terms.bm25 import K1, rarities, saturations
from index.terms.packing import PackedTerms
from index.terms.terms import SOUND, LexicalQuestion, digest_of, sound_digest_of

SLOTS = np.uint64((1 << 16) - 1)  # digests are looked for among those alone whose last bits one of a question has

Matrix = NDArray[np.float64]
# What counts as one term: words by the digests of their parts, with the share of each.
Wanted = Mapping[tuple[int, ...], float]


@dataclass(frozen=True, slots=True)
class Digested:
    """What a question looks for, by digests.

    Attributes:
        wanted: what counts as one term, each.
        sounds: the digests of what has to sound so, of which each counts as one term, too.
    """

    wanted: Sequence[Wanted]
    sounds: Sequence[int]

    @property
    def digests(self) -> set[int]:
        """Those of all terms."""
        return {part for words in self.wanted for word in words for part in word}

    def sounding(self, terms: Mapping[int, Sequence[int]]) -> list[Wanted]:
        """Return all that counts as one term, once it is known which terms have a sound."""
        heard: list[Wanted] = [{(term,): 1.0 for term in terms.get(sound, ())} for sound in self.sounds]
        return [*self.wanted, *heard]


def digested(question: LexicalQuestion) -> Digested:
    """Return what a question looks for, by digests."""
    written: list[Wanted] = [{(digest_of(term),): 1.0} for term in question.terms if not term.startswith(SOUND)]
    translated: list[Wanted] = [
        {tuple(map(digest_of, word)): share for word, share in words.items() if word} for words in question.synonyms
    ]
    heard = [sound_digest_of(term) for term in question.terms if term.startswith(SOUND)]
    return Digested([*written, *translated], heard)


def question_weights(wanted: Sequence[Wanted], holding: Mapping[int, int], passages: int) -> dict[int, float]:
    """Return what each term of a question counts where passages are looked for that may have high scores.

    Args:
        wanted: what counts as one term, each.
        holding: how many passages hold each term.
        passages: how many there are.
    """
    weights: dict[int, float] = {}
    for words in wanted:
        held = {word: share for word, share in words.items() if all(holding.get(part) for part in word)}
        most = min(sum(min(holding[part] for part in word) for word in held), passages)
        rare = float(rarities(passages, np.array(most)))
        for word, share in held.items():
            for part in word:
                weights[part] = weights.get(part, 0.0) + share * rare / len(word)
    return weights


class Scoring:
    """The scores of the passages that are looked at for a question."""

    def __init__(
        self,
        wanted: Sequence[Wanted],
        holding: Mapping[int, int],
        passages: int,
        average: float,
        looked_at: Mapping[Key, PackedTerms],
    ) -> None:
        """Prepare to score.

        Args:
            wanted: what counts as one term, each.
            holding: how many passages hold each term.
            passages: how many there are.
            average: how many terms they have on average.
            looked_at: the terms of those by which it is estimated how many hold what is wanted.
        """
        self._holding = holding
        self._average = average
        known = [{word: share for word, share in words.items() if all(map(holding.get, word))} for words in wanted]
        self._wanted = [words for words in known if words]
        self._digests = np.array(sorted({part for words in self._wanted for word in words for part in word}), np.uint64)
        self._places = {digest: place for place, digest in enumerate(self._digests.tolist())}
        held = self._held(list(looked_at.values()))
        estimated = [self._count(words, held) for words in self._wanted]
        self._rarities = rarities(passages, np.array(estimated, np.float64))

    def scores(self, passages: Mapping[Key, PackedTerms]) -> dict[Key, float]:
        """Return the scores of some passages, by their terms."""
        if not passages or not self._wanted:
            return dict.fromkeys(passages, 0.0)
        held = self._held(list(passages.values()))
        counts = np.stack([_occurrences(self._words(words), held) for words in self._wanted], axis=1)
        lengths = np.array([each.length for each in passages.values()])
        scores = counts * (K1 + 1) / (counts + saturations(lengths, self._average)[:, None]) @ self._rarities
        return dict(zip(passages, scores.tolist(), strict=True))

    def _held(self, passages: Sequence[PackedTerms]) -> Matrix:
        """Return how often passages hold each term, shape `(passages, terms)`."""
        held = np.zeros((len(passages), len(self._digests)))
        if not held.size:
            return held
        digests = np.concatenate([each.digests for each in passages])
        near = np.flatnonzero(self._slots[digests & SLOTS])
        places = np.searchsorted(self._digests, digests[near]).clip(max=len(self._digests) - 1)
        found = self._digests[places] == digests[near]
        at = near[found]
        ends = np.cumsum([len(each.digests) for each in passages])
        counts = np.concatenate([each.counts for each in passages])
        held[np.searchsorted(ends, at, side="right"), places[found]] = counts[at]
        return held

    @cached_property
    def _slots(self) -> NDArray[np.bool_]:
        slots = np.zeros(int(SLOTS) + 1, np.bool_)
        slots[self._digests & SLOTS] = True
        return slots

    def _words(self, words: Wanted) -> list[tuple[list[int], float]]:
        """Return words by the places of their parts."""
        return [([self._places[part] for part in word], share) for word, share in words.items()]

    def _count(self, words: Wanted, held: Matrix) -> float:
        """Return how many of all passages hold any of some words; one that has less than a whole word counts so much.

        Each that is looked at stands for as many as there are of its kind: those that hold the rarest part of a word,
        to those of them that are looked at.
        """
        if len(words) == 1 and len(word := next(iter(words))) == 1 and words[word] == 1:
            return float(self._holding[word[0]])
        of_words = np.stack([share * _least(places, held) for places, share in self._words(words)])
        total = of_words.sum(axis=0)
        stand_for = (of_words * np.array(list(self._stood_for(words, held)))[:, None]).sum(axis=0)
        each = np.divide(stand_for, total, out=np.zeros_like(total), where=total > 0)
        return float((np.minimum(total, 1) * each).sum())

    def _stood_for(self, words: Wanted, held: Matrix) -> Iterator[float]:
        """Yield, for each word, for how many passages one that is looked at and holds its rarest part stands."""
        for word in words:
            holding, rarest = min((self._holding[part], part) for part in word)
            looked_at = int(np.count_nonzero(held[:, self._places[rarest]]))
            yield holding / max(looked_at, 1)


def _occurrences(words: Sequence[tuple[list[int], float]], held: Matrix) -> Matrix:
    """Return how often passages hold any of some words, by their shares, shape `(passages,)`."""
    total = np.zeros(len(held))
    for places, share in words:
        total += share * _least(places, held)
    return total


def _least(places: Sequence[int], held: Matrix) -> Matrix:
    """Return how often passages hold a word: as often as its part that they hold least."""
    return held[:, places[0]] if len(places) == 1 else held[:, places].min(axis=1)
