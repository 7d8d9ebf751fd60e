"""The mean of the last layers: by the formula, in a model as in its graph, and none where none is asked for."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from index.models.encoder import ModelChoice, Vectors
from index.models.making.graph import GRAPH_ARITHMETIC
from index.models.registry import load_encoder
from index.models.token_means import mean_of_layers
from index.models.tokens import TOKEN_LAYERS
from index.models.torch import TORCH_ARITHMETIC
from tests.index.models.tiny_model import make_tiny_model

QUESTIONS = ["who goes there", "a", "to be or not to be that is it"]


def scaled(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model with larger weights, so that its only layer says something else than what goes into it."""
    folder = make_tiny_model(tmp_path_factory.mktemp("strong"))
    model = AutoModel.from_pretrained(folder)
    with torch.no_grad():
        for weights in model.encoder.parameters():
            if weights.ndim == 2:
                weights *= 20
    model.save_pretrained(folder)
    return folder


@pytest.fixture
def two_layers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of that model, of whose tokens two layers are meant: that of its embeddings, and its only one."""
    monkeypatch.setitem(TOKEN_LAYERS, str(folder), 2)
    return str(folder)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_layer_counts_at_length_one(count: int) -> None:
    numbers = np.random.default_rng(count)
    # Layers differ in size by far, and the last is not the longest.
    layers = [numbers.normal(size=(2, 5, 8)).astype(np.float32) * size for size in (9.0, 400.0, 0.01)]
    found = mean_of_layers([torch.from_numpy(layer) for layer in layers], count).numpy()
    assert found == pytest.approx(sum(scaled(layer) for layer in layers[-count:]) / count, abs=1e-6)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_mean_has_the_bits_that_torch_gives_it(count: int) -> None:
    numbers = torch.Generator().manual_seed(count)
    layers = [torch.randn(1, 37, 384, generator=numbers) * size for size in (1.0, 1e-20, 300.0)]
    layers[-1][0, 3] = 0
    expected = torch.stack([torch.nn.functional.normalize(layer, dim=-1) for layer in layers[-count:]]).mean(dim=0)
    assert torch.equal(mean_of_layers(layers, count), expected), "tokens of older graphs and indexes are these"


def test_a_model_puts_out_the_mean_of_its_last_layers(two_layers: str, tmp_path: Path) -> None:
    encoder = load_encoder(ModelChoice(two_layers, TORCH_ARITHMETIC), tmp_path)
    assert encoder.spec.token_layers == 2
    found = encoder.encode_queries_with_tokens(QUESTIONS)
    model, tokenizer = AutoModel.from_pretrained(two_layers).eval(), AutoTokenizer.from_pretrained(two_layers)
    for question, ours, vector in zip(QUESTIONS, found.tokens, found.vectors, strict=True):
        with torch.inference_mode():
            layers = model(**tokenizer("ask " + question, return_tensors="pt"), output_hidden_states=True).hidden_states
        first, last = (layer[0].numpy() for layer in layers)
        own = slice(1 + len("ask "), -1)  # a token for each letter, between what begins and ends a text
        assert ours == pytest.approx(scaled(scaled(first[own]) + scaled(last[own])), abs=1e-4)
        assert vector == pytest.approx(scaled(last.mean(axis=0)), abs=1e-4), "texts are read by the last layer alone"


def test_a_graph_has_the_tokens_of_its_model(two_layers: str, tmp_path: Path) -> None:
    model = load_encoder(ModelChoice(two_layers, TORCH_ARITHMETIC), tmp_path)
    made, found = (load_encoder(ModelChoice(two_layers), tmp_path) for _ in range(2))
    assert found.spec.arithmetic == GRAPH_ARITHMETIC
    assert found.spec.token_layers == made.spec.token_layers == 2
    expected = model.encode_passages_with_tokens(QUESTIONS)
    for encoder in (made, found):
        encoded = encoder.encode_passages_with_tokens(QUESTIONS)
        assert (encoded.vectors * expected.vectors).sum(axis=1).min() > 0.99
        for ours, theirs in zip(encoded.tokens, expected.tokens, strict=True):
            assert (ours * theirs).sum(axis=1).min() > 0.98
        assert [each.tolist() for each in encoded.rarities] == [each.tolist() for each in expected.rarities]


@pytest.mark.parametrize("arithmetic", [None, TORCH_ARITHMETIC])
def test_tokens_of_other_models_are_those_of_the_last_layer(
    two_layers: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arithmetic: str | None
) -> None:
    of_two = load_encoder(ModelChoice(two_layers, arithmetic), tmp_path / "two").encode_queries_with_tokens(QUESTIONS)
    monkeypatch.delitem(TOKEN_LAYERS, two_layers)
    encoder = load_encoder(ModelChoice(two_layers, arithmetic), tmp_path / "one")
    assert encoder.spec.token_layers == 1
    of_one = encoder.encode_queries_with_tokens(QUESTIONS)
    assert of_one.vectors == pytest.approx(of_two.vectors, abs=1e-6)
    for one, two in zip(of_one.tokens, of_two.tokens, strict=True):
        assert (one * two).sum(axis=1).max() < 0.95, "two layers say something else"
