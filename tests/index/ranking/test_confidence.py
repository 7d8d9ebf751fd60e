"""Records: what is written is read, probabilities fall with the rank, and what was not fitted says so."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier

from corpus.errors import InvalidInput
from index.models.hashing import HashEncoder
from index.models.registry import DEFAULT_MODEL
from index.query import Method
from index.ranking.confidence import Record, confidence_of, record_of, shipped_records, unfitted
from tests.index.ranking.test_evidence import candidate, judged

SPEC = replace(HashEncoder().spec, name=DEFAULT_MODEL)


def shipped() -> Record:
    found = confidence_of(SPEC)
    assert found is not None
    return found


def test_the_model_inside_has_a_record_of_the_figures_there_are() -> None:
    assert list(shipped().names) == list(judged("?", [""], [candidate(0, [0.9])]))
    assert 0 < shipped().threshold < 0.3
    assert shipped().fitted
    assert "; articles 1-24; " in shipped().fitted_on  # the others are for testing


def test_a_record_is_read_as_it_was_written() -> None:
    text = shipped().to_text()
    assert record_of(text, "it").to_text() == text


def test_the_network_is_the_one_of_scikit_learn() -> None:
    random = np.random.default_rng(3)
    figures = random.normal(size=(300, 4)).clip(-3, 3)
    net = MLPClassifier((5,), activation="tanh", max_iter=400, tol=1e-2, random_state=1).fit(figures, figures[:, 0] > 0)
    record = Record(
        "m", "drawn", tuple("abcd"), np.zeros(4), np.ones(4), net.coefs_[0], net.intercepts_[0], net.coefs_[1][:, 0],
        float(net.intercepts_[1][0]), (1.0, 0.0, -9.0), 0.1,
    )  # fmt: skip
    for row, expected in zip(figures[:20], net.predict_proba(figures[:20])[:, 1], strict=True):
        (found,) = record.probabilities([0.8], dict(zip("abcd", row.tolist(), strict=True)))
        assert found == pytest.approx(expected, abs=1e-9)


@given(st.lists(st.floats(-1, 2), min_size=1, max_size=50), st.lists(st.floats(-1e3, 1e3), min_size=40, max_size=40))
def test_probabilities_never_rise(scores: list[float], numbers: list[float]) -> None:
    figures = dict(zip(shipped().names, numbers, strict=False))
    found = shipped().probabilities(sorted(scores, reverse=True), figures)
    assert len(found) == len(scores)
    assert found == sorted(found, reverse=True)
    assert all(0 <= each <= 1 for each in found)


def test_a_model_that_nobody_looked_at_refuses_nothing_and_says_so() -> None:
    assert confidence_of(HashEncoder().spec) is None
    for method in Method:
        found = unfitted(method.signals)
        assert (found.fitted, found.threshold) == (False, 0.0)
        assert found.probabilities([0.9, 0.1], {}) == sorted(found.probabilities([0.9, 0.1], {}), reverse=True)


def test_a_record_that_the_index_keeps_comes_first_if_it_is_of_the_model() -> None:
    own = json.loads(shipped().to_text()) | {"fitted_on": "our own questions"}
    kept = confidence_of(SPEC, json.dumps(own))
    assert kept is not None
    assert kept.fitted_on == "our own questions"
    assert confidence_of(SPEC, json.dumps(own | {"model": "another"})) is shipped_records()[DEFAULT_MODEL]
    hashed = confidence_of(HashEncoder().spec, json.dumps(own | {"model": "hash"}))
    assert hashed is not None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"figures": 3}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"it is no record of confidence .* python -m eval calibrate"):
        record_of(text, "it")


def test_a_record_whose_numbers_do_not_fit_is_refused() -> None:
    broken = json.loads(shipped().to_text())
    broken["units"]["weights"].pop()
    with pytest.raises(InvalidInput, match="do not fit"):
        record_of(json.dumps(broken), "it")
