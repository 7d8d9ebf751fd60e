"""Collections of a data folder: their names, where they are, and which there are."""

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInput
from corpus.store.collections import folder_of, names_in
from corpus.store.sqlite import Store

FIRST = string.ascii_lowercase + string.digits


def make(folder: Path) -> None:
    Store.open(folder, create=True).close()


@given(st.sampled_from(FIRST), st.text(FIRST + "-_", max_size=62))
def test_a_collection_has_a_folder_of_its_own_below_the_data(first: str, rest: str) -> None:
    data = Path("some/data")
    name = first + rest
    assert folder_of(data, name) == (data if name == "default" else data / "collections" / name)


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../up", "a/b", "/abs", "A", "Law", "-a", "_a", "a b", "a.b", "a\n", "a\0"),
        *("法律", "é", "ａ", "١", "\ud800", "x" * 64, "x" * 100_000),
    ],
)
def test_other_names_are_refused_with_what_may_be_used(name: str) -> None:
    with pytest.raises(InvalidInput, match="use 1 to 63 of a-z, 0-9, - and _") as told:
        folder_of(Path("data"), name)
    assert len(str(told.value)) < 400
    str(told.value).encode()  # can be printed


def test_a_folder_counts_where_it_holds_a_store(tmp_path: Path) -> None:
    assert names_in(tmp_path / "missing") == []
    for name in ("zebra", "law", "0-first"):
        make(folder_of(tmp_path, name))
    assert names_in(tmp_path) == ["0-first", "law", "zebra"]
    make(tmp_path)
    for other in ("default", "No Name", "..."):  # folders that somebody else put there
        make(tmp_path / "collections" / other)
    (tmp_path / "collections" / "empty").mkdir()
    (tmp_path / "collections" / "file").write_text("no folder")
    (tmp_path / "collections" / "folder" / "wherefrom.sqlite3").mkdir(parents=True)
    assert names_in(tmp_path) == ["default", "0-first", "law", "zebra"]


def test_a_file_in_the_place_of_the_collections_is_none(tmp_path: Path) -> None:
    (tmp_path / "collections").write_text("no folder")
    assert names_in(tmp_path) == []
