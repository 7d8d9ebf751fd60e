"""Every encoder keeps the promises of `index.models.encoder`, and a model that cannot be had is refused in one line."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import httpx2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import ModelUnavailable
from index.models import hub
from index.models.encoder import Encoder, ModelChoice
from index.models.hashing import HashEncoder
from index.models.making.graph import GRAPH_ARITHMETIC
from index.models.prompts import prompts_of
from index.models.registry import DEFAULT_MODEL, HASH_MODEL, default_cache_dir, load_encoder
from index.models.torch import TORCH_ARITHMETIC
from tests.index.models.tiny_model import write_json

TEXTS = ["abc", "", "a", "hello " * 40, "zz top", "x y z", "hello", "b\0c", "\ud800 d"]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="session")
def tiny_encoder(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load_encoder(ModelChoice(str(tiny_folder), TORCH_ARITHMETIC), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def tiny_graph(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load_encoder(ModelChoice(str(tiny_folder), GRAPH_ARITHMETIC), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session", params=["hash", TORCH_ARITHMETIC, GRAPH_ARITHMETIC])
def encoder(request: pytest.FixtureRequest, tiny_encoder: Encoder, tiny_graph: Encoder) -> Encoder:
    found = {each.spec.arithmetic: each for each in (HashEncoder(), tiny_encoder, tiny_graph)}
    return found[request.param]


@pytest.fixture
def copied_folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """The tiny model in a folder that a test may spoil."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "copied"))


# What every encoder promises


def test_vectors_have_unit_length_and_the_stated_dimension(encoder: Encoder) -> None:
    for encode in (encoder.encode_queries, encoder.encode_passages):
        vectors = encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), encoder.spec.dimension)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_batch_gives_what_each_text_gives_alone(encoder: Encoder) -> None:
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    np.testing.assert_allclose(encoder.encode_passages(TEXTS), alone, atol=1e-5)
    alone = np.concatenate([encoder.encode_queries([text]) for text in TEXTS])
    np.testing.assert_allclose(encoder.encode_queries(TEXTS), alone, atol=1e-5)


