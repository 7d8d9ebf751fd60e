"""`wherefrom index --watch`: what happens to files happens to their documents, and nothing is lost with a disk."""

import errno
import json
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from queue import Queue
from typing import Any

import httpx2
import pytest

from corpus.errors import StoreUnavailable
from index.syncing import index_files
from service.cli import waking
from service.cli.waking import Waker
from tests.command_fixtures import Command, documents
from tests.corpus.files.archive_makers import zipped
from tests.server_fixtures import serving, wherefrom
from tests.service.cli.following_fixtures import Followed, followed
from tests.service_fixtures import write_files

LAMP = "The lamp of the harbour burns nine hundred litres of paraffin a year."
BOAT = "The boat of the warden has a red sail and two oars."


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, tmp_path / "data")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files", {"lamp.txt": LAMP, "sub/boat.md": BOAT, "sub/three.txt": "Three."})


@pytest.fixture
def watch(files: Path, tmp_path: Path) -> Iterator[Followed]:
    with followed(files, tmp_path / "data") as running:
        yield running


# As processes of their own


def test_what_happens_to_files_happens_to_documents(watch: Followed, files: Path, command: Command) -> None:
    (files / "new.txt").write_text("A new file of one line.")
    assert watch.told("added", source="new.txt")["passages"] == 1
    (files / "new.txt").write_text("The same file, changed.")
    watch.told("updated", source="new.txt")
    (files / "sub" / "boat.md").rename(files / "sub" / "ship.md")
    watch.told("added", source="sub/ship.md")
    assert watch.told("removed")["path"].endswith("sub/boat.md")
    (files / "lamp.txt").unlink()
    assert watch.told("removed")["path"].endswith("lamp.txt")
    (files / "deep" / "er").mkdir(parents=True)
    (files / "deep" / "er" / "lamp.txt").write_text(LAMP)
    watch.told("added", source="deep/er/lamp.txt")
    assert set(documents(command)) == {"new.txt", "sub/ship.md", "sub/three.txt", "deep/er/lamp.txt"}
    code, told, err = watch.stop(signal.SIGTERM)
    assert told == {"event": "stopped", "added": 6, "updated": 1, "removed": 2, "failed": 0}
    assert (code, err) == (143, "stopped: 6 added, 1 updated, 2 removed, 0 failed; run the same command to go on\n")
    command("verify").succeeded()


def test_what_happens_in_an_archive_happens_to_documents(watch: Followed, files: Path, command: Command) -> None:
    (files / "port.zip").write_bytes(zipped({"bell.txt": "The bell is old.", "buoy.txt": "The buoy is red."}))
    watch.told("added", source="port.zip/bell.txt")
    watch.told("added", source="port.zip/buoy.txt")
    (files / "port.zip").write_bytes(zipped({"buoy.txt": "The buoy is green."}))
    watch.told("updated", source="port.zip/buoy.txt")
    assert watch.told("removed")["path"].endswith("port.zip/bell.txt")
    (files / "port.zip").write_bytes(b"PK\3\4 half of it")
    watch.told("skipped", source="port.zip")
    assert "port.zip/buoy.txt" in documents(command)
    (files / "port.zip").unlink()
    assert watch.told("removed")["path"].endswith("port.zip/buoy.txt")


def test_a_burst_is_taken_whole(watch: Followed, files: Path, command: Command) -> None:
    write_files(files, {f"many/{number}.txt": f"Boat {number} came in." for number in range(150)})
    told = [watch.told("added")["source"] for _ in range(150)]
    assert set(told) == {f"many/{number}.txt" for number in range(150)}
    assert len(documents(command)) == 153


def test_a_half_written_file_is_read_when_it_is_whole(watch: Followed, files: Path, command: Command) -> None:
    whole = f"{LAMP}\n\n{BOAT} 海".encode()
    with (files / "slow.txt").open("wb") as file:
        file.write(whole[:-1])
        file.flush()
        assert watch.told("skipped", source="slow.txt")["failed"]
        file.write(whole[-1:])
    watch.told("added", source="slow.txt")
    assert (
        json.loads(command("documents", "show", documents(command)["slow.txt"], "--json").out)["text"] == whole.decode()
    )


