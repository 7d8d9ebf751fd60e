"""`wherefrom doctor`: each trouble is named with its way out, and nothing is written to find it."""

import json
import os
import resource
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from rich.cells import cell_len

from corpus.store.sqlite import DATABASE_FILE, Store
from index.local.files import DENSE_FILE
from service.cli.checkup import machine
from tests.command_fixtures import Command
from tests.conftest import ROOT
from tests.index.test_upgrading import old_store
from tests.server_fixtures import Server, serving
from tests.service_fixtures import READ_KEY, make_index

NAMES = "version variables data_dir index format model port descriptors memory disk keys".split()


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    command = Command(monkeypatch, capsys, make_index(tmp_path))
    monkeypatch.setenv("WHEREFROM_PORT", "0")
    monkeypatch.setenv("WHEREFROM_CACHE_DIR", str(tmp_path / "cache"))
    return command


def state_of(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }


def found(wherefrom: Command, *arguments: object, code: int = 0) -> dict[str, dict[str, Any]]:
    """Return the checks by name, and see that nothing was written and that people are told the same."""
    before = state_of(wherefrom.data_dir.parent)
    done = wherefrom("doctor", "--json", *arguments)
    shown = wherefrom("doctor", *arguments)
    assert state_of(wherefrom.data_dir.parent) == before
    assert (done.code, done.err, shown.code, shown.err) == (code, "", code, "")
    report = json.loads(done.out)
    assert report["ok"] == (code == 0)
    checks = {each["name"]: each for each in report["checks"]}
    assert [list(each) for each in report["checks"]] == [["name", "status", "message", "way_out"]] * len(checks)
    assert [line.split()[1] for line in shown.out.splitlines()[:-1] if line[0] != " "] == list(checks)
    assert all((each["way_out"] == "") == (each["status"] == "ok") for each in checks.values())
    return checks


def trouble(checks: dict[str, dict[str, Any]], name: str) -> tuple[str, str, str]:
    """Return what is told of one thing, while all others but it are in order or only warned of."""
    assert [each for each in checks if checks[each]["status"] == "failed" and each != name] == []
    return checks[name]["status"], checks[name]["message"], checks[name]["way_out"]


