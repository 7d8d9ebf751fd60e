"""What speaks for the first passage answering: figures that mean the same in every language.

A cosine means one thing within a language and another across, so hardly anything is judged by its size alone. The other
passages that were compared with the question are its own background: one that answers is nearer to the question's
tokens than they are, above all to those that few passages have, and it has the rare words. What the figures come to is
in `index.ranking.confidence`; what each is worth, in docs/confidence.md.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from math import log, log1p

import numpy as np
from numpy.typing import NDArray

from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
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

Figures = Mapping[str, float]
Matrix = NDArray[np.float64]


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
    keys: list[Key] = [each.key for each in compared]
    terms = reader.terms(keys)
    signals = np.array([[each.signals[signal] for signal in Signal] for each in compared])
    alignments = [each.alignment for each in compared if each.alignment is not None]
    return {
        **_scores(np.array([each.score - each.gain for each in compared]), signals),
        **_tokens(alignments),
        **_words(question, [unpack_terms(terms[key]) for key in keys]),
        "passages": 1 / len(compared),
    }


def _scores(scores: Matrix, signals: Matrix) -> Figures:
    """Return the signals of the first passage, those of its rivals, and by how much it is before them.

    Args:
        scores: of each passage, without what it has by exact words, shape `(passages,)`.
        signals: in the order of `Signal`, shape `(passages, 5)`.
    """
    dense, sentence, tokens, within, lexical = signals[0].tolist()
    rivals = signals[1:] if len(signals) > 1 else signals
    return {
        "dense": dense,
        "sentence": sentence,
        "tokens": tokens,
        "sentence_tokens": within,
        "lexical": log1p(lexical),
        "lead": max(float(scores[0] - scores[1:].max()), 0.0) if len(scores) > 1 else 0.0,
        "share": float(1 / np.exp((scores - scores.max()) / RIVAL).sum()),
        "better_words": float((signals[:, -1] > lexical).mean()),
        "rivals_dense": float(rivals[:, 0].mean()),
        "rivals_tokens": float(rivals[:, 2].mean()),
    }


def _tokens(alignments: Sequence[Alignment]) -> Figures:
    """Return how near the question's tokens come to the first passage, and how near to its rivals.

    A passage without rivals is compared with what its own tokens are on average.
    """
    first = alignments[0]
    count = first.best.size
    best: Matrix = np.asarray(first.best if count else np.zeros(1), dtype=np.float64)
    own = first.cosines.mean(axis=0) if first.cosines.size else np.zeros_like(best)
    others = np.array([each.best for each in alignments[1:]]) if len(alignments) > 1 and count else own[None]
    middle, most = others.mean(axis=0), others.max(axis=0)
    sentence = first.best_sentence() if count else best
    ahead, above = best - most, np.sort(best - own)
    rarest = np.argsort(middle, kind="stable")[: max(1, len(best) // RARE)]
    edge = max(1, len(best) // EDGE)
    return {
        "spread": float(best.std()),
        "worst": float(best.min()),
        "found": float(_softly(best - FOUND).mean()),
        "found_nowhere": float(_softly(FOUND - np.maximum(best, most)).mean()),
        "above_best": float(above[-edge:].mean()),
        "above_worst": float(above[:edge].mean()),
        "behind": float(np.minimum(ahead, 0).mean()),
        "behind_rare": float(np.minimum(ahead[rarest], 0).mean()),
        "behind_sentence": float(np.minimum(sentence - most, 0).mean()),
        "ahead_of_room": float((ahead / (1.1 - most)).mean()),
        "far_behind": log1p(float((ahead < -FAR).sum())),
        "far_ahead": log1p(float((best - middle > FAR).sum())),
        "question_tokens": log(max(count, 1)),
        "passage_tokens": log1p(len(first.cosines)),
    }


def _softly(difference: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-difference / SOFTLY)))


def _words(question: LexicalQuestion, passages: Sequence[PackedTerms]) -> Figures:
    """Return which of the question's words the first passage has, the rare ones counting more.

    How rare a word is, is counted among the passages that were compared.
    """
    held = _held(question.terms, passages)
    kinds = np.array([term[0] for term in question.terms])
    holding = held.sum(axis=0)
    rarity = np.log(1 + (len(passages) - holding + 0.5) / (holding + 0.5))
    words = np.isin(kinds, [LETTERS, PAIR, VALUE])
    covered = _covered(held, rarity, words)
    written = np.isin(kinds, [LETTERS, PAIR, VALUE, CHARACTER])
    nowhere = np.logical_not(held).all(axis=0).reshape(1, -1)
    return {
        "words_ahead": float(covered[0] - covered[1:].max()) if len(passages) > 1 else 0.0,
        "words_nowhere": float(_covered(nowhere, rarity, written)[0]),
        "numbers": float(_covered(held, rarity, kinds == VALUE)[0]),
        "translations": _translated(question.synonyms, passages[0]),
    }


def _held(terms: Sequence[str], passages: Sequence[PackedTerms]) -> NDArray[np.bool_]:
    """Return which terms of a question each passage holds, shape `(passages, terms)`; sounds, by what sounds so."""
    held = np.zeros((len(passages), len(terms)), dtype=np.bool_)
    heard = [term.startswith(SOUND) for term in terms]
    for places, digest, kept in (
        (np.flatnonzero(heard), sound_digest_of, [each.sounds for each in passages]),
        (np.flatnonzero(np.logical_not(heard)), digest_of, [each.digests for each in passages]),
    ):
        if len(places):
            wanted = np.array([digest(terms[place]) for place in places.tolist()], dtype=kept[0].dtype)
            order = np.argsort(wanted)
            owners = np.repeat(np.arange(len(passages)), [len(each) for each in kept])
            of_all = np.concatenate(kept)
            nearest = np.searchsorted(wanted, of_all, sorter=order).clip(max=len(wanted) - 1)
            found = wanted[order[nearest]] == of_all
            held[owners[found], places[order[nearest[found]]]] = True
    return held


def _covered(held: NDArray[np.bool_], rarity: Matrix, counted: NDArray[np.bool_]) -> Matrix:
    """Return what share of the rarity of the terms that count each passage holds, 0 where none count."""
    return np.asarray((held * rarity)[:, counted].sum(axis=1) / max(rarity[counted].sum(), 1e-9))


def _translated(synonyms: Sequence[Synonyms], passage: PackedTerms) -> float:
    """Return the share of the words looked up in the dictionary of which the passage holds a translation."""
    terms = sorted({part for words in synonyms for part in chain.from_iterable(words)})
    held = {term for term, here in zip(terms, _held(terms, [passage])[0], strict=True) if here}
    found = [any(word and held.issuperset(word) for word in words) for words in synonyms]
    return sum(found) / len(found) if found else 0.0
