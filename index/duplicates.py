"""The same text twice: a reprint is one answer with several sources, not several answers."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from index.fusion import Scored
from index.terms import VALUE, question_terms

SHINGLE = 5  # characters; long enough that only the same wording shares them
# Of all shingles of two texts, how many they must share: a reprint changes a word here and there.
SAME = 0.8


def fold(scored: Iterable[Scored], k: int) -> list[list[Scored]]:
    """Return the `k` best passages, each with the later ones that say the same, best first."""
    groups: list[list[Scored]] = []
    for each in scored:
        text = each.stored.passage.search_text
        group = next((group for group in groups if same_text(group[0].stored.passage.search_text, text)), None)
        if group is not None:
            group.append(each)
        elif len(groups) < k:
            groups.append([each])
    return groups


def same_text(one: str, other: str) -> bool:
    """Return whether two texts have nearly the same wording and exactly the same numbers.

    Wording is compared by the Jaccard index of shingles (Broder, 1997). Numbers must agree, for a report that
    differs from last year's in its figures alone answers another question.
    """
    if one == other:
        return True
    if min(len(one), len(other)) < SAME * max(len(one), len(other)):
        return False
    left, right = _shingles(one), _shingles(other)
    return len(left & right) >= SAME * len(left | right) and _numbers(one) == _numbers(other)


@lru_cache(maxsize=1024)
def _shingles(text: str) -> frozenset[str]:
    return frozenset(text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1)))


def _numbers(text: str) -> Sequence[str]:
    return sorted(term for term in question_terms(text).elements() if term.startswith(VALUE))
