"""The settings that examples are tried in: the starter corpus, indexed and served with the model that comes inside."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.working_copy import WorkingCopy
from tests.server_fixtures import WHEREFROM, Server, environment, serving_command, wherefrom
from tests.service_fixtures import READ_KEY, WRITE_KEY


@pytest.fixture(scope="session")
def starter_dir(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """The data folder that `make run` leaves."""
    folder = tmp_path_factory.mktemp("starter") / "data"
    variables = {"WHEREFROM_CACHE_DIR": str(model_cache), "WHEREFROM_DATA_DIR": str(folder)}
    wherefrom("index", str(ROOT / "corpus" / "documents"), **variables)
    return folder


@contextmanager
def serving_starter(data_dir: Path, model_cache: Path) -> Iterator[Server]:
    """A service of a data folder that wants the keys which examples send."""
    keys = {"WHEREFROM_READ_KEYS": READ_KEY, "WHEREFROM_WRITE_KEYS": WRITE_KEY}
    variables = environment(WHEREFROM_CACHE_DIR=str(model_cache), **keys)
    command = [*WHEREFROM, "serve", "--json", "--data-dir", str(data_dir)]
    with serving_command(command, variables) as server:
        yield server


@pytest.fixture(scope="session")
def starter(starter_dir: Path, model_cache: Path) -> Iterator[Server]:
    """The service of the starter corpus, for whoever leaves it as it was."""
    with serving_starter(starter_dir, model_cache) as server:
        yield server


@pytest.fixture
def asked(
    page: str, starter_dir: Path, model_cache: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Server]:
    """The service that a page speaks to; one that the page writes to is its own."""
    if "WRITE_KEY" in (ROOT / page).read_text("utf-8"):
        own = shutil.copytree(starter_dir, tmp_path / "own")
        with serving_starter(own, model_cache) as server:
            yield server
    else:
        yield request.getfixturevalue("starter")


@pytest.fixture
def working_copy(tmp_path: Path, asked: Server, starter_dir: Path, model_cache: Path) -> Iterator[WorkingCopy]:
    """A working copy after `make run`, and a terminal in it."""
    with WorkingCopy(tmp_path / "wherefrom", asked.url, starter_dir, model_cache) as copy:
        yield copy
