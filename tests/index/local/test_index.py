"""The engine in this process: many search at once, and it takes over what another process has made of its indexes."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from corpus.document import Document, make_document
from index.local import faiss_index
from index.local.index import LocalIndex
from index.local.lexical.bm25 import LexicalIndex, LexicalScores
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from index.query import Method, Query
from index.terms.terms import LexicalQuestion
from tests.index_fixtures import index_documents, save_snapshot
from tests.store_fixtures import delete


def sentences(count: int) -> list[Document]:
    names = np.random.default_rng(3).choice(list("山水云茶花鱼鸟风雨雪林田桥路村镇县城江河"), size=(count, 8))
    return [make_document("".join(name) + "。", source=f"{number}.txt") for number, name in enumerate(names)]


def found(index: OpenIndex, document: Document) -> bool:
    results = index.searcher.search(Query(document.text, 3, method=Method.DENSE)).results
    return results[0].document_id == document.document_id


def clusters(index: OpenIndex) -> int:
    assert isinstance(index.index, LocalIndex)
    return index.index._dense.clusters


def test_clusters_that_an_indexer_made_are_taken_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(faiss_index, "CLUSTERED_FROM", 100)
    documents = sentences(120)
    index_documents(tmp_path, documents[:99])
    save_snapshot(tmp_path)
    with open_index(tmp_path, lambda name: HashEncoder()) as serving:
        assert found(serving, documents[7])
        index_documents(tmp_path, documents[99:])
        assert found(serving, documents[110]), "what is new is found before clusters are made"
        assert clusters(serving) == 0
        save_snapshot(tmp_path)
        assert found(serving, documents[111])
        assert clusters(serving), "whoever wrote the indexes made them"
        assert all(found(serving, each) for each in documents[::13])
        delete(serving.truth, documents[0].document_id)
        assert not found(serving, documents[0])
    with open_index(tmp_path, lambda name: HashEncoder()) as again:
        assert not found(again, documents[0]), "a snapshot is brought up to date"
        assert found(again, documents[119])
        assert clusters(again)


def test_every_answer_is_of_one_state_while_documents_come_and_go(tmp_path: Path) -> None:
    documents = sentences(30)
    index_documents(tmp_path, documents)
    ended = Event()

    def search(index: OpenIndex) -> list[tuple[str, set[str]]]:
        answers = []
        while not ended.is_set():
            answer = index.searcher.search(Query("山水云茶", 50))
            answers.append((answer.index.id, {result.document_id for result in answer.results}))
        return answers

    with open_index(tmp_path, lambda name: HashEncoder()) as index, ThreadPoolExecutor(3) as threads:
        searches = [threads.submit(search, index) for _ in range(3)]
        held = {document.document_id for document in documents}
        states = {index.searcher.state().id: set(held)}
        for document in documents[:12]:
            delete(index.truth, document.document_id)
            held.remove(document.document_id)
            states[index.searcher.state().id] = set(held)
            if document is documents[5]:
                index_documents(tmp_path, documents[:3])
                held |= {each.document_id for each in documents[:3]}
                states[index.searcher.state().id] = set(held)
        ended.set()
        answers = [answer for each in searches for answer in each.result()]
    seen = {state for state, _ in answers}
    assert len(seen & states.keys()) > 1, "they searched while documents went"
    for state, found_there in answers:
        assert found_there == states.get(state, found_there)


def test_what_is_looked_up_beside_a_question_leaves_its_scores_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counted, score = list[str](), LexicalIndex.score

    def counting(index: LexicalIndex, question: LexicalQuestion) -> LexicalScores:
        counted.extend(question.terms)
        return score(index, question)

    monkeypatch.setattr(LexicalIndex, "score", counting)
    documents = sentences(20)
    index_documents(tmp_path, documents)
    with open_index(tmp_path, lambda name: HashEncoder()) as serving:
        index, question, other = serving.index, LexicalQuestion(["c山"], []), LexicalQuestion(["c水"], [])
        with serving.truth.reading() as reader, index.refreshed(reader):
            best = index.lexical(question, 50, None)
            assert set(index.lexical(other, 50, None)) != set(best)
            assert set(index.scores(question, best)) == set(best)
            assert min(index.scores(question, best).values()) > 0
        assert counted == ["c山", "c水"]
        with serving.truth.reading() as reader, index.refreshed(reader):
            assert index.lexical(question, 50, None) == best
        assert counted == ["c山", "c水", "c山"]
