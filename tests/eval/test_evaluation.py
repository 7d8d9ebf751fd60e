"""An evaluation and the file it is kept in: what is read again is what was written, and nothing else is read."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import UnreadableFile
from eval.evaluation import Evaluation, read_evaluation
from eval.running import evaluate
from tests.eval.eval_fixtures import ANSWERS, QUESTIONS, FakeRetriever


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluate(QUESTIONS, FakeRetriever(ANSWERS))


@pytest.fixture
def written(evaluation: Evaluation) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(json.dumps(evaluation.as_json()))
    return read


def test_what_was_written_is_read_again(tmp_path: Path, evaluation: Evaluation) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(evaluation.as_json()))
    assert read_evaluation(path) == evaluation


def test_figures_follow_from_the_outcomes_whatever_the_file_says(tmp_path: Path, written: dict[str, Any]) -> None:
    told = dict(written["measures"])
    written["measures"]["R@1"] = written["per_query"][0]["rank"] = 99
    path = tmp_path / "a.json"
    path.write_text(json.dumps(written))
    found = read_evaluation(path)
    assert (found.measures, found.per_query[0].rank) == (told, 1)


def test_a_run_of_before_languages_were_kept_is_still_read(
    tmp_path: Path, evaluation: Evaluation, written: dict[str, Any]
) -> None:
    for entry in written["per_query"]:
        del entry["languages"]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(written))
    found = read_evaluation(path)
    assert (found.measures, found.firsts) == (evaluation.measures, None)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({"per_query": None}, "per_query: ", id="no outcomes"),
        pytest.param({"k": "ten"}, "k: ", id="not a number"),
        pytest.param({"citations": {}}, r"citations\.checked: Field required", id="a part is missing"),
    ],
)
def test_files_of_another_shape_are_refused_by_name(
    tmp_path: Path, written: dict[str, Any], change: dict[str, Any], problem: str
) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**written, **change}))
    with pytest.raises(UnreadableFile, match=rf"a\.json: {problem}.*; give a file that `run --out` has written"):
        read_evaluation(path)


def test_a_confidence_is_a_probability(tmp_path: Path, written: dict[str, Any]) -> None:
    path = tmp_path / "a.json"
    for confidence in (1.5, float("nan"), "high"):
        written["per_query"][1]["confidence"] = confidence
        path.write_text(json.dumps(written))
        with pytest.raises(UnreadableFile, match=r"per_query\.1\.confidence: "):
            read_evaluation(path)


def test_an_id_stands_for_one_question(tmp_path: Path, written: dict[str, Any]) -> None:
    written["per_query"][1]["id"] = "q1"
    path = tmp_path / "a.json"
    path.write_text(json.dumps(written))
    with pytest.raises(UnreadableFile, match="two questions have the id 'q1'"):
        read_evaluation(path)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"per_query": [', "\x00", "{}" * 3])
def test_what_is_no_run_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(UnreadableFile) as raised:
        read_evaluation(path)
    assert str(raised.value).count("\n") == 0


def test_every_cut_of_a_run_file_is_refused(tmp_path: Path, evaluation: Evaluation) -> None:
    path = tmp_path / "a.json"
    text = json.dumps(evaluation.as_json())
    for length in range(0, len(text), 97):
        path.write_text(text[:length])
        with pytest.raises(UnreadableFile, match=r"a\.json: "):
            read_evaluation(path)
