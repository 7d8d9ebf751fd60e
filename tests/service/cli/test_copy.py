"""`wherefrom copy`: what it prints and refuses, how it is stopped, and that a copy answers as what it is a copy of."""

import json
import random
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from corpus.document import make_document
from corpus.store.collections import folder_of
from corpus.store.sqlite import DATABASE_FILE, Store
from corpus.store.whole import write_whole
from service.backend.jobs import new_job
from tests.command_fixtures import WORDS, Command, answers, documents
from tests.index_fixtures import index_documents
from tests.service.cli.test_completion import completed
from tests.service_fixtures import make_index, put_text, write_files
from tests.terminal_fixtures import WHEREFROM, terminal


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


def test_questions_are_answered_as_before(tmp_path: Path, wherefrom: Command) -> None:
    chance = random.Random(16)
    texts = [" ".join(chance.choices(WORDS, k=30)) + f". Number {number}." for number in range(40)]
    texts += texts[:10]  # of reprints, the first that came is shown
    index_documents(tmp_path / "live", [make_document(text, source=f"{-n}.txt") for n, text in enumerate(texts)])
    questions = [" ".join(chance.choices(WORDS, k=chance.randint(1, 6))) for _ in range(60)]
    before = answers(tmp_path / "live", questions)
    wherefrom("copy", "--from", tmp_path / "live", "--to", tmp_path / "copy").succeeded()
    wherefrom("copy", "--from", tmp_path / "copy", "--to", tmp_path / "back").succeeded()
    assert len({json.dumps(each["results"]) for each in before}) > 40, "they are different questions"
    for folder in ("copy", "back"):
        assert answers(tmp_path / folder, questions) == before
        wherefrom("verify", "--data-dir", tmp_path / folder).succeeded()


