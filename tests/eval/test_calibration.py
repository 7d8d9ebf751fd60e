"""Fitting curves: what a known curve made is found again, and too little is said to be too little."""

import json
from pathlib import Path

import numpy as np
import pytest

from eval.calibration import FEWEST, Point, curves_of, fit
from index.ranking.confidence import Curve
from tests.eval.eval_fixtures import Command


def drawn(curve: Curve, count: int, same_language: bool = True) -> list[Point]:
    random = np.random.default_rng(7)
    scores = random.normal(curve.midpoint, 3 / curve.slope, count).tolist()
    return [Point(score, random.random() < curve.probability(score), same_language) for score in scores]


@pytest.mark.parametrize("curve", [Curve(0.85, 60.0), Curve(20.0, 0.2), Curve(-1.0, 5.0)])
def test_a_curve_is_found_again_from_what_it_made(curve: Curve) -> None:
    found = fit(drawn(curve, 4000))
    assert found is not None
    assert found.slope == pytest.approx(curve.slope, rel=0.1)
    assert found.midpoint == pytest.approx(curve.midpoint, abs=0.2 / curve.slope)


def test_parted_scores_give_a_steep_curve_and_no_endless_one() -> None:
    found = fit([Point(0.9 + at / 1000, True, True) for at in range(50)] + [Point(0.5, False, True)] * 50)
    assert found is not None
    assert found.probability(0.9) > 0.9
    assert found.probability(0.5) < 0.1


def test_too_few_points_make_no_curve() -> None:
    assert fit([Point(0.9, True, True)] * 500 + [Point(0.5, False, True)] * (FEWEST - 1)) is None
    assert curves_of(drawn(Curve(0.8, 50.0), 300))["other language"] is None


def test_the_command_says_both_curves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    numbers = [f"The number of box {name} is {name * 37}." for name in range(1, 121)]
    articles = [
        {
            "paragraphs": [
                {
                    "context": text,
                    "qas": [
                        {
                            "id": str(at),
                            "question": f"What is the number of box {at + 1}?",
                            "answers": [{"text": "The", "answer_start": 0}],
                        }
                    ],
                }
            ]
        }
        for at, text in enumerate(numbers)
    ]
    squad = tmp_path / "boxes.json"
    squad.write_text(json.dumps({"data": articles}))
    code, out, _ = Command(monkeypatch, capsys)("calibrate", squad, "--model", "hash")
    assert code == 0
    first, second = out.splitlines()
    assert first.startswith("same language: Curve(")
    assert second == "other language: too few questions"
