"""Signals that stop a command: what it kept is told in a line, without a trace, and nothing half made stays."""

import json
import re
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from corpus.store.sqlite import Store
from index.answer import SearchResult
from index.models.encoder import Encoded, Progress
from index.models.hashing import HashEncoder
from service.backend.jobs import new_job
from service.views import search_view
from tests.command_fixtures import Command
from tests.service_fixtures import FILES, make_index, write_files
from tests.terminal_fixtures import PATIENCE_SECONDS, WHEREFROM, environment, terminal

ENDS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


class Stopping(HashEncoder):
    """Has a signal sent to the process when it encodes passages for the nth time."""

    def __init__(self, calls: int, number: signal.Signals = signal.SIGTERM) -> None:
        self._calls, self._number = calls, number

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        self._calls -= 1
        if not self._calls:
            signal.raise_signal(self._number)
            signal.raise_signal(self._number)  # of somebody impatient
        return super().encode_passages_with_tokens(texts, progress)


def stop_at(wherefrom: Command, encoder: Stopping) -> None:
    wherefrom.monkeypatch.setattr("service.cli.main.load_model", lambda settings, choice: encoder)


def signalled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does its work when the signal was sent."""

    def stopped(*arguments: object, **named: object) -> Any:
        signal.raise_signal(signal.SIGTERM)
        return function(*arguments, **named)

    return stopped


@pytest.mark.parametrize("number", ENDS)
def test_what_was_indexed_stays(wherefrom: Command, tmp_path: Path, number: signal.Signals) -> None:
    stop_at(wherefrom, Stopping(3, number))  # it has two batches of passages a document
    long = "".join(
        f"Boat {boat} brought {boat * 7} crates of herring to the eastern quay.\n\n" for boat in range(2_000)
    )
    files = write_files(tmp_path / "more", {"a.txt": long, "b.txt": f"{long}The end.", "c.txt": "Nothing."})
    done = wherefrom("index", files)
    assert (done.code, done.out) == (ENDS[number], "")
    assert done.err == "stopped: 1 document is indexed and stays; run the same command to go on\n"
    listed = json.loads(wherefrom("documents", "list", "--json").succeeded().out)["documents"]
    assert {each["source"] for each in listed} == {"a.txt", *FILES}
    wherefrom("verify").succeeded()


def test_a_rebuild_changes_all_or_nothing(wherefrom: Command) -> None:
    before = (wherefrom.data_dir / "wherefrom.sqlite3").stat().st_ino, sorted(wherefrom.data_dir.iterdir())
    stop_at(wherefrom, Stopping(2))
    done = wherefrom("index", "--rebuild")
    assert (done.code, done.err) == (143, "stopped: nothing was changed; run the same command to begin again\n")
    assert ((wherefrom.data_dir / "wherefrom.sqlite3").stat().st_ino, sorted(wherefrom.data_dir.iterdir())) == before
    wherefrom("verify").succeeded()


def test_answers_before_it_are_whole(wherefrom: Command, tmp_path: Path) -> None:
    shown: list[object] = []

    def view(result: SearchResult) -> dict[str, object]:
        if len(shown) == 2:
            signal.raise_signal(signal.SIGTERM)
        shown.append(result)
        return search_view(result)

    wherefrom.monkeypatch.setattr("service.cli.batch.search_view", view)
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(json.dumps({"query": f"Which boat is number {each}?", "id": each}) for each in range(5)))
    done = wherefrom("ask", "--batch", file)
    assert (done.code, done.err) == (143, "stopped: 2 of 5 questions are answered, each with its whole line\n")
    assert [json.loads(line)["id"] for line in done.out.splitlines()] == [0, 1]


def test_no_part_of_a_backup_is_left(wherefrom: Command, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "copy.tar"
    target.parent.mkdir()
    checked = "corpus.store.backup.check_store"
    with wherefrom.monkeypatch.context() as patched:
        patched.setattr(checked, signalled(lambda path: None))
        done = wherefrom("backup", target)
    assert (done.code, done.err) == (143, f"stopped: {target} is not written\n")
    assert not list(target.parent.iterdir())
    wherefrom("backup", target).succeeded()
    with wherefrom.monkeypatch.context() as patched:
        patched.setattr("service.cli.backups._tell", signalled(lambda *_: None))
        assert wherefrom("backup", target, "--force").code == 143  # it was there, and is replaced wholly or not
    wherefrom("restore", target, "--data-dir", tmp_path / "restored").succeeded()


def test_a_restore_puts_all_in_place_or_nothing(wherefrom: Command, tmp_path: Path) -> None:
    copy, restored = tmp_path / "copy.tar", tmp_path / "restored"
    wherefrom("backup", copy).succeeded()
    with wherefrom.monkeypatch.context() as patched:
        patched.setattr("corpus.store.restore.check_store", signalled(lambda path: None))
        done = wherefrom("restore", copy, "--data-dir", restored)
    assert (done.code, done.err) == (143, "stopped: it is not restored; run the same command again\n")
    assert not restored.exists()
    with wherefrom.monkeypatch.context() as patched:
        patched.setattr("service.cli.backups.derive_index", signalled(lambda *_: ""))
        done = wherefrom("restore", copy, "--data-dir", restored)
    told = "all collections are restored; indexes that are not made yet are made by the first question"
    assert (done.code, done.err) == (143, f"stopped: {told}\n")
    wherefrom("ask", "herring", "--data-dir", restored).succeeded()
    wherefrom("verify", "--data-dir", restored).succeeded()


def test_a_service_tells_what_is_left_to_do(
    wherefrom: Command, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("service.server.serve", lambda *_: None)
    monkeypatch.setattr("service.cli.serving.written_log", lambda *_: nullcontext())
    caplog.set_level("INFO", "service.serve")
    wherefrom("serve").succeeded()
    for _ in range(2):
        with Store.open(wherefrom.data_dir) as store, store.writing() as writer:
            writer.jobs.add(new_job("late.md", None, {}), b"# Late")
        wherefrom("serve").succeeded()
    waiting = [
        f"stopped; {told} to be read at the next start" for told in ("1 uploaded file waits", "2 uploaded files wait")
    ]
    assert caplog.messages == ["stopped", *waiting]


def test_signals_are_as_before_afterwards(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [signal.getsignal(number) for number in ENDS]
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as `nohup` does
    try:
        stop_at(wherefrom, Stopping(1, signal.SIGHUP))
        wherefrom("index", "--rebuild").succeeded()
    finally:
        signal.signal(signal.SIGHUP, before[-1])
    assert [signal.getsignal(number) for number in ENDS] == before


# As processes of their own


def test_ctrl_c_at_a_terminal(tmp_path: Path) -> None:
    text = "The harbour master counts boats, nets and lamps on the quay before the evening ferry. " * 12
    files = write_files(tmp_path / "文档", {f"{number:03}.md": f"# {number}\n\n{text}" for number in range(600)})
    data = tmp_path / "数据"
    with terminal([*WHEREFROM, "index", files, "--data-dir", data, "--model", "hash"], {}, columns=60) as screen:
        screen.wait_for(r"indexing: [1-9]\d* of 600 files")
        screen.type("\x03")
        assert screen.ended() == 130
    assert "Traceback" not in screen.shown
    assert re.search(r"stopped: \d+ documents are indexed and stay; run the same command to go on\r\n", screen.shown)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_tools_over_standard_output(wherefrom: Command, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*WHEREFROM, "mcp"],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        sleep(0.1)
        process.send_signal(number)
        assert process.wait(PATIENCE_SECONDS) == ENDS[number]
        assert process.stderr is not None
        assert process.stderr.read() == "stopped: the tools only read, so nothing was changed\n"
