"""The command line over an index that is missing, damaged or changed behind its back, and over wrong settings."""

import json
import sqlite3
from pathlib import Path

import pytest

from corpus.store.sqlite import DATABASE_FILE
from index.local.files import DENSE_FILE
from tests.command_fixtures import Command, documents, stable
from tests.http_fixtures import QUESTION
from tests.service_fixtures import FILES, make_index, without_space


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


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
    edit(wherefrom.data_dir, "UPDATE texts SET text = replace(text, '1500', '1600')")
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


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE passages SET quote = replace(quote, '36', '37')",
        "UPDATE passages SET text = replace(text, '14。24', '14。34')",
        "UPDATE passages SET start = start + 1",
        "UPDATE vectors SET vector = zeroblob(length(vector))",
        "UPDATE tokens SET token_vectors = zeroblob(length(token_vectors))",
    ],
)
def test_nothing_is_quoted_that_is_not_as_it_was_stored(wherefrom: Command, change: str) -> None:
    edit(wherefrom.data_dir, change)
    wherefrom("ask", QUESTION).failed(1, "is damaged; run: wherefrom verify")
    wherefrom("verify").failed(1, "problem")


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


COMMANDS: list[list[object]] = [
    ["ask", "x"],
    ["documents", "list"],
    ["documents", "show", "d_1"],
    ["documents", "delete", "d_1"],
    ["verify"],
    ["status"],
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
    wherefrom("serve", "--port", 0, "--host", "0.0.0.0").failed(2, "set WHEREFROM_READ_KEYS")
