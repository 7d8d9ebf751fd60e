"""Graphs of models: near their model, whole or made again, and no torch where they answer."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.models.encoder import Encoded, Encoder, Progress, Vectors
from index.models.hashing import HashEncoder
from index.models.making.graph import find_graph, graph_folder
from index.models.onnx import GRAPH, GraphEncoder
from index.models.quick_encoder import MANY, QuickEncoder
from index.models.tokens import own_places

QUESTIONS = [
    "how many workers came in 2022",
    "2022年有多少人到上海工作？",
    " 怒江 ",
    "Wie lange dauert es?",
    "14,809",
    "😀",
]


@pytest.fixture
def quick(real_encoder: Encoder) -> QuickEncoder:
    assert isinstance(real_encoder, QuickEncoder)
    return real_encoder


@pytest.mark.model
def test_a_graph_is_near_its_model(quick: QuickEncoder, real_model: Encoder) -> None:
    expected = real_model.encode_queries_with_tokens(QUESTIONS)
    found = quick.encode_queries_with_tokens(QUESTIONS)
    assert (found.vectors * expected.vectors).sum(axis=1).min() > 0.995
    for ours, theirs in zip(found.tokens, expected.tokens, strict=True):
        assert ours.shape == theirs.shape
        assert (ours * theirs).sum(axis=1).mean() > 0.99
    assert quick.encode_queries(QUESTIONS) == pytest.approx(found.vectors)
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert quick.spec == real_model.spec


@pytest.mark.model
def test_a_graph_reads_passages_as_its_model_does(quick: QuickEncoder, real_model: Encoder) -> None:
    passages = [
        "保山的咖啡卖到上海，每年三千吨。" * 30,
        "a",
        "",
        "Coffee from Baoshan is sold in Shanghai. " * 200,
        "\ud83d",
    ]
    done: list[int] = []
    found = quick.encode_passages_with_tokens(passages, done.append)
    expected = real_model.encode_passages_with_tokens(passages)
    assert sum(done) == len(passages)
    assert [tokens.shape for tokens in found.tokens] == [tokens.shape for tokens in expected.tokens]
    assert (found.vectors * expected.vectors).sum(axis=1).min() > 0.99
    assert np.array_equal(quick.encode_passages(passages), found.vectors)
    assert quick.count_passage_tokens(passages) == real_model.count_passage_tokens(passages)
    assert quick.encode_passages([]).shape == (0, quick.spec.dimension)


@pytest.mark.model
def test_a_model_in_half_precision_is_near_it_too(quick: QuickEncoder, real_model: Encoder) -> None:
    half = quick._load_model()
    found = half.encode_passages_with_tokens(QUESTIONS)
    expected = real_model.encode_passages_with_tokens(QUESTIONS)
    assert (found.vectors * expected.vectors).sum(axis=1).min() > 0.99
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(1, abs=1e-5)


class SlowEncoder(HashEncoder):
    """One that takes its time for each passage."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        time.sleep(self.seconds * len(texts))
        return super().encode_passages_with_tokens(texts, progress)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        time.sleep(self.seconds * len(texts))
        return super().encode_passages(texts, progress)


@pytest.mark.parametrize("graph_is_faster", [True, False])
def test_many_passages_are_read_by_whoever_is_faster(graph_is_faster: bool) -> None:
    graph, model = SlowEncoder(0 if graph_is_faster else 0.01), SlowEncoder(0.01 if graph_is_faster else 0)
    loaded: list[Encoder] = []

    def load() -> Encoder:
        loaded.append(model)
        return model

    quick = QuickEncoder(cast(GraphEncoder, graph), load)
    few = ["云"] * 3
    assert quick._reader_of(few) is graph
    assert not loaded, "for a few passages no model is loaded"
    assert quick._reader_of(["云"] * MANY) is (graph if graph_is_faster else model)
    assert quick._reader_of(few) is (graph if graph_is_faster else model)
    assert len(loaded) == 1, "the choice is made once"


@pytest.mark.model
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
def test_a_graph_reads_the_tokens_its_model_reads(quick: QuickEncoder, real_model: Encoder, text: str) -> None:
    (ours,), (theirs,) = (encoder.encode_queries_with_tokens([text]).tokens for encoder in (quick, real_model))
    assert ours.shape == theirs.shape


@pytest.mark.model
def test_questions_are_answered_without_torch(quick: QuickEncoder, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from index.models.registry import load_encoder, default_cache_dir\n"
        "from index.opening import open_index; from index.query import Query\n"
        "with open_index(Path(sys.argv[1]), lambda name: load_encoder(name, default_cache_dir())) as index:\n"
        "    assert index.searcher.search(Query('咖啡卖到哪里')).results\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules), 'torch was loaded'\n"
    )
    (tmp_path / "coffee.txt").write_text("保山的咖啡卖到上海。", encoding="utf-8")
    files = [str(tmp_path / "coffee.txt"), "--data-dir", str(tmp_path / "data")]
    subprocess.run([sys.executable, "-m", "service.cli.main", "index", *files], check=True, timeout=120)
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "data")], check=True, timeout=120)


@pytest.mark.model
def test_a_damaged_graph_is_none(quick: QuickEncoder, model_cache: Path, tmp_path: Path) -> None:
    spec = quick.spec
    source = graph_folder(model_cache, spec.name, spec.revision)
    target = graph_folder(tmp_path, spec.name, spec.revision)
    target.mkdir()
    for file in source.iterdir():
        (target / file.name).symlink_to(file)
    assert isinstance(find_graph(tmp_path, spec.name, spec.revision), GraphEncoder)
    (target / GRAPH).unlink()
    (target / GRAPH).write_bytes(b"not a graph")
    assert find_graph(tmp_path, spec.name, spec.revision) is None
    assert find_graph(tmp_path, "another", spec.revision) is None


def test_a_prompt_that_melts_into_the_text_takes_none_of_it() -> None:
    assert own_places([0, 10, 11, 20, 21, 2], [0, 10, 11, 12, 2], {0, 2}) == [3, 4]
    assert own_places([0, 10, 2], [], {0, 2}) == [1]
