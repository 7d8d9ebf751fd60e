"""Two runs side by side: what differs, whether chance would do as much, and which questions moved."""

import io

import pytest

from corpus.errors import InvalidInput
from eval.comparison import RankChange, compare
from eval.evaluation import Evaluation
from eval.reporting.terminal import WIDTH, print_comparison
from eval.running import evaluate
from eval.sets.question_set import QuestionSet
from tests.eval.eval_fixtures import ANSWERS, BETTER_ANSWERS, QUESTIONS, FakeRetriever


@pytest.fixture
def before() -> Evaluation:
    return evaluate(QUESTIONS, FakeRetriever(ANSWERS))


@pytest.fixture
def after() -> Evaluation:
    return evaluate(QUESTIONS, FakeRetriever(BETTER_ANSWERS))


def test_comparing_names_what_changed(before: Evaluation, after: Evaluation) -> None:
    found = compare(before, after)
    assert found.changes == (RankChange("q2", "zh", "q2?", 2, 1), RankChange("q3", "zh-Hant", "q3?", None, 1))
    first = {each.measure: each for each in found.differences}["R@1"]
    assert [first.before, first.after, first.difference] == pytest.approx([1 / 3, 1, 2 / 3])
    assert first.p == pytest.approx(0.5, abs=0.05)  # of the four ways to swap two pairs, two are as extreme
    assert first.low <= first.difference <= first.high <= 1
    assert found == compare(before, after)


def test_a_comparison_fits_eighty_columns(before: Evaluation, after: Evaluation) -> None:
    file = io.StringIO()
    print_comparison(compare(before, after), file)
    printed = file.getvalue()
    assert "rank changed: 2 questions" in printed
    assert all(len(line) <= WIDTH for line in printed.splitlines())
    assert "95 %" in printed and "+0.667" in printed
    (changed,) = (line.split() for line in printed.splitlines() if "q3?" in line)
    assert changed == ["q3", "q3?", "zh-Hant", "-", "1"]


def test_comparing_a_run_with_itself_finds_nothing(before: Evaluation) -> None:
    found = compare(before, before)
    assert found.changes == ()
    assert all((each.difference, each.low, each.high, each.p) == (0, 0, 0, 1) for each in found.differences)


def test_runs_of_different_questions_are_not_compared(before: Evaluation) -> None:
    fewer = evaluate(QuestionSet(QUESTIONS.questions[:1]), FakeRetriever(ANSWERS))
    with pytest.raises(InvalidInput, match="2 of the questions, 'q2' for one, stand in one run only"):
        compare(before, fewer)