def test_all_is_well(wherefrom: Command) -> None:
    checks = found(wherefrom)
    assert list(checks) == NAMES
    assert {each["status"] for each in checks.values()} == {"ok"}
    assert checks["index"]["message"] == "default has 3 documents"
    assert wherefrom("doctor").out.splitlines()[-1] == "all is well"


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_every_width_has_room(
    wherefrom: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = wherefrom("doctor", "--data-dir", tmp_path / "没有\x1b[31m这个文件夹").out.splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert not any("\x1b" in line for line in lines)
    assert lines[-1] == "1 check failed, 1 warning"


def test_no_index(wherefrom: Command, tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path / "files"):
        checks = found(wherefrom, "--data-dir", folder, code=1)
        assert trouble(checks, "index") == (
            "failed", f"{folder}: no index here", f"run: wherefrom index PATH --data-dir {folder}"
        )  # fmt: skip
    assert not (tmp_path / "none").exists()


def test_a_damaged_index(wherefrom: Command) -> None:
    file = wherefrom.data_dir / DATABASE_FILE
    whole = file.read_bytes()
    for damaged in (
        whole[: len(whole) // 2],
        b"no database " * 1_000,
        whole[:20_000] + b"\xff" * 20_000 + whole[40_000:],
    ):
        file.write_bytes(damaged)
        status, message, way_out = trouble(found(wherefrom, code=1), "index")
        assert status == "failed"
        assert f"{file} is damaged (" in message
        assert "restore a backup" in way_out
        assert "wherefrom verify" in way_out
    file.write_bytes(whole)
    copy = wherefrom.data_dir / DENSE_FILE
    copy.write_bytes(copy.read_bytes()[:-1])
    status, message, way_out = trouble(found(wherefrom, code=1), "index")
    assert (status, message) == ("failed", f"missing or damaged: {copy}; no document is lost")
    assert "makes it again" in way_out
    wherefrom("ask", "herring").succeeded()
    found(wherefrom)


def test_a_locked_index_is_not_taken_for_a_damaged_one(wherefrom: Command) -> None:
    file = wherefrom.data_dir / DATABASE_FILE
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        told = trouble(found(wherefrom, code=1), "index")
    assert told == ("failed", f"{file} is locked by another program", "end that, or wait for it")


def test_an_old_format(wherefrom: Command) -> None:
    shutil.rmtree(wherefrom.data_dir)
    old_store(wherefrom.data_dir, 5)
    status, message, way_out = trouble(found(wherefrom, code=1), "format")
    assert status == "failed"
    assert "has format 5, this version reads " in message
    assert f"run: wherefrom index --upgrade --data-dir {wherefrom.data_dir}" in way_out
    wherefrom("index", "--upgrade", "--data-dir", wherefrom.data_dir).succeeded()
    found(wherefrom)


def test_a_format_to_come(wherefrom: Command) -> None:
    with sqlite3.connect(wherefrom.data_dir / DATABASE_FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "has format 99" in trouble(found(wherefrom, code=1), "format")[1]
    assert "use the version" in trouble(found(wherefrom, code=1), "format")[2]


def test_no_write_permission(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.cli.checkup.data.may_write", lambda folder: False)
    checks = found(wherefrom, code=1)
    assert trouble(checks, "data_dir") == (
        "failed",
        f"{wherefrom.data_dir} cannot be written by user {os.geteuid()}",
        "let this user write there, or name another --data-dir; asking alone needs no writing",
    )


AS_NOBODY = """
import os, sys
from contextlib import suppress
from service.cli.main import main
with suppress(SystemExit):  # whatever is imported late may be where only root can read
    main()
sys.stdout.flush(); sys.stdout.seek(0); sys.stdout.truncate()
os.setgroups([]); os.setresgid(65534, 65534, 65534); os.setresuid(65534, 65534, 65534)
main()
"""


def test_a_user_without_rights(wherefrom: Command, tmp_path: Path) -> None:
    """As `nobody`, because permissions are not what they seem to root."""
    if os.geteuid():
        pytest.skip("only root can become another user")
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "WHEREFROM_MODEL": "multilingual-e5-small"}
    with (tmp_path / "told").open("w+") as told:
        command = [sys.executable, "-c", AS_NOBODY, "doctor", "--json"]
        done = subprocess.run(command, env=environment, stdout=told, stderr=subprocess.PIPE, timeout=60, check=False)
        told.seek(0)
        checks = {each["name"]: each for each in json.load(told)["checks"]}
    assert (done.returncode, done.stderr) == (1, b"")
    assert {name for name, each in checks.items() if each["status"] == "failed"} == {"data_dir", "index", "model"}
    assert checks["data_dir"]["message"].endswith("cannot be written by user 65534")
    assert checks["model"]["message"].endswith(f"and {tmp_path} cannot be written by user 65534")
    assert checks["index"]["message"] == f"{wherefrom.data_dir}/collections: Permission denied"


def test_no_model_cache(wherefrom: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    arguments = ("--model", "multilingual-e5-small")
    status, message, way_out = trouble(found(wherefrom, *arguments), "model")
    assert (status, message) == ("warning", f"there is no cache folder {tmp_path / 'cache'} yet")
    assert "makes it" in way_out
    (tmp_path / "cache").mkdir()
    assert f"{tmp_path / 'cache'} holds nothing made of" in trouble(found(wherefrom, *arguments), "model")[1]
    monkeypatch.setattr("service.cli.checkup.model.may_write", lambda folder: False)
    status, message, way_out = trouble(found(wherefrom, *arguments, code=1), "model")
    assert status == "failed"
    assert message.endswith(f", and {tmp_path / 'cache'} cannot be written by user {os.geteuid()}")
    assert "WHEREFROM_CACHE_DIR" in way_out


def test_a_model_that_is_not_here(wherefrom: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    status, message, _ = trouble(found(wherefrom, "--model", "nobody/nothing-of-that-name"), "model")
    assert (status, message) == ("warning", "nobody/nothing-of-that-name is not on this machine yet")
    assert trouble(found(wherefrom, "--model", "./none", code=1), "model")[0] == "failed"
    monkeypatch.setenv("WHEREFROM_RERANKER", "nobody/no-reranker")
    assert "the reranker nobody/no-reranker is not on" in trouble(found(wherefrom), "model")[1]


def test_a_port_that_is_taken(wherefrom: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        checks = found(wherefrom, "--port", port, code=1)
        status, message, way_out = trouble(checks, "port")
    assert status == "failed"
    assert message.startswith(f"127.0.0.1 port {port} is taken, by ")
    assert message.endswith(f"(process {os.getpid()})")
    assert way_out == "stop what listens there, or choose another --port or --host"
    assert trouble(found(wherefrom, "--port", port), "port")[1] == f"127.0.0.1 port {port} is free"
    assert "it is no name" in found(wherefrom, "--port", 80, "--host", "a" * 70, code=1)["port"]["message"]


def test_a_port_that_is_served_already(wherefrom: Command) -> None:
    with serving(wherefrom.data_dir) as server:
        status, message, _ = trouble(found_beside(wherefrom, server), "port")
        name = Path(f"/proc/{server.process.pid}/comm").read_text().strip()
    told = f"a wherefrom answers on 127.0.0.1 port {server.address[1]} already"
    assert (status, message) == ("ok", f"{told}, by {name} (process {server.process.pid})")


def found_beside(wherefrom: Command, server: Server) -> dict[str, dict[str, Any]]:
    done = wherefrom("doctor", "--json", "--port", server.address[1]).succeeded()
    return {each["name"]: each for each in json.loads(done.out)["checks"]}


def test_another_server_is_none_of_ours(wherefrom: Command) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<p>ok</p>")

        def log_message(self, *arguments: object) -> None:
            """Tell nobody."""

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        checks = found(wherefrom, "--port", server.server_port, code=1)
        server.shutdown()
    assert "is taken" in trouble(checks, "port")[1]


def test_an_unknown_variable(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHEREFROM_PROT", "80")
    assert trouble(found(wherefrom), "variables") == (
        "warning", "WHEREFROM_PROT is no setting and changes nothing", "did you mean WHEREFROM_PORT?"
    )  # fmt: skip
    monkeypatch.setenv("WHEREFROM_MODLE", "hash")
    assert trouble(found(wherefrom), "variables")[2] == (
        "WHEREFROM_MODLE: did you mean WHEREFROM_MODEL?; WHEREFROM_PROT: did you mean WHEREFROM_PORT?"
    )
    monkeypatch.setenv("WHEREFROM_PORT", "eighty")
    checks = found(wherefrom, code=1)
    assert list(checks) == ["version", "variables"]
    assert checks["variables"]["message"].startswith("WHEREFROM_PORT is 'eighty': ")


@pytest.mark.parametrize(
    ("limit", "status", "told"),
    [(1_024, "warning", "512 connections are kept, not the 1,000"), (64, "failed", "too few")],
)
def test_low_descriptors(
    wherefrom: Command, monkeypatch: pytest.MonkeyPatch, limit: int, status: str, told: str
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda what: (limit // 2, limit))
    found_status, message, way_out = trouble(found(wherefrom, code=int(status == "failed")), "descriptors")
    assert found_status == status
    assert told in message
    assert "LimitNOFILE" in way_out


def test_little_memory_and_a_full_disk(wherefrom: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 900000 kB\nMemAvailable: 500000 kB\n")
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(machine, "GROUP", tmp_path / "none")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1_000_000))
    checks = found(wherefrom)
    assert trouble(checks, "memory")[:2] == ("warning", "512.0 MB available, about 700.0 MB needed")
    assert trouble(checks, "disk")[0] == "warning"
    assert trouble(checks, "disk")[1].startswith(f"1.0 MB free at {wherefrom.data_dir}, which holds ")
    for name, number in (("memory.max", "300000000"), ("memory.current", "100000000")):
        (tmp_path / name).write_text(number)
    monkeypatch.setattr(machine, "GROUP", tmp_path)
    assert "200.0 MB available" in trouble(found(wherefrom), "memory")[1]


def test_keys(wherefrom: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert trouble(found(wherefrom, "--host", "0.0.0.0", code=1), "keys") == (
        "failed",
        "the address is 0.0.0.0, which others can reach",
        "set WHEREFROM_READ_KEYS, or listen on 127.0.0.1",
    )
    file = tmp_path / "keys.txt"
    file.write_text(sha256(READ_KEY.encode()).hexdigest())
    file.chmod(0o644)
    monkeypatch.setenv("WHEREFROM_READ_KEYS", f"{READ_KEY},{file}")
    status, message, way_out = trouble(found(wherefrom), "keys")
    assert (status, message) == ("warning", f"everyone on this machine may read {file}")
    assert way_out == f"chmod o= {file}"
    file.chmod(0o600)
    checks = found(wherefrom, "--host", "0.0.0.0")
    assert trouble(checks, "keys")[:2] == ("ok", "2 set; reading needs a key, nobody may write")
    assert READ_KEY not in json.dumps(checks)
    file.unlink()
    assert "keys.txt: No such file" in trouble(found(wherefrom, code=1), "keys")[1]


def test_other_versions_than_those_asked_for(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["torch==1.0", "never-heard-of>=2", "rich>=1", 'other>=1; extra == "dev"']
    monkeypatch.setattr("service.cli.checkup.installed.requires", lambda name: asked)
    status, message, way_out = trouble(found(wherefrom, code=1), "version")
    assert status == "failed"
    assert "needs torch ==1.0, not 2." in message
    assert message.endswith("never-heard-of >=2, which is not installed")
    assert "pip install" in way_out


def test_a_store_that_is_being_written_is_looked_into(wherefrom: Command) -> None:
    with Store.open(wherefrom.data_dir) as store, store.writing() as writer:
        writer.set_meta("mine", "yes")  # not durable yet
        done = wherefrom("doctor", "--json").succeeded()
    assert json.loads(done.out)["ok"]
