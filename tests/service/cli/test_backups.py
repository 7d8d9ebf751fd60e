"""`wherefrom backup` and `wherefrom restore`: what they print, and that what comes back answers as before."""

import json
import random
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from corpus.document import make_document
from corpus.store.sqlite import DATABASE_FILE
from tests.command_fixtures import WORDS, Command, answers
from tests.conftest import ROOT
from tests.index_fixtures import index_documents, save_snapshot
from tests.server_fixtures import environment
from tests.service_fixtures import FILES, make_index, put_text, write_files

QUESTIONS = 1_000


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


def test_a_thousand_questions_are_answered_as_before(tmp_path: Path, wherefrom: Command) -> None:
    chance = random.Random(14)
    texts = [" ".join(chance.choices(WORDS, k=30)) + f". Number {number}." for number in range(60)]
    index_documents(tmp_path / "live", [make_document(text, source=f"{n}.txt") for n, text in enumerate(texts)])
    save_snapshot(tmp_path / "live")
    questions = [" ".join(chance.choices(WORDS, k=chance.randint(1, 6))) for _ in range(QUESTIONS)]
    before = answers(tmp_path / "live", questions)
    wherefrom("backup", tmp_path / "live.tar", "--data-dir", tmp_path / "live").succeeded()
    wherefrom("restore", tmp_path / "live.tar", "--data-dir", tmp_path / "back").succeeded()
    assert len({json.dumps(each["results"]) for each in before}) > QUESTIONS / 2, "they are different questions"
    assert answers(tmp_path / "back", questions) == before
    wherefrom("verify", "--data-dir", tmp_path / "back").succeeded()


def test_what_is_derived_is_there_again_without_a_model(
    wherefrom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wherefrom("index", tmp_path / "files", "--collection", "law").succeeded()

    def no_model(*arguments: object) -> None:
        raise AssertionError("nothing is embedded again")

    monkeypatch.setattr("service.cli.common.load_encoder", no_model)
    wherefrom("backup", tmp_path / "b.tar.gz").succeeded()
    wherefrom("restore", tmp_path / "b.tar.gz", "--data-dir", tmp_path / "back").succeeded()
    for folder in (Path(), Path("collections") / "law"):
        files = (wherefrom.data_dir / folder).glob("*.*")
        derived = {path.name for path in files if path.suffix in (".faiss", ".safetensors")}
        assert derived
        for name in derived:
            assert (tmp_path / "back" / folder / name).stat().st_size == (
                wherefrom.data_dir / folder / name
            ).stat().st_size


def test_what_is_printed(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", tmp_path / "files", "--collection", "law").succeeded()
    file = tmp_path / "b.tar"
    done = wherefrom("backup", file).succeeded()
    assert done.out == ""
    *counts, written = done.err.splitlines()
    assert counts == ["default: 3 documents, 4 passages", "law: 3 documents, 4 passages"]
    assert re.fullmatch(re.escape(str(file)) + r" is written, [\d.]+ kB", written)
    wherefrom("backup", file).failed(2, f"{file} is there already; name another file, or replace it with --force")
    told = json.loads(wherefrom("backup", file, "--force", "--json").succeeded().out)
    assert (told["file"], told["bytes"]) == (str(file), file.stat().st_size)
    first, second = told["collections"]
    assert (first["name"], second["name"]) == ("default", "law")
    assert (first["documents"], first["passages"], first["sequence"]) == (3, 4, 3)

    back = tmp_path / "back"
    done = wherefrom("restore", file, "--data-dir", back).succeeded()
    assert (done.out, done.err.splitlines()) == ("", [*counts, f"{back} is restored"])
    wherefrom("restore", file, "--data-dir", back).failed(1, "holds an index already (default, law)")
    told = json.loads(wherefrom("restore", file, "--data-dir", tmp_path / "again", "--json").succeeded().out)
    assert (told["data_dir"], told["warnings"]) == (str(tmp_path / "again"), [])
    assert [(each["name"], each["documents"], each["passages"]) for each in told["collections"]] == [
        ("default", 3, 4),
        ("law", 3, 4),
    ]


def test_what_cannot_be_done_is_one_line(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("backup", tmp_path / "b.tar", "--data-dir", tmp_path / "none").failed(1, "no index here; run: wherefrom")
    wherefrom("backup", wherefrom.data_dir / "b.tar").failed(2, "is in the data folder")
    wherefrom("backup", tmp_path / "none" / "b.tar").failed(2, "none: no such folder; make it, or name")
    wherefrom("backup", tmp_path).failed(2, "is a folder")
    wherefrom("restore", tmp_path / "b.tar", "--data-dir", tmp_path / "new").failed(1, "no such file")
    wherefrom("restore", tmp_path / "files" / "harbour.md", "--data-dir", tmp_path / "new").failed(1, "no tar file")
    wherefrom("backup").failed(2, "see: wherefrom backup --help")
    assert not (tmp_path / "new").exists()


def test_an_index_of_before_comes_back_with_what_to_run(wherefrom: Command, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(old / DATABASE_FILE)) as connection:
        connection.executescript((ROOT / "tests" / "index" / "format-5.sql").read_text("utf-8"))
    back = ["--data-dir", tmp_path / "back"]
    wherefrom("backup", tmp_path / "b.tar", "--data-dir", old).succeeded()
    told = wherefrom("restore", tmp_path / "b.tar", *back).succeeded().err
    assert f"warning: {tmp_path / 'back' / DATABASE_FILE} has format 5" in told
    assert "wherefrom index --upgrade" in told
    wherefrom("index", "--upgrade", *back).succeeded()
    wherefrom("verify", *back).succeeded()


INDEXING = "import sys; from service.cli.main import main; main()"


def test_while_a_process_indexes(wherefrom: Command, tmp_path: Path) -> None:
    files = {f"{number}.txt": f"Of the year {number}. {FILES['lighthouse.txt']}" for number in range(300)}
    command = [sys.executable, "-c", INDEXING, "index", str(write_files(tmp_path / "many", files)), "--model", "hash"]
    own = environment(WHEREFROM_DATA_DIR=str(wherefrom.data_dir))
    with subprocess.Popen(command, env=own, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        for number in range(100):
            before = put_text(wherefrom.data_dir, f"Acknowledged, {number}.", f"own-{number}.txt")
            wherefrom("backup", tmp_path / f"{number}.tar").succeeded()
            back = ["--data-dir", tmp_path / f"back-{number}"]
            wherefrom("restore", tmp_path / f"{number}.tar", *back).succeeded()
            wherefrom("documents", "show", before, *back).succeeded()
            wherefrom("verify", *back).succeeded()
            if process.poll() is not None:
                break
        assert process.wait() == 0
    assert number > 1, "it was backed up while the process indexed"
