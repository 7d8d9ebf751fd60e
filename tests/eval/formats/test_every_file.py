"""`bench-formats`: what it prints of folders of our own, and what it finds of every file."""

import json
import sys
from pathlib import Path

import pytest

from eval.formats.every_file import FAILED, measure
from eval.formats.suites import Suite
from tests.eval.eval_fixtures import Command
from tests.eval.formats.suite_makers import paragraphs, write, write_chardet

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process took")


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    write(tmp_path / "a.txt", "The harbour has two cranes.")
    write(tmp_path / "deep/b.docx", paragraphs("The quay is new."))
    write(tmp_path / "c.docx", "No DOCX at all.")
    write(tmp_path / "d.bin", "Of no format.")
    write(tmp_path / ".hidden/e.txt", "Not looked at.")
    return tmp_path


def test_every_file_is_read_or_refused(mixed: Path) -> None:
    found, reasons = measure([Suite("mine", mixed)])
    assert [tuple(row[:6]) for row in found.rows] == [("DOCX", 2, 1, 1, 0, 0), ("text", 1, 1, 0, 0, 0)]
    seconds, megabytes = map(float, found.rows[0][-2:])
    assert 0 < seconds < 60
    assert 10 < megabytes < 1000
    assert [each.file for each in reasons.worst] == ["mine/c.docx"]
    assert reasons.rows == [("DOCX", reasons.rows[0][1], 1)]


def test_what_parsers_say_of_files_that_end_them_is_told_apart() -> None:
    assert FAILED.search("it is damaged or no PDF (KeyError); open it and save it again")
    assert FAILED.search("reading it ended its reader, so it is damaged or made to do so")
    assert not FAILED.search("its name ends in .pdf, but it is no PDF; give it the ending of what it is")


def test_tables_and_json_are_printed(command: Command, tmp_path: Path) -> None:
    folder = write_chardet(tmp_path / "suite")
    code, out, err = command("bench-formats", folder, "--commit", "chardet=0123abc", "--json")
    assert (code, err) == (0, "")
    encodings, every, refused = map(json.loads, out.splitlines())
    assert encodings["title"] == "encodings of chardet, at 0123abc"
    assert {"encoding": "all", "files": 5, "right": 2, "refused": 1, "wrong": 1, "itself damaged": 1} in encodings[
        "rows"
    ]
    assert every["title"] == "every file of chardet, at 0123abc"
    assert sum(row["files"] for row in refused["rows"]) == len(refused["worst"]) > 0
    code, out, err = command("bench-formats", folder, "--expected-only", "--worst", 1)
    assert (code, err) == (0, "")
    assert "encodings of chardet" in out
    assert "every file" not in out
    assert out.count("tests/") == 1


def test_what_is_said_wrongly_is_told(command: Command, tmp_path: Path) -> None:
    code, out, err = command("bench-formats", tmp_path, "--commit", "chardet")
    assert (code, out, err) == (2, "", "error: --commit chardet: say SUITE=ID\n")
    code, out, err = command("bench-formats", tmp_path / "none")
    assert (code, out) == (2, "")
    assert "does not exist" in err
