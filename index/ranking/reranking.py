"""A second look at the best passages by a model that reads question and passage together, where one is named.

It decides the order alone. How likely a passage answers stays with `index.ranking.confidence`, for every
cross-encoder has a scale of its own, and none of them is calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from index.models.reranker import Reranker
from index.ranking.found import Found

# How many passages are read again: what is compared token by token, too. The time grows with it.
RERANKED = 16
SCORE = "reranker"  # what its score is called among those of a result


@dataclass(frozen=True, slots=True)
class Reranked:
    """Passages in their new order.

    Attributes:
        found: the passages, best first; those that were read have a score of the reranker's more.
        probabilities: how likely each answers, never rising.
    """

    found: list[Found]
    probabilities: list[float]


def reranked(reranker: Reranker, question: str, found: Sequence[Found], probabilities: Sequence[float]) -> Reranked:
    """Return passages with the first `RERANKED` in the reranker's order, ties as they were.

    What stands before another passage is at least as likely to answer, so a passage gets the highest probability
    of those from its place on. The first thus has the one that the index gave its best: a reranker makes no question
    more or less likely to be answered, and no passage is dropped that was likely enough before.

    Args:
        reranker: what reads the passages.
        question: as asked.
        found: what the index found, best first.
        probabilities: how likely each answers by the index.
    """
    read, rest = list(found[:RERANKED]), list(found[RERANKED:])
    scores = reranker.scores(question, [each.passage.search_text for each in read])
    order = sorted(range(len(read)), key=lambda place: (-scores[place], place))
    new = [replace(read[place], scores={**read[place].scores, SCORE: scores[place]}) for place in order]
    own = [*(probabilities[place] for place in order), *probabilities[len(read) :]]
    return Reranked(new + rest, list(accumulate(reversed(own), max))[::-1])
