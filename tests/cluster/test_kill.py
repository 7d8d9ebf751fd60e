"""A database killed while it is written to, once."""

from dataclasses import replace
from pathlib import Path

from eval.cluster.kill import Kills, entry_of, kills, settled
from eval.endurance.ledger import Place, Version
from eval.endurance.texts import write


def test_nothing_acknowledged_is_lost_with_a_kill(tmp_path: Path) -> None:
    found = kills(tmp_path, rounds=1, threads=2)
    assert not found.faults
    assert found.rounds == 1
    assert found.ledger.acknowledged > 0
    assert dict(found.figures())["faults"] == "0"


def test_what_is_lost_or_half_there_is_told() -> None:
    found, place = Kills(), Place("odd", "1")
    first, second = (Version(write(name), name) for name in ("first", "second"))
    found.ledger.wrote(place, first)
    assert not list(settled(found, place, entry_of(place, first)))
    assert list(settled(found, place, None))
    assert list(settled(found, place, entry_of(place, second)))
    assert list(settled(found, place, replace(entry_of(place, first), original=None)))
    found.ledger.sending(place, second)
    assert not list(settled(found, place, entry_of(place, second)))
    assert (found.unsure, found.held) == (1, 1)
