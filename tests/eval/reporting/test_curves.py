"""The curves agree with scikit-learn's where it has them, and with their definitions by hand."""

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc, brier_score_loss
from sklearn.metrics import roc_curve as sklearn_roc_curve

from eval.measures import Judged, auroc, recall
from eval.reporting.curves import (
    Bin,
    brier_score,
    calibration_error,
    recall_curve,
    reliability,
    risk_coverage,
    roc_curve,
)

# Few different confidences make many ties; their doubles fall clearly inside a bin.
confidences = st.integers(0, 20).map(lambda step: step / 20)
sides = st.lists(confidences, min_size=1, max_size=30)
answer_lists = st.lists(st.tuples(confidences, st.booleans()), min_size=1, max_size=40)


@given(sides, sides)
def test_the_roc_curve_is_that_of_scikit_learn(positives: list[float], negatives: list[float]) -> None:
    labels = [1] * len(positives) + [0] * len(negatives)
    false, true, _ = sklearn_roc_curve(labels, positives + negatives, drop_intermediate=False)
    points = roc_curve(positives, negatives)
    assert [x for x, _ in points] == pytest.approx(list(false))
    assert [y for _, y in points] == pytest.approx(list(true))


@given(sides, sides)
def test_the_area_below_it_is_the_auroc(positives: list[float], negatives: list[float]) -> None:
    points = roc_curve(positives, negatives)
    assert auc(*zip(*points, strict=True)) == pytest.approx(auroc(positives, negatives))


def test_one_side_alone_has_no_roc_curve() -> None:
    assert roc_curve([0.5], []) == roc_curve([], [0.5]) == []


@given(answer_lists)
def test_the_bins_are_those_of_scikit_learn(answers: list[tuple[float, bool]]) -> None:
    bins = reliability(answers)
    # Its bins hold their upper bound, ours the lower: shift what lies on a bound.
    inside = [min(confidence + 1e-6, 1.0) for confidence, _ in answers]
    accuracy, confidence = calibration_curve([right for _, right in answers], inside, n_bins=10)
    assert [each.accuracy for each in bins] == pytest.approx(list(accuracy))
    assert [each.confidence for each in bins] == pytest.approx(list(confidence), abs=1e-5)
    assert sum(each.size for each in bins) == len(answers)


@given(answer_lists)
def test_the_brier_score_is_that_of_scikit_learn(answers: list[tuple[float, bool]]) -> None:
    confidence, right = zip(*answers, strict=True)
    assert brier_score(answers) == pytest.approx(brier_score_loss(right, confidence, pos_label=True))


def test_calibration_error_by_hand() -> None:
    answers = [(0.95, True), (0.95, False), (0.15, False)]
    assert reliability(answers) == [Bin(0.15, 0, 1), Bin(0.95, 0.5, 2)]
    assert calibration_error(answers) == pytest.approx((1 * 0.15 + 2 * 0.45) / 3)


def test_confidence_that_is_always_borne_out_has_no_error() -> None:
    assert calibration_error([(1.0, True), (0.0, False)]) == brier_score([(1.0, True), (0.0, False)]) == 0


def test_risk_and_coverage_by_hand() -> None:
    answers = [(0.9, True), (0.8, False), (0.8, True), (0.1, False)]
    points = risk_coverage(answers)
    assert [coverage for coverage, _ in points] == pytest.approx([1 / 4, 3 / 4, 1])
    assert [risk for _, risk in points] == pytest.approx([0, 1 / 3, 1 / 2])


@given(answer_lists)
def test_answering_everything_risks_the_share_of_wrong_answers(answers: list[tuple[float, bool]]) -> None:
    wrong = [not right for _, right in answers]
    assert risk_coverage(answers)[-1] == pytest.approx((1, sum(wrong) / len(wrong)))


def test_recall_grows_with_depth() -> None:
    queries = [Judged((0, 1), (1,)), Judged((1, 0, 2), (2, 1))]
    curve = recall_curve(queries, 4)
    assert [k for k, _ in curve] == [1, 2, 3, 4]
    assert [mean for _, mean in curve] == pytest.approx(
        [fmean(recall(each, k) for each in queries) for k in range(1, 5)]
    )
    assert curve[-1] == (4, 1)


def test_nothing_asked_draws_nothing() -> None:
    assert not recall_curve([], 10)
    assert not risk_coverage([])
    assert not reliability([])
    assert calibration_error([]) is None
    assert brier_score([]) is None
