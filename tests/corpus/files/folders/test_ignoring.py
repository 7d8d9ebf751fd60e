"""What `.wherefromignore` leaves out is what git leaves out by the same lines, and nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files.folders.folder import Ignored, Skipped, SourceFile, find_files
from corpus.files.folders.ignoring import IGNORE_FILE, parse_rules
from tests.service_fixtures import write_files


def kept(folder: Path) -> set[str]:
    return {each.source for each in find_files([folder]) if isinstance(each, SourceFile)}


def ignored(folder: Path) -> set[str]:
    return {each.source for each in find_files([folder]) if isinstance(each, Ignored)}


def test_lines_hold_below_their_folder_and_the_nearest_first(tmp_path: Path) -> None:
    names = ["a.txt", "draft.txt", "old/a.txt", "sub/draft.txt", "sub/keep/draft.txt", "sub/keep/old/b.txt"]
    write_files(tmp_path, dict.fromkeys(names, "Some text."))
    (tmp_path / IGNORE_FILE).write_text("# drafts of all folders\ndraft.txt\n/old/\n")
    (tmp_path / "sub" / "keep" / IGNORE_FILE).write_text("!draft.txt\n")
    assert kept(tmp_path) == {"a.txt", "sub/keep/draft.txt", "sub/keep/old/b.txt"}
    assert ignored(tmp_path) == {"draft.txt", "old", "sub/draft.txt"}  # a folder is one
    assert kept(tmp_path / "sub") == {"draft.txt", "keep/draft.txt", "keep/old/b.txt"}  # of what is named, and below


def test_a_file_that_is_named_is_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "Some text.", IGNORE_FILE: "*\n"})
    (found,) = find_files([tmp_path / "a.txt"])
    assert isinstance(found, SourceFile)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x89PNG\x00\x01", None], ids=["half", "a picture", "a folder"])
def test_what_cannot_be_read_hides_its_whole_folder(tmp_path: Path, content: bytes | None) -> None:
    write_files(tmp_path, {"a.txt": "Some text.", "sub/secret.txt": "Some text.", "sub/deep/secret.txt": "Some text."})
    place = tmp_path / "sub" / IGNORE_FILE
    place.mkdir() if content is None else place.write_bytes(content)
    assert kept(tmp_path) == {"a.txt"}
    (told,) = [each for each in find_files([tmp_path]) if isinstance(each, Skipped)]
    assert (told.source, told.failed) == (f"sub/{IGNORE_FILE}", True)
    assert told.reason.endswith("; until then nothing of its folder is read")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write_files(tmp_path, {"files/a.txt": "Some text.", "secret": "first line of a secret"})
    (tmp_path / "files" / IGNORE_FILE).symlink_to(tmp_path / "secret")
    (told,) = find_files([tmp_path / "files"])
    assert isinstance(told, Skipped) and "leads out of the folder" in told.reason and "secret" not in told.reason


def test_lines_that_are_no_patterns_are_told_and_the_others_hold(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": "Some text.", "b.txt": "Some text."})
    (tmp_path / IGNORE_FILE).write_bytes(b"\xef\xbb\xbfa.txt\r\n!\r\n[z-a]\r\n[[:alpha:]]\n")
    told = [each for each in find_files([tmp_path]) if isinstance(each, Skipped) and each.failed]
    assert [each.reason for each in told] == [f"line {number} is no pattern of gitignore" for number in (2, 3, 4)]
    assert kept(tmp_path) == {"b.txt"}


PIECES = ["a", "b", "sub", "*", "?", "**", "/", "!", "#", "\\", " ", "[ab]", "[!a]", ".txt", "海", "*.txt", "/**/"]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=5).map("".join), max_size=4)
TREE = ["a.txt", "b", "b.txt", "sub/a", "sub/a.txt", "sub/b/a.txt", "sub/sub/b.txt", "海/a.txt", "a/b/sub.txt"]


@pytest.mark.skipif(shutil.which("git") is None, reason="compared with git, which is not here")
@settings(max_examples=60, deadline=None)
@given(lines=LINES, inner=LINES)
def test_what_is_left_out_is_what_git_leaves_out(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], inner: list[str]
) -> None:
    if parse_rules("\n".join([*lines, *inner])).mistakes:
        return  # git passes them over in silence, or takes them for something
    folder = tmp_path_factory.mktemp("tree")
    write_files(folder, dict.fromkeys(TREE, "Some text."))
    for place, said in ((folder, lines), (folder / "sub", inner)):
        for name in (IGNORE_FILE, ".gitignore"):
            (place / name).write_text("\n".join(said))
    here = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", "init", "-q"], cwd=folder, env=here, check=True)
    command = ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "-z", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=folder, env=here, check=True, capture_output=True, text=True).stdout
    told = {name for name in listed.split("\0") if name and not name.rpartition("/")[2].startswith(".")}
    found = {each.source for each in find_files([folder]) if not isinstance(each, Ignored)}
    assert found == told
