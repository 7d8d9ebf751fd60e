"""What tests of copying have: a store with what is copied, and one for the copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.store.sqlite import Store


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "source", create=True) as store:
        yield store


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "target", create=True) as store:
        yield store
