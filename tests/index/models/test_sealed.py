"""Sealed folders are there whole or not at all, and not trusted once a byte of them has changed."""

from pathlib import Path

import pytest

from index.models.sealed import CHECKSUMS, is_intact, sealed


def make(folder: Path, text: str) -> None:
    with sealed(folder) as finished:
        (finished / "inner").mkdir()
        (finished / "inner" / "file.txt").write_text(text)


def test_a_folder_is_put_in_place_whole(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"
    with sealed(folder) as finished:
        (finished / "file.txt").write_text("云")
        assert not folder.exists()
    assert is_intact(folder)
    assert sorted(path.name for path in folder.iterdir()) == [CHECKSUMS, "file.txt"]
    assert list(folder.parent.iterdir()) == [folder]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="on the way"), sealed(tmp_path / "folder") as finished:
        (finished / "file.txt").write_text("云")
        raise ValueError("on the way")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["inner/file.txt", CHECKSUMS])
def test_a_changed_folder_is_not_intact_and_is_replaced(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    make(folder, "before")
    (folder / name).write_text("{}")
    assert not is_intact(folder)
    make(folder, "after")
    assert is_intact(folder)
    assert (folder / "inner" / "file.txt").read_text() == "after"
    assert list(tmp_path.iterdir()) == [folder]


def test_an_added_or_missing_file_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    make(folder, "云")
    (folder / "added.txt").write_text("x")
    assert not is_intact(folder)
    (folder / "added.txt").unlink()
    assert is_intact(folder)
    (folder / "inner" / "file.txt").unlink()
    assert not is_intact(folder)
    assert not is_intact(tmp_path / "nowhere")


def test_who_comes_second_keeps_what_the_first_has_made(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    make(folder, "first")
    make(folder, "second")
    assert (folder / "inner" / "file.txt").read_text() == "first"
