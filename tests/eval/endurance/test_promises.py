"""What `python -m eval` tries at length, in short: a server that is written to over HTTP keeps its promises."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest

from eval.endurance.cost import ADDED, GONE, beside, fresh
from eval.endurance.crash import crashes
from eval.endurance.disk import failures
from eval.endurance.faults import compiler
from eval.endurance.filling import fill
from eval.endurance.serving import serving
from eval.endurance.soak import soaked
from eval.endurance.uploads import uploaded

SAMPLED = 19  # one of so many calls fails; a job that one stops is tried again after two seconds
KILLS = (13, 12)  # of two servers beside each other, for a start takes as long as all else


@pytest.mark.timeout(900)  # on a busy machine a start takes many times as long as the writes before it
def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path: Path) -> None:
    with ThreadPoolExecutor(len(KILLS)) as pool:
        folders = [tmp_path / f"{number}" for number in range(len(KILLS))]
        all_found = list(pool.map(crashes, folders, KILLS, [100] * 2, [3] * 2, range(2)))
    assert [fault for found in all_found for fault in found.faults] == []
    kinds = {kind for found in all_found for kind, _ in found.statuses}
    assert kinds >= {"put", "upload", "batch"}, "what else there is depends on how fast they come"
    assert all(found.ledger.acknowledged > found.rounds for found in all_found)


@pytest.mark.timeout(900)  # a job that the disk has stopped is tried again after two seconds
@pytest.mark.skipif(compiler() is None, reason="there is no C compiler here to build what fails the disk")
def test_a_failing_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    found = failures(tmp_path, every=SAMPLED)
    assert found.faults == []
    assert {"pwrite64", "fdatasync"} <= set(found.calls), "these are how SQLite writes"
    assert found.calls.total() > 50


def test_many_ask_while_one_writes(tmp_path: Path) -> None:
    found = soaked(tmp_path, seconds=5, askers=8, rate=10, documents=40)
    assert found.faults == []
    assert found.citations > len(found.answers) > 0 < len(found.writes)


def test_uploads_at_once_are_taken_or_told_to_come_again(tmp_path: Path) -> None:
    found = uploaded(tmp_path, files=12, size=10_000)
    assert found.faults == []
    assert len(found.taken) == found.statuses[202] == 12


def test_a_write_is_found_by_the_first_question_after_it(tmp_path: Path) -> None:
    assert fill(tmp_path, 300) >= 300
    with serving(tmp_path) as server:
        client = server.client()
        found = fresh(client, 5)
        client.close()
    assert len(found[ADDED]) == len(found[GONE]) == 5


def test_questions_are_answered_beside_an_upload(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        client = server.client()
        found = beside(client, 1, 5)
        client.close()
    assert [len(seconds) for seconds in found.values()] == [5, 5]
    assert all(median(seconds) > 0 for seconds in found.values())
