"""Benchmarks are run one way: in turns, with questions that are new, and figures that are held against goals."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import NotFound
from eval.bench.figures import Figure, Results, machine_text, number_text
from eval.bench.runner import HELD, Bench, command_of, in_turns, one_by_one, shuffled
from eval.resampling import Interval
from tests.eval.bench.bench_fixtures import bench_on, figures_of
from tests.eval.eval_fixtures import write_squad


def test_turns_go_there_and_back_after_a_round_that_does_not_count() -> None:
    done: list[tuple[str, int]] = []

    def variant(name: str) -> Callable[[int], list[str]]:
        def work(number: int) -> list[str]:
            done.append((name, number))
            return [f"{name}{number}"]

        return work

    found = in_turns({"a": variant("a"), "b": variant("b")}, [1, 2, 3], warm_up=0)
    assert done == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("b", 2), ("a", 2), ("a", 3), ("b", 3)]
    assert found == {"a": ["a1", "a2", "a3"], "b": ["b1", "b2", "b3"]}
    assert one_by_one(str.upper)(["x", "y"]) == ["X", "Y"]


def test_no_question_comes_twice_before_all_others_came(tmp_path: Path) -> None:
    asked = shuffled([write_squad(tmp_path / "s.json")])
    first = [next(asked) for _ in range(3)]
    assert sorted(first) == ["What is blue?", "What is red?", "What is white?"]
    assert [next(asked) for _ in range(3)] == first


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [("<= 5 s", 5, True), ("<= 5 s", 5.1, False), (">= 6", 6, True), ("<= 2,500 bytes", 2400, True), ("", 1, None)],
)
def test_a_goal_is_reached_or_not(goal: str, value: float, reached: bool | None) -> None:
    assert Figure(mark="P1", what="anything", value=value, goal=goal).reached is reached


def test_a_goal_counts_at_as_many_passages_as_it_is_meant_for(data_dir: Path) -> None:
    bench = bench_on(data_dir)
    for bench.count in (3, HELD, None):
        bench.add("P1", f"{bench.count}", Interval(1, 2, 3), "ms", goal="<= 2")
    figures = figures_of(bench)
    assert [figure.reached for figure in figures.values()] == [None, True, True]
    assert [figure.note for figure in figures.values()] == ["25% of the passages made up", "", ""]
    assert (figures["3"].low, figures["3"].value, figures["3"].high, figures["3"].passages) == (1, 2, 3, 3)
    assert figures["3"].cells() == ("P1", "3", "3", "2 ms", "1–3", "", "")


def test_a_folder_that_was_not_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="100k: not made yet; run: python -m eval bench-make SETS --passages 100000"):
        Bench(None, iter(()), tmp_path, 1, 1, count=100_000).data_dir()  # type: ignore[arg-type]


def test_a_command_prints_its_figures_and_leaves_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def measure(bench: Bench) -> None:
        """Measure nothing."""
        bench.add("P2", f"asked {len(bench.turns())} times {len(bench.take())}", 1.25, "ms")
        bench.plot("a plot", "a line", 2.0)

    command = command_of("bench-test", measure, (1_000, 2_000), 3, 4)
    command([write_squad(tmp_path / "s.json")], tmp_path)
    command([tmp_path / "s.json"], tmp_path, [5], 1, 2, out=tmp_path / "other.json")
    assert "asked 3 times 4" in capsys.readouterr().out and command.__doc__ == "Measure nothing."
    results = Results.model_validate_json((tmp_path / "results" / "bench-test.json").read_text())
    assert [figure.passages for figure in results.figures] == [1_000, 2_000]
    assert results.series == {"a plot": {"a line": [(1_000, 2.0), (2_000, 2.0)]}}
    assert json.loads((tmp_path / "other.json").read_text())["figures"][0]["what"] == "asked 1 times 2"


def test_the_machine_is_told() -> None:
    assert re.search(r"\d+ cores \(.*\), \d+ GB; load .* at the start; Python 3.*, torch 2", machine_text())


def test_numbers_have_three_digits_that_count() -> None:
    assert [number_text(value) for value in (0.12345, 1.5, 99.94, 1234.5)] == ["0.123", "1.5", "99.9", "1,234"]
