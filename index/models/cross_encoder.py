"""The reranker behind which every cross-encoder of sentence-transformers stands that gives one score a pair."""

import json
from collections.abc import Sequence
from functools import partial
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from corpus.errors import ModelUnavailable
from index.models.hub import ModelFolder, find_model_folder, first_line
from index.models.reranker import LoadReranker
from index.models.tokens import mended
from index.models.torch import longest_input, silence

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

EXAMPLE = "BAAI/bge-reranker-v2-m3"
WITHOUT_RERANKER = "or leave the reranker out"
CLASSIFIER = "ForSequenceClassification"  # how the architectures end that judge a text
TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model")


class CrossEncoderReranker:
    """A reranker of a loaded model; any number of threads may share it, and one question is read at a time."""

    def __init__(self, model: "CrossEncoder", name: str) -> None:
        self._model = model
        self._lock = Lock()  # the tokenizers cannot be shared: each call changes their padding
        self.name = name

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return the logit of each passage, in their order."""
        pairs = [(mended(question), mended(passage)) for passage in passages]
        if not pairs:
            return []
        with self._lock:
            logits = self._model.predict(pairs, batch_size=len(pairs), show_progress_bar=False)
        return [float(logit) for logit in logits]


def reranker_of(name: str | None) -> LoadReranker | None:
    """Return what loads the reranker that a setting names, or `None` where it names none."""
    return None if name is None else partial(load_reranker, name)


def load_reranker(name: str, *, offline: bool = False) -> CrossEncoderReranker:
    """Load a cross-encoder: no code of the model's own, no pickle, single precision, ready to use.

    From here on torch computes with one thread in this process, as it does for embedding models.

    Args:
        name: a folder, or a model of the Hugging Face hub (`owner/model`), fetched unless its cache has it.
        offline: never ask the hub.

    Raises:
        ModelUnavailable: if the model cannot be found or loaded, or gives no one score a pair of texts.
    """
    if "/" not in name and not (name and Path(name).is_dir()):  # a bare name would be sought among embedding models
        raise ModelUnavailable(
            f"the reranker {name!r} is neither a folder nor a name like {EXAMPLE}; name one, {WITHOUT_RERANKER}"
        )
    folder = find_model_folder(name, offline=offline, way_out=WITHOUT_RERANKER)
    check_cross_encoder(folder.path, name)
    model = load_model(name, folder)
    if model.num_labels != 1:
        raise ModelUnavailable(
            f"the reranker {name} gives {model.num_labels} scores a passage, of which none says how well it answers; "
            f"name a cross-encoder with one label, such as {EXAMPLE}"
        )
    reranker = CrossEncoderReranker(model, name)
    check_works(reranker)
    return reranker


def check_cross_encoder(folder: Path, name: str) -> None:
    """Make sure that a checked folder holds a cross-encoder with a tokenizer.

    The library would make one of any model, with a head of random numbers, and without a tokenizer say so in
    many lines.

    Raises:
        ModelUnavailable: if not, with what it holds instead.
    """
    architecture = (setting(folder / "config.json", "architectures") or ["no architecture"])[0]
    declared = setting(folder / "config_sentence_transformers.json", "model_type")
    if not (architecture.endswith(CLASSIFIER) or declared == "CrossEncoder"):
        raise ModelUnavailable(
            f"the reranker {name} is no cross-encoder: its config.json says {architecture}; "
            f"name one, such as {EXAMPLE}; embedding models are named by --model"
        )
    if not any(any(folder.glob(pattern)) for pattern in TOKENIZER_FILES):
        raise ModelUnavailable(f"the reranker {name} has no tokenizer: no tokenizer.json; fetch the model again")


def setting(path: Path, key: str) -> Any:
    """Return what a settings file of a model says of a key, or `None` where it says nothing."""
    settings = json.loads(path.read_bytes()) if path.is_file() else {}
    return settings.get(key) if isinstance(settings, dict) else None


def load_model(name: str, folder: ModelFolder) -> "CrossEncoder":
    """Load a checked folder; the scores are what the model puts out, as no function bends them.

    Raises:
        ModelUnavailable: if the libraries cannot make a model of it.
    """
    import torch
    from sentence_transformers import CrossEncoder

    silence()
    torch.set_num_threads(1)
    try:
        model: CrossEncoder = CrossEncoder(
            str(folder.path),
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
            activation_fn=torch.nn.Identity(),  # given, so that none is imported that a settings file names
        )
    except Exception as error:  # the libraries raise anything at all for a broken folder
        raise ModelUnavailable(f"the reranker {name} cannot be loaded: {first_line(error)}") from error
    # Many state more than their positions, and fail beyond them. What is read here, both kinds of model have.
    model.max_seq_length = longest_input(model)  # type: ignore[arg-type]
    return model


def check_works(reranker: CrossEncoderReranker) -> None:
    """Ask a reranker once; the first question also pays for what libraries put off.

    Raises:
        ModelUnavailable: if it fails or answers with no number, because it would order passages by chance.
    """
    try:
        scores = reranker.scores("Where from?", ["From here.", "Elsewhere. " * 1000])
    except Exception as error:  # of a tokenizer that does not fit, for one
        raise ModelUnavailable(f"the reranker {reranker.name} cannot be used: {first_line(error)}") from error
    if not all(map(isfinite, scores)):
        raise ModelUnavailable(f"the reranker {reranker.name} gives no numbers; its weights are damaged")
