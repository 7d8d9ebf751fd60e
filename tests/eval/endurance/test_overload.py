"""`python -m eval overload` in short: a server that is asked too much keeps its promises, and a broken one is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval.endurance.overload import Stage, broken, overloaded

LOADS = (1.0, 5.0)
SECONDS = 1.0


def test_what_is_too_much_is_refused_and_the_rest_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHEREFROM_WAITING", "8")  # so that some are refused in so short a time
    borne, stages = overloaded(tmp_path, SECONDS, 5.0, "hash", LOADS, warm_up=0.5)
    assert borne > 0
    assert [each.load for each in stages] == [*LOADS]
    for stage in stages:
        assert stage.lost == 0
        assert stage.answers
        assert stage.health
        assert stage.normal_after < 10
        assert all(1 <= wait <= 60 for wait in stage.waits)
        assert len(stage.waits) == len(stage.refusals)
    assert stages[-1].refusals
    assert stages[-1].asked > 2 * stages[0].asked


GOOD = Stage(1.0, 60.0, 120, [0.1] * 120, [], [], [0.01] * 60, 120, (500.0, 510.0), 0.1, 0.1, 0.9)
FULL = replace(GOOD, load=5.0, asked=600, refusals=[0.02] * 480, waits=[1] * 480)


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (replace(FULL, asked=601), "1 questions were neither answered nor told"),
        (replace(FULL, good=100), "1.7 a second are answered in time; at 1x, 2.0"),
        (replace(FULL, refusals=[0.02] * 400 + [0.2] * 80), "p99 of refusals is 200 ms, more than 100"),
        (replace(FULL, load=2.0, refusals=[0.02] * 400 + [0.08] * 80), "p99 of refusals is 80 ms, more than 50"),
        (replace(FULL, health=[0.01] * 50 + [0.3] * 10), "p99 of /healthz is 300 ms"),
        (replace(FULL, resident=(510.0, 551.0)), "memory grows from 500 MB to 551 MB"),
        (replace(FULL, normal_after=2.5), "normal again only after 2.5 s"),
    ],
)
def test_every_promise_that_is_broken_is_told(stage: Stage, told: str) -> None:
    assert list(broken([GOOD, FULL])) == []
    (fault,) = broken([GOOD, stage])
    assert told in fault