def test_what_is_printed(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", tmp_path / "files", "--collection", "law").succeeded()
    with Store.open(folder_of(wherefrom.data_dir, "empty"), create=True) as store, store.writing() as writer:
        writer.jobs.add(new_job("late.md", None, {}), b"# Late")
    sides = ["--from", wherefrom.data_dir, "--to", tmp_path / "copy"]
    done = wherefrom("copy", *sides).succeeded()
    assert done.out == ""
    assert done.err.splitlines() == [
        "default: 3 documents, 4 passages; 3 documents copied",
        "empty: 0 documents, 0 passages; 0 documents copied, 1 job",
        "law: 3 documents, 4 passages; 3 documents copied",
        f"{tmp_path / 'copy'} holds what {wherefrom.data_dir} does",
    ]
    assert {each.suffix for each in (tmp_path / "copy").iterdir()} >= {".faiss", ".safetensors"}, (
        "it is ready to be asked"
    )
    put_text(wherefrom.data_dir, "Added later.", "later.txt")
    told = json.loads(wherefrom("copy", *sides, "--json").succeeded().out)
    assert (told["from"], told["to"], told["warnings"]) == (str(wherefrom.data_dir), str(tmp_path / "copy"), [])
    first, *others = told["collections"]
    assert first.pop("corpus_digest") != others[1]["corpus_digest"]
    assert first == {
        "name": "default",
        "documents": 4,
        "passages": 5,
        "copied": {"documents": 1, "passages": 1, "uploads": 0, "jobs": 0},
        "removed": 0,
        "damaged": [],
    }
    assert [(each["name"], each["copied"]["documents"]) for each in others] == [("empty", 0), ("law", 0)]


def test_one_collection_alone(wherefrom: Command, tmp_path: Path) -> None:
    wherefrom("index", tmp_path / "files", "--collection", "law").succeeded()
    wherefrom("copy", "--from", wherefrom.data_dir, "--to", tmp_path / "copy", "--collection", "law").succeeded()
    assert not (tmp_path / "copy" / DATABASE_FILE).exists()
    assert completed(wherefrom, f"wherefrom copy --from {tmp_path / 'copy'} --collection ") == ["law"]
    wherefrom("copy", "--from", wherefrom.data_dir, "--to", tmp_path / "copy", "--collection", "news").failed(
        1, "no collection news here, only default, law"
    )


def test_what_cannot_be_done_is_one_line(wherefrom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    none, copy = tmp_path / "none", tmp_path / "copy"
    wherefrom("copy", "--from", none, "--to", copy).failed(1, f"{none}: no index here, so there is nothing to copy")
    assert not none.exists() and not copy.exists()
    wherefrom("copy", "--to", copy).failed(2, "Missing option '--from'; see: wherefrom copy --help")
    wherefrom("copy", "--from", wherefrom.data_dir, "--to", "").failed(2, "--from and --to need a data folder or the")
    wherefrom("copy", "--from", "mysql://root@db/name", "--to", copy).failed(2, "is no address of a database; write")
    hidden = wherefrom("copy", "--from", copy, "--to", "oceanbase://root:secret@db/name").failed(2, "holds a password")
    assert "secret" not in hidden.err
    monkeypatch.chdir(tmp_path)
    wherefrom("copy", "--from", "data", "--to", "./files/../data").failed(2, f"--from and --to are both {tmp_path}")
    wherefrom("copy", "--from", "data", "--to", tmp_path / "files" / "harbour.md").failed(1, "harbour.md")


def test_other_documents_are_lost_only_when_told(wherefrom: Command, tmp_path: Path) -> None:
    other = tmp_path / "other"
    wherefrom("index", write_files(tmp_path / "more", {"own.txt": "Of the other."}), "--data-dir", other).succeeded()
    sides = ["--from", wherefrom.data_dir, "--to", other]
    refused = wherefrom("copy", *sides).failed(1, f"collection default of {other} holds document ")
    assert "name another target, or have what it holds replaced with --replace" in refused.err
    done = wherefrom("copy", *sides, "--replace").succeeded()
    assert done.err.splitlines()[0] == "default: 3 documents, 4 passages; 3 documents copied, 1 removed"
    wherefrom("verify", "--data-dir", other).succeeded()


def test_damage_is_named(wherefrom: Command, tmp_path: Path) -> None:
    lighthouse = documents(wherefrom)["lighthouse.txt"]
    with closing(sqlite3.connect(wherefrom.data_dir / DATABASE_FILE)) as connection, connection:
        connection.execute("UPDATE passages SET quote = 'x' WHERE document_id = ?", (lighthouse,))
    sides = ["--from", wherefrom.data_dir, "--to", tmp_path / "copy"]
    done = wherefrom("copy", *sides)
    assert done.code == 1
    counts, damaged, error = done.err.splitlines()
    assert counts == "default: 2 documents copied"
    assert re.match(rf"damaged: document {lighthouse} of default: passage p_\w+ of {lighthouse} is damaged", damaged)
    assert "1 document damaged and not copied; index their files again there or delete them" in error
    wherefrom("documents", "delete", lighthouse).succeeded()
    wherefrom("index", tmp_path / "files").succeeded()
    assert wherefrom("copy", *sides).succeeded().err.startswith("default: 3 documents, 4 passages; 1 document copied\n")


def test_what_was_copied_stays(wherefrom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:

    written: list[object] = []

    def stopping(*arguments: Any, **named: Any) -> None:
        if len(written) == 2:
            signal.raise_signal(signal.SIGTERM)
        written.append(arguments)
        write_whole(*arguments, **named)

    sides = ["--from", wherefrom.data_dir, "--to", tmp_path / "copy"]
    with monkeypatch.context() as patched:
        patched.setattr("corpus.store.copying.write_whole", stopping)
        patched.setattr("corpus.store.copying.BATCH_BYTES", 1)
        done = wherefrom("copy", *sides)
    assert (done.code, done.out) == (143, "")
    assert done.err == "stopped: 2 documents are copied and stay; run the same command to go on\n"
    wherefrom("copy", "--from", tmp_path / "copy", "--to", tmp_path / "third").failed(1, "is no whole copy itself")
    assert "; 1 document copied" in wherefrom("copy", *sides).succeeded().err
    wherefrom("verify", "--data-dir", tmp_path / "copy").succeeded()


def test_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wherefrom: Command) -> None:
    monkeypatch.setattr("corpus.store.copying.PAGE_PASSAGES", 10)
    monkeypatch.setattr("service.cli.progress.LINE_SECONDS", 0.002)
    texts = [f"Boat {number} is on the quay." for number in range(150)]
    index_documents(tmp_path / "many", [make_document(text, source=f"{n}.txt") for n, text in enumerate(texts)])
    lines = wherefrom("copy", "--from", tmp_path / "many", "--to", tmp_path / "copy").succeeded().err.splitlines()
    told = r"copying default: (\d+) of 150 documents(?:, about \d+ s left)?, (\d+) passages?"
    counts = [
        re.fullmatch(rf"{told}|comparing default: (\d+) of 150 documents(?:, about \d+ s left)?", each)
        for each in lines[:-2]
    ]
    assert len(counts) > 3
    assert all(counts), lines
    copied = [int(each[1]) for each in counts if each and each[1]]
    assert copied == sorted(copied)


def test_ctrl_c_at_a_terminal(tmp_path: Path) -> None:
    text = "The harbour master counts boats, nets and lamps on the quay before the evening ferry. " * 40
    index_documents(tmp_path / "数据", [make_document(f"{n} {text}", source=f"{n}.txt") for n in range(300)])
    sides = ["--from", tmp_path / "数据", "--to", tmp_path / "副本"]
    with terminal([*WHEREFROM, "copy", *sides], {}, columns=70) as screen:
        screen.wait_for(r"copying default: [1-9]\d* of 300 documents")
        screen.type("\x03")
        assert screen.ended() == 130
    assert "Traceback" not in screen.shown
    assert re.search(r"stopped: \d+ documents are copied and stay; run the same command to go on\r\n", screen.shown)
