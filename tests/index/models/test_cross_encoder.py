"""Cross-encoders by name: loaded as safely as embedding models, and refused in one line where they cannot serve."""

import json
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from corpus.errors import ModelUnavailable
from index.models.cross_encoder import CrossEncoderReranker, load_reranker, reranker_of
from tests.conftest import ROOT
from tests.index.models.cross_encoder_fixtures import make_cross_encoder, make_embedding_model

COMMIT = "0123456789abcdef0123456789abcdef01234567"
PASSAGES = ["水", "茶", "一杯茶", "茶茶茶", "", "茶" * 500, "\ud800"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture(scope="module")
def reranker(folder: Path) -> CrossEncoderReranker:
    return load_reranker(str(folder))


@pytest.fixture
def copied(folder: Path, tmp_path: Path) -> Path:
    """The model in a folder that a test may spoil."""
    return Path(shutil.copytree(folder, tmp_path / "copied"))


def refusal(name: object) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        load_reranker(str(name), offline=True)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_pairs_are_scored_in_their_order(reranker: CrossEncoderReranker) -> None:
    water, tea, cup, teas, nothing, most, _ = reranker.scores("什么", PASSAGES)
    assert most > teas > tea > cup > water
    assert nothing == pytest.approx(water)


def test_scores_are_as_the_model_puts_them_out(folder: Path, tmp_path: Path) -> None:
    """No function of the settings bends them, and none is imported."""
    bent = Path(shutil.copytree(folder, tmp_path / "bent"))
    settings = json.loads((bent / "config.json").read_text())
    settings["sentence_transformers"] = {"activation_fn": "torch.nn.modules.activation.Sigmoid"}
    (bent / "config.json").write_text(json.dumps(settings))
    (plain,), (same,) = (load_reranker(str(each)).scores("什么", ["茶茶"]) for each in (folder, bent))
    assert plain == same


def test_a_batch_gives_what_each_pair_gives_alone(reranker: CrossEncoderReranker) -> None:
    alone = [score for passage in PASSAGES for score in reranker.scores("什么", [passage])]
    assert reranker.scores("什么", PASSAGES) == pytest.approx(alone, abs=1e-5)
    assert reranker.scores("什么", []) == []


def test_threads_may_share_it(reranker: CrossEncoderReranker) -> None:
    expected = reranker.scores("什么", PASSAGES)
    with ThreadPoolExecutor(8) as pool:
        for scores in pool.map(lambda _: reranker.scores("什么", PASSAGES), range(24)):
            assert scores == expected


def test_a_folder_is_loaded_without_the_network(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert load_reranker(str(folder)).name == str(folder)
    assert capfd.readouterr() == ("", "")


def test_a_name_in_the_cache_of_the_hub_needs_no_hub(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    repository = tmp_path / "hub" / "models--owner--tiny"
    shutil.copytree(folder, repository / "snapshots" / COMMIT)
    (repository / "refs").mkdir()
    (repository / "refs/main").write_text(COMMIT)
    reranker = load_reranker("owner/tiny", offline=True)
    assert reranker.name == "owner/tiny"
    assert len(reranker.scores("什么", PASSAGES)) == len(PASSAGES)


def test_a_name_that_is_not_cached_is_refused_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    assert refusal("BAAI/bge-reranker-v2-m3") == (
        "the model BAAI/bge-reranker-v2-m3 is not in the cache of the hub and fetching it is switched off; "
        "name a folder that holds it, or leave the reranker out"
    )


@pytest.mark.parametrize("name", ["", "bge-reranker-v2-m3"])
def test_a_bare_name_is_refused(name: str) -> None:
    assert refusal(name) == (
        f"the reranker {name!r} is neither a folder nor a name like BAAI/bge-reranker-v2-m3; name one, "
        "or leave the reranker out"
    )


def test_an_embedding_model_is_refused(tmp_path: Path) -> None:
    told = refusal(make_embedding_model(tmp_path))
    assert told.startswith(f"the reranker {tmp_path} is no cross-encoder: its config.json says BertModel; name one")
    assert told.endswith("embedding models are named by --model")


def test_a_model_of_several_labels_is_refused(tmp_path: Path) -> None:
    told = refusal(make_cross_encoder(tmp_path, labels=3))
    assert told.startswith(f"the reranker {tmp_path} gives 3 scores a passage")
    assert "name a cross-encoder with one label" in told


def test_a_model_without_a_tokenizer_is_refused(copied: Path) -> None:
    (copied / "tokenizer.json").unlink()
    assert refusal(copied) == f"the reranker {copied} has no tokenizer: no tokenizer.json; fetch the model again"


def test_pickled_weights_and_own_code_are_refused(copied: Path) -> None:
    settings = json.loads((copied / "config.json").read_text())
    (copied / "config.json").write_text(json.dumps({**settings, "auto_map": {"AutoModel": "modeling.Evil"}}))
    assert "config.json has auto_map" in refusal(copied)
    (copied / "config.json").write_text(json.dumps(settings))
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    assert "safetensors" in refusal(copied)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_a_damaged_model_is_refused(copied: Path, name: str) -> None:
    (copied / name).write_bytes((copied / name).read_bytes()[:100])
    refusal(copied)


def test_a_model_that_gives_no_numbers_is_refused(copied: Path) -> None:
    from safetensors.numpy import load_file, save_file

    weights = load_file(copied / "model.safetensors")
    weights["classifier.bias"][:] = float("nan")
    save_file(weights, copied / "model.safetensors", metadata={"format": "pt"})
    assert "gives no numbers" in refusal(copied)


def test_nothing_is_loaded_before_it_is_asked_for(tmp_path: Path) -> None:
    assert reranker_of(None) is None
    script = (
        "import sys\nfrom index.models.cross_encoder import reranker_of\n"
        "assert reranker_of('owner/model') is not None\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules])"
    )
    command, environment = [sys.executable, "-c", script], {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
