"""What speaks for the first passage answering: figures that mean the same in every language.

A cosine means one thing within a language and another across, so hardly anything is judged by its size alone. The other
passages that were compared with the question are its own background: one that answers is nearer to the question's
tokens than they are, above all to those that few passages have, and it has the rare words. What the figures come to is
in `index.ranking.confidence`; what each is worth, in docs/confidence.md.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from math import exp, log, log1p, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.store.feature_reader import FeatureReader
from index.query import Signal
from index.ranking.late import Alignment
from index.ranking.signals import Candidate
from index.terms.packing import PackedTerms, unpack_terms
from index.terms.terms import (
    CHARACTER,
    LETTERS,
    PAIR,
    SOUND,
    VALUE,
    LexicalQuestion,
    Synonyms,
    digest_of,
    sound_digest_of,
)

COMPARED = 16  # passages at most, the first among them
FAR = 0.05  # a difference of cosines beyond which a token is found in one passage and not in another
FOUND, SOFTLY = 0.7, 0.03  # the cosine at which a token counts as found by half, and how fast that changes
RARE = 3  # one token in so many is a rare one: those that other passages come least near to
EDGE = 4  # one token in so many is among the best, or the worst
RIVAL = 0.005  # a passage that scores less by as much as this has a share of the first place e times smaller

LAST_BITS = (1 << 12) - 1  # of a digest
WORDS, WRITTEN = (LETTERS, PAIR, VALUE), (LETTERS, PAIR, VALUE, CHARACTER)

Figures = Mapping[str, float]
Digests = NDArray[np.unsignedinteger[Any]]


def evidence_of(reader: FeatureReader, question: LexicalQuestion, candidates: Sequence[Candidate]) -> Figures:
    """Return the figures by which it is judged whether the first of some passages answers a question, by name.

    Args:
        reader: where their terms are.
        question: what is asked, by its words.
        candidates: passages that were compared with the question token by token, best first, one at least.
    """
    compared = list(candidates[:COMPARED])
    if compared[0].named:  # whether a table answers is told by its passage that is nearest, whichever has the row
        compared[:2] = compared[1::-1]
    terms = reader.terms([each.key for each in compared])
    return {
        **_scores(compared),
        **_tokens([each.alignment for each in compared if each.alignment is not None]),
        **_words(question, [unpack_terms(terms[each.key]) for each in compared]),
        "passages": 1 / len(compared),
    }


def _scores(candidates: Sequence[Candidate]) -> Figures:
    """Return the signals of the first passage, those of its rivals, and by how much it is before them."""
    own = candidates[0].signals
    lexical = own[Signal.LEXICAL]
    rivals = [each.signals for each in candidates[1:]] or [own]
    scores = [each.score - each.gain for each in candidates]  # without what they have by exact words
    best = max(scores)
    return {
        "dense": own[Signal.DENSE],
        "sentence": own[Signal.SENTENCE],
        "tokens": own[Signal.TOKENS],
        "sentence_tokens": own[Signal.SENTENCE_TOKENS],
        "lexical": log1p(lexical),
        "lead": max(scores[0] - max(scores[1:], default=scores[0]), 0.0),
        "share": 1 / sum(exp((score - best) / RIVAL) for score in scores),
        "better_words": sum(each.signals[Signal.LEXICAL] > lexical for each in candidates) / len(candidates),
        "rivals_dense": sum(each[Signal.DENSE] for each in rivals) / len(rivals),
        "rivals_tokens": sum(each[Signal.TOKENS] for each in rivals) / len(rivals),
    }


def _tokens(alignments: Sequence[Alignment]) -> Figures:
    """Return how near the question's tokens come to the first passage, and how near to its rivals.

    A passage without rivals is compared with what its own tokens are on average. A question has some twenty tokens, of
    which plain numbers are worked out sooner than arrays.
    """
    first, *rivals = alignments
    count = first.best.size
    best: list[float] = first.best.tolist() if count else [0.0]
    cosines = first.cosines
    own = (np.add.reduce(cosines) / len(cosines)).tolist() if cosines.size else [0.0] * len(best)
    others = np.array([each.best for each in rivals] if rivals and count else [own])
    middle, most = (np.add.reduce(others) / len(others)).tolist(), np.maximum.reduce(others).tolist()
    sentence = first.best_sentence().tolist() if count else best
    mean = _mean(best)
    ahead = [mine - theirs for mine, theirs in zip(best, most, strict=True)]
    behind = [min(each, 0.0) for each in ahead]
    above = sorted(mine - usual for mine, usual in zip(best, own, strict=True))
    rarest = sorted(range(len(best)), key=middle.__getitem__)[: max(1, len(best) // RARE)]
    edge = max(1, len(best) // EDGE)
    return {
        "spread": sqrt(_mean([(each - mean) ** 2 for each in best])),
        "worst": min(best),
        "found": _mean([_softly(each - FOUND) for each in best]),
        "found_nowhere": _mean([_softly(FOUND - max(pair)) for pair in zip(best, most, strict=True)]),
        "above_best": _mean(above[-edge:]),
        "above_worst": _mean(above[:edge]),
        "behind": _mean(behind),
        "behind_rare": _mean([behind[place] for place in rarest]),
        "behind_sentence": _mean([min(said - theirs, 0.0) for said, theirs in zip(sentence, most, strict=True)]),
        "ahead_of_room": _mean([lead / (1.1 - theirs) for lead, theirs in zip(ahead, most, strict=True)]),
        "far_behind": log1p(sum(each < -FAR for each in ahead)),
        "far_ahead": log1p(sum(mine - usual > FAR for mine, usual in zip(best, middle, strict=True))),
        "question_tokens": log(max(count, 1)),
        "passage_tokens": log1p(len(cosines)),
    }


def _softly(difference: float) -> float:
    return 1 / (1 + exp(-difference / SOFTLY))


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def _words(question: LexicalQuestion, passages: Sequence[PackedTerms]) -> Figures:
    """Return which of the question's words the first passage has, the rare ones counting more.

    How rare a word is, is counted among the passages that were compared.
    """
    translations = (part for words in question.synonyms for part in chain(*words))
    holders = _holders(dict.fromkeys([*question.terms, *translations]), passages)
    rarities = {term: _rarity(len(holders[term]), len(passages)) for term in question.terms}
    covered, of_words = [0.0] * len(passages), _of_kinds(rarities, WORDS)
    for term, rarity in of_words.items():
        for place in holders[term]:
            covered[place] += rarity
    first, *others = covered
    written, numbers = _of_kinds(rarities, WRITTEN), _of_kinds(rarities, VALUE)
    return {
        "words_ahead": _share([first - max(others, default=first)], of_words),
        "words_nowhere": _share([rarity for term, rarity in written.items() if not holders[term]], written),
        "numbers": _share([rarity for term, rarity in numbers.items() if 0 in holders[term]], numbers),
        "translations": _translated(question.synonyms, {term for term, having in holders.items() if 0 in having}),
    }


def _rarity(holding: int, passages: int) -> float:
    return log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _of_kinds(rarities: Mapping[str, float], kinds: Collection[str]) -> dict[str, float]:
    return {term: rarity for term, rarity in rarities.items() if term[0] in kinds}


def _share(some: Sequence[float], rarities: Mapping[str, float]) -> float:
    """Return what share of all rarities some are, 0 where there are none."""
    return sum(some) / max(sum(rarities.values()), 1e-9)


def _translated(synonyms: Sequence[Synonyms], held: set[str]) -> float:
    """Return the share of the words looked up in the dictionary of which a translation is among some terms."""
    found = [any(word and held.issuperset(word) for word in words) for words in synonyms]
    return sum(found) / len(found) if found else 0.0


def _holders(terms: Collection[str], passages: Sequence[PackedTerms]) -> dict[str, set[int]]:
    """Return the places of the passages that hold each term of a question; of a sound, what sounds so."""
    holders: dict[str, set[int]] = {term: set() for term in terms}
    heard = {sound_digest_of(term): holding for term, holding in holders.items() if term.startswith(SOUND)}
    written = {digest_of(term): holding for term, holding in holders.items() if not term.startswith(SOUND)}
    if heard:
        _note_holders(heard, [each.sounds for each in passages])
    if written:
        _note_holders(written, [each.digests for each in passages])
    return holders


def _note_holders(holders: Mapping[int, set[int]], kept: Sequence[Digests]) -> None:
    """Note the places of the passages that keep each of some digests.

    Together they keep thousands, nearly all of which are told from those by their last bits.
    """
    ends = np.zeros(LAST_BITS + 1, dtype=np.bool_)
    ends[[digest & LAST_BITS for digest in holders]] = True
    of_all = np.concatenate(kept)
    likely = ends.take((of_all & LAST_BITS).astype(np.intp)).nonzero()[0]
    places = np.cumsum([len(each) for each in kept]).searchsorted(likely, side="right")
    for digest, place in zip(of_all.take(likely).tolist(), places.tolist(), strict=True):
        if digest in holders:
            holders[digest].add(place)
