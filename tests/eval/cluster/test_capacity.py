"""What passages take on paper: sums that are done here by hand, and the page that holds them."""

import json
from pathlib import Path

import pytest

from eval.cluster.capacity import WINDOW, Figures, Machine, need_of, shown
from eval.cluster.planning import MEASURED, PLACE
from tests.conftest import ROOT
from tests.eval.eval_fixtures import Command

# A kilobyte of graph, three of terms, ten on disk; a window of 60 MB is a kilobyte a passage where it is full.
FIGURES = Figures(
    version="1", passages=1000, documents=100, dimension=384, terms=300.0,
    disk={"passages": 4e3, "index": 6e3}, graph=1e3, sparse=3e3, window=60e6,
)  # fmt: skip
MACHINE = Machine(memory=100e9, disk=1e12, replicas=3, for_tenant=0.8, for_indexes=0.5, disk_used=0.5)


def test_few_passages_take_a_window_for_each_partition() -> None:
    need = need_of(1000, FIGURES, MACHINE)
    assert (need.graph, need.sparse, need.disk) == (1e6, 4 * 60e6 + 3e6, 1e7)
    assert (need.partitions, need.machines) == (4, 3), "of each replica one"


def test_many_passages_take_what_each_takes() -> None:
    passages = 4 * 10 * WINDOW
    need = need_of(passages, FIGURES, MACHINE)
    assert need.graph + need.sparse == passages * 5e3
    assert need_of(passages + 1, FIGURES, MACHINE).sparse == pytest.approx(need.sparse + 4 * 60e6, rel=1e-6)


def test_machines_are_as_many_as_memory_or_disk_wants() -> None:
    # 234 million passages fill 130 windows of 30 partitions. They take 1.17 TB of indexes, three times over, and a
    # machine has 40 GB for them.
    passages = 30 * 130 * WINDOW
    need = need_of(passages, FIGURES, MACHINE)
    assert (need.partitions, need.machines) == (30, 88)
    # On disks of 100 GB, half full, 2.34 TB three times over want more machines than the memory does.
    small = Machine(memory=100e9, disk=100e9, replicas=3, for_tenant=0.8, for_indexes=0.5, disk_used=0.5)
    assert need_of(passages, FIGURES, small).machines == 141


@pytest.mark.parametrize(
    ("size", "text"),
    [(5, "5.00 B"), (999.6, "1.00 KB"), (12_345, "12.3 KB"), (99_950, "100 KB"), (1e9, "1.00 GB"), (3e18, "3,000 PB")],
)
def test_sizes_are_told_in_three_digits(size: float, text: str) -> None:
    assert shown(size) == text


def test_the_page_holds_what_the_command_writes(command: Command, tmp_path: Path) -> None:
    page = ROOT / "docs" / "cluster.md"
    copy = tmp_path / "cluster.md"
    copy.write_text(PLACE.sub(r"\1\2", page.read_text("utf-8")), "utf-8")
    assert command("cluster-capacity", copy)[0] == 0
    assert copy.read_text("utf-8") == page.read_text("utf-8"), "run: python -m eval cluster-capacity docs/cluster.md"


def test_other_machines_are_other_numbers(command: Command) -> None:
    (_, large, _), (_, small, _) = command("cluster-capacity"), command("cluster-capacity", "--memory", 64)
    figures = json.loads(MEASURED.read_text("utf-8"))
    for told in (large, small):
        assert f"| {sum(figures['disk'].values()):,.0f} |" in told
    assert large != small


def test_a_page_without_a_place_is_left_alone(command: Command, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", "utf-8")
    code, _, told = command("cluster-capacity", page)
    assert (code, page.read_text("utf-8")) == (2, "nothing")
    assert "has no place for tables" in told
