"""Graphs of models: near their model, whole or made again, and no torch where they answer."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.models.encoder import Encoder
from index.models.making.graph import GRAPH_ARITHMETIC, find_graph, graph_folder
from index.models.onnx import GRAPH, GraphEncoder
from index.models.tokens import text_token_positions
from index.models.torch import TORCH_ARITHMETIC

QUESTIONS = [
    "how many workers came in 2022",
    "2022年有多少人到上海工作？",
    " 怒江 ",
    "Wie lange dauert es?",
    "14,809",
    "😀",
]


@pytest.mark.model
def test_a_graph_is_near_its_model(real_encoder: Encoder, real_model: Encoder) -> None:
    expected = real_model.encode_queries_with_tokens(QUESTIONS)
    found = real_encoder.encode_queries_with_tokens(QUESTIONS)
    assert (found.vectors * expected.vectors).sum(axis=1).min() > 0.995
    for ours, theirs in zip(found.tokens, expected.tokens, strict=True):
        assert ours.shape == theirs.shape
        assert (ours * theirs).sum(axis=1).mean() > 0.99
    assert real_encoder.encode_queries(QUESTIONS) == pytest.approx(found.vectors)
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert real_encoder.spec == replace(real_model.spec, arithmetic=GRAPH_ARITHMETIC)
    assert real_model.spec.arithmetic == TORCH_ARITHMETIC


@pytest.mark.model
def test_a_graph_reads_passages_as_its_model_does(real_encoder: Encoder, real_model: Encoder) -> None:
    passages = [
        "保山的咖啡卖到上海，每年三千吨。" * 30,
        "a",
        "",
        "Coffee from Baoshan is sold in Shanghai. " * 200,
        "\ud83d",
    ]
    done: list[int] = []
    found = real_encoder.encode_passages_with_tokens(passages, done.append)
    expected = real_model.encode_passages_with_tokens(passages)
    assert sum(done) == len(passages)
    assert [tokens.shape for tokens in found.tokens] == [tokens.shape for tokens in expected.tokens]
    assert (found.vectors * expected.vectors).sum(axis=1).min() > 0.99
    assert np.array_equal(real_encoder.encode_passages(passages), found.vectors)
    assert real_encoder.count_passage_tokens(passages) == real_model.count_passage_tokens(passages)
    assert real_encoder.encode_passages([]).shape == (0, real_encoder.spec.dimension)


@pytest.mark.model
@settings(max_examples=40)
@given(text=st.text(max_size=40))
def test_a_graph_reads_the_tokens_its_model_reads(real_encoder: Encoder, real_model: Encoder, text: str) -> None:
    (ours,), (theirs,) = (encoder.encode_queries_with_tokens([text]).tokens for encoder in (real_encoder, real_model))
    assert ours.shape == theirs.shape


@pytest.mark.model
def test_questions_are_answered_without_torch(real_encoder: Encoder, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.models.registry import load_encoder, default_cache_dir\n"
        "from index.opening import open_index; from index.query import Query\n"
        "with open_index(Path(sys.argv[1]), lambda choice: load_encoder(choice, default_cache_dir())) as index:\n"
        "    assert index.searcher.search(Query('咖啡卖到哪里')).results\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules), 'torch was loaded'\n"
    )
    (tmp_path / "coffee.txt").write_text("保山的咖啡卖到上海。", encoding="utf-8")
    files = [str(tmp_path / "coffee.txt"), "--data-dir", str(tmp_path / "data")]
    subprocess.run([sys.executable, "-m", "service.cli.main", "index", *files], check=True, timeout=120)
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "data")], check=True, timeout=120)


@pytest.mark.model
def test_a_damaged_graph_is_none(real_encoder: Encoder, model_cache: Path, tmp_path: Path) -> None:
    spec = real_encoder.spec
    source = graph_folder(model_cache, spec.name, spec.revision)
    target = graph_folder(tmp_path, spec.name, spec.revision)
    target.mkdir()
    for file in source.iterdir():
        (target / file.name).symlink_to(file)
    assert isinstance(find_graph(target), GraphEncoder)
    (target / GRAPH).unlink()
    (target / GRAPH).write_bytes(b"not a graph")
    assert find_graph(target) is None
    assert find_graph(tmp_path / "another") is None


def test_a_prompt_that_melts_into_the_text_takes_none_of_it() -> None:
    assert text_token_positions([0, 10, 11, 20, 21, 2], [0, 10, 11, 12, 2], {0, 2}) == [3, 4]
    assert text_token_positions([0, 10, 2], [], {0, 2}) == [1]
