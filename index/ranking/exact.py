"""Exact terms decide: a passage that names the code, number, article or phrase asked for comes before all others.

No cosine tells SB0018 from SB0081, and BM25 counts it as one word among others. So whatever has what is asked for
exactly is looked up by itself, and stands before all that has not, where it is rare; what is in many passages is
what they are about, and says as little as any other word.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from corpus.document import DocumentFacts
from corpus.store.feature_reader import FeatureReader
from corpus.store.stored import Key
from corpus.store.truth import Reader
from index.ranking.naming import Find, passages_naming
from index.ranking.signals import Candidate
from index.terms.asked import Exact
from index.terms.identifiers import exact_terms
from index.terms.phrases import holds, quoted
from index.terms.terms import LETTERS, PAIR, LexicalQuestion, passage_terms, question_terms

# A term is rare in as many passages as are looked at; all of them are then candidates.
FEW = 50
# What a passage gains for each exact term it has: a cosine from unrelated to the same, so that none makes up for it.
HELD = 1.0
# And for one that may be called otherwise or mean nothing exact, as MP3: more than any year or word is worth.
MAYBE = 0.1
# And at most by how its document is called, among those that have the same terms.
TOLD_APART = 0.5
# A passage that has all that was asked for exactly is of the right thing, and answers as likely as not.
AS_LIKELY_AS_NOT = 0.5
SUBSECTION = re.compile(r"§\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class ExactMatches:
    """Where the exact terms of a question are.

    Attributes:
        gains: of each passage that has rare ones, what it gains by them.
        missing: those that no passage has, though what speaks of them would.
        sure: the passages that have all that was asked for, where that has to be written so.
    """

    gains: Mapping[Key, float]
    missing: Sequence[Exact]
    sure: frozenset[Key]

    def gain(self, keys: Sequence[Key]) -> NDArray[np.float64]:
        """Return what some passages gain, 0 for most, shape `(passages,)`."""
        return np.array([self.gains.get(key, 0.0) for key in keys])

    def lift(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return candidates with what they gain in their scores."""
        gained = zip(candidates, self.gain([each.key for each in candidates]).tolist(), strict=True)
        return [replace(each, score=each.score + gain, gain=gain) if gain else each for each, gain in gained]

    def assured(self, key: Key, probabilities: Sequence[float]) -> list[float]:
        """Return how likely passages answer, the first of which, of that key, may have all that was asked for."""
        first, *others = probabilities
        return [max(first, AS_LIKELY_AS_NOT) if key in self.sure else first, *others]

    def unnamed(self, documents: Sequence[DocumentFacts]) -> str:
        """Return how the question writes the first term that is missing, and is no name of the documents found."""
        names = "\n".join(f"{each.title}\n{each.source}\n{each.url or ''}" for each in documents)
        known = frozenset(exact_terms(names)) if self.missing else frozenset()
        return next((each.written for each in self.missing if not {each.named, each.touched} & known), "")


NO_MATCHES = ExactMatches({}, (), frozenset())


def find_exact(reader: Reader, question: LexicalQuestion, text: str, find: Find) -> ExactMatches:
    """Return where the exact terms, the quoted phrases and the names of a question are.

    Args:
        reader: where the words of passages are.
        question: by its words.
        text: as asked.
        find: returns the passages of the highest BM25 scores for a question, so many at most.
    """
    holders = [_held(each, find) for each in question.exact]
    rare = [(each, found) for each, found in holders if len(found) <= FEW]
    phrases = (_having(reader, phrase, find) for phrase in quoted(text))
    held = [found for each, found in rare if each.certain]
    gains: Counter[Key] = Counter()
    for found in (*held, *phrases, *passages_naming(reader, question.names, find)):
        gains.update(dict.fromkeys(found, HELD) if len(found) <= FEW else {})
    for each, found in rare:
        gains.update({} if each.certain else dict.fromkeys(found, MAYBE))
    gains.update(_told_apart(reader, question, sorted(set().union(*held))))
    certain = any(each.certain for each, _ in holders)
    return ExactMatches(
        gains,
        tuple(each for each, found in holders if each.certain and not found),
        _having_all([found for _, found in rare]) if certain and len(rare) == len(holders) else frozenset(),
    )


def _having_all(holders: Sequence[Sequence[Key]]) -> frozenset[Key]:
    return frozenset.intersection(*map(frozenset, holders))


def _held(exact: Exact, find: Find) -> tuple[Exact, list[Key]]:
    """Return a term and the passages that name it, or else those that touch it; one more than a few at most.

    A section of a section, 2.1, may be headed by anything; where one is, it is what was asked for.
    """
    if named := find(LexicalQuestion([exact.named], []), FEW + 1):
        return replace(exact, certain=exact.certain or SUBSECTION.fullmatch(exact.form) is not None), named
    return exact, find(LexicalQuestion([exact.touched], []), FEW + 1)


def _having(reader: FeatureReader, phrase: str, find: Find) -> list[Key]:
    """Return the passages that have a phrase word for word, as far as they have its words."""
    keys = find(LexicalQuestion(sorted(question_terms(phrase)), []), FEW + 1)
    return [key for key, text in reader.search_texts(keys).items() if holds(text, phrase)]


def _told_apart(reader: Reader, question: LexicalQuestion, keys: Sequence[Key]) -> dict[Key, float]:
    """Return what some passages gain as far as the question names their documents: several laws have an article 12."""
    asked = _words_of(question.terms) if len(keys) > 1 else ()
    if not asked:
        return {}
    passages = reader.passages(keys)
    documents = reader.facts({each.document_id for each in passages.values()})
    called = {
        key: "\n".join((documents[each.document_id].title, documents[each.document_id].source, *each.section))
        for key, each in passages.items()
    }
    return {key: TOLD_APART * len(asked & _words_of(passage_terms(text))) / len(asked) for key, text in called.items()}


def _words_of(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(term for term in terms if term[0] in (LETTERS, PAIR))
