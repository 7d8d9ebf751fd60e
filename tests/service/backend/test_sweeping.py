"""What killed processes left in a data folder goes when the first of those that serve it starts, not before."""

from pathlib import Path

from corpus.store.folders import locked
from corpus.store.placing import READY, STAGING
from index.local.home import LocalHome

LEFT = (".reading/x", "collections/.making-law-1", "collections/.deleted-law-2", STAGING)


def litter(data_dir: Path) -> None:
    for name in LEFT:
        (data_dir / name).mkdir(parents=True, exist_ok=True)
        (data_dir / name / "file").write_text("Forty boats.")
    (data_dir / "collections" / "law").mkdir(exist_ok=True)


def left(data_dir: Path) -> set[str]:
    return {name for name in LEFT if (data_dir / name).exists()}


def test_the_first_sweeps_and_the_next_leaves_what_is_made(tmp_path: Path) -> None:
    litter(tmp_path)
    first, second = LocalHome(tmp_path), LocalHome(tmp_path)
    assert first.take()
    assert left(tmp_path) == set()
    litter(tmp_path)
    assert not second.take()
    assert left(tmp_path) == set(LEFT)
    first.close()
    second.close()
    assert (tmp_path / "collections" / "law").is_dir()
    assert (tmp_path / ".serving").stat().st_mode & 0o777 == 0o600


def start_and_stop(data_dir: Path) -> None:
    home = LocalHome(data_dir)
    assert home.take()
    home.close()


def test_a_restore_that_runs_or_is_to_be_finished_is_left(tmp_path: Path) -> None:
    litter(tmp_path)
    with locked(tmp_path):
        start_and_stop(tmp_path)
    assert left(tmp_path) == {STAGING}
    (tmp_path / STAGING / READY).write_text("{}")
    start_and_stop(tmp_path)
    assert left(tmp_path) == {STAGING}
    (tmp_path / STAGING / READY).unlink()
    start_and_stop(tmp_path)
    assert left(tmp_path) == set()
