"""What all tests of evaluation may use."""

import pytest

from tests.eval.eval_fixtures import Command


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """`python -m eval`, run in this process."""
    return Command(monkeypatch, capsys)
