"""Peers run apart: environments are made once, failures and hangs are named, nothing is left running."""

import sys
from pathlib import Path
from platform import python_version
from time import sleep
from zipfile import ZipFile

import pytest

from eval.peers.environment import Peer, PeerFailed, make_environment
from eval.peers.process import running_peer, write_task
from tests.eval.peers.peer_fixtures import LINES, WORDS, write_peer

TEXT = "The east of the town is red.\n\nThe west of the town is blue.\n"


@pytest.fixture
def task(tmp_path: Path) -> Path:
    return write_task(tmp_path / "task.json", {"town.txt": TEXT}, "model", split=True)


def run(peer: Peer, task: Path, timeout_s: float = 60) -> list[str]:
    with running_peer(peer, Path(sys.executable), task, timeout_s) as process:
        return [hit["text"] for hit in process.ask("Which west is blue?", 3)["hits"]]


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for the child in /proc")
def test_what_takes_too_long_is_ended_with_its_children(tmp_path: Path, task: Path) -> None:
    code = (
        "import pathlib, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"pathlib.Path({str(tmp_path / 'child')!r}).write_text(str(child.pid))\n"
        "time.sleep(600)\n"
    )
    with pytest.raises(PeerFailed, match="it took more than 2 seconds"):
        run(write_peer(tmp_path / "stacks", "slow", code), task, timeout_s=2)
    child = int((tmp_path / "child").read_text())
    for _ in range(100):  # the kernel may take a moment
        if not is_running(child):
            return
        sleep(0.1)
    pytest.fail("the child still runs")


def test_a_peer_runs_alone_and_quietly(tmp_path: Path, task: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    code = LINES + (
        "import os, pathlib, sys\n"
        f"assert {str(tmp_path)!r} not in sys.path\n"
        f"assert not any('eval/peers' in entry for entry in sys.path)\n"
        "assert os.environ['OMP_NUM_THREADS'] == os.environ['HF_HUB_OFFLINE'] == '1'\n"
        "print('noise')\n"
        "pathlib.Path('scratch').write_text('x')\n"
        "def index(passages, model, vectors):\n    return lambda question, k: [(0, 1)]\n"
    )
    assert run(write_peer(tmp_path / "stacks", "alone", code), task) == ["The east of the town is red."]
    assert not Path("scratch").exists()


def make_wheels(folder: Path) -> None:
    """Write the package `small` in two versions, which pip installs without an index."""
    folder.mkdir()
    for number in (1, 2):
        info = f"small-{number}.dist-info"
        with ZipFile(folder / f"small-{number}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("small.py", f"NUMBER = {number}\n")
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: small\nVersion: {number}\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")


def test_an_environment_is_made_once_and_again_when_its_packages_change(
    tmp_path: Path, task: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_wheels(tmp_path / "wheels")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    environments = tmp_path / "environments"
    for number in (1, 2):
        code = f"import small\nassert small.NUMBER == {number}\n{WORDS}"
        peer = write_peer(tmp_path / "stacks", "tiny", code, f'["small=={number}"]')
        python = make_environment(peer, environments, 60)
        assert not (environments / "tiny" / "kept").exists()
        with running_peer(peer, python, task, 60) as process:
            assert process.prepared["versions"] == {"python": python_version(), "small": str(number)}
        (environments / "tiny" / "kept").touch()
        assert make_environment(peer, environments, 60) == python
        assert (environments / "tiny" / "kept").exists()
