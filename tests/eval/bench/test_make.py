"""Folders of many passages for benchmarks: real ones first, made-up ones after them, opened as any other folder."""

import json
from pathlib import Path

import numpy as np
import pytest

from corpus.store.sqlite import Store
from eval.bench.make import TEXTS, VECTORS, KnownEncoder, Maker, plain_folder, read_neighbourhood
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from tests.store_fixtures import document_in

PLACES = ["山村", "海港", "茶园", "学校", "医院", "车站"]


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    paragraphs = [
        "".join(f"{place}在{year}年有{year * (n + 3) % 997}名工人。" for year in range(2000, 2060))
        for n, place in enumerate(PLACES)
    ]
    english = ["The port has three cranes. " * 4 + "Ships come at night. " * 8]
    for name, contexts in (("zh", paragraphs), ("en", english)):
        articles = [{"paragraphs": [{"context": text, "qas": [{"id": text, "question": text}]} for text in contexts]}]
        (tmp_path / f"{name}.json").write_text(json.dumps({"data": articles}))
    return Maker(HashEncoder(), [tmp_path / "zh.json", tmp_path / "en.json"], tmp_path / "bench")


def test_made_up_vectors_lie_between_those_of_two_passages_of_one_set(maker: Maker, tmp_path: Path) -> None:
    known = read_neighbourhood(tmp_path / "bench")
    pairs, vectors = known.between(50)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for (first, second), vector in zip(pairs.tolist(), vectors, strict=True):
        assert known.origins[first][0] == known.origins[second][0]
        assert known.origins[first][1] != known.origins[second][1]
        near = [float(vector @ known.vectors[place]) for place in (first, second)]
        assert min(near) > float(known.vectors[first] @ known.vectors[second])
    assert np.array_equal(known.between(50)[1], vectors)


def test_a_folder_is_found_in_as_any_other(maker: Maker, tmp_path: Path) -> None:
    facts = maker.make(205)
    assert (facts["passages"], facts["real"]) == (205, len(read_neighbourhood(tmp_path / "bench").vectors))
    assert 10 < facts["real"] < 100 and facts["bytes"] > 0
    with Store.open(tmp_path / "bench" / "205") as store, store.reading() as reader:
        assert reader.state().passages == 205
        assert not reader.integrity_errors()
    with open_index(tmp_path / "bench" / "205", lambda name: HashEncoder()) as index:
        found = index.searcher.search(Query("2003年茶园有多少名工人？", k=3))
        assert found.index.passages == 205
        assert all("茶园" in result.text for result in found.results)
        for result in found.results:
            document = document_in(index.truth, result.document_id)
            assert document.text[result.citation.start : result.citation.end] == result.citation.quote
    plain = plain_folder(tmp_path / "bench" / "205")
    vectors, texts = np.load(plain / VECTORS), json.loads((plain / TEXTS).read_text("utf-8"))
    assert len(texts) == len(vectors) == 205 and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    with pytest.raises(FileNotFoundError):
        read_neighbourhood(tmp_path)


def test_no_text_is_embedded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, embedded = HashEncoder(), list[str]()
    plain = HashEncoder.encode_passages_with_tokens

    def counting(self: HashEncoder, texts: list[str], progress: object = None) -> object:
        embedded.extend(texts)
        return plain(self, texts)

    monkeypatch.setattr(HashEncoder, "encode_passages_with_tokens", counting)
    known = KnownEncoder(encoder)
    nothing = np.zeros((0, encoder.spec.dimension), np.float32)
    known.told["told"] = np.ones(encoder.spec.dimension, np.float32), nothing, nothing[:, 0]
    first = known.encode_passages_with_tokens(["one", "two", "told"])
    again = known.encode_passages_with_tokens(["two", "one"])
    assert embedded == ["one", "two"]
    assert np.array_equal(again.vectors, first.vectors[[1, 0]]) and np.all(first.vectors[2] == 1)
