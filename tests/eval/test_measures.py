"""The measures agree with trec_eval, and have the bounds and edges that their docstrings promise."""

import math
from collections.abc import Mapping
from typing import TypeVar

import pytest
import pytrec_eval
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.measures import (
    MEASURES,
    Judged,
    Qrels,
    auroc,
    judge,
    mean_measures,
    measure,
    ndcg,
    ranked,
    recall,
    reciprocal_rank,
    refusal,
    share,
    success,
)

Number = TypeVar("Number", int, float)
Run = Mapping[str, Mapping[str, float]]

ORACLE = {"ndcg_cut.10", "recall.1,3,5,10", "recip_rank", "success.1,3,5"}
QUERIES = [f"q{number}" for number in range(4)]
DOCUMENTS = [f"d{number:02}" for number in range(14)]  # more than 10, so that cutoffs cut
FEW = settings(max_examples=150, deadline=None, derandomize=True)

# A gain below 0 is what some collections give to spam; few different scores make many ties.
qrels_of_any_size = st.dictionaries(
    st.sampled_from(QUERIES), st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(-1, 3))
)
runs_of_any_size = st.dictionaries(
    st.sampled_from(QUERIES), st.dictionaries(st.sampled_from(DOCUMENTS), st.integers(0, 3).map(float))
)


