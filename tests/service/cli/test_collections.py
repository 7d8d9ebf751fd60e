"""`--collection`: indexes beside each other in one data folder, each by itself."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command_fixtures import Command, documents
from tests.service_fixtures import FILES, write_files

LAW = {"harbour-law.md": "# The harbour act\n\nSection 4. A ship of more than 90 tonnes takes a pilot aboard.\n"}
QUESTION = "Which ship takes a pilot?"
READING = {
    "ask": ["ask", QUESTION],
    "list": ["documents", "list"],
    "show": ["documents", "show", "d_x"],
    "delete": ["documents", "delete", "d_x"],
    "verify": ["verify"],
    "status": ["status"],
    "rebuild": ["index", "--rebuild"],
    "upgrade": ["index", "--upgrade"],
}


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """The command, with the small corpus in `default` and a law in `law`."""
    command = Command(monkeypatch, capsys, tmp_path / "data")
    command("index", write_files(tmp_path / "files")).succeeded()
    command("index", write_files(tmp_path / "laws", LAW), "--collection", "law").succeeded()
    return command


def printed(wherefrom: Command, *arguments: str) -> Any:
    return json.loads(wherefrom(*arguments, "--json").succeeded().out)


def test_a_collection_is_an_index_of_its_own(wherefrom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (wherefrom.data_dir / "collections" / "law" / "wherefrom.sqlite3").is_file()
    assert set(documents(wherefrom)) == set(FILES)
    (law,) = printed(wherefrom, "documents", "list", "--collection", "law")["documents"]
    assert law["source"] == "harbour-law.md"
    wherefrom("documents", "show", law["document_id"]).failed(1, law["document_id"])
    assert "pilot" in printed(wherefrom, "documents", "show", law["document_id"], "--collection", "law")["text"]
    for collection, sources in (("law", {"harbour-law.md"}), ("default", set(FILES))):
        monkeypatch.setenv("WHEREFROM_COLLECTION", collection)
        results = printed(wherefrom, "ask", QUESTION)["results"]
        assert results
        assert {each["citation"]["source"] for each in results} <= sources
        status = printed(wherefrom, "status")
        assert (status["collection"], status["documents"]) == (collection, len(sources))
        assert status["collections"] == ["default", "law"]
        assert printed(wherefrom, "verify")["documents"] == len(sources)
    monkeypatch.setenv("WHEREFROM_COLLECTION", "law")
    assert printed(wherefrom, "status", "--collection", "default")["documents"] == len(FILES)
    assert "law (there are default, law)" in wherefrom("status").succeeded().out
    wherefrom("documents", "delete", law["document_id"]).succeeded()
    assert printed(wherefrom, "status")["documents"] == 0
    assert printed(wherefrom, "status", "--collection", "default")["documents"] == len(FILES)


def test_the_size_of_default_is_its_own(wherefrom: Command) -> None:
    size = printed(wherefrom, "status")["bytes"]
    shutil.rmtree(wherefrom.data_dir / "collections")
    assert printed(wherefrom, "status")["bytes"] == size


@pytest.mark.parametrize("command", READING)
def test_a_collection_that_is_not_there_is_told_with_those_that_are(wherefrom: Command, command: str) -> None:
    way_out = f"wherefrom index PATH --data-dir {wherefrom.data_dir} --collection tax"
    told = f"no collection tax here, only default, law; to make it: {way_out}"
    wherefrom(*READING[command], "--collection", "tax").failed(1, told)
    assert not (wherefrom.data_dir / "collections" / "tax").exists()


@pytest.mark.parametrize("command", READING)
def test_a_folder_without_any(wherefrom: Command, tmp_path: Path, command: str) -> None:
    empty = ["--data-dir", str(tmp_path / "none")]
    wherefrom(*READING[command], *empty, "--collection", "law").failed(1, "no collection law here, there is none yet")
    wherefrom(*READING[command], *empty).failed(1, "no index here; run: wherefrom index PATH")
    assert not (tmp_path / "none").exists()


def test_a_folder_without_default_names_the_others(wherefrom: Command) -> None:
    for file in wherefrom.data_dir.glob("wherefrom.sqlite3*"):
        file.unlink()
    wherefrom("ask", QUESTION).failed(1, "no collection default here, only law")
    wherefrom("ask", QUESTION, "--collection", "law").succeeded()


@pytest.mark.parametrize("name", ["", "Law", "../law", "law/..", "法律", "x" * 64])
def test_a_name_that_none_can_have(wherefrom: Command, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    before = sorted(wherefrom.data_dir.rglob("*"))
    for command in ("ask", "index"):
        refused = wherefrom(command, "x", "--collection", name)
        refused.failed(2, f"--collection is {name!r}: use 1 to 63 of a-z, 0-9, - and _")
    if name:
        monkeypatch.setenv("WHEREFROM_COLLECTION", name)
        wherefrom("status").failed(2, "WHEREFROM_COLLECTION is")
    assert sorted(wherefrom.data_dir.rglob("*")) == before
