"""What `python -m eval attack-sockets` tries at length, in short: attacks cost memory and others little."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.attacks.connections import attacks
from eval.attacks.sockets import Suffered, suffered
from eval.attacks.victim import LARGE, fill_victim
from eval.endurance.serving import Server, serving

DESCRIPTORS = 1_024  # half of them for connections
SILENT = 700
SECONDS = 1.0
BUSY_MS = 3_000.0  # on a machine that does much else; the long form has a hundred
# One of each kind, and those that cost the most before there were bounds.
TRIED = (
    "bodies in chunks of a byte",
    "thousands of tiny headers",
    "broken chunks",
    "resets in the middle",
    "silent, again and again",
    "taking nothing of a document",
    "taking nothing of an original",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("victim")
    fill_victim(folder, 20, 6_000_000)
    with serving(folder, descriptors=DESCRIPTORS) as server:
        client = server.client()
        assert len(client.document(LARGE).json["text"]) >= 6_000_000 // 4
        client.close()
        yield server


@pytest.mark.parametrize("name", TRIED)
def test_an_attack_costs_others_little(server: Server, name: str) -> None:
    (attack,) = [each for each in attacks(SILENT, "") if each.name == name]
    found = suffered(server, attack, SECONDS)
    assert list(found.faults(BUSY_MS)) == []
    assert found.opened >= attack.count


def test_bounds_that_are_missed_are_told() -> None:
    good = Suffered("a", 10.0, 20.0, 0, 5.0, 1.0, 3, 3, (17, 17), 0)
    assert list(good.faults()) == []
    bad = Suffered("a", 110.0, 120.0, 2, 55.0, 1.0, 3, 3, (17, 18), 4)
    assert len(list(bad.faults())) == 6


def test_every_attack_has_a_name_of_its_own() -> None:
    names = [each.name for each in attacks(1, "j")]
    assert len(set(names)) == len(names) > 30
