"""A question set run over a retriever: what is measured, what is written down, and how two runs compare."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import text_digest
from corpus.errors import InvalidInput
from eval.comparison import RankChange, compare_files, randomisation_test
from eval.measures import MEASURES
from eval.questions import Evidence, Question, QuestionSet
from eval.report import WIDTH, print_comparison, print_evaluation
from eval.retrievers import Answer, AnswerHit
from eval.runner import Evaluation, evaluate, language_group, unseen_sources

TEXT = "The east is red. The west is blue. The north is white."
SOURCE = "colours.txt"


def cited(rank: int, quote: str, document_id: str = "d_1") -> AnswerHit:
    start = TEXT.find(quote)
    return AnswerHit(
        rank, f"p_{start}", document_id, SOURCE, start, start + len(quote), 1 / rank, quote, text_digest(TEXT)
    )


class FakeRetriever:
    """Answers from a list, and keeps count of what it was asked."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, int]] = []

    def ask(self, question: str, k: int) -> Answer:
        self.asked.append((question, k))
        return self.answers[question]

    def document_text(self, document_id: str) -> str:
        return TEXT

    def describe(self) -> Mapping[str, object]:
        return {"id": "i_1", "model": "fake", "documents": 1, "passages": 3}


def asks(question_id: str, language: str, quote: str | None, kind: str = "entity") -> Question:
    evidence = () if quote is None else (Evidence(SOURCE, quote),)
    return Question(question_id, language, f"{question_id}?", kind, quote is not None, evidence)


red, blue, white = "The east is red.", "The west is blue.", "The north is white."
QUESTIONS = QuestionSet(
    (
        asks("q1", "en", "red"),
        asks("q2", "zh", "blue"),
        asks("q3", "zh-Hant", "white", kind="list"),
        asks("q4", "en", None, kind="unanswerable"),
    )
)
ANSWERS = {
    "q1?": Answer(0.9, True, (cited(1, red), cited(2, blue))),
    "q2?": Answer(0.4, False, (cited(1, red), cited(2, blue))),
    "q3?": Answer(0.8, True, (cited(1, red),)),
    "q4?": Answer(0.5, False, (cited(1, white),)),
}


@pytest.fixture
def evaluation() -> Evaluation:
    return evaluate(QUESTIONS, FakeRetriever(ANSWERS))


def test_measures_are_means_over_the_answerable(evaluation: Evaluation) -> None:
    assert evaluation.measures["R@1"] == pytest.approx(1 / 3)
    assert evaluation.measures["R@3"] == pytest.approx(2 / 3)
    assert evaluation.measures["MRR@10"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert [outcome.rank for outcome in evaluation.per_query] == [1, 2, None, None]


def test_languages_are_grouped_and_kinds_kept_apart(evaluation: Evaluation) -> None:
    assert {group: of["MRR@10"] for group, of in evaluation.by_language.items()} == {
        "en": 1,
        "zh": 0.5,
        "other": 0,
    }
    assert {kind: of["MRR@10"] for kind, of in evaluation.by_kind.items()} == {"entity": 0.75, "list": 0}
    assert [language_group(each) for each in ("en", "zh", "zh-Hant", "vi", "und")] == ["en", "zh"] + ["other"] * 3


def test_refusing_is_judged_by_confidence_and_by_flag(evaluation: Evaluation) -> None:
    refusal = evaluation.refusal
    assert [refusal.auroc, refusal.kept, refusal.refused] == pytest.approx([2 / 3, 2 / 3, 1])


def test_the_json_is_what_the_design_says(evaluation: Evaluation) -> None:
    found = json.loads(json.dumps(evaluation.as_json()))
    assert set(found) == {
        "measures", "by_language", "by_kind", "refusal", "citations", "per_query", "index", "versions"
    }  # fmt: skip
    assert set(found["measures"]) == {"nDCG@10", "R@1", "R@3", "R@5", "R@10", "MRR@10"}
    assert all(set(group) == set(found["measures"]) for group in found["by_language"].values())
    assert set(found["refusal"]) == {"auroc", "kept", "refused", "answerable", "unanswerable"}
    assert found["citations"] == {"checked": 6, "failed": 0}
    assert found["index"] == {"id": "i_1", "model": "fake", "documents": 1, "passages": 3}
    assert {"python", "wherefrom"} <= set(found["versions"])
    entry = found["per_query"][1]
    assert set(entry) == {
        "id",
        "lang",
        "kind",
        "rank",
        "confidence",
        "answerable",
        "flag",
        "measures",
        "hits",
    }
    assert (entry["id"], entry["lang"], entry["rank"], entry["answerable"], entry["flag"]) == (
        "q2",
        "zh",
        2,
        True,
        False,
    )
    assert set(entry["hits"][0]) == {"rank", "passage_id", "document_id", "source", "start", "end", "score"}
    assert found["per_query"][3]["measures"] == {}


def test_k_is_asked_for_and_more_is_not_judged() -> None:
    retriever = FakeRetriever(ANSWERS)
    found = evaluate(QUESTIONS, retriever, k=1)
    assert retriever.asked == [("q1?", 1), ("q2?", 1), ("q3?", 1), ("q4?", 1)]
    assert [outcome.rank for outcome in found.per_query] == [1, None, None, None]


def test_progress_is_told_of_every_question() -> None:
    done: list[int] = []
    evaluate(QUESTIONS, FakeRetriever(ANSWERS), progress=done.append)
    assert done == [1, 1, 1, 1]


good = cited(1, red)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(replace(good, quote="The east is pink."), id="other words"),
        pytest.param(replace(good, start=good.start + 1), id="shifted"),
        pytest.param(replace(good, start=-len(TEXT), end=-len(TEXT) + len(red)), id="negative offsets"),
        pytest.param(replace(cited(1, white), end=len(TEXT) + 1), id="beyond the end"),
        pytest.param(replace(good, document_sha256="0" * 64), id="another version of the text"),
    ],
)
def test_a_citation_that_cannot_be_cut_back_is_counted(bad: AnswerHit) -> None:
    question_set = QuestionSet((asks("q1", "en", None),))
    found = evaluate(question_set, FakeRetriever({"q1?": Answer(0.5, True, (bad, good))}))
    assert (found.citations.checked, found.citations.failed) == (2, 1)


