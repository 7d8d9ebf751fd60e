"""Folders of many passages for benchmarks: real ones first, made-up ones after them, opened as any other folder."""

from pathlib import Path

import numpy as np
import pytest

from corpus.document import make_document
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.store.sqlite import Store
from eval.bench.embedded import embed_once
from eval.bench.folder import Real, write_folder
from eval.bench.invention import Inventor
from eval.bench.passages import real_texts
from eval.sets.question_set import QuestionSet
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from tests.store_fixtures import document_in

PLACES = ["山村", "海港", "茶园", "学校", "医院", "车站"]
SETS = [
    QuestionSet(
        (),
        tuple(
            make_document(
                "".join(f"{place}在{year}年有{year * (n + 3) % 997}名工人。" for year in range(2000, 2024)),
                source=place,
            )
            for n, place in enumerate(PLACES)
        ),
    ),
    QuestionSet((), (make_document("The port has three cranes. " * 4 + "Ships come at night. " * 8, source="port"),)),
]


def nothing(done: int) -> None: ...


@pytest.fixture
def real(tmp_path: Path) -> Real:
    encoder = HashEncoder()
    split = make_splitter(SplitterSettings(), encoder.count_passage_tokens, encoder.spec.max_tokens)
    texts = real_texts(SETS, split, 60)
    return Real(texts, embed_once(texts, encoder, tmp_path / "vectors", nothing), encoder.spec)


def test_real_passages_are_distinct_and_the_splitters_come_first(real: Real) -> None:
    assert len({text.search_text for text in real.texts}) == len(real.texts) == 60
    split = make_splitter(SplitterSettings(), HashEncoder().count_passage_tokens, 512)
    first = SETS[0].passages[0]
    cut = [first.text[passage.start : passage.end] for passage in split(first)]
    assert [text.text for text in real.texts[: len(cut)]] == cut
    for text in real.texts:
        assert text.text in SETS[text.group].passages[text.paragraph - 6 * text.group].text
        assert all(span.of(text.text).strip() for span in text.sentences)


def test_vectors_are_computed_once(real: Real, tmp_path: Path) -> None:
    done: list[int] = []
    again = embed_once(real.texts, HashEncoder(), tmp_path / "vectors", done.append)
    assert not done
    assert again.vectors_of(7) == real.embedded.vectors_of(7)
    embed_once(real.texts[:5], HashEncoder(), tmp_path / "vectors", done.append)
    assert sum(done) >= 5


def test_made_up_vectors_lie_between_those_of_two_passages(real: Real) -> None:
    inventor = Inventor(real.texts, real.embedded)
    pairs, vectors = inventor.vectors(50)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    for (first, second), vector in zip(pairs.tolist(), vectors, strict=True):
        assert real.texts[first].group == real.texts[second].group
        assert real.texts[first].paragraph != real.texts[second].paragraph
        near = [float(vector @ real.embedded.passages[place].astype(np.float32)) for place in (first, second)]
        apart = float(real.embedded.passages[first].astype(np.float32) @ real.embedded.passages[second])
        assert min(near) > apart
    assert np.array_equal(inventor.vectors(50)[1], vectors)


def test_a_folder_is_found_in_as_any_other(real: Real, tmp_path: Path) -> None:
    stored: list[int] = []
    write_folder(tmp_path / "many", real, 205, stored.append)
    assert sum(stored) == 205
    with Store.open(tmp_path / "many") as store, store.reading() as reader:
        assert reader.state().passages == 205
        assert reader.derived("dense.faiss") is not None
        assert not reader.integrity_errors()
    with open_index(tmp_path / "many", lambda name: HashEncoder()) as index:
        found = index.searcher.search(Query("2003年茶园有多少名工人？", k=3))
        assert found.index.passages == 205
        assert all("茶园" in result.text for result in found.results)
        for result in found.results:
            document = document_in(index.truth, result.document_id)
            assert document.text[result.citation.start : result.citation.end] == result.citation.quote