def test_many_batches_come_back_in_order(encoder: Encoder) -> None:
    texts = [letter * (1 + 7 * place % 90) for place, letter in enumerate("qwertyuiopasdfghjklzxcvbnm" * 8)]
    alone = np.concatenate([encoder.encode_passages([text]) for text in texts])
    np.testing.assert_allclose(encoder.encode_passages(texts), alone, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder.encode_queries([]).shape == (0, encoder.spec.dimension)
    assert encoder.encode_passages([]).shape == (0, encoder.spec.dimension)
    assert encoder.count_passage_tokens([]) == []


def test_progress_adds_up_to_the_number_of_texts(encoder: Encoder) -> None:
    steps: list[int] = []
    encoder.encode_passages(TEXTS * 50, steps.append)
    assert sum(steps) == len(TEXTS) * 50
    assert len(steps) > 1


def test_threads_may_share_an_encoder(encoder: Encoder) -> None:
    expected = encoder.encode_queries(TEXTS)
    with ThreadPoolExecutor(8) as pool:
        for vectors in pool.map(encoder.encode_queries, [TEXTS] * 24):
            np.testing.assert_array_equal(vectors, expected)


# The hash encoder


@given(st.text(st.characters()))
def test_any_text_at_all_gives_a_unit_vector(text: str) -> None:
    vectors = HashEncoder().encode_passages([text, text])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_hashes_are_the_same_in_every_process() -> None:
    (vector,) = HashEncoder().encode_passages(["云南 Yunnan"])
    places = np.flatnonzero(vector)
    assert places[:8].tolist() == [19, 50, 55, 57, 66, 75, 98, 126]
    np.testing.assert_allclose(
        vector[places[:8]],
        [-0.1796, -0.1796, -0.1796, -0.1796, 0.5387, -0.1796, 0.1796, 0.0177],
        atol=1e-4,
    )


def test_texts_that_share_words_are_near() -> None:
    encoder = HashEncoder()
    (question,) = encoder.encode_queries(["How many Yunnan workers came to Shanghai?"])
    near, far = encoder.encode_passages(
        ["Many workers came to Shanghai from Yunnan.", "The weather stays fine until the weekend."]
    )
    assert question @ near > 0.5 > question @ far
    (question,) = encoder.encode_queries(["有多少云南务工人员来沪？"])
    near, far = encoder.encode_passages(["云南来沪务工人员有十二万。", "周末以前天气晴好。"])
    assert question @ near > 0.3 > question @ far


def test_the_hash_encoder_counts_characters() -> None:
    assert HashEncoder().count_passage_tokens(["", "云南", "x" * 600, "x " * 600]) == [2, 4, 3, 602]


@given(text=st.text("ab1é。一 -", max_size=12), ends=st.lists(st.integers(0, 12)))
def test_beginnings_of_a_text_are_counted_as_any_other(text: str, ends: list[int]) -> None:
    encoder, texts = HashEncoder(), [text, *(text[:end] for end in sorted(ends)), "b"]
    assert encoder.count_passage_tokens(texts) == [encoder.count_passage_tokens([each])[0] for each in texts]


# Models of sentence-transformers


def test_the_spec_is_read_off_the_model(tiny_folder: Path, tiny_encoder: Encoder) -> None:
    spec = tiny_encoder.spec
    assert (spec.name, spec.dimension, spec.max_tokens) == (str(tiny_folder), 16, 64)
    assert (spec.query_prompt, spec.passage_prompt) == ("ask ", "say ")
    assert len(spec.revision) == 16


def test_tokens_are_counted_with_prompt_and_ends_and_without_a_cut(tiny_encoder: Encoder) -> None:
    assert tiny_encoder.count_passage_tokens(["", "ab", "x" * 100]) == [6, 8, 106]


def test_questions_and_passages_get_their_own_prompts(tiny_encoder: Encoder) -> None:
    (question,), (passage,) = tiny_encoder.encode_queries(["ab"]), tiny_encoder.encode_passages(["ab"])
    assert abs(question - passage).max() > 1e-3


@pytest.mark.parametrize(
    ("own", "name", "expected"),
    [
        ({"query": "q: ", "document": "d: ", "passage": "p: "}, "any", ("q: ", "d: ")),
        ({"query": "q: ", "document": "", "passage": "p: "}, "any", ("q: ", "p: ")),
        ({"query": "Instruct: ", "document": ""}, "intfloat/multilingual-e5-base", ("Instruct: ", "")),
        ({"query": "", "document": ""}, "intfloat/multilingual-e5-base", ("query: ", "passage: ")),
        ({"query": None}, "/models/e5-large-v2/", ("query: ", "passage: ")),
        ({}, "intfloat/multilingual-e5-large-instruct", ("", "")),
        ({}, "BAAI/bge-large-zh-v1.5", ("为这个句子生成表示以用于检索相关文章：", "")),
        ({}, "BAAI/bge-small-en", ("Represent this sentence for searching relevant passages: ", "")),
        ({}, "BAAI/bge-m3", ("", "")),
    ],
)
def test_prompts_come_from_the_model_or_its_family(
    own: dict[str, str | None], name: str, expected: tuple[str, str]
) -> None:
    assert prompts_of(own, name) == expected


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("model.safetensors", lambda data: data[:-1] + b"\x01"),
        ("tokenizer.json", lambda data: data + b"\n"),
        ("1_Pooling/config.json", lambda data: data.replace(b"mean", b"max")),
    ],
)
def test_another_model_has_another_revision(
    tiny_encoder: Encoder, copied_folder: Path, tmp_path: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    choice = ModelChoice(str(copied_folder), TORCH_ARITHMETIC)
    assert load_encoder(choice, tmp_path).spec.revision == tiny_encoder.spec.revision
    (copied_folder / name).write_bytes(change((copied_folder / name).read_bytes()))
    assert load_encoder(choice, tmp_path).spec.revision != tiny_encoder.spec.revision


def test_a_folder_is_loaded_without_the_network(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    load_encoder(ModelChoice(str(tiny_folder), TORCH_ARITHMETIC), tmp_path).encode_queries(["a"])
    assert capfd.readouterr() == ("", "")


# Models that are refused


def unloadable(folder: Path) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        load_encoder(ModelChoice(str(folder)), folder / "cache")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    assert "no modules.json and no config.json" in unloadable(tmp_path)


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "1_Pooling/config.json"])
def test_a_model_with_code_of_its_own_is_refused(copied_folder: Path, name: str) -> None:
    settings = json.loads((copied_folder / name).read_text())
    write_json(copied_folder / name, {**settings, "auto_map": {"AutoModel": "modeling.Evil"}})
    assert f"{Path(name).name} has auto_map" in unloadable(copied_folder)


def test_a_model_of_a_foreign_class_is_refused(copied_folder: Path) -> None:
    (copied_folder / "evil.py").write_text("raise SystemExit('the code was run')")
    write_json(copied_folder / "modules.json", [{"idx": 0, "name": "0", "path": "", "type": "evil.Module"}])
    assert "cannot be loaded" in unloadable(copied_folder)


