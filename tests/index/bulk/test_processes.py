"""Workers that are processes: lost ones are replaced, a file that takes them along is named, and all end in time."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

from corpus.errors import InvalidInput, ModelUnavailable
from corpus.files.folders.folder import SourceFile, find_files
from index.bulk import processes
from index.bulk.choosing import check_name, workers_at
from index.bulk.processes import LOST, Processes
from index.bulk.rays import RayWorkers
from index.bulk.work import Answer, Failed, Made, Make, Plan, Target, Task
from index.models.encoder import Encoder, ModelChoice
from tests.index.bulk.bulk_fixtures import ALWAYS, DEADLY, HASHING, ONCE, Here
from tests.server_fixtures import is_gone

PATIENCE_SECONDS = 30.0


def files_in(folder: Path, *texts: str) -> list[Task]:
    for number, text in enumerate(texts):
        (folder / f"{number:03}.txt").write_text(text)
    found = [each for each in find_files([folder]) if isinstance(each, SourceFile)]
    return [Make(file, {str(file.path): Target(f"d_{number}")}) for number, file in enumerate(found)]


def answers(workers: Processes | Here, tasks: list[Task]) -> list[Answer]:
    told = list(workers.each(tasks))
    assert [task for task, _ in told] == tasks
    return [answer for _, answer in told]


def is_made(answer: Answer) -> bool:
    return isinstance(answer, list) and [type(each) for each in answer] == [Made]


@pytest.fixture
def workers() -> Iterator[Processes]:
    with Processes(DEADLY, 2) as two:
        yield two


def test_what_is_made_is_what_one_process_makes(tmp_path: Path, workers: Processes) -> None:
    tasks = files_in(tmp_path, *(f"Station {number} stands {number * 3} km from the sea." for number in range(30)))
    assert answers(workers, tasks) == answers(Here(HASHING), tasks)
    assert len(workers.pids) == 2


def test_a_worker_that_is_killed_is_replaced_and_its_file_done_again(tmp_path: Path, workers: Processes) -> None:
    note = tmp_path / "note"
    (folder := tmp_path / "files").mkdir()
    tasks = files_in(folder, "The first train.", f"{ONCE}{note} as it should.", "The second train.", "The third.")
    done = answers(workers, tasks)
    assert note.exists()
    assert all(map(is_made, done))
    assert done == answers(Here(HASHING), tasks)


def test_a_file_that_kills_its_worker_twice_is_named_and_the_others_are_done(
    tmp_path: Path, workers: Processes
) -> None:
    tasks = files_in(tmp_path, "The first train.", ALWAYS, "The second train.", ALWAYS, "The third train.")
    done = answers(workers, tasks)
    assert list(map(is_made, done)) == [True, False, True, False, True]
    assert [each for each in done if isinstance(each, Failed)] == [Failed(LOST), Failed(LOST)]


def test_a_worker_that_is_killed_while_it_waits_is_replaced(tmp_path: Path, workers: Processes) -> None:
    tasks = files_in(tmp_path, "The first train.", "The second train.")
    answers(workers, tasks)
    for pid in workers.pids:
        os.kill(pid, signal.SIGKILL)
    assert all(map(is_made, answers(workers, tasks)))


def test_workers_that_cannot_start_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORKER", "index.bulk.no_such_worker")
    with Processes(HASHING, 1) as none, pytest.raises(ModelUnavailable, match="a worker ended while it started"):
        answers(none, files_in(tmp_path, "A train."))


def load_slowly(choice: ModelChoice) -> Encoder:
    sleep(PATIENCE_SECONDS)
    raise AssertionError


def test_the_end_does_not_wait_for_what_is_under_way(tmp_path: Path) -> None:
    tasks = files_in(tmp_path, "The first train.", "The second train.", "The third train.")
    began = monotonic()
    with pytest.raises(InterruptedError), Processes(Plan(HASHING.manifest, load_slowly), 2) as slow:
        waiting = slow.each(iter_then_stop(tasks))
        next(waiting)
    assert monotonic() - began < PATIENCE_SECONDS / 2
    assert all(map(is_gone, slow.pids))


def iter_then_stop(tasks: list[Task]) -> Iterator[Task]:
    yield from tasks
    sleep(1)
    raise InterruptedError


def test_little_is_held_while_the_first_file_takes_long(
    tmp_path: Path, workers: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "MOST_HELD", 1)
    tasks = files_in(tmp_path, *(f"Train {number}." for number in range(20)))
    given: list[Task] = []

    def noted() -> Iterator[Task]:
        for task in tasks:
            given.append(task)
            yield task

    for number, _ in enumerate(workers.each(noted())):
        assert len(given) <= number + processes.MOST_AHEAD
    assert given == tasks


@pytest.mark.parametrize(
    "name", ["0", "-1", "257", "1000", "two", "", "ray://", "ray:local", "ray://host", "http://h:1", "２"]
)
def test_no_workers_are_meant_by(name: str) -> None:
    with pytest.raises(InvalidInput, match="write a number from 1 to 256, ray://local, or ray://HOST:PORT"):
        check_name(name)


@pytest.mark.parametrize("name", ["1", "2", "256"])
def test_a_number_means_processes(name: str) -> None:
    with workers_at(name, HASHING) as found:
        assert isinstance(found, Processes)


@pytest.mark.parametrize(
    "name", ["ray://local", "ray://10.0.0.7:6379", "ray://head.example.org:6379", "ray://[::1]:6379"]
)
def test_an_address_means_a_cluster(name: str) -> None:
    assert isinstance(workers_at(name, HASHING), RayWorkers)
