"""The measures of retrieval as trec_eval defines them, and those of refusing to answer; pure functions all.

Measures of one query come first and take a `Judged`; averages run over every judged query, and one that the
run has no answer for counts 0.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log2
from statistics import fmean

Qrels = Mapping[str, Mapping[str, int]]
"""The gain of each judged document of each query, as TREC keeps them; above 0 is relevant."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found for one query, seen through its judgments.

    Attributes:
        gains: of the results, best result first; 0 for what is not relevant or not judged.
        ideal: the gains of all that is relevant, greatest first.
    """

    gains: tuple[int, ...]
    ideal: tuple[int, ...]

    @property
    def rank(self) -> int | None:
        """The rank of the first relevant result, from 1; none if there is none."""
        return next((rank for rank, gain in enumerate(self.gains, 1) if gain), None)


def ranked(scores: Mapping[str, float]) -> list[str]:
    """Return ids by (-score, id), so that ties fall the same way each time."""
    return sorted(scores, key=lambda each: (-scores[each], each))


def judge(relevance: Mapping[str, int], ranking: Iterable[str]) -> Judged:
    """Look up the gains of a ranking of ids, best first.

    A negative gain (some TREC collections mark spam so) is worth 0, as in trec_eval.
    """
    ideal = sorted((gain for gain in relevance.values() if gain > 0), reverse=True)
    return Judged(tuple(max(relevance.get(each, 0), 0) for each in ranking), tuple(ideal))


def recall(judged: Judged, k: int) -> float:
    """Share of the relevant documents that are among the first k results.

    R@k = |relevant in the first k| / |relevant|; 0 where nothing is relevant. With one relevant document it
    is success@k. trec_eval's `recall_k`; Manning, Raghavan, Schütze, Introduction to Information Retrieval,
    section 8.3.
    """
    return sum(gain > 0 for gain in judged.gains[:k]) / len(judged.ideal) if judged.ideal else 0.0


def success(judged: Judged, k: int) -> bool:
    """Whether any relevant document is among the first k results; its mean is S@k.

    It is recall where one document is relevant. trec_eval's `success_k`.
    """
    return judged.rank is not None and judged.rank <= k


def reciprocal_rank(judged: Judged, k: int) -> float:
    """One over the rank of the first relevant result; its mean is MRR@k.

    RR@k = 1 / rank if rank <= k, else 0; 0 where nothing is relevant. trec_eval's `recip_rank` with a cutoff;
    Voorhees, The TREC-8 Question Answering Track Report, TREC 1999.
    """
    return 1 / judged.rank if judged.rank is not None and judged.rank <= k else 0.0


def ndcg(judged: Judged, k: int) -> float:
    """Discounted gain of the first k results over that of the best possible order.

    nDCG@k = DCG@k / ideal DCG@k, DCG@k = sum over ranks i <= k of gain_i / log2(i + 1); 0 where nothing is
    relevant. With one relevant document of gain 1 it is 1 / log2(1 + rank). trec_eval's `ndcg_cut_k`;
    Järvelin, Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 20(4), 2002.
    """
    return _dcg(judged.gains[:k]) / _dcg(judged.ideal[:k]) if judged.ideal else 0.0


MEASURES: Mapping[str, Callable[[Judged], float]] = {
    "nDCG@10": partial(ndcg, k=10),
    "R@1": partial(recall, k=1),
    "R@3": partial(recall, k=3),
    "R@5": partial(recall, k=5),
    "R@10": partial(recall, k=10),
    "MRR@10": partial(reciprocal_rank, k=10),
}


def measure(judged: Judged) -> dict[str, float]:
    """Return every measure of one query, by name."""
    return {name: function(judged) for name, function in MEASURES.items()}


def mean_measures(queries: Collection[Mapping[str, float]]) -> dict[str, float]:
    """Return the arithmetic mean of every measure over all the queries given; 0 where none is."""
    return {name: fmean(query[name] for query in queries) if queries else 0.0 for name in MEASURES}


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Chance that a positive scores higher than a negative, both drawn at random: area under the ROC curve.

    AUROC = (pairs with positive > negative + 1/2 pairs that tie) / pairs; none where either side is empty,
    for then nothing is compared. Hanley, McNeil, The Meaning and Use of the Area under a ROC Curve,
    Radiology 143(1), 1982.
    """
    if not positives or not negatives:
        return None
    ordered = sorted(negatives)
    # Below it counts 1 and equal to it 1/2: the mean of both insertion points.
    wins = sum((bisect_left(ordered, score) + bisect_right(ordered, score)) / 2 for score in positives)
    return wins / (len(positives) * len(ordered))


def share(flags: Collection[bool]) -> float | None:
    """Return the share of flags that are set; none where there are none."""
    return sum(flags) / len(flags) if flags else None


@dataclass(frozen=True, slots=True)
class Refusal:
    """How well a service tells the questions it can answer from those it cannot.

    Attributes:
        auroc: of the confidence, answerable against unanswerable; none where either kind is missing.
        kept: share of the answerable that the service calls answerable; none where there are none.
        refused: share of the unanswerable that it calls unanswerable; none where there are none.
        answerable: number of answerable questions.
        unanswerable: number of unanswerable questions.
    """

    auroc: float | None
    kept: float | None
    refused: float | None
    answerable: int
    unanswerable: int


def refusal(answerable: Sequence[tuple[float, bool]], unanswerable: Sequence[tuple[float, bool]]) -> Refusal:
    """Judge the `(confidence, flag)` of answers to both kinds of question; the flag says "answerable"."""
    return Refusal(
        auroc=auroc([confidence for confidence, _ in answerable], [confidence for confidence, _ in unanswerable]),
        kept=share([flag for _, flag in answerable]),
        refused=share([not flag for _, flag in unanswerable]),
        answerable=len(answerable),
        unanswerable=len(unanswerable),
    )


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))
