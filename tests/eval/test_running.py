"""A question set run over a retriever: what is measured, what is written down, and how two runs compare."""

import io
import json
from dataclasses import replace

import pytest

from corpus.passage import Span
from eval.answers import Firsts
from eval.evaluation import Evaluation, Highlighting
from eval.judgments import Highlight
from eval.measures import MEASURES
from eval.reporting.tables import facts_table
from eval.reporting.terminal import WIDTH, print_evaluation
from eval.retriever import Answer, CitedHit
from eval.running import evaluate, unseen_sources
from eval.sets.question_set import Evidence, Question, QuestionSet
from tests.eval.eval_fixtures import ANSWERS, BLUE, QUESTIONS, RED, TEXT, WHITE, FakeRetriever, asks, cited


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


def test_refusing_is_judged_by_confidence_and_by_flag(evaluation: Evaluation) -> None:
    refusal = evaluation.refusal
    assert [refusal.auroc, refusal.kept, refusal.refused] == pytest.approx([2 / 3, 2 / 3, 1])


def test_the_json_is_what_the_design_says(evaluation: Evaluation) -> None:
    found = json.loads(json.dumps(evaluation.as_json()))
    assert set(found) == {
        "questions", "k", "measures", "by_language", "by_kind", "refusal", "citations", "highlights", "firsts",
        "per_query", "index", "versions"
    }  # fmt: skip
    assert (found["questions"], found["k"]) == ("colours.jsonl", 10)
    assert set(found["measures"]) == {"nDCG@10", "R@1", "R@3", "R@5", "R@10", "MRR@10"}
    assert all(set(group) == set(found["measures"]) for group in found["by_language"].values())
    assert set(found["refusal"]) == {"auroc", "kept", "refused", "answerable", "unanswerable"}
    assert found["citations"] == {"checked": 6, "failed": 0}
    assert found["index"] == {"id": "i_1", "model": "fake", "documents": 1, "passages": 3}
    assert {"python", "wherefrom"} <= set(found["versions"])
    entry = found["per_query"][1]
    assert set(entry) == {
        "id", "lang", "kind", "question", "rank", "confidence", "answerable", "flag", "judged", "measures", "highlight",
        "hits", "languages"
    }  # fmt: skip
    assert [entry[name] for name in ("id", "lang", "question", "rank", "answerable", "flag")] == [
        "q2", "zh", "q2?", 2, True, False
    ]  # fmt: skip
    assert entry["judged"] == {"gains": [0, 1], "ideal": [1]}
    assert set(entry["hits"][0]) == {"rank", "passage_id", "document_id", "source", "start", "end", "score"}
    assert (found["per_query"][3]["judged"], found["per_query"][3]["measures"]) == (None, {})


def test_k_is_asked_for_and_more_is_not_judged() -> None:
    retriever = FakeRetriever(ANSWERS)
    found = evaluate(QUESTIONS, retriever, k=1)
    assert retriever.asked == [("q1?", 1), ("q2?", 1), ("q3?", 1), ("q4?", 1)]
    assert [outcome.rank for outcome in found.per_query] == [1, None, None, None]


def test_progress_is_told_of_every_question() -> None:
    done: list[int] = []
    evaluate(QUESTIONS, FakeRetriever(ANSWERS), progress=done.append)
    assert done == [1, 1, 1, 1]


good = cited(1, RED)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(replace(good, quote="The east is pink."), id="other words"),
        pytest.param(replace(good, start=good.start + 1), id="shifted"),
        pytest.param(replace(good, start=-len(TEXT), end=-len(TEXT) + len(RED)), id="negative offsets"),
        pytest.param(replace(cited(1, WHITE), end=len(TEXT) + 1), id="beyond the end"),
        pytest.param(replace(good, document_sha256="0" * 64), id="another version of the text"),
    ],
)
def test_a_citation_that_cannot_be_cut_back_is_counted(bad: CitedHit) -> None:
    question_set = QuestionSet((asks("q1", "en", None),))
    found = evaluate(question_set, FakeRetriever({"q1?": Answer(0.5, True, (bad, good))}))
    assert (found.citations.checked, found.citations.failed) == (2, 1)


def test_qrels_judge_documents() -> None:
    question = Question("q1", "en", "q1?", "squad")
    answer = Answer(0.5, True, (cited(1, RED, "d_1"), cited(2, BLUE, "d_2")))
    found = evaluate(QuestionSet((question,), (), {"q1": {"d_2": 1}}), FakeRetriever({"q1?": answer}))
    assert (found.per_query[0].rank, found.measures["R@1"], found.measures["MRR@10"]) == (2, 0, 0.5)


