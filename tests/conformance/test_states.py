"""Every answer is of one state, whoever writes meanwhile, and what was acknowledged is there after a kill."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from corpus.errors import IndexMismatch
from index.models.hashing import HashEncoder
from index.opening import OpenIndex
from index.query import Query
from index.verify import verify
from index.writer import rebuild
from tests.conformance.conftest import Folder, document_of, held
from tests.conformance.engines import ENGINES
from tests.conftest import ROOT
from tests.service_fixtures import OtherEncoder
from tests.store_fixtures import read


def test_every_answer_is_of_one_state_under_writers(folder: Folder) -> None:
    folder.put(*map(document_of, range(12)))
    ended = Event()

    def ask(opened: OpenIndex) -> list[tuple[str, int, int]]:
        answers = []
        while not ended.is_set():
            answer = opened.searcher.search(Query("2022年卖出茶叶多少吨", k=50))
            passages = sum(1 + len(each.also_in) for each in answer.results)
            answers.append((answer.index.id, passages, answer.index.passages))
        return answers

    with folder.open() as opened, ThreadPoolExecutor(3) as threads:
        asking = [threads.submit(ask, opened) for _ in range(2)]
        for number in range(10):
            folder.delete(document_of(number).document_id)
            folder.put(document_of(number, version=1))
        ended.set()
        answers = [answer for each in asking for answer in each.result()]
    assert len({state for state, _, _ in answers}) > 1, "they asked while documents came and went"
    assert all(passages == told for _, passages, told in answers)


def test_a_reader_that_is_older_than_the_index_sees_its_own_state(folder: Folder) -> None:
    folder.put(document_of(1))
    with folder.open() as opened, opened.truth.reading() as older:
        before = older.keys()  # from here on it sees this state
        with ThreadPoolExecutor(1) as other:
            other.submit(folder.put, document_of(2)).result()
            newer = other.submit(held, opened.index, opened.truth).result()
            assert len(newer) > len(before)
        with opened.index.refreshed(older) as state:
            assert state.passages == len(before)
            (vector,) = HashEncoder().encode_queries(["x"])
            assert set(opened.index.dense(vector, 50, None)) == set(before)
        with ThreadPoolExecutor(1) as other:
            assert other.submit(held, opened.index, opened.truth).result() == newer


def test_a_rebuild_with_another_model_is_told_and_never_mixed(folder: Folder) -> None:
    folder.put(document_of(1))
    with folder.open() as opened:
        assert opened.searcher.search(Query("茶")).results
        with folder.truth() as truth:
            list(rebuild(truth, OtherEncoder()))
        with pytest.raises(IndexMismatch):
            opened.searcher.search(Query("茶"))


WRITER = """
import sys
from pathlib import Path
from tests.conformance.conftest import Folder, document_of, held
from tests.conformance.engines import ENGINES

folder = Folder(ENGINES[sys.argv[1]], Path(sys.argv[2]))
for number in range(int(sys.argv[3]), 10_000):
    folder.put(document_of(number))
    print("put", number, flush=True)
    if number % 4 == 3:
        folder.save()
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_acknowledged_survives_a_kill_and_a_restart(engine: str, tmp_path: Path) -> None:
    folder, acknowledged = Folder(ENGINES[engine], tmp_path), 0
    for attempt in range(3):
        command = [sys.executable, "-c", WRITER, engine, str(tmp_path), str(acknowledged)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            told = [writer.stdout.readline()]
            time.sleep(0.05 * attempt)
            os.kill(writer.pid, signal.SIGKILL)
            told += [line for line in writer.stdout if line.endswith("\n")]
        acknowledged = int(told[-1].split()[1]) + 1
        with folder.open() as opened:
            ids = set(read(opened.truth, lambda reader: reader.document_ids()))
            assert {document_of(number).document_id for number in range(acknowledged)} <= ids
            assert not list(verify(opened.truth, folder.path, folder.engine))
            last = document_of(acknowledged - 1)
            first, *_ = opened.searcher.search(Query(last.text.replace("#", ""))).results
            assert first.document_id == last.document_id


def test_an_index_opened_again_says_the_same(folder: Folder) -> None:
    folder.put(*map(document_of, range(8)))
    with folder.open() as opened:
        before = opened.searcher.search(Query("2022年卖出茶叶多少吨", k=20))
    folder.save()
    with folder.open() as opened:
        after = opened.searcher.search(Query("2022年卖出茶叶多少吨", k=20))
    assert after.index == before.index
    assert [each.passage_id for each in after.results] == [each.passage_id for each in before.results]
    assert [each.score for each in after.results] == pytest.approx([each.score for each in before.results])
    assert HashEncoder().spec.name == after.index.model
