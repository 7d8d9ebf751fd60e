"""The cascade against the sums written out for every passage, and what it must not lose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from corpus.document import make_document
from corpus.errors import StoreDamaged
from corpus.store.sqlite import Store
from corpus.store.stored import Features, Key
from corpus.store.truth import Reader
from index.models.encoder import Vectors
from index.models.vectors import to_bytes
from index.query import Method, Signal
from index.ranking.exact import ExactMatches
from index.ranking.late import Alignment, compare, pack_tokens
from index.ranking.rank import COMPARED, NOTHING_ASKED, OTHER_YEAR, Asked, rank
from index.ranking.rewording import READ, Rewording
from index.ranking.seen import read_seen
from index.ranking.signals import LEXICAL_WEIGHT, Candidate, EncodedQuestion
from index.ranking.years import AskedYears
from tests.store_fixtures import keys, passage_of, put, read


def unit_vectors(count: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def vectors_of(number: int) -> Features:
    """The vectors of a passage; every third one has no sentence of its own."""
    of_sentences = unit_vectors(0 if number % 3 == 0 else 2, number + 5000)
    tokens = pack_tokens(unit_vectors(4, number + 9000))
    return Features(to_bytes(unit_vectors(1, number)), to_bytes(of_sentences), tokens, b"", b"")


RARITIES = np.array([1, 2, 3], np.float32)
QUESTION = EncodedQuestion("?", unit_vectors(1, 70000)[0], unit_vectors(3, 80000), RARITIES)
OTHERWISE = EncodedQuestion("!", unit_vectors(1, 71000)[0], unit_vectors(5, 81000), np.ones(5, np.float32))
PASSAGES = 60


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path, create=True) as store:
        document = make_document("x" * PASSAGES, source="many.txt")
        passages = [
            passage_of(document, f"p_{number}", number, number + 1, f"text {number} " * 9) for number in range(PASSAGES)
        ]
        put(store, document, passages, [vectors_of(number) for number in range(PASSAGES)])
        yield store


def tokens_of(vectors: Sequence[bytes]) -> tuple[Alignment, float]:
    """What lies how to the question, and the mean of the best cosines, rare tokens counting more."""
    (alignment,) = compare([(vectors[0], vectors[1])], [QUESTION.tokens])[0].alignments()
    return alignment, float((alignment.cosines.max(axis=0) * [1 / 6, 2 / 6, 3 / 6]).sum())


def ranked(
    store: Store,
    question: EncodedQuestion,
    candidates: Sequence[Key],
    lexical: Mapping[Key, float],
    k: int,
    signals: frozenset[Signal],
    asked: Asked = NOTHING_ASKED,
) -> list[list[Candidate]]:
    def rank_read(reader: Reader) -> list[list[Candidate]]:
        look = partial(read_seen, reader, dimension=len(QUESTION.vector))
        return rank(reader, look, question, candidates, lexical, k, signals, asked)

    return read(store, rank_read)


def lexical_of(held: list[int]) -> dict[int, float]:
    return {key: float(key % 7) for key in held}


def test_every_part_is_what_it_says(store: Store) -> None:
    held = keys(store)
    lexical = lexical_of(held)
    passages = read(store, lambda reader: reader.passages(held))
    for (scored,) in ranked(store, QUESTION, held, lexical, 50, Method.FULL.signals):
        passage = passages[scored.key]
        vectors = vectors_of(int(passage.passage_id.removeprefix("p_")))
        dense = float(np.frombuffer(vectors.vector, "<f2").astype(np.float32) @ QUESTION.vector)
        of_sentences = np.frombuffer(vectors.sentence_vectors, "<f2").reshape(-1, 32).astype(np.float32)
        sentence = float((of_sentences @ QUESTION.vector).max(initial=-2)) if len(of_sentences) else dense
        _, tokens = tokens_of([vectors.token_vectors, b""])
        # No passage here has sentences of its own, so that all of it is one.
        score = (sentence + tokens) / 2 + LEXICAL_WEIGHT * lexical[scored.key] / max(lexical.values())
        parts = {"dense": dense, "sentence": sentence, "tokens": tokens, "sentence_tokens": tokens}
        parts["lexical"] = lexical[scored.key]
        assert scored.scores == pytest.approx({**parts, "rerank": score}, abs=1e-5)
        assert scored.score == scored.scores["rerank"]


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("k", [1, 5, 50])
def test_the_best_come_first_and_as_many_as_asked_for_or_compared(store: Store, method: Method, k: int) -> None:
    held = keys(store)
    groups = ranked(store, QUESTION, held, lexical_of(held), k, method.signals)
    count = max(k, COMPARED) if method is Method.FULL else k  # what was compared is the background of the best
    assert len(groups) == count
    scores = [head.score for head, *_ in groups]
    assert scores == sorted(scores, reverse=True)
    assert len({each.key for group in groups for each in group}) == count


def test_what_is_looked_at_closely_is_looked_at_to_the_last(store: Store) -> None:
    held = keys(store)[:COMPARED]
    tokens = read(store, lambda reader: reader.tokens(held))
    (best, *_), *_ = ranked(store, QUESTION, held, {key: 0.0 for key in held}, 1, Method.FULL.signals)
    vectors = read(store, lambda reader: reader.vectors(held))
    sums = {}
    for key in held:
        parts = [np.frombuffer(part, "<f2").reshape(-1, 32).astype(np.float32) for part in vectors[key]]
        dense = float(parts[0][0] @ QUESTION.vector)
        sentence = float((parts[1] @ QUESTION.vector).max()) if len(parts[1]) else dense
        sums[key] = sentence + tokens_of(tokens[key])[1]
    assert best.key == max(sums, key=lambda key: sums[key])


def test_equal_scores_come_in_the_order_of_rows(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        document = make_document("ab", source="twins.txt")
        texts = ("one wording of it", "quite another text")
        twins = [passage_of(document, f"p_{at}", at, at + 1, text) for at, text in enumerate(texts)]
        put(store, document, twins, [vectors_of(1)] * 2)
        held = keys(store)
        groups = ranked(store, QUESTION, held[::-1], dict.fromkeys(held, 1.0), 5, Method.FULL.signals)
        assert [[each.key for each in group] for group in groups] == [[key] for key in held]


def test_the_same_text_is_one_group(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        text, size = "the same wording, something altogether, the same wording", 16
        document = make_document(text, source="reprints.txt")
        starts = (0, 18, len(text) - size)
        passages = [passage_of(document, f"p_{at}", at, at + size, text[at : at + size]) for at in starts]
        put(store, document, passages, [vectors_of(1), vectors_of(2), vectors_of(1)])
        first, other, again = keys(store)
        held = [first, other, again]
        groups = ranked(store, QUESTION, held, dict.fromkeys(held, 1.0), 5, Method.FULL.signals)
        assert sorted([each.key for each in group] for group in groups) == [[first, again], [other]]


def test_no_candidates_no_scores(store: Store) -> None:
    assert ranked(store, QUESTION, [], {}, 5, Method.FULL.signals) == []


def test_a_row_that_is_gone_is_damage(store: Store) -> None:
    with pytest.raises(StoreDamaged, match="key 999 is gone"):
        ranked(store, QUESTION, [999], {999: 0.0}, 5, Method.FULL.signals)


def parts_of(question: EncodedQuestion, number: int) -> tuple[float, float, float]:
    """The cosines of a passage, of its best sentence and of its tokens, which have no sentences here."""
    passage, vectors = vectors_of(number), question.vector
    dense = float(np.frombuffer(passage.vector, "<f2").astype(np.float32) @ vectors)
    of_sentences = np.frombuffer(passage.sentence_vectors, "<f2").reshape(-1, 32).astype(np.float32)
    (alignment,) = compare([(passage.token_vectors, b"")], [question.tokens])[0].alignments()
    weights = question.rarities / question.rarities.sum()
    sentence = float((of_sentences @ vectors).max()) if len(of_sentences) else dense
    return dense, sentence, float(alignment.cosines.max(axis=0) @ weights)


def test_what_a_question_is_in_other_words_counts_by_its_weight(store: Store) -> None:
    held, read_texts = keys(store), list[Sequence[str]]()

    def reword(texts: Sequence[str]) -> Rewording:
        read_texts.append(texts)
        return Rewording(OTHERWISE, 0.25)

    lexical = dict.fromkeys(held, 0.0)
    mixed = {
        key: [(own + 0.25 * other) / 1.25 for own, other in zip(*both, strict=True)]
        for number, key in enumerate(held)
        for both in [(parts_of(QUESTION, number), parts_of(OTHERWISE, number))]
    }
    found = ranked(store, QUESTION, held, lexical, 5, Method.FULL.signals, Asked(reword=reword))
    # All candidates are put in order by it, so that others may be looked at closely than by the question alone.
    first_look = sorted(held, key=lambda key: -sum(mixed[key][:2]))
    assert {head.key for head, *_ in found} == set(first_look[:COMPARED])
    for (head,) in found:
        dense, sentence, tokens = mixed[head.key]
        told = {"dense": dense, "sentence": sentence, "tokens": tokens, "sentence_tokens": tokens, "lexical": 0.0}
        assert head.scores == pytest.approx({**told, "rerank": (sentence + tokens) / 2}, abs=1e-5)
    assert [head.score for head, *_ in found] == sorted((head.score for head, *_ in found), reverse=True)
    (texts,) = read_texts
    own = sorted(held, key=lambda key: -sum(parts_of(QUESTION, held.index(key))[:2]))
    assert texts == [f"text {held.index(key)} " * 9 for key in own[:READ]], "those the question itself finds first"


def test_a_question_is_only_put_in_other_words_where_tokens_count(store: Store) -> None:
    def refuse(texts: Sequence[str]) -> Rewording:
        raise AssertionError("nothing is compared closely")

    held = keys(store)
    for method in (Method.DENSE, Method.HYBRID, Method.LEXICAL):
        found = ranked(store, QUESTION, held, lexical_of(held), 5, method.signals, Asked(reword=refuse))
        assert found == ranked(store, QUESTION, held, lexical_of(held), 5, method.signals)


@pytest.mark.parametrize("method", Method)
def test_what_has_what_is_asked_for_exactly_is_lifted_from_the_last_place(store: Store, method: Method) -> None:
    held = keys(store)
    lexical = lexical_of(held)
    last = ranked(store, QUESTION, held, lexical, 60, method.signals)[-1][0]
    exact = ExactMatches({last.key: 100.0}, (), frozenset())
    (first, *_), *others = ranked(store, QUESTION, held, lexical, 5, method.signals, Asked(exact=exact))
    assert first.key == last.key
    if method is Method.FULL:  # whose scores make probabilities; where one signal counts, it is told as it is
        assert first.score == pytest.approx(last.score + 100)
        assert all(head.score < 2 for head, *_ in others)


def test_passages_of_other_years_fall_back_by_as_much_as_is_said(tmp_path: Path) -> None:
    texts = ("the mill was built", "a road was laid in 1908", "two boats were sold in 1911")
    with Store.open(tmp_path, create=True) as store:
        document = make_document("abc", source="years.txt")
        passages = [passage_of(document, f"p_{at}", at, at + 1, text) for at, text in enumerate(texts)]
        years: list[tuple[int, ...]] = [(), (1908,), (1911,)]
        features = [replace(vectors_of(at), years=each) for at, each in enumerate(years)]
        put(store, document, passages, features)
        held = keys(store)
        lexical = dict.fromkeys(held, 0.0)
        before, after = (
            {head.key: head.score for head, *_ in ranked(store, QUESTION, held, lexical, 3, Method.FULL.signals, asked)}
            for asked in (NOTHING_ASKED, Asked(years=AskedYears(frozenset({1911}), written=True)))
        )
        lost = {key: before[key] - after[key] for key in held}
        assert lost == pytest.approx({held[0]: OTHER_YEAR, held[1]: OTHER_YEAR, held[2]: 0.0})
