"""A model is loaded with the arithmetic that is asked for and no other; a missing graph is made, or refused by name."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import IndexMismatch, ModelUnavailable
from index.models.encoder import ModelChoice
from index.models.making.graph import GRAPH_ARITHMETIC
from index.models.onnx import GRAPH
from index.models.registry import load_encoder
from index.models.torch import TORCH_ARITHMETIC
from tests.index.models.tiny_model import forbid_graph

TEXTS = ["who goes there", "a", ""]


@pytest.fixture
def graphless(tiny_folder: Path, tmp_path: Path) -> Path:
    """A model of which no graph can be made."""
    return forbid_graph(Path(shutil.copytree(tiny_folder, tmp_path / "graphless")))


def test_a_new_index_gets_a_graph_which_is_made_once(tiny_folder: Path, tmp_path: Path) -> None:
    told: list[str] = []
    first = load_encoder(ModelChoice(str(tiny_folder)), tmp_path, tell=told.append)
    assert [f"making the graph of {tiny_folder}, once" in line for line in told] == [True]
    again = load_encoder(ModelChoice(str(tiny_folder)), tmp_path, tell=told.append)
    assert len(told) == 1
    assert first.spec == again.spec
    assert first.spec.arithmetic == GRAPH_ARITHMETIC
    assert np.array_equal(first.encode_passages(TEXTS), again.encode_passages(TEXTS))


def test_where_no_graph_can_be_made_the_model_itself_is_used_and_that_is_told(graphless: Path, tmp_path: Path) -> None:
    told: list[str] = []
    encoder = load_encoder(ModelChoice(str(graphless)), tmp_path / "cache", tell=told.append)
    assert encoder.spec.arithmetic == TORCH_ARITHMETIC
    assert f"no graph can be made of {graphless}, for its pooling is max" in told[-1]
    assert "the model itself in single precision" in told[-1]


def test_what_nobody_listens_to_is_a_warning(graphless: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    load_encoder(ModelChoice(str(graphless)), tmp_path / "cache")
    assert "no graph can be made" in caplog.messages[-1]


def test_single_precision_makes_no_graph(tiny_folder: Path, tmp_path: Path) -> None:
    told: list[str] = []
    load_encoder(ModelChoice(str(tiny_folder)), tmp_path)
    for cache_dir in (tmp_path, tmp_path / "new"):
        encoder = load_encoder(ModelChoice(str(tiny_folder), TORCH_ARITHMETIC), cache_dir, tell=told.append)
        assert encoder.spec.arithmetic == TORCH_ARITHMETIC
    assert not told
    assert not (tmp_path / "new").exists()


def test_a_missing_graph_is_made_again_and_is_the_same(tiny_folder: Path, tmp_path: Path) -> None:
    told: list[str] = []
    for name in ("here", "there"):
        encoder = load_encoder(ModelChoice(str(tiny_folder), GRAPH_ARITHMETIC), tmp_path / name, tell=told.append)
        assert encoder.spec.arithmetic == GRAPH_ARITHMETIC
    assert len(told) == 2
    here, there = (sorted((tmp_path / name).rglob("*")) for name in ("here", "there"))
    assert [path.name for path in here] == [path.name for path in there]
    assert GRAPH in {path.name for path in here}
    for ours, theirs in zip(here, there, strict=True):
        assert ours.is_dir() or ours.read_bytes() == theirs.read_bytes()


def unavailable(choice: ModelChoice, cache_dir: Path) -> str:
    """Return how an index is refused; the model, the arithmetic and what failed are in every message."""
    with pytest.raises(ModelUnavailable) as caught:
        load_encoder(choice, cache_dir)
    message = str(caught.value)
    assert message.startswith(f"this index was made with {choice.name} by {choice.arithmetic}, but ")
    assert "\n" not in message
    return message


def test_a_missing_graph_that_cannot_be_made_is_refused(graphless: Path, tmp_path: Path) -> None:
    message = unavailable(ModelChoice(str(graphless), GRAPH_ARITHMETIC), tmp_path / "cache")
    assert "is missing and cannot be made here, for its pooling is max" in message
    assert "bring that folder from where the index was made, or make it anew: wherefrom index --rebuild" in message


def test_a_graph_that_cannot_be_written_is_no_reason_for_another_arithmetic(tiny_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    message = unavailable(ModelChoice(str(tiny_folder), GRAPH_ARITHMETIC), tmp_path / "file")
    assert f"cannot be written into {tmp_path / 'file'}" in message
    with pytest.raises(ModelUnavailable, match=r"cannot be written into .*file.*; it needs a folder"):
        load_encoder(ModelChoice(str(tiny_folder)), tmp_path / "file")


@pytest.mark.parametrize("arithmetic", [GRAPH_ARITHMETIC, TORCH_ARITHMETIC])
def test_a_model_that_is_gone_is_named(tmp_path: Path, arithmetic: str) -> None:
    assert "neither a folder nor" in unavailable(ModelChoice(str(tmp_path / "gone"), arithmetic), tmp_path)


def test_an_arithmetic_of_another_version_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch) as caught:
        load_encoder(ModelChoice(str(tiny_folder), "graph-1 int8"), tmp_path)
    assert f"made with {tiny_folder} by graph-1 int8, which this version" in str(caught.value)
    assert "wherefrom index --rebuild" in str(caught.value)
