"""Processes that die, again and again or in the middle of something, and the one that begins others in their places."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.server_fixtures import PATIENCE, environment

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="tried where processes are forked off")

# Run in a process of its own: it forks, and has no thread then.
SCRIPT = """
import logging, os, signal, sys, time
from pathlib import Path
from corpus.errors import InvalidInput, WherefromError
from service.workers import supervising
from service.workers.supervising import Supervisor

supervising.AGAIN_SECONDS, supervising.LATEST_SECONDS, supervising.STOP_SECONDS = 0.01, 0.1, 0.5
logging.basicConfig(format="%(message)s")
folder = Path(sys.argv[1])

def times(name):
    path = folder / name
    path.write_text(path.read_text() + "." if path.exists() else ".")
    return len(path.read_text())

def work(number, waits, tell):
{work}

try:
    Supervisor(2, work, lambda: print("ready", flush=True), lambda number: print(f"ended {{number}}", flush=True)).run()
except WherefromError as error:
    print(type(error).__name__, error)
"""


def supervised(folder: Path, work: str) -> subprocess.CompletedProcess[str]:
    """Run what two processes do, whose code is given, until they end by themselves or by a signal to all."""
    script = SCRIPT.format(work="\n".join(f"    {line}" for line in work.splitlines()))
    command = [sys.executable, "-c", script, str(folder)]
    return subprocess.run(
        command, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=True, cwd=folder
    )


def test_the_second_begins_when_the_first_is_at_work(tmp_path: Path) -> None:
    work = """
(folder / str(number)).write_text(f"{waits} {sorted(path.name for path in folder.iterdir())}")
tell()
if number == 1:
    os.kill(os.getppid(), signal.SIGTERM)
signal.pause()
"""
    done = supervised(tmp_path, work)
    first, *ends = done.stdout.splitlines()
    assert (first, sorted(ends), done.stderr) == ("ready", ["ended 0", "ended 1"], "")
    assert (tmp_path / "0").read_text() == "False []"
    assert (tmp_path / "1").read_text() == "True ['0']"


def test_where_the_first_cannot_work_nothing_begins(tmp_path: Path) -> None:
    done = supervised(tmp_path, 'times(str(number))\nraise InvalidInput("there is no such place")')
    assert (done.stdout, done.stderr) == ("ended 0\nInvalidInput there is no such place\n", "")
    assert [path.name for path in tmp_path.iterdir()] == ["0"]


def test_a_first_that_only_dies_is_given_up(tmp_path: Path) -> None:
    done = supervised(tmp_path, 'times("begun")\nos.kill(os.getpid(), signal.SIGSEGV)')
    *ends, told = done.stdout.splitlines()
    assert told.startswith("WherefromError the service cannot begin: its process has ended again and again: signal 11")
    assert ends == ["ended 0"] * len(tmp_path.joinpath("begun").read_text())
    assert 3 <= len(ends) <= 10


def test_one_that_dies_again_and_again_is_begun_later_each_time_and_the_other_stays(tmp_path: Path) -> None:
    work = """
tell()
if number == 0:
    times("first")
    signal.pause()
if times("second") == 6:
    os.kill(os.getppid(), signal.SIGTERM)
    signal.pause()
sys.exit(7)
"""
    done = supervised(tmp_path, work)
    assert (tmp_path / "first").read_text() == "."
    lines = [line for line in done.stderr.splitlines() if "has ended" in line]
    pauses = [float(line.rpartition(" begins in ")[2].removesuffix(" s")) for line in lines]
    assert pauses == [0.01, 0.02, 0.04, 0.08, 0.1]
    assert all("worker 1 (process " in line and ": exit code 1;" in line for line in lines)


def test_one_that_does_not_end_is_ended(tmp_path: Path) -> None:
    work = """
signal.signal(signal.SIGTERM, signal.SIG_IGN)
tell()
if number == 1:
    os.kill(os.getppid(), signal.SIGTERM)
while True:
    time.sleep(1)
"""
    done = supervised(tmp_path, work)
    assert (sorted(done.stdout.splitlines()), done.stderr) == (["ended 0", "ended 1", "ready"], "")
