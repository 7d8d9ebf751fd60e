"""Which suite lies in a folder, at which commit, and which half of its files is taken."""

from pathlib import Path

import pytest

from corpus.errors import InvalidInput
from eval.formats.suites import KINDS, Half, Suite, recognise
from tests.eval.formats.suite_makers import write, write_pandoc


def test_a_suite_is_known_by_what_it_has_and_any_other_folder_by_its_name(tmp_path: Path) -> None:
    assert recognise(write_pandoc(tmp_path / "x"), None, {}, None).name == "pandoc"
    assert recognise(tmp_path, None, {}, None).name == tmp_path.name


def test_what_a_folder_is_said_to_be_it_must_be(tmp_path: Path) -> None:
    assert recognise(write_pandoc(tmp_path), "pandoc", {}, None).name == "pandoc"
    with pytest.raises(InvalidInput, match=r"is no checkout of chardet, for it has no chardet/__init__\.py"):
        recognise(tmp_path, "chardet", {}, None)
    with pytest.raises(InvalidInput, match="--as nothing: no suite that is known; name one of"):
        recognise(tmp_path, "nothing", {}, None)


def test_the_commit_is_the_one_that_is_given_or_the_one_of_the_folder(tmp_path: Path) -> None:
    folder = write_pandoc(tmp_path)
    assert recognise(folder, None, {}, None).commit == ""
    write(folder / ".git/HEAD", "ref: refs/heads/main\n")
    assert recognise(folder, None, {}, None).commit == ""
    write(folder / ".git/refs/heads/main", "0123456789abcdef0123\n")
    assert recognise(folder, None, {}, None).commit == "0123456789ab"
    assert recognise(folder, None, {"pandoc": "fedc"}, Half.EVEN).title == "pandoc, at fedc, even half"


def test_each_file_is_in_one_half() -> None:
    halves = [Suite("a", Path(), "", half) for half in Half]
    names = [f"{number}.html" for number in range(50)]
    taken = [[name for name in names if half.takes(name)] for half in halves]
    assert sorted(taken[0] + taken[1]) == sorted(names)
    assert all(taken)
    assert all(map(Suite("a", Path()).takes, names))


def test_no_suite_is_taken_for_another() -> None:
    marks = [frozenset(each.marks) for each in KINDS.values()]
    assert len(set(marks)) == len(marks)
    assert not any(one < other for one in marks for other in marks)
