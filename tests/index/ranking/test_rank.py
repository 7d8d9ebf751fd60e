"""The cascade against the sums written out for every passage, and what it must not lose."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from corpus.document import make_document
from corpus.errors import StoreDamaged
from corpus.passage import Passage
from corpus.store.columns import PassageVectors
from corpus.store.sqlite import Store
from index.models.encoder import Vectors
from index.models.vectors import to_bytes
from index.query import Method
from index.ranking.late import align, max_similarities, pack_tokens
from index.ranking.rank import CLOSE, rank
from index.ranking.signals import LEXICAL_WEIGHT, Question


def unit_vectors(count: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def vectors_of(number: int) -> PassageVectors:
    """The vectors of a passage; every third one has no sentence of its own."""
    of_sentences = unit_vectors(0 if number % 3 == 0 else 2, number + 5000)
    tokens = pack_tokens(unit_vectors(4, number + 9000))
    return PassageVectors(to_bytes(unit_vectors(1, number)), to_bytes(of_sentences), tokens, b"")


QUESTION = Question("?", unit_vectors(1, 70000)[0], unit_vectors(3, 80000))
PASSAGES = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, create=True) as store:
        document = make_document("x" * PASSAGES, source="many.txt")
        passages = [
            Passage(f"p_{number}", document.document_id, number, number + 1, (), f"text {number} " * 9, ())
            for number in range(PASSAGES)
        ]
        store.put(document, passages, [vectors_of(number) for number in range(PASSAGES)])
        yield store


def lexical_of(rows: list[int]) -> dict[int, float]:
    return {row: float(row % 7) for row in rows}


def test_every_part_is_what_it_says(store: Store) -> None:
    rows = store.rows.all()
    lexical = lexical_of(rows)
    for (scored,) in rank(store.rows, QUESTION, rows, lexical, 50, Method.FULL.parts):
        passage = store.rows.passages([scored.row])[scored.row]
        vectors = vectors_of(int(passage.passage_id.removeprefix("p_")))
        dense = float(np.frombuffer(vectors.passage, "<f2").astype(np.float32) @ QUESTION.vector)
        of_sentences = np.frombuffer(vectors.sentences, "<f2").reshape(-1, 32).astype(np.float32)
        sentence = float((of_sentences @ QUESTION.vector).max(initial=-2)) if len(of_sentences) else dense
        (tokens,) = max_similarities(align(QUESTION.tokens, [(vectors.tokens, b"")]))
        score = (dense + sentence + tokens) / 3 + LEXICAL_WEIGHT * lexical[scored.row]
        parts = {"dense": dense, "sentence": sentence, "tokens": tokens, "lexical": lexical[scored.row]}
        assert scored.scores == pytest.approx({**parts, "rerank": score}, abs=1e-5)
        assert scored.score == scored.scores["rerank"]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("k", [1, 5, 50])
def test_the_best_come_first_and_as_many_as_asked_for(store: Store, method: Method, k: int) -> None:
    rows = store.rows.all()
    groups = rank(store.rows, QUESTION, rows, lexical_of(rows), k, method.parts)
    assert len(groups) == k
    scores = [head.score for head, *_ in groups]
    assert scores == sorted(scores, reverse=True)
    assert len({each.row for group in groups for each in group}) == k


def test_what_is_looked_at_closely_is_looked_at_to_the_last(store: Store) -> None:
    rows = store.rows.all()[:CLOSE]
    tokens = store.rows.token_vectors(rows)
    (best, *_), *_ = rank(store.rows, QUESTION, rows, {row: 0.0 for row in rows}, 1, Method.FULL.parts)
    vectors = store.rows.sentence_vectors(rows)
    sums = {}
    for row in rows:
        parts = [np.frombuffer(part, "<f2").reshape(-1, 32).astype(np.float32) for part in vectors[row]]
        dense = float(parts[0][0] @ QUESTION.vector)
        sentence = float((parts[1] @ QUESTION.vector).max()) if len(parts[1]) else dense
        sums[row] = dense + sentence + max_similarities(align(QUESTION.tokens, [tokens[row]]))[0]
    assert best.row == max(sums, key=lambda row: sums[row])


def test_equal_scores_come_in_the_order_of_rows(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        document = make_document("ab", source="twins.txt")
        texts = ("one wording of it", "quite another text")
        twins = [Passage(f"p_{at}", document.document_id, at, at + 1, (), text, ()) for at, text in enumerate(texts)]
        store.put(document, twins, [vectors_of(1)] * 2)
        rows = store.rows.all()
        groups = rank(store.rows, QUESTION, rows[::-1], dict.fromkeys(rows, 1.0), 5, Method.FULL.parts)
        assert [[each.row for each in group] for group in groups] == [[row] for row in rows]


def test_the_same_text_is_one_group(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        document = make_document("abc", source="reprints.txt")
        texts = ("the very same wording of it", "something else altogether", "the very same wording of it")
        passages = [Passage(f"p_{at}", document.document_id, at, at + 1, (), text, ()) for at, text in enumerate(texts)]
        store.put(document, passages, [vectors_of(1), vectors_of(2), vectors_of(1)])
        first, other, again = store.rows.all()
        rows = [first, other, again]
        groups = rank(store.rows, QUESTION, rows, dict.fromkeys(rows, 1.0), 5, Method.FULL.parts)
        assert sorted([each.row for each in group] for group in groups) == [[first, again], [other]]


def test_no_candidates_no_scores(store: Store) -> None:
    assert rank(store.rows, QUESTION, [], {}, 5, Method.FULL.parts) == []


def test_a_row_that_is_gone_is_damage(store: Store) -> None:
    with pytest.raises(StoreDamaged, match="row 999 is gone"):
        rank(store.rows, QUESTION, [999], {999: 0.0}, 5, Method.FULL.parts)
