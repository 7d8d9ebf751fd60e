"""Files of dictd are read as its tools write them, and refused by name where they are anything else."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInput, UnreadableFile
from index.terms import dictd, installed
from index.terms.dictd import LONGEST_LINE, LONGEST_MEANING, Files, entries, files_of, meanings
from tests.index.terms.dictd_files import INFO, number, write_dictd

BRIDGE = ("pont", "pont /pɔ̃/ <n, masc>\nbridge\n")


@pytest.mark.parametrize("packed", [True, False])
def test_entries_are_read_in_order_without_what_the_dictionary_says_of_itself(tmp_path: Path, packed: bool) -> None:
    files = write_dictd(tmp_path, "fra-eng", [("pont", "pont\nbridge\n"), ("gué", "gué\nford\n")], packed=packed)
    assert list(entries(files)) == [("pont", ["bridge"]), ("gué", ["ford"])]
    assert files_of(files.index) == files_of(files.entries) == files


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("aller /ale/ <v>\n1. fare\n2. go, ride, travel\n", ["fare", "go", "ride", "travel"]),
        ("Bank /baŋk/ <fem>\n [fin.] bank <n>\n      \"am Ufer\"  - by the bank\n   Synonym: {Ufer}\n", ["bank"]),
        ("Bank\nbench <n>\n         Note: in a park\n\n see: {Bänke}, {Stühle}\n", ["bench"]),
        ("casa /kˈasa/ house; home", ["house", "home"]),
        ("casa house", ["house"]),
        ("spielen\nplay (a game) <v>, play {x}, gamble /\n", ["play", "gamble"]),
        ("lang\n" + "long " * LONGEST_MEANING + "; tall\n", ["tall"]),
        ("leer\n", []),
        ("", []),
    ],
)  # fmt: skip
def test_only_what_translates_is_taken_of_an_entry(entry: str, expected: list[str]) -> None:
    assert meanings(entry.split(" ")[0].split("\n")[0], entry) == expected


@given(st.text(), st.text())
def test_any_entry_gives_short_meanings_each_once(headword: str, entry: str) -> None:
    found = meanings(headword, entry)
    assert len(set(found)) == len(found)
    assert all(0 < len(each) <= LONGEST_MEANING and each == " ".join(each.split()) for each in found)


def rows(*lines: str) -> Callable[[Files], object]:
    return lambda files: files.index.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def content(data: bytes) -> Callable[[Files], object]:
    return lambda files: files.entries.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (rows("pont\tA\tB", "bridge"), r"fra-eng\.index: line 2 is not a headword, an offset and a length"),
        (rows("pont\tA\t?"), "line 1 is not a headword"),
        (rows("pont\tA\t"), "line 1 is not a headword"),
        (rows("pont\tA\t" + "/" * 9), "line 1 is not a headword"),
        (rows("pont\tBAA\tBA"), r"line 1 points beyond the end of fra-eng\.dict\.dz"),
        (rows("x" * LONGEST_LINE + "\tA\tB"), "line 1 is not a headword"),
        (lambda files: files.index.write_bytes(b"\xff\xfe\tA\tB\n"), "line 1 is not a headword"),
        (content(b"no gzip"), r"fra-eng\.dict\.dz: damaged, or not packed by dictzip"),
        (content(gzip.compress(b"pont" * 5000)[:40]), "damaged, or not packed by dictzip"),
        (content(gzip.compress(b"pont")[:10] + b"\x07" * 20), "damaged, or not packed by dictzip"),
        (lambda files: files.entries.unlink(), r"fra-eng\.dict: no such file"),
        (lambda files: files.index.unlink(), r"fra-eng\.index: no such file"),
    ],
)
def test_files_of_another_form_are_told_by_name_and_line(
    tmp_path: Path, damage: Callable[[Files], object], told: str
) -> None:
    files = write_dictd(tmp_path, "fra-eng", [BRIDGE])
    damage(files)
    with pytest.raises(UnreadableFile, match=told):
        list(entries(files_of(tmp_path / "fra-eng.index")))


def test_a_small_file_that_unpacks_to_a_large_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write_dictd(tmp_path, "fra-eng", [BRIDGE])
    files.entries.write_bytes(gzip.compress(bytes(3 * dictd.BLOCK)))
    monkeypatch.setattr(dictd, "MOST_UNPACKED", dictd.BLOCK)
    with pytest.raises(UnreadableFile, match="larger than any dictionary"):
        list(entries(files))


def test_many_lines_that_point_to_one_long_entry_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write_dictd(tmp_path, "fra-eng", [("pont", "pont\n" + "bridge; " * 1000)])
    rows(*[f"pont\tA\t{number(8000)}"] * 50)(files)
    monkeypatch.setattr(dictd, "MOST_UNPACKED", 100_000)
    with pytest.raises(UnreadableFile, match="larger than any dictionary"):
        list(entries(files))


@pytest.mark.parametrize("name", ["/etc/passwd", "fra-eng.txt", "fra-eng", ""])
def test_what_is_not_named_as_a_dictionary_is_none(name: str) -> None:
    with pytest.raises(InvalidInput, match=r"name its \.index, \.dict or \.dict\.dz"):
        files_of(Path(name))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("freedict-deu-eng.index", (), "de-en"),
        ("deu-eng.dict.dz", (), "de-en"),
        ("ger-chi.index", (), "de-zh"),
        ("freedict-eng-rus.dict", (), "en-ru"),
        ("words.index", ("de", "en"), "de-en"),
        ("fra-eng.index", ("es", None), "es-en"),
    ],
)
def test_languages_are_told_by_the_name_or_said(name: str, given: tuple[str | None, ...], expected: str) -> None:
    assert str(installed.pair_of(Path(name), *given)) == expected


@pytest.mark.parametrize("name", ["words.index", "deu-fra.index", "tlh-eng.index", "zho-eng.index", "eng-eng.index"])
def test_a_dictionary_that_would_never_be_used_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        installed.pair_of(Path(name))


def test_nothing_stays_of_a_dictionary_that_could_not_be_installed(tmp_path: Path) -> None:
    files, folder = write_dictd(tmp_path, "fra-eng", [BRIDGE]), tmp_path / "dictionaries"
    pair = installed.pair_of(files.index)
    assert installed.install(files, pair, folder) == 1
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UnreadableFile, match="nothing in it reads as a word and what it means"):
        installed.install(write_dictd(tmp_path, "fra-eng", [("pont", "pont\n")]), pair, folder)
    rows("broken")(files)
    with pytest.raises(UnreadableFile):
        installed.install(files, pair, folder)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert INFO[0].startswith(dictd.ABOUT)
