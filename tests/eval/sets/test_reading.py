"""Question sets are read as their READMEs say, and what is wrong with one is said with its place."""

import json
from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import InvalidInput, UnreadableFile
from eval.sets.question_set import Evidence, Question
from eval.sets.reading import read_question_set

SHARED = Path(__file__).resolve().parents[4] / "shared"
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
    found = read_question_set(path)
    assert found.questions == (
        Question("d1", "zh", "谁说东？", "entity", True, (Evidence("one.txt", "甲说东"),)),
        Question("d2", "zh", "谁说东？", "entity", False, (), True),
    )
    assert (found.passages, found.qrels) == ((), {})


def test_line_separators_inside_a_string_end_no_line(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({**LINE, "question": "一\u2028二\x85三"}, ensure_ascii=False), encoding="utf-8")
    assert read_question_set(path).questions[0].text == "一\u2028二\x85三"


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
        read_question_set(write_lines(tmp_path / "q.jsonl", LINE, line))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"none\.jsonl: No such file"):
        read_question_set(tmp_path / "none.jsonl")
    (tmp_path / "gbk.jsonl").write_bytes("谁说东".encode("gbk"))
    with pytest.raises(UnreadableFile, match=r"gbk\.jsonl: byte \d is not UTF-8"):
        read_question_set(tmp_path / "gbk.jsonl")


def test_other_files_are_no_question_sets(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"q\.csv: not a question set"):
        read_question_set(tmp_path / "q.csv")


def test_only_squad_takes_passages_from_elsewhere(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "q.jsonl", LINE)
    with pytest.raises(InvalidInput, match="leave --passages out"):
        read_question_set(path, [tmp_path / "zh.json"])


# The sets that stand beside the repository


@needs_shared
def test_the_development_questions() -> None:
    questions = read_question_set(SHARED / "eval" / "dev.jsonl").questions
    assert Counter(question.answerable for question in questions) == {True: 85, False: 15}
    assert Counter(question.language for question in questions)["zh-Hant"] == 3
    assert sum(question.all_evidence for question in questions) == 6
