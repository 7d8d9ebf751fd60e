"""Files that are made to cost: refused soon, or read for little, and the pages after them are read."""

import sys
from pathlib import Path

import pytest

from eval.attacks.files import try_files
from eval.attacks.hostile import REFUSED
from eval.attacks.hostile_files import HOSTILE, SLOW
from eval.attacks.reading_cost import Watch


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process took")
def test_hostile_files_cost_little_and_the_others_are_read(tmp_path: Path) -> None:
    hostile = [each for each in HOSTILE if each.name not in SLOW]
    tried = list(try_files(hostile, tmp_path))
    assert [each.name for each in tried] == [each.name for each in hostile]
    assert {each.name: each.faults for each in tried if each.faults} == {}
    assert all(each.reason for each in tried if each.outcome == REFUSED)
    assert not any("\n" in each.reason or "Traceback" in each.reason for each in tried)


def test_there_are_enough_of_them_and_each_has_a_name_of_its_own() -> None:
    names = {each.name for each in HOSTILE}
    assert len(names) == len(HOSTILE) >= 60
    assert names >= SLOW


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process took")
def test_a_watch_sees_time_and_memory() -> None:
    with Watch() as watch:
        held = bytearray(80_000_000)
        total = sum(range(3_000_000))
    assert len(held) + total > 0
    assert 70 < watch.cost.megabytes < 200
    assert watch.cost.seconds > 0.01
