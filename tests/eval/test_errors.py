"""What `python -m eval` says of misuse (exit code 2) and failure (1): one line, before anything is lost or loaded."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.eval.eval_fixtures import Command, write_corpus, write_questions, write_squad


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a corpus, question sets of both sorts, and a run."""
    write_corpus(tmp_path / "corpus")
    (tmp_path / "empty").mkdir()
    write_questions(tmp_path / "q.jsonl")
    write_squad(tmp_path / "s.json")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("run q.jsonl", "give one of --corpus DIR, --data-dir DIR, --url URL"),
        ("run q.jsonl --corpus corpus --url http://host", "give one of --corpus"),
        ("run q.jsonl --url http://host --model hash", "leave --model out"),
        ("run q.jsonl --url http://host:port", "http://host:port: "),
        ("run q.jsonl --corpus corpus --hold-out 2", "leave --hold-out out"),
        ("run q.jsonl --corpus corpus --passages s.json", "leave --passages out"),
        (
            "run s.json --passages s.json --passages s.json",
            "two files of passages are called s.json; give each file once",
        ),
        ("run s.json --passages none.json", "none.json"),
        ("run s.json --corpus corpus", "leave --corpus out"),
        ("run s.json --method magic", "'magic'"),
        ("run s.json --hold-out 2", "1 articles takes an N of 2 to 1, not 2"),
        ("run s.json --hold-out 0", "takes an N of 2 to 1, not 0"),
        ("run s.json --hold-out half", "'--hold-out'"),
        ("run s.json --k 51", "k is 51; give 1 to 50"),
        ("run s.json --k 0", "k is 0; give 1 to 50"),
        ("run s.json --k=-1", "k is -1; give 1 to 50"),
        ("run s.json --k many", "'--k'"),
        ("run none.jsonl", "path 'none.jsonl' does not exist"),
        ("run corpus/town.txt", "town.txt: not a question set; give our .jsonl"),
        ("run s.json s.json --out x.json", "x.json must be a folder"),
        ("run s.json s.json --out .", "would overwrite each other"),
        ("run s.json --out none/x.json", "no folder none to write to; make it first"),
        ("run s.json --run-out none/x.trec", "no folder none to write to; make it first"),
        ("run s.json --out s.json/x.json", "no folder s.json to write to"),
        ("run s.json --out s.json", "s.json: holds the questions themselves"),
        ("run s.json --out .", "s.json: holds the questions themselves"),
        ("report s.json --out x.pdf", "x.pdf: a report is written as .html or .md"),
        ("report s.json --out none/x.md", "no folder none to write to"),
        ("report s.json", "Missing option '--out'"),
        ("report --out x.md", "Missing argument 'runs'"),
        ("bench s.json --data-dir none", "does not exist"),
        ("bench s.json --data-dir corpus --rounds 0", "'--rounds'"),
        ("compare s.json", "Missing argument 'b'"),
        ("guess", "No such command 'guess'"),
    ],
)
def test_misuse(command: Command, folder: Path, arguments: str, problem: str) -> None:
    code, out, err = command(*arguments.split())
    assert (code, out) == (2, "")
    assert problem.lower() in err.lower()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("run q.jsonl --url http://127.0.0.1:1", "POST /v1/search at http://127.0.0.1:1: "),
        ("run q.jsonl --url localhost", "start the service or correct its URL"),
        ("run q.jsonl --data-dir corpus", "no index here"),
        ("run q.jsonl --corpus empty --model hash", "empty: holds no document that can be read"),
        ("run s.json --model ./corpus", "corpus"),
        ("bench s.json --data-dir corpus", "no index here"),
        ("compare s.json s.json", "s.json: questions: Field required; give a file that `run --out` has written"),
        ("compare corpus corpus", "corpus: Is a directory"),
        ("report q.jsonl --out x.md", "q.jsonl: Invalid JSON"),
    ],
)
def test_failure(command: Command, folder: Path, arguments: str, problem: str) -> None:
    code, out, err = command(*arguments.split())
    assert (code, out) == (1, "")
    assert problem in err


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        pytest.param("a.jsonl", "", "a.jsonl: holds no questions", id="empty"),
        pytest.param("a.jsonl", "\n \n", "a.jsonl: holds no questions", id="blank lines"),
        pytest.param("a.jsonl", "{}", "a.jsonl:1: id: Field required", id="other lines"),
        pytest.param("a.jsonl", '{"id": "q1", ', "a.jsonl:1: Invalid JSON", id="cut off"),
        pytest.param("a.json", "", "a.json: Invalid JSON", id="empty SQuAD"),
        pytest.param("a.json", '{"data": []}', "a.json: holds no questions", id="SQuAD without articles"),
        pytest.param("a.json", '{"data": [{"paragraphs": []}]}', "a.json: holds no questions", id="empty article"),
        pytest.param("a.json", "[" * 100_000, "a.json: Invalid JSON", id="deeply nested"),
    ],
)
@pytest.mark.parametrize("order", ["run {} --model hash --corpus corpus", "bench {} --data-dir corpus"])
def test_question_files_without_questions(
    command: Command, folder: Path, order: str, name: str, content: str, problem: str
) -> None:
    (folder / name).write_text(content)
    code, out, err = command(*order.format(name).split())
    assert (code, out) == (1, "")
    assert problem in err


