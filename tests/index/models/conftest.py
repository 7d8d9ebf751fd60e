"""What the tests of models share."""

from pathlib import Path

import pytest

from tests.index.models.tiny_model import make_tiny_model


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model in a folder that no test may change."""
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))
