"""The command line as a whole: `documents`, `status`, help, usage errors, and what it is to other processes."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.cells import cell_len

from service.cli import documents as document_commands
from service.cli.main import app
from tests.command_fixtures import Command, documents, stable
from tests.conftest import ROOT
from tests.http_fixtures import QUESTION, Serving
from tests.service_fixtures import FILES, make_index, settings_of, write_files


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


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
        monkeypatch.setattr("service.cli.documents.PAGE", page)
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


def test_status_tells_what_is_there(wherefrom: Command) -> None:
    status = json.loads(wherefrom("status", "--json").succeeded().out)
    counts = ["documents", "passages", "changes", "bytes"]
    assert list(status) == ["data_dir", *counts, "manifest", "collection", "collections"]
    assert (status["documents"], status["passages"], status["changes"]) == (3, 4, 3)
    assert status["data_dir"] == str(wherefrom.data_dir)
    assert status["bytes"] > 10_000
    assert status["manifest"]["encoder"]["name"] == "hash"
    shown = wherefrom("status").succeeded().out
    assert "hash (256 dimensions)" in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


def test_usage_errors_are_one_line(wherefrom: Command) -> None:
    wherefrom("aks").failed(2, "see: wherefrom --help")
    wherefrom("--version-of-what").failed(2, "see: wherefrom --help")
    wherefrom("documents").failed(2, "see: wherefrom documents --help")
    wherefrom("documents", "show").failed(2, "see: wherefrom documents show --help")
    wherefrom("serve", "--host", "").failed(2, "--host is '': ")
    wherefrom("serve", "--port", "x").failed(2, "see: wherefrom serve --help")


def test_help_is_no_error(wherefrom: Command) -> None:
    assert "ask" in wherefrom().succeeded().out
    for command in (
        [],
        ["index"],
        ["ask"],
        ["serve"],
        ["documents"],
        ["documents", "list"],
        ["dictionary"],
        ["verify"],
        ["doctor"],
        ["backup"],
        ["restore"],
    ):
        done = wherefrom(*command, "--help").succeeded()
        assert done.err == ""
        assert max(map(cell_len, done.out.splitlines())) <= 80


def test_the_version_is_told(wherefrom: Command) -> None:
    done = wherefrom("--version").succeeded()
    assert (done.out, done.err) == (f"wherefrom {version('wherefrom')}\n", "")


def test_variables_that_are_no_settings_are_told(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PROT", "DATADIR", "READ_KEY", "QUUX", "\x1b[31mRED"):
        monkeypatch.setenv(f"WHEREFROM_{name}", "secret")
    monkeypatch.setenv("WHEREFROM_NOTHING", "")  # as if unset
    monkeypatch.setenv("WHEREFROM_KEY", "of the client")
    warnings = wherefrom("status").succeeded().err.splitlines()
    told = " is no setting and changes nothing; "
    assert [each.split(told) for each in warnings] == [
        ["warning: WHEREFROM_[31mRED", "unset it, or see docs/configuration.md"],
        ["warning: WHEREFROM_DATADIR", "did you mean WHEREFROM_DATA_DIR?"],
        ["warning: WHEREFROM_PROT", "did you mean WHEREFROM_PORT?"],
        ["warning: WHEREFROM_QUUX", "unset it, or see docs/configuration.md"],
        ["warning: WHEREFROM_READ_KEY", "did you mean WHEREFROM_READ_KEYS?"],
    ]
    json.loads(wherefrom("documents", "list", "--json").succeeded().out)


def test_every_command_has_json(wherefrom: Command) -> None:
    of_one = ("index", "ask", "serve", "verify", "status", "doctor", "backup", "restore")
    own = [[name] for name in (*of_one, "dictionary", "copy")]
    of_documents = [["documents", name] for name in ("list", "show", "delete")]
    assert len(app.registered_commands) == len(own) + 1  # what `mcp` prints is JSON in any case
    assert len(document_commands.app.registered_commands) == len(of_documents)
    for command in own + of_documents:
        told = wherefrom(*command, "--help").out
        assert "--json" in told
        about_one = command[0] in (*of_one, "documents")  # dictionaries are for all indexes, and a copy is about two
        assert ("--data-dir" in told) == ("WHEREFROM_DATA_DIR" in told) == about_one


def test_stopping_is_no_failure_to_explain(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("service.cli.main.open_index", stop)
    done = wherefrom("ask", "x")
    assert (done.code, done.err) == (130, "")


# As a process of its own


def run(*arguments: object, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "service.cli.main", *map(str, arguments)]
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
                [sys.executable, "-m", "service.cli.main", *command],
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=closed,
                stderr=subprocess.PIPE,
                timeout=60,
                check=False,
            )
        assert b"Traceback" not in done.stderr
        assert done.returncode != 0


def test_tools_need_both_ends(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # as Python has it where it is closed
    wherefrom("mcp").failed(2, "mcp speaks over standard input and output; leave both of them open")


def test_a_full_disk_below_the_output_is_told(wherefrom: Command) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "service.cli.main", "status", "--json"]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, b"error: No space left on device\n")


def test_an_error_of_a_process(wherefrom: Command) -> None:
    done = run("ask", b"caf\xe9".decode(errors="surrogateescape"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"error: the question holds half of a surrogate pair; send it as UTF-8\n"
