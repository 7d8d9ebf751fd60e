"""Models written anew before they become graphs: what is known computes the same, what is not known stays."""

import copy
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from transformers import AlbertConfig, AlbertModel, BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

from index.models.making.channels import Shrunk, shrink_large_channels
from index.models.making.export import export_graph
from index.models.making.fusion import FusedAttention, FusedEmbeddings, change_if_same, fuse, read
from tests.conftest import ROOT

SMALL: dict[str, Any] = {
    "vocab_size": 100,
    "hidden_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "max_position_embeddings": 32,
    "attn_implementation": "eager",
}
SAMPLE = [[2, 17, 60, 99, 3], [5], list(range(4, 30))]


@pytest.fixture(autouse=True)
def _no_gradients() -> Any:
    torch.manual_seed(7)
    with torch.inference_mode():
        yield


def ready(model: Any) -> Any:
    return model.eval()


def bert(**options: Any) -> Any:
    """A model of random weights with large channels before each feed-forward product."""
    model = ready(BertModel(BertConfig(**SMALL, **options)))
    for layer in model.encoder.layer:
        layer.attention.output.LayerNorm.weight[3] = 40
        layer.intermediate.dense.bias[[5, 50]] += 30
    return model


def count(model: Any, kind: type) -> int:
    return sum(isinstance(module, kind) for module in model.modules())


def furthest(ours: Sequence[torch.Tensor], theirs: Sequence[torch.Tensor]) -> float:
    return max(float((mine - their).abs().max()) for mine, their in zip(ours, theirs, strict=True))


def test_a_model_written_anew_computes_the_same() -> None:
    model = bert()
    anew = copy.deepcopy(model)
    shrink_large_channels(anew, SAMPLE)
    fuse(anew, SAMPLE)
    assert (count(anew, FusedAttention), count(anew, FusedEmbeddings), count(anew, Shrunk)) == (2, 1, 4)
    unseen = [[9, 8, 7, 90, 1, 2, 3], list(range(32))]
    assert furthest(read(anew, unseen), read(model, unseen)) < 1e-4


def test_large_channels_become_small() -> None:
    model = bert()
    shrink_large_channels(model, SAMPLE)
    assert model.encoder.layer[0].intermediate.dense.linear.out_features > SMALL["intermediate_size"]
    highest: list[float] = []
    for module in model.modules():
        if isinstance(module, Shrunk):
            module.linear.register_forward_pre_hook(lambda _, inputs: highest.append(float(inputs[0].abs().max())))
    read(model, SAMPLE)
    assert max(highest) < 25, "of channels that came up to 30 and 100"


def test_positions_that_are_counted_otherwise_stay() -> None:
    model = ready(XLMRobertaModel(XLMRobertaConfig(**SMALL)))
    anew = copy.deepcopy(model)
    fuse(anew, SAMPLE)
    assert (count(anew, FusedAttention), count(anew, FusedEmbeddings)) == (2, 0)
    assert furthest(read(anew, SAMPLE), read(model, SAMPLE)) < 1e-4


@pytest.mark.parametrize(
    "model",
    [
        lambda: bert(is_decoder=True),  # tokens that do not see what comes after them
        lambda: ready(AlbertModel(AlbertConfig(**SMALL, embedding_size=16))),  # more than attention in its module
    ],
)
def test_attention_of_another_kind_stays(model: Any) -> None:
    model = model()
    before = read(model, SAMPLE)
    fuse(model, SAMPLE)
    assert count(model, FusedAttention) == 0
    assert furthest(read(model, SAMPLE), before) < 1e-4


def test_a_change_that_changes_something_is_taken_back() -> None:
    model = bert()
    before = read(model, SAMPLE)
    assert not change_if_same(model, {"encoder.layer.0.output.dense": torch.nn.Linear(96, 48)}, SAMPLE)
    assert not change_if_same(model, {"encoder.layer.0.output.dense": torch.nn.Linear(7, 48)}, SAMPLE)
    assert furthest(read(model, SAMPLE), before) == 0


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_graph_of_few_operators_is_near_its_model(tmp_path: Path) -> None:
    model = bert()
    expected = read(model, SAMPLE)
    export_graph(model, SAMPLE, tmp_path / "model.onnx", 1)
    assert furthest(read(model, SAMPLE), expected) == 0, "the model is left as it is"
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    for ids, wanted in zip(SAMPLE, expected, strict=True):
        (found,) = session.run(None, {"input_ids": np.array([ids])})
        assert torch.cosine_similarity(torch.tensor(found), wanted, dim=-1).min() > 0.99


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tokens_are_the_mean_of_the_last_layers_where_that_is_asked_for(tmp_path: Path) -> None:
    model = bert()
    layers = [model(torch.tensor([ids]), output_hidden_states=True).hidden_states[-2:] for ids in SAMPLE]
    export_graph(model, SAMPLE, tmp_path / "model.onnx", 2)
    session = onnxruntime.InferenceSession(tmp_path / "model.onnx", providers=["CPUExecutionProvider"])
    for ids, (before, last) in zip(SAMPLE, layers, strict=True):
        vectors, tokens = map(torch.tensor, session.run(None, {"input_ids": np.array([ids])}))
        assert torch.cosine_similarity(vectors, last, dim=-1).min() > 0.99
        mean = before / before.norm(dim=-1, keepdim=True) + last / last.norm(dim=-1, keepdim=True)
        assert torch.cosine_similarity(tokens, mean, dim=-1).min() > 0.99


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_graph_with_its_weights_beside_it_computes_what_one_file_did(tmp_path: Path) -> None:
    beside, whole = tmp_path / "model.onnx", tmp_path / "whole.onnx"
    export_graph(bert(), SAMPLE, beside, 2)
    weights = tmp_path / "model.onnx.data"
    assert {path.name for path in tmp_path.iterdir()} == {beside.name, weights.name}
    assert weights.stat().st_mode == beside.stat().st_mode, "whoever may read one may read the other"
    onnx.save(onnx.load(beside), whole)
    assert whole.stat().st_size > weights.stat().st_size
    sessions = [onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"]) for file in (beside, whole)]
    for ids in SAMPLE:
        ours, theirs = (session.run(None, {"input_ids": np.array([ids])}) for session in sessions)
        assert all(np.array_equal(*pair) for pair in zip(ours, theirs, strict=True))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_graph_does_not_depend_on_the_instructions_of_the_processor(tmp_path: Path) -> None:
    model = bert()
    model.save_pretrained(tmp_path)
    newest, oldest = (tmp_path / name / "model.onnx" for name in ("newest", "oldest"))
    for graph in (newest, oldest):
        graph.parent.mkdir()
    export_graph(model, SAMPLE, newest, 1)
    script = (
        "import sys, transformers; from pathlib import Path; from index.models.making.export import export_graph\n"
        "transformers.utils.logging.disable_progress_bar()\n"
        f"export_graph(transformers.BertModel.from_pretrained(sys.argv[1]), {SAMPLE}, Path(sys.argv[2]), 1)\n"
    )
    instructions = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
    command = [sys.executable, "-c", script, str(tmp_path), str(oldest)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **instructions}, check=True)
    for name in ("model.onnx", "model.onnx.data"):
        assert newest.with_name(name).read_bytes() == oldest.with_name(name).read_bytes()
