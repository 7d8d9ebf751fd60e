"""`wherefrom ask`, `documents`, `verify` and `status`: what they print and what they refuse."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from corpus.database import DATABASE_FILE
from index.engine import DENSE_FILE
from service import document_commands
from service.cli import app
from tests.command_fixtures import Command
from tests.conftest import ROOT
from tests.http_fixtures import Serving
from tests.service_fixtures import FILES, make_index, settings_of, without_space, write_files

QUESTION = "改造费用是多少"


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


def documents(wherefrom: Command) -> dict[str, str]:
    """Return the ids of all documents by source."""
    listed = json.loads(wherefrom("documents", "list", "--json").succeeded().out)["documents"]
    return {each["source"]: each["document_id"] for each in listed}


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what differs from one request to the next."""
    return {name: value for name, value in answer.items() if name not in ("timings_ms", "request_id")}


# Asking


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_an_answer_fits_the_terminal(wherefrom: Command, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    done = wherefrom("ask", QUESTION, "-k", 50, "--context-sentences", 1).succeeded()
    assert done.err == ""
    lines = done.out.splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert [line for line in lines if line != line.rstrip()] == []
    assert [line for line in lines if line.lstrip()[:1] in "，。；：、）”" and line.strip()] == []


def test_an_answer_shows_what_it_must(wherefrom: Command) -> None:
    shown = wherefrom("ask", QUESTION, "-k", 50).succeeded().out
    answer = json.loads(wherefrom("ask", QUESTION, "-k", 50, "--json").succeeded().out)
    text = without_space(shown)
    for result in answer["results"]:
        citation = result["citation"]
        assert without_space(citation["label"] + citation["title"]) in text
        assert f"{result['score']:.2f}" in text
        quoted = without_space(citation["quote"])
        assert quoted in text.replace("»", "").replace("«", "")
        for part in (citation["publisher"], citation["published"], citation["source"], result["passage_id"]):
            assert part is None or without_space(part) in text
    assert "3documents,4passages," in text


def test_the_answering_sentence_is_marked(wherefrom: Command) -> None:
    shown = wherefrom("ask", "How much paraffin did the lamp burn?", "-k", 1).succeeded().out
    assert "»The lamp burned 14 litres of paraffin a night.«" in " ".join(shown.split())
    shown = wherefrom("ask", QUESTION, "-k", 1).succeeded().out
    assert "»改造费用为14。24亿元，其中财政拨款1.8亿元。«" in without_space(shown)


def test_context_is_shown_around_the_passage(wherefrom: Command) -> None:
    alone = wherefrom("ask", "合作社开设的课程", "-k", 1).succeeded().out
    around = wherefrom("ask", "合作社开设的课程", "-k", 1, "--context-sentences", 1).succeeded().out
    assert "搬迁" not in alone
    assert "搬迁" in around


def test_json_is_what_http_answers(wherefrom: Command) -> None:
    printed = json.loads(wherefrom("ask", QUESTION, "--json", "-k", 3, "--context-sentences", 1).succeeded().out)
    with Serving(settings_of(wherefrom.data_dir)) as client:
        served = client.post("/v1/search", json={"query": QUESTION, "k": 3, "context_sentences": 1}).json()
    assert list(printed) == [name for name in served if name != "request_id"]
    assert stable(printed) == stable(served)


def test_weak_results_can_be_left_out(wherefrom: Command) -> None:
    shown = wherefrom("ask", QUESTION, "--min-confidence", 1).succeeded().out
    assert shown.startswith("No passage has the confidence asked for; the best passage here has 0.")
    answer = json.loads(wherefrom("ask", QUESTION, "--min-confidence", 1, "--json").succeeded().out)
    assert answer["results"] == []


def test_an_index_without_documents_says_so(wherefrom: Command) -> None:
    wherefrom("documents", "delete", *documents(wherefrom).values()).succeeded()
    shown = wherefrom("ask", QUESTION).succeeded().out
    assert shown.startswith("Nothing here answers this: the index is empty.\n")
    assert "0 documents, 0 passages" in shown


def test_a_batch_is_a_line_each(wherefrom: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    questions = [QUESTION, "How much paraffin?", "a\u2028b"]
    lines = [json.dumps({"query": question, "id": 7}, ensure_ascii=False) for question in questions]
    file.write_text("\ufeff" + "\r\n\n".join(lines), "utf-8")
    printed = wherefrom("ask", "--batch", file, "-k", 2).succeeded().out.splitlines()
    for line, question in zip(printed, questions, strict=True):
        single = json.loads(wherefrom("ask", question, "-k", 2, "--json").succeeded().out)
        assert stable(json.loads(line)) == stable(single)


@pytest.mark.parametrize(
    "line", ["no json", "[]", "5", "{}", '{"query": 5}', '{"query": null}', "[" * 100_000, "9" * 5000, '{"query": "x"']
)
def test_a_line_that_is_no_question_is_told_before_any_is_asked(wherefrom: Command, tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"query": "x"}\n' + line)
    done = wherefrom("ask", "--batch", file).failed(
        2, 'questions.jsonl, line 2: it is no question; write {"query": "…"}'
    )
    assert done.out == ""


def test_a_batch_with_a_bad_question_or_without_a_file(wherefrom: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"query": " "}')
    wherefrom("ask", "--batch", file).failed(2, "line 1: the question is empty")
    file.write_text('{"query": "a\\ud800"}')
    wherefrom("ask", "--batch", file).failed(2, "line 1: the question holds half of a surrogate pair")
    file.write_bytes(b"\xff\xfe")
    wherefrom("ask", "--batch", file).failed(1, "it is not UTF-8; name a readable UTF-8 file")
    wherefrom("ask", "--batch", tmp_path / "none").failed(1, "No such file")
    wherefrom("ask", "--batch", tmp_path).failed(1, "Is a directory")
    wherefrom("ask", "x", "--batch", file).failed(2, "one of them")
    wherefrom("ask").failed(2, "ask needs a QUESTION or --batch FILE")


BAD_QUESTIONS: dict[str, tuple[list[object], str]] = {
    "empty": ([""], "the question is empty"),
    "blank": ([" \n\u3000"], "the question is empty"),
    "too long": (["问" * 10_000], "the question has 10000 characters; ask in at most 2048"),
    "bytes that are no UTF-8": ([os.fsdecode(b"caf\xe9")], "half of a surrogate pair"),
    "k of 0": (["x", "-k", 0], "k is 0; give 1 to 50"),
    "k of -1": (["x", "-k", -1], "k is -1; give 1 to 50"),
    "k of 1000": (["x", "--k", 1000], "k is 1000; give 1 to 50"),
    "k of a word": (["x", "-k", "five"], "see: wherefrom ask --help"),
    "k of a fraction": (["x", "-k", 1.5], "see: wherefrom ask --help"),
    "k without a value": (["x", "-k"], "'-k' requires an argument; see: wherefrom --help"),
    "context of 11": (["x", "--context-sentences", 11], "context_sentences is 11; give 0 to 10"),
    "confidence of 2": (["x", "--min-confidence", 2], "min_confidence is 2.0; give 0 to 1"),
    "confidence that is no number": (["x", "--min-confidence", "nan"], "min_confidence is nan"),
    "two questions": (["x", "y"], "see: wherefrom ask --help"),
    "an unknown option": (["x", "--top", 5], "--top"),
}


@pytest.mark.parametrize("name", BAD_QUESTIONS)
def test_a_bad_question_is_refused_in_one_line(wherefrom: Command, name: str) -> None:
    arguments, told = BAD_QUESTIONS[name]
    assert wherefrom("ask", *arguments).failed(2, told).out == ""


# Documents


def test_documents_are_listed(wherefrom: Command) -> None:
    listed = json.loads(wherefrom("documents", "list", "--json").succeeded().out)
    with Serving(settings_of(wherefrom.data_dir)) as client:
        assert listed["documents"] == client.get("/v1/documents").json()["documents"]
    lines = wherefrom("documents", "list").succeeded().out.splitlines()
    assert lines[0].split() == ["id", "title", "published", "passages"]
    for each in listed["documents"]:
        row = next(line for line in lines if line.startswith(each["document_id"]))
        assert each["title"] in row
    assert {line.strip() for line in lines} >= set(FILES)
    assert max(map(cell_len, lines)) <= 80
    assert [line for line in lines if line != line.rstrip()] == []


def test_many_documents_are_listed_once_each(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = documents(wherefrom)
    for page in (1, 2, 3, 4):
        monkeypatch.setattr("service.document_commands.PAGE", page)
        assert documents(wherefrom) == whole


def test_a_document_is_shown(wherefrom: Command) -> None:
    document_id = documents(wherefrom)["harbour.md"]
    shown = wherefrom("documents", "show", document_id).succeeded().out
    assert "海湾渔港改造通报" in shown
    assert "2024-05-06" in shown
    assert "# 渔港改造 🚢\n\n2024年" in shown
    printed = json.loads(wherefrom("documents", "show", document_id, "--json").succeeded().out)
    with Serving(settings_of(wherefrom.data_dir)) as client:
        served = client.get(f"/v1/documents/{document_id}").json()
    assert printed == {name: value for name, value in served.items() if name != "request_id"}


def test_documents_are_deleted_all_or_none(wherefrom: Command) -> None:
    ids = documents(wherefrom)
    wherefrom("documents", "delete", ids["harbour.md"], "d_none").failed(1, "no document d_none")
    assert documents(wherefrom) == ids
    done = wherefrom("documents", "delete", ids["harbour.md"]).succeeded()
    assert (done.out, done.err) == ("", "deleted 1 document\n")
    printed = json.loads(wherefrom("documents", "delete", ids["library.md"], "--json").succeeded().out)
    assert printed == {"deleted": [ids["library.md"]]}
    assert set(documents(wherefrom)) == {"lighthouse.txt"}
    wherefrom("documents", "show", ids["harbour.md"]).failed(1, "no document d_")
    wherefrom("verify").succeeded()


def test_what_a_document_holds_cannot_act_on_the_terminal(wherefrom: Command, tmp_path: Path) -> None:
    hostile = "\x1b[2J\x1b]0;title\x9c The \u202ekey\u202c is\x9b31m hidden\U000e0041.\u200b\u200c\u200b\rOver."
    write_files(tmp_path / "hostile", {"hostile.md": f'---\ntitle: "a\\e[31m\\a\\nb\\u202e"\n---\n{hostile}'})
    wherefrom("index", tmp_path / "hostile").succeeded()
    document_id = documents(wherefrom)["hostile.md"]
    acting = set("\x1b\x07\x9b\x9c\r\u202e\u202c\u200b\u200c\U000e0041")
    for command in (["ask", "Which key is hidden?"], ["documents", "list"], ["documents", "show", document_id]):
        shown = wherefrom(*command).succeeded().out
        assert not acting & set(shown)
        assert "a[31m b" in shown
        printed = wherefrom(*command, "--json").succeeded().out
        assert not acting - {"\u200b", "\u200c"} & set(printed)
    assert json.loads(printed)["text"] == hostile


# Checking


def edit(data_dir: Path, statement: str, *values: object) -> None:
    """Change what is stored behind the back of everyone."""
    with sqlite3.connect(data_dir / DATABASE_FILE) as connection:
        connection.execute(statement, values)
    connection.close()


def test_an_index_as_it_was_stored_is_verified(wherefrom: Command) -> None:
    done = wherefrom("verify").succeeded()
    assert (done.out, done.err) == ("", "3 documents, 4 passages: all is as it was stored\n")
    printed = wherefrom("verify", "--json").succeeded()
    assert json.loads(printed.out) == {"ok": True, "documents": 3, "passages": 4, "problems": []}
    assert printed.err == ""


def test_one_changed_character_is_found_and_can_be_mended(wherefrom: Command, tmp_path: Path) -> None:
    edit(wherefrom.data_dir, "UPDATE documents SET text = replace(text, '1500', '1600')")
    document_id = documents(wherefrom)["harbour.md"]
    done = wherefrom("verify").failed(1, "3 documents, 4 passages: 2 problems; mend them with: wherefrom index")
    assert "document d_" in done.out
    problems = json.loads(wherefrom("verify", "--json").failed(1, "2 problems").out)["problems"]
    assert {problem["document_id"] for problem in problems} == {document_id}
    (passage_id,) = {problem["passage_id"] for problem in problems} - {None}
    assert f"passage {passage_id} of {document_id} (harbour.md), characters " in done.out
    wherefrom("index", "--rebuild", tmp_path / "files").succeeded()
    wherefrom("verify").succeeded()
    assert "1500名渔民" in without_space(wherefrom("ask", "1500名渔民").succeeded().out)


def test_a_damaged_vector_index_costs_no_answer(wherefrom: Command, tmp_path: Path) -> None:
    before = json.loads(wherefrom("ask", QUESTION, "--json").succeeded().out)
    file = wherefrom.data_dir / DENSE_FILE
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert DENSE_FILE in wherefrom("verify").failed(1, "1 problem").out
    after = json.loads(wherefrom("ask", QUESTION, "--json").succeeded().out)
    assert stable(after) == stable(before)
    wherefrom("index", tmp_path / "files").succeeded()
    wherefrom("verify").succeeded()


def test_status_tells_what_is_there(wherefrom: Command) -> None:
    status = json.loads(wherefrom("status", "--json").succeeded().out)
    assert list(status) == ["data_dir", "documents", "passages", "changes", "bytes", "manifest"]
    assert (status["documents"], status["passages"], status["changes"]) == (3, 4, 3)
    assert status["data_dir"] == str(wherefrom.data_dir)
    assert status["bytes"] > 10_000
    assert status["manifest"]["encoder"]["name"] == "hash"
    shown = wherefrom("status").succeeded().out
    assert "hash (256 dimensions)" in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


# What is not there, or not what it should be

COMMANDS: list[list[object]] = [
    ["ask", "x"],
    ["documents", "list"],
    ["documents", "show", "d_1"],
    ["documents", "delete", "d_1"],
    ["verify"],
    ["status"],
    ["serve", "--port", "0"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_folder_without_an_index(wherefrom: Command, tmp_path: Path, command: list[object]) -> None:
    for name in ("none", "files", "files/harbour.md", "x" * 300):
        folder = tmp_path / name
        wherefrom(*command, "--data-dir", folder).failed(1, "too long" if len(name) == 300 else "no index here; run: ")
    assert not (tmp_path / "none").exists()
    assert {file.name for file in (tmp_path / "files").iterdir()} == set(FILES)


def test_a_file_cannot_become_a_folder(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", tmp_path / "files", "--data-dir", tmp_path / "files" / "harbour.md").failed(1, "File exists")


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_database_that_is_none(wherefrom: Command, command: list[object]) -> None:
    for companion in wherefrom.data_dir.glob(f"{DATABASE_FILE}-*"):
        companion.unlink()
    (wherefrom.data_dir / DATABASE_FILE).write_bytes(b"not a database" * 1000)
    wherefrom(*command).failed(1, "is damaged (file is not a database); restore a copy of it")


def test_a_database_with_a_hole(wherefrom: Command) -> None:
    edit(wherefrom.data_dir, "PRAGMA journal_mode = DELETE")
    file = wherefrom.data_dir / DATABASE_FILE
    whole = file.read_bytes()
    page = 4096
    for hole in range(page, len(whole), page):
        file.write_bytes(whole[:hole] + b"\xff" * page + whole[hole + page :])
        for command in (["verify"], ["ask", QUESTION], ["documents", "list"]):
            done = wherefrom(*command)
            assert done.code in (0, 1)
            assert done.code == 0 or len(done.err.splitlines()) == 1


def test_a_model_that_cannot_be_had(wherefrom: Command, tmp_path: Path) -> None:
    for model in ("no such model", "none/such", str(tmp_path), ""):
        if model:
            wherefrom("ask", "x", "--model", model).failed(1, model)
        wherefrom("index", tmp_path / "files", "--model", model, "--data-dir", tmp_path / "new").failed(1, "model")


def test_the_environment_and_the_flags_above_it(
    wherefrom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHEREFROM_DATA_DIR", str(tmp_path / "none"))
    wherefrom("status").failed(1, "no index here")
    wherefrom("status", "--data-dir", wherefrom.data_dir).succeeded()
    monkeypatch.setenv("WHEREFROM_MODEL", "no such model")
    wherefrom("ask", "x", "--data-dir", wherefrom.data_dir).failed(1, "no such model")
    wherefrom("ask", "x", "--data-dir", wherefrom.data_dir, "--model", "hash").succeeded()
    monkeypatch.setenv("WHEREFROM_MODEL", "")  # as if unset
    wherefrom("ask", "x", "--data-dir", wherefrom.data_dir).succeeded()
    monkeypatch.setenv("WHEREFROM_PORT", "eighty")
    for command in (["ask", "x"], ["serve"], ["documents", "list"], ["status"]):
        wherefrom(*command).failed(2, "WHEREFROM_PORT is 'eighty': ")
    wherefrom("serve", "--port", 0).failed(1, "no index here")


def test_usage_errors_are_one_line(wherefrom: Command) -> None:
    wherefrom("aks").failed(2, "see: wherefrom --help")
    wherefrom("--version-of-what").failed(2, "see: wherefrom --help")
    wherefrom("documents").failed(2, "see: wherefrom documents --help")
    wherefrom("documents", "show").failed(2, "see: wherefrom documents show --help")
    wherefrom("serve", "--port", "x").failed(2, "see: wherefrom serve --help")


def test_help_is_no_error(wherefrom: Command) -> None:
    assert "ask" in wherefrom().succeeded().out
    for command in ([], ["index"], ["ask"], ["serve"], ["documents"], ["documents", "list"], ["verify"], ["status"]):
        done = wherefrom(*command, "--help").succeeded()
        assert done.err == ""
        assert max(map(cell_len, done.out.splitlines())) <= 80


def test_every_command_has_json(wherefrom: Command) -> None:
    own = [[name] for name in ("index", "ask", "serve", "verify", "status")]
    of_documents = [["documents", name] for name in ("list", "show", "delete")]
    assert len(app.registered_commands) == len(own)
    assert len(document_commands.app.registered_commands) == len(of_documents)
    for command in own + of_documents:
        told = wherefrom(*command, "--help").out
        assert "--json" in told
        assert "--data-dir" in told


def test_stopping_is_no_failure_to_explain(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("service.cli.open_index", stop)
    done = wherefrom("ask", "x")
    assert (done.code, done.err) == (130, "")


# As a process of its own


def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "service.cli", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | variables
    return subprocess.run(command, env=environment, capture_output=True, timeout=60, check=False)


def test_a_terminal_without_chinese_gets_numbers(wherefrom: Command) -> None:
    printed = run("ask", QUESTION, "--json", "-k", 1, PYTHONIOENCODING="latin-1")
    assert (printed.returncode, printed.stderr) == (0, b"")
    answer = json.loads(printed.stdout.decode("latin-1"))
    assert stable(answer) == stable(json.loads(wherefrom("ask", QUESTION, "--json", "-k", 1).succeeded().out))
    shown = run("ask", QUESTION, PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert rb"\u6539" in shown.stdout


def test_a_reader_that_goes_away_is_no_failure_to_explain(wherefrom: Command) -> None:
    for command in (["documents", "list"], ["ask", QUESTION, "--json"]):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as closed:
            done = subprocess.run(
                [sys.executable, "-m", "service.cli", *command],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=closed,
                stderr=subprocess.PIPE,
                timeout=60,
                check=False,
            )
        assert b"Traceback" not in done.stderr
        assert done.returncode != 0


def test_an_error_of_a_process(wherefrom: Command) -> None:
    done = run("ask", b"caf\xe9".decode(errors="surrogateescape"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"error: the question holds half of a surrogate pair; send it as UTF-8\n"
