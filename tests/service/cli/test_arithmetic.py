"""The command line says by which arithmetic an index is made, keeps to it, and tells what is done about a graph."""

import json
import shutil
from pathlib import Path

import pytest

from index.models.making.graph import GRAPH_ARITHMETIC, NoGraph
from index.models.torch import TORCH_ARITHMETIC
from tests.command_fixtures import Command
from tests.index.models.tiny_model import forbid_graph, make_tiny_model
from tests.service_fixtures import write_files


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def cache_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WHEREFROM_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def wherefrom(
    tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    command = Command(monkeypatch, capsys, tmp_path / "data")
    monkeypatch.delenv("WHEREFROM_MODEL")
    return command


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


def words(text: str) -> str:
    return " ".join(text.split())


def index_id(command: Command) -> str:
    found: str = json.loads(command("ask", "x", "--json").succeeded().out)["index"]["id"]
    return found


def test_a_graph_is_made_with_the_index_and_again_where_it_is_missing(
    wherefrom: Command, files: Path, tiny_folder: Path, cache_dir: Path
) -> None:
    told = wherefrom("index", files, "--model", tiny_folder).succeeded().err
    assert words(told).startswith(f"making the graph of {tiny_folder}, once; ")
    status = wherefrom("status").succeeded().out
    assert GRAPH_ARITHMETIC in status
    assert json.loads(wherefrom("status", "--json").succeeded().out)["manifest"]["encoder"]["arithmetic"] in status
    before = json.loads(wherefrom("ask", "harbour", "--json").succeeded().out)
    shutil.rmtree(cache_dir)
    again = wherefrom("ask", "harbour", "--json").succeeded()
    assert words(again.err).startswith("making the graph of ")
    assert [each["scores"] for each in json.loads(again.out)["results"]] == [
        each["scores"] for each in before["results"]
    ]
    assert wherefrom("ask", "harbour").succeeded().err == ""


def test_an_index_without_a_graph_says_so_and_stays_without(
    wherefrom: Command, files: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise NoGraph("it is too new")

    with monkeypatch.context() as patched:
        patched.setattr("index.models.registry.make_graph", refuse)
        told = words(wherefrom("index", files, "--model", tiny_folder).succeeded().err)
    assert f"no graph can be made of {tiny_folder}, for it is too new; the index is made by the model itself" in told
    assert TORCH_ARITHMETIC in wherefrom("status").succeeded().out
    for command in (["index", files], ["ask", "harbour"]):
        assert "graph" not in wherefrom(*command).succeeded().err
    without = index_id(wherefrom)
    assert "making the graph" in words(wherefrom("index", "--rebuild").succeeded().err)
    assert GRAPH_ARITHMETIC in wherefrom("status").succeeded().out
    assert index_id(wherefrom) != without


def test_a_graph_that_cannot_be_made_is_refused_by_name(
    wherefrom: Command, files: Path, tiny_folder: Path, tmp_path: Path, cache_dir: Path
) -> None:
    model = Path(shutil.copytree(tiny_folder, tmp_path / "model"))
    wherefrom("index", files, "--model", model).succeeded()
    shutil.rmtree(cache_dir)
    forbid_graph(model)
    for command in (["ask", "harbour"], ["index", files], ["serve", "--port", "0"]):
        done = wherefrom(*command)
        assert done.code == 1
        error = done.err.splitlines()[-1]
        assert error.startswith(f"error: this index was made with {model} by {GRAPH_ARITHMETIC}, but its graph ")
        assert error.endswith("or make it anew: wherefrom index --rebuild (keeps the documents)")
