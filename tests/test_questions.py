"""Question sets are read as their READMEs say, and what is wrong with one is said with its place."""

import json
from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import InvalidInput, UnreadableFile
from eval.question_set import Evidence, Question
from eval.questions import read_questions

SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")

LINE: dict[str, object] = {
    "id": "d1",
    "lang": "zh",
    "question": "谁说东？",
    "answers": ["甲"],
    "evidence": [{"doc": "one.txt", "quote": "甲说东"}],
    "kind": "entity",
    "answerable": True,
}


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return path


# Our JSONL


def test_a_line_becomes_a_question(tmp_path: Path) -> None:
    unanswerable = {**LINE, "id": "d2", "evidence": [], "answerable": False, "all": True}
    path = write_lines(tmp_path / "q.jsonl", LINE, "", unanswerable)
    found = read_questions(path)
    assert found.questions == (
        Question("d1", "zh", "谁说东？", "entity", True, (Evidence("one.txt", "甲说东"),)),
        Question("d2", "zh", "谁说东？", "entity", False, (), True),
    )
    assert (found.passages, found.qrels) == ((), {})


def test_line_separators_inside_a_string_end_no_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({**LINE, "question": "一\u2028二\x85三"}, ensure_ascii=False), encoding="utf-8")
    assert read_questions(path).questions[0].text == "一\u2028二\x85三"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param('{"id": "d2"', r"q\.jsonl:2: Invalid JSON", id="cut off"),
        pytest.param("[]", r"q\.jsonl:2: ", id="not an object"),
        pytest.param({"id": "d2"}, r"q\.jsonl:2: lang: Field required; a line has id, lang", id="field missing"),
        pytest.param({**LINE, "id": "d2", "al": True}, r"q\.jsonl:2: al: ", id="field misspelt"),
        pytest.param({**LINE, "id": "d2", "answerable": "no"}, r"q\.jsonl:2: answerable: ", id="not a truth value"),
        pytest.param(LINE, r"q\.jsonl:2: id 'd1' was used above", id="id used twice"),
        pytest.param({**LINE, "id": "d2", "answerable": False}, r"q\.jsonl:2: answerable is False", id="contradiction"),
        pytest.param({**LINE, "id": "d2", "evidence": []}, r"q\.jsonl:2: answerable is True", id="no evidence"),
        pytest.param(
            {**LINE, "id": "d2", "evidence": [{"doc": "one.txt", "quote": ""}]},
            r"q\.jsonl:2: evidence\.0\.quote: ",
            id="empty quote",
        ),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: object, problem: str) -> None:
    with pytest.raises(UnreadableFile, match=problem):
        read_questions(write_lines(tmp_path / "q.jsonl", LINE, line))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"none\.jsonl: No such file"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("谁说东".encode("gbk"))
    with pytest.raises(UnreadableFile, match=r"gbk\.jsonl: byte \d is not UTF-8"):
        read_questions(tmp_path / "gbk.jsonl")


def test_other_files_are_no_question_sets(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"q\.csv: not a question set"):
        read_questions(tmp_path / "q.csv")


def test_only_squad_takes_passages_from_elsewhere(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", LINE)
    with pytest.raises(InvalidInput, match="leave --passages out"):
        read_questions(path, tmp_path / "zh.json")


# BEIR


def beir(folder: Path, *qrels: str, split: str = "test") -> Path:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    write_lines(folder / "corpus.jsonl", {"_id": "1", "title": "Title", "text": "text"}, {"_id": "2", "text": "bare"})
    write_lines(folder / "queries.jsonl", {"_id": "q1", "text": "Who?"}, {"_id": "q2", "text": "of another split"})
    write_lines(folder / "qrels" / f"{split}.tsv", "query-id\tcorpus-id\tscore", *qrels)
    return folder


@pytest.mark.parametrize("split", ["test", "dev"])
def test_a_beir_folder_is_read_as_beir_reads_it(tmp_path: Path, split: str) -> None:
    found = read_questions(beir(tmp_path, "q1\t1\t2", "q1\t9\t0", split=split))
    assert [(question.question_id, question.text, question.kind) for question in found.questions] == [
        ("q1", "Who?", "beir")
    ]
    assert {document.document_id: document.text for document in found.passages} == {
        "1": "Title text",
        "2": "bare",
    }
    assert found.qrels == {"q1": {"1": 2, "9": 0}}


def test_the_test_split_goes_before_others(tmp_path: Path) -> None:
    beir(tmp_path, "q2\t1\t1", split="train")
    assert read_questions(beir(tmp_path, "q1\t1\t1")).qrels == {"q1": {"1": 1}}


def test_no_split_or_several_without_a_test_are_an_error(tmp_path: Path) -> None:
    beir(tmp_path, split="train")
    beir(tmp_path, split="dev")
    with pytest.raises(UnreadableFile, match="2 splits in qrels"):
        read_questions(tmp_path)


@pytest.mark.parametrize(
    ("qrel", "problem"),
    [
        pytest.param("q1 1 1", r"test\.tsv:2: 'q1 1 1' is not query-id", id="no tabs"),
        pytest.param("q1\t1\tmuch", r"test\.tsv:2: ", id="no number"),
        pytest.param("q9\t1\t1", r"queries\.jsonl: no query 'q9'", id="unknown query"),
    ],
)
def test_malformed_qrels_are_named(tmp_path: Path, qrel: str, problem: str) -> None:
    with pytest.raises(UnreadableFile, match=problem):
        read_questions(beir(tmp_path, qrel))


# The sets that stand beside the repository


@needs_shared
def test_the_development_questions() -> None:
    questions = read_questions(SHARED / "eval" / "dev.jsonl").questions
    assert Counter(question.answerable for question in questions) == {True: 85, False: 15}
    assert Counter(question.language for question in questions)["zh-Hant"] == 3
    assert sum(question.all_evidence for question in questions) == 6