def test_highlights_are_judged_where_the_first_passage_answers() -> None:
    answers = {
        **ANSWERS,
        "q1?": Answer(0.9, True, (marked(cited(1, RED), "is red"),)),
        "q2?": Answer(0.9, True, (cited(1, RED), marked(cited(2, BLUE), "blue"))),
        "q3?": Answer(0.9, True, (marked(cited(1, WHITE), "is whit"),)),
    }
    found = evaluate(QUESTIONS, FakeRetriever(answers))
    assert [outcome.highlight for outcome in found.per_query] == [Highlight.WHOLE, None, Highlight.PART, None]
    assert found.highlights == Highlighting(questions=2, whole=0.5, overlapping=1)
    assert found.as_json()["highlights"] == {"questions": 2, "whole": 0.5, "overlapping": 1}


def marked(hit: CitedHit, words: str) -> CitedHit:
    start = TEXT.find(words)
    return replace(hit, highlights=(Span(start, start + len(words)),))


class LibraryOfThree(FakeRetriever):
    """Three documents: in English, in Chinese, and in no language."""

    def document_text(self, document_id: str) -> str:
        return {"d_1": TEXT, "d_2": "东方是红色的。西方是蓝色的。", "d_3": "1949"}[document_id]


def test_what_comes_first_is_told_by_language_where_there_are_several() -> None:
    retriever = LibraryOfThree(
        {
            "q1?": Answer(0.9, True, (cited(1, RED, "d_1"), cited(2, RED, "d_2"))),
            "q2?": Answer(0.9, True, (cited(1, RED, "d_1"), cited(2, RED, "d_2"))),
            "q3?": Answer(0.9, True, (cited(1, BLUE, "d_2"),)),
            "q4?": Answer(0.9, True, (cited(1, RED, "d_1"), cited(2, RED, "d_3"))),
        }
    )
    questions = (
        asks("q1", "en", "red"),
        asks("q2", "zh", "red"),
        asks("q3", "zh-Hant", "red"),
        asks("q4", "de", "red"),
    )
    qrels = {each.question_id: {"d_1": 1, "d_2": 1} for each in questions[:2]} | {"q3": {"d_1": 1}, "q4": {"d_1": 1}}
    found = evaluate(QuestionSet(questions, (), qrels), retriever)
    assert [answer.languages for answer in found.per_query] == [("en", "zh"), ("en", "zh"), ("zh",), ("en", "und")]
    assert found.firsts == Firsts(questions=3, right=2 / 3, own_language=2 / 3)  # nothing at all is in German
    assert (found.measures["R@1"], found.measures["MRR@10"]) == ((0.5 + 0.5 + 0 + 1) / 4, 3 / 4)
    file = io.StringIO()
    print_evaluation(found, file)
    assert (
        "firsts     0.667 right in whichever language, 0.667 in the question's own; of 3 answerable" in file.getvalue()
    )
    assert "firsts" in {row.cells[0] for row in facts_table({"A": "a.json"}, {"A": found}).rows}


def test_where_all_is_in_one_language_nothing_is_told_of_it(evaluation: Evaluation) -> None:
    assert evaluation.firsts is None
    assert evaluation.as_json()["firsts"] is None
    assert "firsts" not in {row.cells[0] for row in facts_table({"A": "a.json"}, {"A": evaluation}).rows}


def test_a_source_that_nothing_came_from_is_noticed(evaluation: Evaluation) -> None:
    assert unseen_sources(QUESTIONS, evaluation) == []
    elsewhere = Question("q1", "en", "q1?", "entity", True, (Evidence("lost.txt", "red"),))
    question_set = QuestionSet((elsewhere,))
    assert unseen_sources(question_set, evaluate(question_set, FakeRetriever(ANSWERS))) == ["lost.txt"]


def test_a_set_without_questions_measures_zero() -> None:
    found = evaluate(QuestionSet(()), FakeRetriever({}))
    assert found.measures == dict.fromkeys(MEASURES, 0.0)
    assert (found.by_language, found.refusal.auroc, found.refusal.kept) == ({}, None, None)
    assert found.highlights == Highlighting(0, None, None)


# Reports


def test_the_table_fits_eighty_columns(evaluation: Evaluation) -> None:
    file = io.StringIO()
    print_evaluation(evaluation, file)
    lines = file.getvalue().splitlines()
    assert max(map(len, lines[:-5])) <= WIDTH
    rows = {line.split()[0]: line.split()[1:] for line in lines if line.strip()}
    assert rows["all"][0] == "3"
    assert rows["other"] == ["1"] + ["0.000"] * 6
    assert "citations  6 checked, 0 failed" in lines
    assert any(line.startswith("confidence error 0.") for line in lines)
    assert "highlights 0.000 hold the evidence whole, 0.000 some of it; of 1 first passages that answer" in lines
