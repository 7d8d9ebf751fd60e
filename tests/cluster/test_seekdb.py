"""A database that a person starts, to try one."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import StoreUnavailable
from eval.cluster.seekdb import LOOPBACK, Seekdb, free_port
from tests.conftest import ROOT


def test_it_runs_until_it_is_told_to_end(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "eval", "cluster-database", str(tmp_path / "new"), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as started:
        assert started.stderr is not None
        assert re.search(rf"--store oceanbase://root@{LOOPBACK}:{port}/wherefrom; Ctrl", started.stderr.readline())
        socket.create_connection((LOOPBACK, port), timeout=5).close()
        started.send_signal(signal.SIGTERM)
        assert started.wait(60) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, port), timeout=5)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        database = Seekdb(tmp_path, taken.getsockname()[1])
        with pytest.raises(StoreUnavailable, match=rf"^port {database.port} is taken; name another$"):
            database.start()
