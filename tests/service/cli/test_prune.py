"""`wherefrom index --prune`: documents go with their files, and not with the disk that the files are on."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.command_fixtures import Command, documents
from tests.service_fixtures import write_files


def write(folder: Path, *names: str) -> Path:
    return write_files(folder, {name: f"The ferry of {name} sails at noon." for name in names})


def report(wherefrom: Command, *arguments: object, code: int = 0) -> dict[str, Any]:
    done = wherefrom("index", "--prune", *arguments, "--json")
    assert done.code == code, done
    read: dict[str, Any] = json.loads(done.out)
    return read


def test_up_to_half_of_the_documents_may_go(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt", "c.txt", "d.txt")
    wherefrom("index", folder).succeeded()
    for name in ("a.txt", "b.txt"):
        (folder / name).unlink()
    done = report(wherefrom, folder)
    assert (len(done["removed"]), done["prune_refused"]) == (2, None)
    assert sorted(documents(wherefrom)) == ["c.txt", "d.txt"]


def test_more_than_half_is_refused_and_the_rest_is_done(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt", "c.txt")
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").unlink()
    (folder / "b.txt").unlink()
    (folder / "c.txt").write_text("The ferry sails no more.")
    done = wherefrom("index", "--prune", folder)
    told = done.failed(1, "nothing was removed: the files of 2 of 3 documents below ")
    assert "add --force" in told.err
    assert done.out.splitlines()[0] == "1 updated"
    assert len(documents(wherefrom)) == 3
    read = report(wherefrom, folder, code=1)
    assert read["removed"] == []
    assert {name: read["prune_refused"][name] for name in ("gone", "documents")} == {"gone": 2, "documents": 3}
    assert "--force" in read["prune_refused"]["reason"]
    assert len(report(wherefrom, folder, "--force")["removed"]) == 2
    assert list(documents(wherefrom)) == ["c.txt"]


def test_new_files_count_among_the_documents(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "old", "a.txt", "b.txt")
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").rename(folder / "c.txt")
    (folder / "b.txt").rename(folder / "d.txt")
    assert len(report(wherefrom, folder)["removed"]) == 2  # of four: files that were renamed need no force
    assert sorted(documents(wherefrom)) == ["c.txt", "d.txt"]


@pytest.mark.parametrize("left", ["nothing", "lost+found", "a file that is not read"])
def test_a_folder_whose_disk_is_away_keeps_its_documents(wherefrom: Command, tmp_path: Path, left: str) -> None:
    disk, other = write(tmp_path / "disk", "a.txt"), write(tmp_path / "other", *"bcdefg")
    for file in other.iterdir():
        file.rename(file.with_suffix(".txt"))
    wherefrom("index", disk, other).succeeded()
    disk.rename(tmp_path / "away")
    disk.mkdir()
    if left == "lost+found":
        (disk / left).mkdir()
    elif left != "nothing":
        (disk / "song.mp3").write_text("a,b")
    (other / "b.txt").unlink()
    write(other, "new.txt")
    done = wherefrom("index", "--prune", disk, other).failed(1, "nothing was removed")
    assert f"{disk}" in done.err
    assert "1 added" in done.out.splitlines()[0]  # one of seven would go, but all of the disk's
    assert {"a.txt", "b.txt", "new.txt"} <= set(documents(wherefrom))
    disk.rename(tmp_path / "empty")
    (tmp_path / "away").rename(disk)
    assert [Path(each["path"]).name for each in report(wherefrom, disk, other)["removed"]] == ["b.txt"]


def test_an_empty_folder_of_which_nothing_is_indexed_holds_nothing_up(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt", "c.txt")
    (tmp_path / "later").mkdir()
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").unlink()
    assert len(report(wherefrom, folder, tmp_path / "later")["removed"]) == 1


def test_a_missing_folder_is_told_and_nothing_is_done(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt")
    wherefrom("index", folder).succeeded()
    folder.rename(tmp_path / "away")
    for force in ([], ["--force"]):
        wherefrom("index", "--prune", *force, folder).failed(1, "no such file or folder")
    assert list(documents(wherefrom)) == ["a.txt"]


def test_the_last_document_goes_by_force_only(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt")
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").unlink()
    assert report(wherefrom, folder, code=1)["prune_refused"]["documents"] == 1
    assert len(report(wherefrom, folder, "--force")["removed"]) == 1
    assert documents(wherefrom) == {}


def test_a_file_that_is_named_prunes_nothing_beside_it(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt")
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").unlink()
    assert report(wherefrom, folder / "b.txt")["removed"] == []
    assert sorted(documents(wherefrom)) == ["a.txt", "b.txt"]


def test_documents_of_several_roots_count_once(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "sub/b.txt", "sub/c.txt", "sub/d.txt")
    wherefrom("index", folder / "sub").succeeded()
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").unlink()
    (folder / "sub" / "b.txt").unlink()
    assert len(report(wherefrom, folder, folder / "sub", folder)["removed"]) == 2  # of four


def test_a_link_whose_target_is_away_keeps_its_document(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt", "c.txt", "disk/d.txt")
    (folder / "link.txt").symlink_to("disk/d.txt")
    wherefrom("index", folder).succeeded()
    (folder / "disk").rename(tmp_path / "away")
    done = report(wherefrom, folder, code=1)
    assert [Path(each["path"]).name for each in done["removed"]] == ["d.txt"]
    assert [(each["source"], each["failed"]) for each in done["skipped"]] == [("link.txt", True)]
    assert "link.txt" in documents(wherefrom)


def test_a_folder_that_was_renamed_needs_no_force(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "old/a.txt", "old/b.txt", "old/c.txt")
    wherefrom("index", folder).succeeded()
    (folder / "old").rename(folder / "new")
    assert len(report(wherefrom, folder)["removed"]) == 3
    assert sorted(documents(wherefrom)) == ["new/a.txt", "new/b.txt", "new/c.txt"]


def test_force_is_for_pruning(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", "--force", tmp_path).failed(2, "--force goes with --prune")


@pytest.mark.parametrize("number", [errno.EACCES, errno.ESTALE, errno.ENOTCONN, errno.EIO])
def test_a_folder_that_cannot_be_looked_into_keeps_its_documents(
    wherefrom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt", "closed/c.txt")
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").unlink()
    closed = str(folder / "closed")
    refuse_below(monkeypatch, closed, number)
    done = report(wherefrom, folder, code=1)
    assert [Path(each["path"]).name for each in done["removed"]] == ["a.txt"]
    (skipped,) = done["skipped"]
    assert (skipped["source"], skipped["failed"]) == ("closed", True)
    assert os.strerror(number) in skipped["reason"]
    assert sorted(documents(wherefrom)) == ["b.txt", "closed/c.txt"]


def refuse_below(monkeypatch: pytest.MonkeyPatch, closed: str, number: int) -> None:
    """Make the system refuse to look into a folder; permissions do not, where tests are run by root."""
    stat, lstat, scandir = os.stat, os.lstat, os.scandir

    def refused(path: Any) -> None:
        raise OSError(number, os.strerror(number), str(path))

    def stat_of(path: Any, **options: Any) -> os.stat_result:
        if str(path).startswith(closed + os.sep):
            refused(path)
        return stat(path, **options)

    def lstat_of(path: Any, **options: Any) -> os.stat_result:
        if str(path).startswith(closed + os.sep):
            refused(path)
        return lstat(path, **options)

    def entries_of(path: Any = ".") -> Any:
        if str(path) == closed:
            refused(path)
        return scandir(path)

    monkeypatch.setattr(os, "stat", stat_of)
    monkeypatch.setattr(os, "lstat", lstat_of)
    monkeypatch.setattr(os, "scandir", entries_of)


def test_what_is_ignored_now_goes_as_what_is_gone(wherefrom: Command, tmp_path: Path) -> None:
    folder = write(tmp_path / "files", "a.txt", "b.txt", "c.txt", "old/d.txt", "old/e.txt")
    wherefrom("index", folder).succeeded()
    (folder / ".wherefromignore").write_text("old/\n")
    done = wherefrom("index", folder).succeeded()
    assert "left out by .wherefromignore: 1" in done.out and len(documents(wherefrom)) == 5  # until it is asked for
    read = report(wherefrom, folder)
    assert (len(read["removed"]), read["ignored"], read["skipped"]) == (2, 1, [])
    assert sorted(documents(wherefrom)) == ["a.txt", "b.txt", "c.txt"]
    (folder / ".wherefromignore").write_text("*.txt\n")  # all of it: more likely a slip
    wherefrom("index", folder, "--prune").failed(1, "the files of all documents below")
    wherefrom("index", folder, folder / "a.txt", "--prune", "--force").succeeded()
    assert list(documents(wherefrom)) == ["a.txt"]  # which is named itself
    (folder / ".wherefromignore").write_bytes(b"\xff\xfe\x00")
    wherefrom("index", folder, "--prune").failed(1, "could not be read")
    assert list(documents(wherefrom)) == ["a.txt"]