def measure_run(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """Every measure of every judged query; one that the run misses has found nothing."""
    judged = {query_id: judge(relevance, ranked(run.get(query_id, {}))) for query_id, relevance in qrels.items()}
    return {
        query_id: measure(each) | {f"S@{k}": float(success(each, k)) for k in (1, 3, 5)}
        for query_id, each in judged.items()
    }


def mirrored(doc_id: str) -> str:
    """An id that sorts the other way: trec_eval puts the greater id first among ties, we the lesser."""
    return f"d{99 - int(doc_id[1:]):02}"


def trec_eval(qrels: Qrels, run: Run) -> dict[str, dict[str, float]]:
    """What trec_eval says, under our names; of a query that the run misses it says nothing, which is 0."""
    evaluator = pytrec_eval.RelevanceEvaluator(_mirror(qrels), ORACLE)
    said = evaluator.evaluate(_mirror(run))
    return {query_id: _renamed(said.get(query_id, {})) for query_id in qrels}


def _mirror(values: Mapping[str, Mapping[str, Number]]) -> dict[str, dict[str, Number]]:
    return {
        query_id: {mirrored(doc_id): value for doc_id, value in of_query.items()}
        for query_id, of_query in values.items()
    }


def _renamed(said: Mapping[str, float]) -> dict[str, float]:
    first = said.get("recip_rank", 0.0)
    return {
        "nDCG@10": said.get("ndcg_cut_10", 0.0),
        **{f"R@{k}": said.get(f"recall_{k}", 0.0) for k in (1, 3, 5, 10)},
        **{f"S@{k}": said.get(f"success_{k}", 0.0) for k in (1, 3, 5)},
        "MRR@10": first if first >= 1 / 10 else 0.0,  # trec_eval's has no cutoff
    }


@FEW
@given(qrels_of_any_size, runs_of_any_size)
def test_every_measure_agrees_with_trec_eval(qrels: Qrels, run: Run) -> None:
    ours, theirs = measure_run(qrels, run), trec_eval(qrels, run)
    assert ours.keys() == theirs.keys()
    for query_id in qrels:
        assert ours[query_id] == pytest.approx(theirs[query_id], abs=1e-9)


@pytest.mark.parametrize(
    ("qrels", "run"),
    [
        pytest.param({"q0": {"d00": 1}, "q1": {"d01": 2}}, {}, id="empty run"),
        pytest.param({}, {"q0": {"d00": 1.0}}, id="empty qrels"),
        pytest.param({"q0": {"d00": 1}, "q1": {"d01": 2}}, {"q0": {"d00": 1.0}}, id="partial run"),
        pytest.param({"q0": {"d00": 1}}, {"q0": {"d05": 2.0, "d00": 1.0}}, id="unjudged document"),
        pytest.param({"q0": {"d00": 1}}, {"q0": {"d00": 1.0}, "q1": {"d00": 1.0}}, id="unjudged query"),
        pytest.param({"q0": {"d00": 0}}, {"q0": {"d00": 1.0}}, id="nothing relevant"),
        pytest.param({"q0": {"d00": 1, "d01": 1}}, {"q0": {"d01": 1.0, "d00": 1.0, "d02": 1.0}}, id="ties"),
    ],
)
def test_edge_cases_agree_with_trec_eval(qrels: Qrels, run: Run) -> None:
    ours, theirs = measure_run(qrels, run), trec_eval(qrels, run)
    assert ours.keys() == qrels.keys()
    for query_id in qrels:
        assert ours[query_id] == pytest.approx(theirs[query_id], abs=1e-9)


def test_a_query_that_the_run_misses_counts_zero_in_the_mean() -> None:
    means = mean_measures(list(measure_run({"q0": {"d00": 1}, "q1": {"d00": 1}}, {"q0": {"d00": 1.0}}).values()))
    assert means == dict.fromkeys(MEASURES, 0.5)


def test_the_mean_of_no_queries_is_zero() -> None:
    assert mean_measures([]) == dict.fromkeys(MEASURES, 0.0)


def test_ties_fall_to_the_lesser_id_whatever_the_order_of_the_run() -> None:
    for scores in ({"a": 1.0, "b": 1.0}, {"b": 1.0, "a": 1.0}):
        assert judge({"b": 1}, ranked(scores)).gains == (0, 1)


@FEW
@given(qrels_of_any_size, runs_of_any_size)
def test_measures_stay_between_zero_and_one(qrels: Qrels, run: Run) -> None:
    values = [value for measures in measure_run(qrels, run).values() for value in measures.values()]
    assert all(0 <= value <= 1 + 1e-12 for value in values)


@FEW
@given(st.dictionaries(st.sampled_from(DOCUMENTS[:10]), st.integers(1, 3), min_size=1))
def test_the_perfect_run_scores_one(relevance: dict[str, int]) -> None:
    measures = measure(judge(relevance, ranked({doc_id: float(gain) for doc_id, gain in relevance.items()})))
    assert measures["nDCG@10"] == pytest.approx(1)
    assert measures["R@10"] == measures["MRR@10"] == 1


def test_one_relevant_document_at_rank_three() -> None:
    judged = Judged(gains=(0, 0, 1), ideal=(1,))
    assert judged.rank == 3
    assert ndcg(judged, 10) == pytest.approx(1 / math.log2(4))
    assert reciprocal_rank(judged, 10) == pytest.approx(1 / 3)
    assert (reciprocal_rank(judged, 2), recall(judged, 2), recall(judged, 3)) == (0, 0, 1)


def test_auroc_counts_a_tie_half() -> None:
    assert auroc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(3.5 / 4)


@pytest.mark.parametrize(("positives", "negatives"), [([], [0.5]), ([0.5], []), ([], [])])
def test_auroc_of_one_side_only_is_none(positives: list[float], negatives: list[float]) -> None:
    assert auroc(positives, negatives) is None


scores_of_a_side = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=20)


@FEW
@given(scores_of_a_side, scores_of_a_side)
def test_auroc_is_the_share_of_pairs_in_order(positives: list[float], negatives: list[float]) -> None:
    pairs = [(a > b) + (a == b) / 2 for a in positives for b in negatives]
    assert auroc(positives, negatives) == pytest.approx(sum(pairs) / len(pairs))


@FEW
@given(scores_of_a_side, scores_of_a_side)
def test_auroc_of_the_sides_exchanged_is_its_complement(a: list[float], b: list[float]) -> None:
    one, other = auroc(a, b), auroc(b, a)
    assert one is not None and other is not None
    assert one + other == pytest.approx(1)


def test_refusal_rates_follow_the_flag_of_the_service() -> None:
    found = refusal(
        answerable=[(0.9, True), (0.8, True), (0.3, False), (0.7, True)],
        unanswerable=[(0.4, False), (0.6, True)],
    )
    assert (found.kept, found.refused, found.answerable, found.unanswerable) == (0.75, 0.5, 4, 2)
    assert found.auroc == pytest.approx(6 / 8)


def test_the_share_of_nothing_is_none() -> None:
    assert share([]) is None
