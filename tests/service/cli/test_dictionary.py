"""`wherefrom dictionary`: installed, used by questions, listed and removed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.terms import installed
from index.terms.terms import PAIR, read_question
from tests.command_fixtures import Command
from tests.index.terms.dictd_files import write_dictd
from tests.service_fixtures import write_files

QUESTION = "Warum steht der Leuchtturm dort?"
LIGHTHOUSE = (PAIR + "灯塔",)


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Command]:
    monkeypatch.setenv("WHEREFROM_CACHE_DIR", str(tmp_path / "cache"))
    yield Command(monkeypatch, capsys, tmp_path / "data")
    installed.use(tmp_path / "none")


def test_a_dictionary_is_installed_used_listed_and_removed(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", write_files(tmp_path / "files", {"a.txt": "灯塔在一八九八年建成。"})).succeeded()
    files = write_dictd(tmp_path, "freedict-deu-eng", [("leuchtturm", "Leuchtturm\nlighthouse <n>\n")])

    done = wherefrom("dictionary", files.index).succeeded()
    assert (done.out, done.err) == ("", "de-en: 1 word, German → English\n")
    assert wherefrom("dictionary").succeeded().out == "de-en  German → English\n"
    assert json.loads(wherefrom("dictionary", "--json").succeeded().out) == {"dictionaries": ["de-en"]}
    wherefrom("ask", QUESTION).succeeded()
    assert any(LIGHTHOUSE in words for words in read_question(QUESTION).synonyms)

    assert wherefrom("dictionary", "--remove", "deu-eng").succeeded().err == "removed de-en\n"
    done = wherefrom("dictionary").succeeded()
    assert (done.out, done.err) == ("", "no dictionary is installed; to install one: wherefrom dictionary FILE\n")
    assert json.loads(wherefrom("dictionary", "--json").succeeded().out) == {"dictionaries": []}
    wherefrom("ask", QUESTION).succeeded()
    assert not any(LIGHTHOUSE in words for words in read_question(QUESTION).synonyms)
    wherefrom("dictionary", "--remove", "de-en").failed(1, "de-en: no such dictionary; installed: none")


def test_its_languages_may_be_said(wherefrom: Command, tmp_path: Path) -> None:
    files = write_dictd(tmp_path, "mine", [("phare", "phare\n灯塔\n")])
    wherefrom("dictionary", files.entries).failed(2, "say --from de --to en")
    done = wherefrom("dictionary", files.entries, "--from", "fr", "--to", "zh", "--json").succeeded()
    assert json.loads(done.out) == {"installed": "fr-zh", "words": 1}


def test_what_is_no_dictionary_is_told(wherefrom: Command, tmp_path: Path) -> None:
    files = write_dictd(tmp_path, "deu-eng", [])
    wherefrom("dictionary", files.index).failed(1, "nothing in it reads as a word")
    wherefrom("dictionary", tmp_path / "fra-eng.index").failed(1, "no such file")
    wherefrom("dictionary", tmp_path).failed(2, "not a file of a dictd dictionary")
    wherefrom("dictionary", files.index, "--remove", "de-en").failed(2, "not both")
    wherefrom("dictionary", "--from", "de").failed(2, "go with a FILE")


def test_a_damaged_dictionary_is_told_with_the_way_out(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", write_files(tmp_path / "files", {"a.txt": "灯塔"})).succeeded()
    folder = tmp_path / "cache" / installed.FOLDER
    folder.mkdir(parents=True)
    (folder / "de-en.sqlite").write_bytes(b"no database" * 1000)
    wherefrom("ask", QUESTION).failed(1, "remove it: wherefrom dictionary --remove de-en")
    wherefrom("dictionary", "--remove", "de-en").succeeded()
    wherefrom("ask", QUESTION).succeeded()
