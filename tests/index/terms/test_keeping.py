"""Tables of words are kept between processes, and made anew where they are damaged or made by other code."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.terms import keeping
from index.terms.dictionary import _make_dictionary, _read_dictionary
from index.terms.keeping import keep_in, kept

TABLE = {"harbour": "港口0", "berth": "泊位0床位1"}


@pytest.fixture(autouse=True)
def _nowhere_kept() -> Iterator[None]:
    before = list(keeping._kept_in)  # another test in this process may have run a command, which keeps them
    keeping._kept_in.clear()
    yield
    keeping._kept_in[:] = before


def made(times: list[int]) -> dict[str, str]:
    times.append(1)
    return TABLE


def test_a_table_is_made_once(tmp_path: Path) -> None:
    code, times = tmp_path / "code.py", list[int]()
    code.write_text("1")
    assert kept("words", [code], lambda: made(times)) == TABLE
    keep_in(tmp_path / "cache")
    for _ in range(3):
        assert kept("words", [code], lambda: made(times)) == TABLE
    assert len(times) == 2
    code.write_text("2")
    assert kept("words", [code], lambda: made(times)) == TABLE
    assert len(times) == 3
    assert len(list((tmp_path / "cache").iterdir())) == 1, "what other code made is removed"


def test_what_is_damaged_is_made_anew(tmp_path: Path) -> None:
    keep_in(tmp_path)
    times = list[int]()
    kept("words", [], lambda: made(times))
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    for damaged in (b"", data[:-1], data.replace("港".encode(), "巷".encode()), b"\xff" * 100):
        path.write_bytes(damaged)
        assert kept("words", [], lambda: made(times)) == TABLE
        assert path.read_bytes() == data


def test_where_nothing_can_be_kept_it_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    keep_in(tmp_path / "file" / "cache")
    assert kept("words", [], lambda: TABLE) == TABLE


def test_the_dictionary_is_the_same_from_the_cache(tmp_path: Path) -> None:
    keep_in(tmp_path)
    _read_dictionary.cache_clear()
    made = _read_dictionary()
    _read_dictionary.cache_clear()
    assert _read_dictionary() == made == _make_dictionary()
