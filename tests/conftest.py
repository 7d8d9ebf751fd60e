"""What all tests share: where things are, how hypothesis runs, and which libraries were tested."""

import os
import signal
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import settings

from index.models.encoder import Encoder, ModelChoice
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder
from index.models.torch import TORCH_ARITHMETIC
from tests.command_fixtures import wherefrom  # fixtures of many files
from tests.index_fixtures import data_dir, index
from tests.server_fixtures import keyed, served_dir, server

__all__ = ["data_dir", "index", "keyed", "served_dir", "server", "wherefrom"]

# Set before any test imports them: one thread a library, no progress bars, no hub, nobody told.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
os.environ["LANGSMITH_TRACING"] = "false"

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
KEPT = {"WHEREFROM_CACHE_DIR", "WHEREFROM_TEST_STORE"}  # of the environment: the model, and a database for the tests
STARTER_CORPUS = ROOT / "corpus" / "documents"

settings.register_profile("tests", deadline=None, derandomize=True, max_examples=100)
settings.load_profile("tests")


def pytest_report_header() -> str:
    """Name the versions that decide results."""
    libraries = ("faiss-cpu", "numpy", "sentence-transformers", "tokenizers", "torch", "transformers")
    return "versions: " + ", ".join(f"{name} {version(name)}" for name in libraries)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Keep a developer's settings out of the tests, and the tests out of a developer's data."""
    for name in list(os.environ):
        if name.startswith("WHEREFROM_") and name not in KEPT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("WHEREFROM_WORKERS", "1")  # no test forks off what serves, but those of several processes
    monkeypatch.chdir(tmp_path)
    yield


@pytest.fixture(scope="session", autouse=True)
def _signals_as_at_a_terminal() -> None:
    """Have SIGINT and SIGHUP end what the tests start, though shells ignore them for what runs in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real articles and question sets that stands beside a working copy, not in it."""
    if not SHARED.is_dir():
        pytest.skip(f"{SHARED.name}/ is not beside this working copy; it holds real articles and question sets")
    return SHARED


@pytest.fixture(scope="session")
def model_cache() -> Path:
    """Where the product unpacks the real model, so that a run of the tests unpacks it once and for all."""
    return Path(os.environ.get("WHEREFROM_CACHE_DIR") or default_cache_dir())


@pytest.fixture(scope="session")
def real_encoder(model_cache: Path) -> Encoder:
    """The model that comes inside, as the product uses it: by its graph; loaded once for all tests."""
    return load_encoder(ModelChoice(DEFAULT_MODEL), model_cache)


@pytest.fixture(scope="session")
def real_model(model_cache: Path) -> Encoder:
    """The model that comes inside, in single precision, which its graph is near to."""
    return load_encoder(ModelChoice(DEFAULT_MODEL, TORCH_ARITHMETIC), model_cache)
