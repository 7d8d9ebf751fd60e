"""The unpacked model that stacks other than ours load."""

from pathlib import Path

from index.models.making.embedded import unpack_embedded_model
from index.models.registry import default_cache_dir


def model_folder(cache_dir: Path | None) -> Path:
    """Return the folder of the model that comes inside, as sentence-transformers loads it."""
    return unpack_embedded_model((cache_dir or default_cache_dir()).resolve())
