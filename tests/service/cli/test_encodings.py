"""Texts in encodings that show nothing are read as is said, and one bad byte is named or passes."""

from pathlib import Path

import pytest

from tests.command_fixtures import Command, documents

LINE = "The quay has nine bollards, and the keeper counts them.\n"


def test_an_encoding_is_said(wherefrom: Command, tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes("Søren Kjær, Tromsø".encode("cp1252"))
    told = wherefrom("index", file).failed(1, "1 file could not be read").out
    assert "byte 0xF8 at offset 1 (line 1) is no UTF-8" in " ".join(told.split())
    wherefrom("index", file, "--encoding", "windows-1252").succeeded()
    assert "Kjær" in wherefrom("ask", "Søren").succeeded().out


@pytest.mark.parametrize("workers", [[], ["--workers", "1"]])
def test_a_bad_byte_is_named_or_passes(wherefrom: Command, tmp_path: Path, workers: list[str]) -> None:
    file = tmp_path / "quay.txt"
    file.write_bytes((LINE * 300).encode() + b"\xff\n" + LINE.encode())
    told = wherefrom("index", file, *workers).failed(1, "1 file could not be read").out
    assert f"byte 0xFF at offset {len(LINE) * 300:,} (line 301)" in " ".join(told.split())
    wherefrom("index", file, "--errors", "replace", *workers).succeeded()
    assert list(documents(wherefrom)) == ["quay.txt"]


@pytest.mark.parametrize(("option", "value"), [("--encoding", "latin-99"), ("--errors", "ignore")])
def test_what_is_said_must_be_known(wherefrom: Command, tmp_path: Path, option: str, value: str) -> None:
    (tmp_path / "a.txt").write_text(LINE)
    told = wherefrom("index", tmp_path / "a.txt", option, value)
    assert told.code == 2
    assert value in told.err


def test_the_folder_says_an_encoding_for_every_run(wherefrom: Command, tmp_path: Path) -> None:
    folder = tmp_path / "names"
    folder.mkdir()
    (folder / "quay.txt").write_bytes("灯台".encode("shift_jis"))
    (folder / "keeper.txt").write_bytes("Søren Kjær".encode("cp1252"))
    told = wherefrom("index", folder).failed(1, "2 files could not be read").out
    assert 'encoding = "shift_jis" in documents.toml' in " ".join(told.split())
    (folder / "documents.toml").write_text(
        '["*.txt"]\nencoding = "shift_jis"\npublisher = "The Bay"\n["keeper.txt"]\nencoding = "windows-1252"\n'
    )
    wherefrom("index", folder).succeeded()
    assert wherefrom("index", folder, "--encoding", "koi8-r").succeeded().out.splitlines()[0] == "2 unchanged"
    answer = wherefrom("ask", "Søren Kjær").succeeded().out
    assert "Søren Kjær" in answer
    assert "The Bay" in answer
    assert "灯台" in wherefrom("ask", "灯台").succeeded().out


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('encoding = "latin-99"', "encoding is none that is known"),
        ("encoding = 5", "encoding is none that is known"),
        ('errors = "ignore"', "errors is none of strict, replace"),
        ("errors = []", "errors is none of strict, replace"),
    ],
)
def test_what_the_folder_says_must_be_known(wherefrom: Command, tmp_path: Path, line: str, told: str) -> None:
    (tmp_path / "a.txt").write_text(LINE)
    (tmp_path / "documents.toml").write_text(f'["*.txt"]\n{line}\n')
    assert told in wherefrom("index", tmp_path).failed(1, "1 file could not be read").out
