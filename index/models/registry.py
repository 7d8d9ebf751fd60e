"""Which encoder a model's name stands for. The one place that knows; everyone else holds an `Encoder`."""

import logging
from pathlib import Path

from platformdirs import user_cache_path

from corpus.errors import ModelUnavailable
from index.models.encoder import Encoder
from index.models.hashing import HashEncoder
from index.models.hub import ModelFolder, find_model_folder
from index.models.making.embedded import DATA_SHA256, unpack_embedded_model
from index.models.making.graph import find_graph, make_graph
from index.models.onnx import TOKENIZER
from index.models.quick_encoder import QuickEncoder
from index.models.torch import load_sentence_transformers

logger = logging.getLogger(__name__)

DEFAULT_MODEL = "multilingual-e5-small"
HASH_MODEL = "hash"
REVISION = DATA_SHA256[:16]  # of the embedded model


def load_encoder(name: str, cache_dir: Path, *, offline: bool = False, make_graphs: bool = False) -> Encoder:
    """Load the encoder of a model.

    Args:
        name: `multilingual-e5-small`, which needs no download; `hash`, which needs no model; a folder;
            or a model of the Hugging Face hub (`owner/model`), fetched unless its cache has it.
        cache_dir: where the embedded model is unpacked, and graphs are kept.
        offline: never ask the hub.
        make_graphs: make the model's graph if there is none, which takes half a minute once. Without a graph,
            texts are encoded by the model itself, several times slower.

    Returns:
        The encoder, ready to use; its `spec` carries `name` as it was given.

    Raises:
        ModelUnavailable: if the model cannot be found, verified or loaded.
    """
    if name == HASH_MODEL:
        return HashEncoder()
    found = None if name == DEFAULT_MODEL else find_model_folder(name, offline=offline)

    def folder() -> ModelFolder:
        # Unpacked and checked only where the graph is not enough, for it is large.
        return found or ModelFolder(unpack_embedded_model(cache_dir), REVISION)

    def load_half() -> Encoder:
        return load_sentence_transformers(name, folder(), half=True)

    graph = find_graph(cache_dir, name, found.revision if found else REVISION)
    if graph is not None:
        return QuickEncoder(graph, load_half)
    encoder = load_sentence_transformers(name, folder())
    if not make_graphs:
        return encoder
    try:
        graph = make_graph(encoder, folder().path / TOKENIZER, cache_dir)
    except ModelUnavailable as error:
        logger.warning("texts are encoded by the model itself: of %s no graph can be made, for %s", name, error)
        return encoder
    return QuickEncoder(graph, load_half)


def default_cache_dir() -> Path:
    """Return where a user's cache of ours belongs on this system."""
    return user_cache_path("wherefrom", appauthor=False)