def test_pickled_weights_are_refused(copied_folder: Path) -> None:
    (copied_folder / "1_Pooling/pytorch_model.bin").write_bytes(b"pickle")
    assert "safetensors" in unloadable(copied_folder)
    (copied_folder / "1_Pooling/pytorch_model.bin").unlink()
    (copied_folder / "model.safetensors").rename(copied_folder / "pytorch_model.bin")
    assert "safetensors" in unloadable(copied_folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_damaged_model_is_refused(copied_folder: Path, name: str) -> None:
    (copied_folder / name).write_bytes((copied_folder / name).read_bytes()[:100])
    unloadable(copied_folder)


@pytest.mark.parametrize("name", ["", "./no/such/folder", "a/b/c", "a--b/c", "owner/..", "new\nline", "nul\0", "-x"])
def test_what_cannot_be_a_model_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnavailable, match="neither a folder nor a name like owner/model"):
        load_encoder(ModelChoice(name), tmp_path)


# The hub


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


@pytest.fixture
def hub_answers(hub_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    def answer_with(error: Exception) -> None:
        def ask(_: str, answers: "SimpleQueue[Exception | None]") -> None:
            answers.put(error)

        monkeypatch.setattr(hub, "ask_hub", ask)

    return answer_with


def test_a_model_in_the_cache_of_the_hub_needs_no_hub(tiny_folder: Path, tmp_path: Path, hub_cache: Path) -> None:
    repository = hub_cache / "models--owner--tiny"
    shutil.copytree(tiny_folder, repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text(COMMIT)
    spec = load_encoder(ModelChoice("owner/tiny", TORCH_ARITHMETIC), tmp_path).spec
    assert (spec.name, spec.revision, spec.dimension) == ("owner/tiny", COMMIT, 16)


def test_a_model_that_is_not_cached_is_refused_offline(tmp_path: Path, hub_cache: Path) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_encoder(ModelChoice("intfloat/multilingual-e5-base"), tmp_path, offline=True)
    assert str(caught.value) == (
        "the model intfloat/multilingual-e5-base is not in the cache of the hub and fetching it is switched off; "
        "name a folder that holds it, or use multilingual-e5-small, which needs no download"
    )


def test_an_unreachable_hub_is_one_clear_line(
    tmp_path: Path, hub_answers: Callable[[Exception], None], capfd: pytest.CaptureFixture[str]
) -> None:
    hub_answers(ConnectionError("a long\nstory"))
    with pytest.raises(ModelUnavailable) as caught:
        load_encoder(ModelChoice("all-MiniLM-L6-v2"), tmp_path)
    assert str(caught.value) == (
        "the model sentence-transformers/all-MiniLM-L6-v2 is not in the cache of the hub, and the hub cannot be "
        "reached; connect to the internet once, name a folder that holds the model, "
        "or use multilingual-e5-small, which needs no download"
    )
    assert capfd.readouterr() == ("", "")


def test_a_hub_that_never_answers_is_given_up(tmp_path: Path, hub_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "ask_hub", lambda repository, answers: None)
    monkeypatch.setattr(hub, "HUB_PATIENCE", 0.01)
    with pytest.raises(ModelUnavailable, match="the hub cannot be reached"):
        load_encoder(ModelChoice("owner/model"), tmp_path)


def test_a_model_that_the_hub_does_not_have_is_named(tmp_path: Path, hub_answers: Callable[[Exception], None]) -> None:
    from huggingface_hub.errors import RepositoryNotFoundError

    response = httpx2.Response(404, request=httpx2.Request("GET", "https://hub"))
    hub_answers(RepositoryNotFoundError("404", response=response))
    with pytest.raises(ModelUnavailable, match="the hub has no model owner/model, or keeps it private"):
        load_encoder(ModelChoice("owner/model"), tmp_path)


# Names


def test_the_hash_encoder_has_a_name(tmp_path: Path) -> None:
    assert load_encoder(ModelChoice(HASH_MODEL), tmp_path).spec.name == HASH_MODEL


def test_the_default_model_and_cache() -> None:
    assert DEFAULT_MODEL == "multilingual-e5-small"
    assert default_cache_dir().name == "wherefrom"


def test_importing_the_names_loads_no_library() -> None:
    heavy = {"torch", "transformers", "sentence_transformers", "tokenizers", "safetensors", "huggingface_hub"}
    code = f"import sys, index.models.registry; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
