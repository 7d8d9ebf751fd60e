"""What ir_measures computes of the run and qrels that were written is what is printed, whoever judges."""

import json
from pathlib import Path

import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from corpus.document import make_document
from eval.evaluation import Evaluation
from eval.retriever import Answer, CitedHit
from eval.running import evaluate
from eval.sets.question_set import Evidence, Question, QuestionSet
from eval.trec import NOT_FOUND, trec_files, trec_text
from tests.eval.eval_fixtures import RED, SOURCE, TEXT, WHITE, Command, FakeRetriever, cited

THEIRS = {"nDCG@10": nDCG @ 10, "MRR@10": RR @ 10, **{f"R@{k}": R @ k for k in (1, 3, 5, 10)}}

EAST, WEST = "east of the town is red", "west of the town is blue"
CORPUS = {
    "town.txt": f"In the morning the {EAST}.\n\nIn the evening the {WEST}.\n\nNobody paints the north.\n",
    "village.txt": "The village has a school.\n\nThe school is white and has two teachers.\n\nTea grows there.\n",
}
QUESTIONS = {
    "any": ("What is red or blue in the town?", [("town.txt", EAST), ("town.txt", WEST)], False),
    "all": ("What are the colours of the town?", [("town.txt", EAST), ("village.txt", "is white")], True),
    "other": ("Where does tea grow?", [("village.txt", "Tea grows")], False),
    "lost": ("How many cranes has the harbour?", [("village.txt", "has a school.\n\nThe school")], False),
    "none": ("Who is green?", [], False),
}


def agree(run: Path, qrels: Path, printed: dict[str, float], per_query: dict[str, dict[str, float]]) -> None:
    judgments = list(ir_measures.read_trec_qrels(str(qrels)))  # type: ignore[no-untyped-call]
    found = list(ir_measures.read_trec_run(str(run)))  # type: ignore[no-untyped-call]
    theirs = ir_measures.calc_aggregate(THEIRS.values(), judgments, found)
    assert {name: theirs[measure] for name, measure in THEIRS.items()} == pytest.approx(printed)
    each = {
        (metric.query_id, metric.measure): metric.value
        for metric in ir_measures.iter_calc(THEIRS.values(), judgments, found)
    }
    for query, measures in per_query.items():
        assert {name: each[query, measure] for name, measure in THEIRS.items()} == pytest.approx(measures)


def write(folder: Path, question_set: QuestionSet, evaluation: Evaluation) -> tuple[Path, Path]:
    files = trec_files(question_set, evaluation, lambda document_id: TEXT)
    (folder / "run").write_text(trec_text(files.run))
    (folder / "qrels").write_text(trec_text(files.qrels))
    return folder / "run", folder / "qrels"


def test_evidence_in_a_corpus(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, text in CORPUS.items():
        (folder / name).write_text(text)
    lines = [
        {
            "id": name, "lang": "en", "question": question, "answers": [], "kind": "entity",
            "evidence": [{"doc": source, "quote": quote} for source, quote in evidence],
            "answerable": bool(evidence), "all": every,
        }
        for name, (question, evidence, every) in QUESTIONS.items()
    ]  # fmt: skip
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, lines)))
    files = ["--run-out", tmp_path / "run", "--qrels-out", tmp_path / "qrels"]
    code, out, _ = command("run", tmp_path / "q.jsonl", "--corpus", folder, "--model", "hash", "--json", *files)
    assert code == 0
    found = json.loads(out)
    answered = {each["id"]: each["measures"] for each in found["per_query"] if each["answerable"]}
    agree(tmp_path / "run", tmp_path / "qrels", found["measures"], answered)
    scores = {(each["id"], hit["passage_id"]): hit["score"] for each in found["per_query"] for hit in each["hits"]}
    for query, _, passage, _, score, _ in map(str.split, (tmp_path / "run").read_text().splitlines()):
        assert float(score) == pytest.approx(scores[query, passage], rel=1e-6)


def test_qrels_of_a_set_with_passages(command: Command, tmp_path: Path) -> None:
    texts = [f"The {place} of the town is {colour}." for place, colour in (("east", "red"), ("west", "blue"))] * 2
    paragraphs = [
        {
            "context": text + " " * place,
            "qas": [{"id": f"q{place}", "question": "What colour is the town?" * (place % 2) or "What is red?"}],
        }
        for place, text in enumerate(texts)
    ]
    (tmp_path / "s.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    files = ["--run-out", tmp_path / "run", "--qrels-out", tmp_path / "qrels"]
    _, out, _ = command("run", tmp_path / "s.json", "--model", "hash", "--json", *files)
    found = json.loads(out)
    agree(tmp_path / "run", tmp_path / "qrels", found["measures"], {e["id"]: e["measures"] for e in found["per_query"]})


def test_equal_scores_keep_the_order_of_the_answer(tmp_path: Path) -> None:
    hits = [
        CitedHit(rank, f"p_{9 - rank}", "d_1", SOURCE, 0, 5, score, "", "")
        for rank, score in enumerate((1.0, 1.0, 0.99999999, 0.2, 0.3), 1)
    ]
    question_set = QuestionSet((Question("q1", "en", "?", "x", True, (Evidence(SOURCE, "The e"),)),))
    evaluation = evaluate(question_set, FakeRetriever({"?": Answer(1, True, (cited(1, WHITE), *hits))}))
    run, qrels = write(tmp_path, question_set, evaluation)
    scores = [float(line.split()[4]) for line in run.read_text().splitlines()]
    assert scores == sorted(set(scores), reverse=True) and scores[0] == 1
    agree(run, qrels, evaluation.measures, {"q1": dict(evaluation.per_query[0].measures)})


def test_what_was_not_found_is_named_in_the_qrels_all_the_same(tmp_path: Path) -> None:
    document = make_document("Tea.", source="d_2", document_id="d_2")
    question = Question("q1", "en", "?", "x", True, (Evidence(SOURCE, "blue"),))
    retriever = FakeRetriever({"?": Answer(1, True, (cited(1, RED),))})
    by_evidence = QuestionSet((question,))
    assert trec_files(by_evidence, evaluate(by_evidence, retriever), lambda _: TEXT).qrels == [
        ("q1", "0", NOT_FOUND, "1")
    ]
    by_qrels = QuestionSet((question,), (document,), {"q1": {"d_2": 2, "d_9": 0}})
    evaluation = evaluate(by_qrels, retriever)
    run, qrels = write(tmp_path, by_qrels, evaluation)
    assert [line.split()[3] for line in qrels.read_text().splitlines()] == ["2", "0"]
    agree(run, qrels, evaluation.measures, {"q1": dict(evaluation.per_query[0].measures)})
