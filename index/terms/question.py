"""What a question looks for by its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.terms.terms import question_synonyms, question_terms

Synonyms = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LexicalQuestion:
    """What a question looks for: terms, and sets of words any of which will do."""

    terms: Sequence[str]
    synonyms: Sequence[Synonyms]


def read_question(text: str) -> LexicalQuestion:
    """Return what a question looks for."""
    return LexicalQuestion(sorted(question_terms(text)), question_synonyms(text))
