"""What the tests of the command line share: `wherefrom` run in this process, and what an error must look like."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from service.cli.main import main
from service.views import search_view

# Of which documents and questions are made by chance, so that many share some.
WORDS = "harbour keeper lamp ferry book village hours school winter 渡口 船工 灯塔 图书 村里 1931 2024 36 14".split()


@dataclass(frozen=True)
class Done:
    """What a command did."""

    code: int
    out: str
    err: str

    def succeeded(self) -> "Done":
        assert self.code == 0, self
        return self

    def failed(self, code: int, told: str) -> "Done":
        """Check the form of an error: one line on standard error that says what is wrong, and an exit code."""
        assert self.code == code, self
        (line,) = self.err.splitlines()
        assert line.startswith("error: "), self
        assert told in line, self
        return self


class Command:
    """`wherefrom` in this process, with a folder of its own for the index."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data_dir: Path) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys
        self.data_dir = data_dir
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("WHEREFROM_DATA_DIR", str(data_dir))
        monkeypatch.setenv("WHEREFROM_MODEL", "hash")

    def __call__(self, *arguments: object) -> Done:
        self.monkeypatch.setattr(sys, "argv", ["wherefrom", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return Done(int(stopped.value.code or 0), out, err)


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """`wherefrom` without an index yet."""
    return Command(monkeypatch, capsys, tmp_path / "data")


def documents(wherefrom: Command) -> dict[str, str]:
    """Return the ids of all documents by source."""
    listed = json.loads(wherefrom("documents", "list", "--json").succeeded().out)["documents"]
    return {each["source"]: each["document_id"] for each in listed}


def stable(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what differs from one request to the next."""
    return {name: value for name, value in answer.items() if name not in ("timings_ms", "request_id")}


def answers(data_dir: Path, questions: list[str]) -> list[dict[str, Any]]:
    """Return what a data folder answers, but what differs from one request to the next."""
    with open_index(data_dir, lambda choice: HashEncoder()) as index:
        return [stable(search_view(index.searcher.search(Query(each)))) for each in questions]
