"""Copying between a data folder and a database, there and back: every byte comes over, whatever stops it."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.document import make_document
from corpus.errors import AlreadyExists
from corpus.store.job import Job, JobState
from corpus.store.originals import Original
from corpus.store.sqlite import Store
from corpus.store.uploads import Upload
from index.cutting import Entry
from index.models.hashing import HashEncoder
from index.opening import home_at, open_index
from index.query import Query
from index.writer import Indexer
from tests.command_fixtures import Command
from tests.conftest import ROOT
from tests.copying_fixtures import copy, held, order
from tests.index_fixtures import TEXTS, index_documents
from tests.store_fixtures import delete, state

if TYPE_CHECKING:
    from index.home import Home
    from index.oceanbase.truth import OceanBaseTruth

# Ids that differ in a space or a form of a letter, names and texts in several scripts, signs that SQL knows.
ODD = (
    ("a", "Ein Hafen.", "a.txt"),
    ("a ", "Ein Hafen mit Leuchtturm.", "a .txt"),
    ("A", "EIN HAFEN.", "A.txt"),
    ("é", "Le port à l’aube.", "é.txt"),
    ("e\u0301", "Le port, décomposé.", "e\u0301.txt"),
    ("渡口", "渡口在黎明开放。𠀀字很少见。\U0001f6a2", "文档/渡口.md"),
    ("مرفأ", "المرفأ مفتوح \u202eليلاً\u202c.", "مرفأ.txt"),
    ("100%_", 'It\'s "quoted" \\ and % or %s; -- not a comment', "100%.txt"),
    ("blank", "   \n\n\t\n", "blank.txt"),
)


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    """A folder with all that a collection can hold."""
    with Store.open(tmp_path / "source", create=True) as store:
        documents = [make_document(text, source=name, published="2024-05") for name, text in TEXTS.items()]
        documents += [make_document(text, source=name, document_id=own) for own, text, name in reversed(ODD)]
        entries = [Entry(each, Path(f"/files/{each.source}")) for each in documents]
        entries[0] = Entry(documents[0], None, Original("application/pdf", bytes(range(256)) * 4_000, 2))
        list(Indexer(store, HashEncoder()).add(entries))
        moment = "2026-11-26T20:51:07Z"
        with store.writing() as writer:
            writer.uploads.add(Upload("file-1", "a.txt ", "assistants", 600_000, 7), bytes([0, 255, 92]) * 200_000)
            writer.jobs.add(Job("j_1", JobState.DONE, "old.txt", moment, moment))
            writer.jobs.add(
                Job("j_2", JobState.READING, "晨.md", moment, moment, "f ", {"title": "晨"}), b"# \xe6\x99\xa8"
            )
            writer.set_meta("created", moment)
        yield store


@pytest.fixture
def target(truth: "OceanBaseTruth") -> "OceanBaseTruth":
    return truth


def test_there_and_back(source: Store, target: "OceanBaseTruth", tmp_path: Path) -> None:
    long = make_document("A line of a long text, and the next. " * 8_000, source="long.txt")  # in several pieces
    list(Indexer(source, HashEncoder()).add([Entry(long)]))
    there = copy(source, target)
    assert (there.damaged, there.uploads, there.jobs) == ({}, 1, 1)
    assert held(target) == held(source)
    assert order(target) == order(source), "equal scores are ordered by keys"
    with Store.open(tmp_path / "back", create=True) as back:
        assert copy(target, back).state == state(target)
        assert held(back) == held(source)
        assert order(back) == order(source)
    again = copy(source, target)
    assert (again.documents, again.removed, again.uploads, again.jobs) == (0, 0, 0, 0)


def test_what_changed_comes_over_when_told(source: Store, target: "OceanBaseTruth") -> None:
    copy(source, target)
    with source.writing() as writer:
        writer.set_path("a", Path("/files/aside"))
        writer.set_path("a ", Path("/files/a.txt"))
        writer.set_path("a", Path("/files/a .txt"))
    delete(source, "é")
    list(Indexer(source, HashEncoder()).add([Entry(make_document("A new one.", source="new.txt", document_id="A"))]))
    with pytest.raises(AlreadyExists, match="holds document"):
        copy(source, target)
    copied = copy(source, target, replacing=True)
    assert (copied.documents, copied.removed) == (3, 1)
    assert held(target) == held(source)


# As a process that is killed at a write.
KILLED = """
import os, sys
from contextlib import contextmanager
from pathlib import Path
from corpus.store import copying
from corpus.store.copied import Side
from corpus.store.sqlite import Store
from index.oceanbase.address import read_address
from index.oceanbase.connecting import Database
from index.oceanbase.truth import OceanBaseTruth
copying.BATCH_BYTES = 1
folder, address, name, left = sys.argv[1:]
class Killed(OceanBaseTruth):
    @contextmanager
    def writing(self):
        global left
        with super().writing() as writer:
            yield writer
            left = int(left) - 1
            if not left:
                os._exit(9)
with Store.open(Path(folder)) as source:
    target = Killed.open(Database(read_address(address)), name, create=True)
    for _ in copying.Copying(Side("the source", source), Side("t", target), lambda *_: True).run():
        pass
"""


@pytest.mark.parametrize("at", [1, 2, 3, 9])
def test_a_copy_that_is_killed_goes_on(source: Store, target: "OceanBaseTruth", store: str, name: str, at: int) -> None:
    command = [sys.executable, "-c", KILLED, str(source.path.parent), store, name, str(at)]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert done.returncode == 9, done.stderr
    before = state(target).documents
    assert before == max(at - 3, 0)
    assert copy(source, target).documents == state(source).documents - before
    assert held(target) == held(source)


def answers(home: "Home", questions: list[str]) -> list[list[tuple[str, str, float]]]:
    """Return of each question the passages that answer it, where they are from, and how well they do."""
    with open_index(home.place("default"), lambda choice: HashEncoder(), engine=home.engine) as index:
        found = [index.searcher.search(Query(each)).results for each in questions]
    return [[(each.passage_id, each.citation.source, round(each.score, 3)) for each in results] for results in found]


@pytest.fixture
def address(store: str) -> Iterator[str]:
    """A database that is not there yet."""
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database

    own = f"{store}_copied"
    yield own
    with closing(Database(read_address(own))) as database:
        database.alone(f"DROP DATABASE {database.address.database}")


def test_questions_are_answered_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, address: str
) -> None:
    wherefrom = Command(monkeypatch, capsys, tmp_path / "data")
    chance = random.Random(16)
    words = "harbour keeper lamp ferry book village hours 渡口 船工 灯塔 图书 村里 1931 2024 14".split()
    texts = [" ".join(chance.choices(words, k=30)) + f". Number {number}." for number in range(30)]
    texts += texts[:8]  # of reprints, the first that came is shown
    index_documents(tmp_path / "data", [make_document(text, source=f"{-n}.txt") for n, text in enumerate(texts)])
    wherefrom("copy", "--from", tmp_path / "data", "--to", address).succeeded()
    wherefrom("copy", "--from", address, "--to", tmp_path / "back").succeeded()
    wherefrom("verify", "--data-dir", tmp_path / "back").succeeded()
    questions = [" ".join(chance.choices(words, k=chance.randint(1, 6))) for _ in range(30)]
    of_folder, of_database, of_copy = (
        answers(home_at(each, tmp_path, ""), questions)
        for each in (str(tmp_path / "data"), address, str(tmp_path / "back"))
    )
    assert len({json.dumps(each) for each in of_folder}) > 20, "they are different questions"
    assert of_copy == of_folder
    assert of_database == of_folder