def test_ids_that_are_used_twice(command: Command, folder: Path) -> None:
    lines = (folder / "q.jsonl").read_text().splitlines()
    (folder / "twice.jsonl").write_text("\n".join(lines[:1] * 2))
    code, _, err = command("run", "twice.jsonl", "--corpus", "corpus")
    assert (code, err) == (1, "error: twice.jsonl:2: id 'q1' was used above; give each question its own\n")


def test_what_cannot_be_asked_cannot_be_timed(command: Command, folder: Path, data_dir: Path) -> None:
    squad = {"data": [{"paragraphs": [{"context": "One.", "qas": [{"id": "a", "question": " "}]}]}]}
    (folder / "blank.json").write_text(json.dumps(squad))
    code, _, err = command("bench", "blank.json", "--data-dir", data_dir)
    assert (code, err) == (1, "error: blank.json: holds no question that can be asked\n")


def test_figures_are_printed_before_they_are_written(command: Command, folder: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full, a file that is always full")
    code, out, err = command("run", "s.json", "--model", "hash", "--out", "/dev/full")
    assert (code, err) == (1, "error: /dev/full: No space left on device; name a file that can be written\n")
    assert "nDCG@10" in out
    assert command("report", "s.json", "--out", "x.md")[0] == 1
    assert not Path("x.md").exists()


def test_a_protected_place_is_refused_before_the_run(command: Command, folder: Path) -> None:
    (folder / "protected").mkdir(mode=0o500)
    if os.access(folder / "protected", os.W_OK):
        pytest.skip("whoever runs this test may write anywhere")
    code, out, err = command("run", "s.json", "--model", "hash", "--out", "protected/x.json")
    assert (code, out, err) == (2, "", "error: protected/x.json: must not be written; name another file\n")


def test_ids_with_white_space_cannot_stand_in_a_trec_run(command: Command, folder: Path) -> None:
    (folder / "s.json").write_text((folder / "s.json").read_text().replace('"red"', '"dark red"'))
    code, out, err = command("run", "s.json", "--model", "hash", "--run-out", "x.trec")
    assert "nDCG@10" in out
    assert (code, err) == (2, "error: the id 'dark red' holds white space, which a TREC file cannot; use another\n")


def test_questions_of_another_text_are_told_apart_from_unanswered_ones(command: Command, folder: Path) -> None:
    (folder / "corpus" / "town.txt").write_text("The east of a city is red.")
    code, _, err = command("run", "q.jsonl", "--corpus", "corpus", "--model", "hash")
    assert (code, err) == (
        1,
        "error: town.txt: 'east of the town' does not occur; index the text the questions ask of\n",
    )


@pytest.mark.parametrize("arguments", ["compare run.json other.json", "compare run.json other.json --json"])
def test_a_terminal_without_chinese_shows_numbers(folder: Path, arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    squad = (folder / "s.json").read_text()
    (folder / "zh.json").write_text(squad.replace("What is red?", "谁是红的\\u001b[31m？"), encoding="utf-8")
    python = [sys.executable, "-m", "eval"]
    runs = [
        ["zh.json", "--method", "lexical", "--out", "run.json"],
        ["zh.json", "--method", "dense", "--out", "other.json"],
    ]
    for run in runs:
        subprocess.run(
            [*python, "run", *run, "--model", "hash"], env=environment, cwd=folder, check=True, capture_output=True
        )
    done = subprocess.run([*python, *arguments.split()], env=environment, cwd=folder, check=True, capture_output=True)
    assert (done.stderr, b"\x1b" in done.stdout) == (b"", False)