def test_qrels_judge_documents() -> None:
    question = Question("q1", "en", "q1?", "squad")
    answer = Answer(0.5, True, (cited(1, red, "d_1"), cited(2, blue, "d_2")))
    found = evaluate(QuestionSet((question,), (), {"q1": {"d_2": 1}}), FakeRetriever({"q1?": answer}))
    assert (found.per_query[0].rank, found.measures["R@1"], found.measures["MRR@10"]) == (2, 0, 0.5)


def test_a_source_that_nothing_came_from_is_noticed(evaluation: Evaluation) -> None:
    assert unseen_sources(evaluation) == []
    elsewhere = Question("q1", "en", "q1?", "entity", True, (Evidence("lost.txt", "red"),))
    assert unseen_sources(evaluate(QuestionSet((elsewhere,)), FakeRetriever(ANSWERS))) == ["lost.txt"]


def test_a_set_without_questions_measures_zero() -> None:
    found = evaluate(QuestionSet(()), FakeRetriever({}))
    assert found.measures == dict.fromkeys(MEASURES, 0.0)
    assert (found.by_language, found.refusal.auroc, found.refusal.kept) == ({}, None, None)


# Reports


def test_the_table_fits_eighty_columns(evaluation: Evaluation) -> None:
    file = io.StringIO()
    print_evaluation(evaluation, "questions.jsonl", file)
    lines = file.getvalue().splitlines()
    assert max(map(len, lines[:-4])) <= WIDTH
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.strip()}
    assert rows["all"][0] == "3"
    assert rows["other"] == ["1"] + ["0.000"] * 6
    assert "citations 6 checked, 0 failed" in lines


# Comparison


def save(path: Path, evaluation: Evaluation) -> Path:
    path.write_text(json.dumps(evaluation.as_json()))
    return path


def test_comparing_names_what_changed(tmp_path: Path, evaluation: Evaluation) -> None:
    better = {
        **ANSWERS,
        "q2?": Answer(0.9, True, (cited(1, blue),)),
        "q3?": Answer(0.9, True, (cited(1, white),)),
    }
    before = save(tmp_path / "a.json", evaluation)
    after = save(tmp_path / "b.json", evaluate(QUESTIONS, FakeRetriever(better)))
    found = compare_files(before, after)
    assert found.changes == (RankChange("q2", 2, 1), RankChange("q3", None, 1))
    first = {each.measure: each for each in found.differences}["R@1"]
    assert [first.before, first.after, first.difference] == pytest.approx([1 / 3, 1, 2 / 3])
    assert first.p == pytest.approx(0.5, abs=0.05)  # of the four ways to swap two pairs, two are as extreme
    assert found == compare_files(before, after)
    file = io.StringIO()
    print_comparison(found, file)
    assert "rank changed: 2 questions" in file.getvalue()
    assert all(len(line) <= WIDTH for line in file.getvalue().splitlines())


def test_comparing_a_run_with_itself_finds_nothing(tmp_path: Path, evaluation: Evaluation) -> None:
    path = save(tmp_path / "a.json", evaluation)
    found = compare_files(path, path)
    assert found.changes == ()
    assert all((each.difference, each.p) == (0, 1) for each in found.differences)


def test_runs_of_different_questions_are_not_compared(tmp_path: Path, evaluation: Evaluation) -> None:
    fewer = QuestionSet(QUESTIONS.questions[:1])
    before = save(tmp_path / "a.json", evaluation)
    after = save(tmp_path / "b.json", evaluate(fewer, FakeRetriever(ANSWERS)))
    with pytest.raises(InvalidInput, match="2 questions, 'q2' among them, are judged in one only"):
        compare_files(before, after)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{}", r"a\.json: per_query: Field required; give a file"),
        ('{"per_query": [{"id": "q1", "rank": 1, "measures": {"R@1": 1}}]}', "question 'q1' has no MRR@10"),
    ],
)
def test_other_files_are_not_compared(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(InvalidInput, match=problem):
        compare_files(path, path)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([0.0] * 4, [1.0] * 4, 2 / 16, id="four gains: two of sixteen sign patterns are as extreme"),
        pytest.param([0.0, 1.0], [1.0, 0.0], 1.0, id="what is won here is lost there"),
        pytest.param([0.1] * 9, [0.1] * 9, 1.0, id="no difference"),
        pytest.param([], [], 1.0, id="nothing to compare"),
    ],
)
def test_the_randomisation_test(before: Sequence[float], after: Sequence[float], expected: float) -> None:
    assert randomisation_test(before, after, seed=0) == pytest.approx(expected, abs=0.02)


def test_p_is_never_zero() -> None:
    assert 0 < randomisation_test([0.0] * 100, [1.0] * 100, seed=0) < 0.001
