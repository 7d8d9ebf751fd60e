"""The benchmark asks what it says it asks, and its figures are those of the timings."""

import pytest

from eval.bench.stages import time_questions


def test_medians_and_tails_of_what_was_asked() -> None:
    asked: list[str] = []

    def ask(question: str) -> dict[str, float]:
        asked.append(question)
        return {"encode": float(len(asked)), "total": 100.0}

    encode, total = time_questions(ask, ["a", "b"], rounds=5)
    assert asked == ["a", "b"] * 6
    assert encode.p50 == pytest.approx(7.5)  # of 3 to 12: the first round is not counted
    assert encode.p50 <= encode.p95 <= encode.p99 <= 12
    assert (total.name, total.p50, total.p99) == ("total", 100.0, 100.0)