@pytest.mark.parametrize("empty", [False, True], ids=["no folder", "an empty folder"])
def test_a_folder_that_vanishes_keeps_its_documents(
    watch: Followed, files: Path, command: Command, empty: bool
) -> None:
    files.rename(files.with_name("away"))
    if empty:
        files.mkdir()
    assert watch.told("prune_refused")["gone"] == 3
    assert len(documents(command)) == 3
    if empty:
        files.rmdir()
    files.with_name("away").rename(files)
    (files / "late.txt").write_text("This came while the disk was back.")
    watch.told("added", source="late.txt")
    (files / "lamp.txt").unlink()
    assert watch.told("removed")["path"].endswith("lamp.txt")
    assert len(documents(command)) == 3


def test_a_served_index_sees_the_changes(watch: Followed, files: Path, tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        (files / "pump.txt").write_text("The pump of the dry dock was mended on Tuesday by Ines.")
        watch.told("added", source="pump.txt")
        answer = httpx2.get(f"{server.url}/v1/search", params={"q": "Who mended the pump of the dry dock?"}).json()
        assert answer["results"][0]["citation"]["source"] == "pump.txt"
        (files / "pump.txt").unlink()
        watch.told("removed")
        answer = httpx2.get(f"{server.url}/v1/search", params={"q": "Who mended the pump of the dry dock?"}).json()
        assert "pump.txt" not in {each["citation"]["source"] for each in answer["results"]}


def test_what_went_before_is_removed_at_the_start(files: Path, tmp_path: Path) -> None:
    wherefrom("index", str(files), "--data-dir", str(tmp_path / "data"), "--model", "hash")
    (files / "lamp.txt").unlink()
    with followed(files, tmp_path / "data") as watch:
        assert watch.before[-1]["unchanged"] == 2
        assert [each["event"] for each in watch.before] == ["removed", "following"]
        assert watch.stop(signal.SIGINT)[0] == 130


# In this process, woken as a test says


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have what follows be woken once for each of some steps, after it, and be stopped after the last one."""

    def wake(*steps: Callable[[], object] | None) -> None:
        left = list(steps)

        class Scripted(Waker):
            def __init__(self, folders: Sequence[Path], tell: Callable[[str], None]) -> None:
                pass

            def __enter__(self) -> "Scripted":
                return self

            def __exit__(self, *error: object) -> None:
                pass

            def wait(self, seconds: float | None) -> frozenset[Path] | None:
                if not left:
                    signal.raise_signal(signal.SIGTERM)
                step = left.pop(0)
                if step is None:
                    assert seconds is not None
                    return None  # so long nothing changed
                step()
                return frozenset()

        monkeypatch.setattr("service.cli.following.Waker", Scripted)

    return wake


def events(done: str) -> list[str]:
    return [json.loads(line)["event"] for line in done.splitlines()]


def test_a_file_that_is_put_in_place_again_is_not_gone(
    command: Command, files: Path, woken: Callable[..., None]
) -> None:
    lamp, boat = files / "lamp.txt", files / "sub" / "boat.md"
    woken(lamp.unlink, lambda: lamp.write_text("The lamp is new."), boat.unlink, None)
    done = command("index", "--watch", files, "--json")
    assert events(done.out) == ["added"] * 3 + ["following", "updated", "removed", "stopped"]
    assert set(documents(command)) == {"lamp.txt", "sub/three.txt"}


def test_a_folder_that_is_removed_bit_by_bit_counts_as_removed_wholly(
    command: Command, files: Path, woken: Callable[..., None]
) -> None:
    write_files(files, {f"{number}.txt": "More." for number in range(7)})
    woken(*(file.unlink for file in sorted(files.rglob("*.*"))), None)
    done = command("index", "--watch", files, "--json")
    assert events(done.out) == ["added"] * 10 + ["following", "prune_refused", "stopped"]
    assert len(documents(command)) == 10


def test_what_is_ignored_goes_and_comes_back(command: Command, files: Path, woken: Callable[..., None]) -> None:
    rules = files / ".wherefromignore"
    woken(lambda: rules.write_text("boat.*\n"), None, lambda: rules.write_text("# nothing\n"))
    done = command("index", "--watch", files, "--json")
    assert events(done.out) == ["added"] * 3 + ["following", "removed", "added", "stopped"]


def test_what_a_folder_says_of_its_files_is_followed(command: Command, files: Path, woken: Callable[..., None]) -> None:
    woken(lambda: (files / "documents.toml").write_text('["lamp.txt"]\ntitle = "The lamp"\n'))
    done = command("index", "--watch", files, "--json")
    assert events(done.out) == ["added"] * 3 + ["following", "updated", "stopped"]
    shown = json.loads(command("documents", "show", documents(command)["lamp.txt"], "--json").out)
    assert shown["title"] == "The lamp"


def test_force_removes_what_is_refused_else(command: Command, files: Path, woken: Callable[..., None]) -> None:
    woken(lambda: files.rename(files.with_name("away")), None)
    done = command("index", "--watch", "--force", files, "--json")
    assert events(done.out) == ["added"] * 3 + ["following"] + ["removed"] * 3 + ["stopped"]


def test_an_error_is_told_once_and_tried_again(
    command: Command, files: Path, woken: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    away = [2]

    def refused(*arguments: Any) -> Any:
        if (files / "late.txt").exists() and away[0]:
            away[0] -= 1
            raise StoreUnavailable("the database is away")
        return index_files(*arguments)

    monkeypatch.setattr("service.cli.following.index_files", refused)
    woken(lambda: (files / "late.txt").write_text("Late."), None, None)
    done = command("index", "--watch", files, "--json")
    assert events(done.out) == ["added"] * 3 + ["following", "error", "added", "stopped"]
    assert '{"event": "error", "reason": "the database is away"}' in done.out.splitlines()


def test_what_searches_derive_is_kept_in_a_quiet_moment(
    command: Command, files: Path, woken: Callable[..., None]
) -> None:
    woken(None, lambda: None)
    assert events(command("index", "--watch", files, "--json").out)[-1] == "stopped"
    assert (command.data_dir / "dense.faiss").exists()


def test_folders_are_told_as_they_were_written(
    command: Command, files: Path, woken: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files.parent)
    woken((files / "lamp.txt").unlink, None)
    told = command("index", "--watch", files.name).out.splitlines()
    assert f"following {files.name}; 0 documents unchanged" in told
    assert f"removed {files.name}/lamp.txt" in told


def test_an_empty_folder_makes_no_index_until_it_has_a_file(
    command: Command, tmp_path: Path, woken: Callable[..., None]
) -> None:
    (tmp_path / "files").mkdir()
    woken(lambda: None)
    done = command("index", "--watch", tmp_path / "files")
    assert done.out.splitlines() == [f"following {tmp_path / 'files'}; 0 documents unchanged"]
    assert not command.data_dir.exists()
    woken(lambda: write_files(tmp_path / "files", {"a.txt": "One line.", "a.png": "x"}))
    told = command("index", "--watch", tmp_path / "files").out.splitlines()
    assert told[1:] == ["skipped a.png: .png is not read", "added a.txt: 1 passage"]


def test_what_cannot_be_followed_is_refused(command: Command, files: Path) -> None:
    command("index", "--watch").failed(2, "index needs a PATH")
    command("index", "--watch", files / "nowhere").failed(1, "nowhere: no such folder")
    command("index", "--watch", files / "lamp.txt").failed(2, "lamp.txt is a file; name the folder")
    for other in (["--rebuild"], ["--upgrade"], ["--workers", "2"]):
        command("index", "--watch", files, *other).failed(2, "--watch goes without --rebuild, --upgrade and --workers")
    assert not command.data_dir.exists()


def test_where_the_system_tells_nothing_folders_are_looked_at(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*folders: Path, **options: object) -> None:
        raise OSError(errno.ENOSPC, "no more watches")

    monkeypatch.setattr(waking, "watch", refused)
    monkeypatch.setattr(waking, "UNTOLD_SECONDS", 0.01)
    told: Queue[str] = Queue()
    with Waker([files], told.put) as waker:
        assert [waker.wait(60) for _ in range(3)] == [frozenset()] * 3
    assert told.get() == "the system tells of no changes: [Errno 28] no more watches; looking every 0.01 s instead"
    assert told.empty()
