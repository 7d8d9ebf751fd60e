"""What an index was built with: the arithmetic of its vectors is part of it; where that is missing it is upgraded."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import make_document
from corpus.errors import IndexMismatch, StoreUnavailable
from corpus.store.copying import UNFINISHED
from corpus.store.sqlite import Store
from index.cutting import Entry
from index.manifest import MANIFEST, Manifest, check_manifest, chosen_model, make_manifest, read_manifest
from index.models.encoder import EncoderSpec, ModelChoice
from index.models.hashing import HashEncoder
from index.models.registry import DEFAULT_MODEL, load_encoder
from index.opening import model_of, open_index
from index.query import Query
from index.upgrading import upgrade
from tests.index_fixtures import index_documents
from tests.store_fixtures import read


@pytest.fixture
def manifest(data_dir: Path) -> Manifest:
    with Store.open(data_dir) as store:
        found = read(store, read_manifest)
    assert found is not None
    return found


def test_the_arithmetic_is_part_of_what_an_index_is(manifest: Manifest) -> None:
    other = replace(manifest, encoder=replace(manifest.encoder, arithmetic="abacus"))
    assert other.fingerprint() != manifest.fingerprint()
    with pytest.raises(IndexMismatch, match=r"encoder arithmetic=hash, now it is arithmetic=abacus; run: .*--rebuild"):
        check_manifest(manifest, other)


def test_versions_of_libraries_are_told_and_not_compared(manifest: Manifest) -> None:
    assert "onnxruntime" in manifest.libraries
    check_manifest(manifest, replace(manifest, libraries={}))


def test_an_index_is_opened_with_its_own_model_and_arithmetic(data_dir: Path, manifest: Manifest) -> None:
    asked: list[ModelChoice] = []

    def load(choice: ModelChoice) -> HashEncoder:
        asked.append(choice)
        return HashEncoder()

    for model in (None, "hash"):
        with open_index(data_dir, load, model):
            pass
    assert asked == [ModelChoice("hash", "hash")] * 2
    with pytest.raises(IndexMismatch, match="name=hash, now it is name=other"), open_index(data_dir, load, "other"):
        pass
    assert len(asked) == 2, "no model is loaded to be refused"
    assert chosen_model(manifest, None) == ModelChoice("hash", "hash")


def test_the_model_that_documents_are_put_in_with(data_dir: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "empty", create=True) as store:
        assert model_of(store, None, "default") == ModelChoice("default")
        assert model_of(store, "wanted", "default") == ModelChoice("wanted")
    with Store.open(data_dir) as store:
        assert model_of(store, None, "default") == ModelChoice("hash", "hash")
        assert model_of(store, None, "default", anew=True) == ModelChoice("hash"), "any arithmetic will do"
        assert model_of(store, "wanted", "default", anew=True) == ModelChoice("wanted")
        with pytest.raises(IndexMismatch, match="name=hash, now it is name=wanted"):
            model_of(store, "wanted", "default")


@pytest.mark.parametrize(
    "use",
    [
        lambda store: read(store, read_manifest),
        lambda store: model_of(store, None, "hash"),
        lambda store: model_of(store, None, "hash", anew=True),
    ],
)
def test_a_manifest_without_arithmetic_is_sent_to_be_upgraded(data_dir: Path, use: Callable[[Store], object]) -> None:
    with Store.open(data_dir) as store:
        with store.writing() as writer:
            facts = json.loads(writer.meta(MANIFEST) or "")
            del facts["encoder"]["arithmetic"]
            writer.set_meta(MANIFEST, json.dumps(facts))
        with pytest.raises(IndexMismatch, match="run: wherefrom index --upgrade"):
            use(store)
    with pytest.raises(IndexMismatch, match="--upgrade"), open_index(data_dir, lambda choice: HashEncoder()):
        pass


def test_a_manifest_says_by_whom_it_was_made(manifest: Manifest) -> None:
    assert manifest == replace(make_manifest(HashEncoder().spec, manifest.splitter), libraries=manifest.libraries)


def age(data_dir: Path, **changed: object) -> None:
    """Make the manifest one of before vectors of tokens were of several layers, with some facts of its encoder."""
    with Store.open(data_dir) as store, store.writing() as writer:
        facts = json.loads(writer.meta(MANIFEST) or "")
        del facts["encoder"]["token_layers"]
        facts["encoder"].update(changed)
        writer.set_meta(MANIFEST, json.dumps(facts))


def test_an_index_of_an_older_graph_is_refused_with_what_made_it(data_dir: Path, tmp_path: Path) -> None:
    age(data_dir, name=DEFAULT_MODEL, arithmetic="graph-5 int8")
    told = (
        f"made with {DEFAULT_MODEL} by graph-5 int8, which this version of wherefrom does not know; .*index --rebuild"
    )
    with (
        pytest.raises(IndexMismatch, match=told),
        open_index(data_dir, lambda choice: load_encoder(choice, tmp_path / "cache")),
    ):
        pass
    assert not (tmp_path / "cache").exists(), "nothing is unpacked to be refused"


class TwoLayers(HashEncoder):
    """Says that its tokens are of two layers."""

    @property
    def spec(self) -> EncoderSpec:
        return replace(super().spec, token_layers=2)


def test_tokens_of_one_layer_are_never_searched_by_those_of_two(data_dir: Path) -> None:
    age(data_dir)
    with open_index(data_dir, lambda choice: HashEncoder()):
        pass  # a manifest that says nothing of layers means the last alone
    told = "encoder token_layers=1, now it is token_layers=2; run: wherefrom index --rebuild"
    with pytest.raises(IndexMismatch, match=told), open_index(data_dir, lambda choice: TwoLayers()):
        pass
    assert len(list(upgrade(data_dir, lambda choice: TwoLayers(), "none"))) == 3
    with open_index(data_dir, lambda choice: TwoLayers()) as index:
        found = read(index.truth, read_manifest)
        assert found is not None
        assert found.encoder.token_layers == 2
    assert list(upgrade(data_dir, lambda choice: TwoLayers(), "none")) == []


def test_an_unfinished_copy_answers_nothing_and_takes_nothing(data_dir: Path) -> None:
    unfinished = pytest.raises(StoreUnavailable, match="an unfinished copy of the mill; run the same wherefrom copy")
    late = make_document("Late, but in time.", source="late.txt")
    with open_index(data_dir, lambda choice: HashEncoder()) as index, Store.open(data_dir) as copier:
        assert index.searcher.search(Query("harbour")).results
        with copier.writing() as writer:
            writer.set_meta(UNFINISHED, "the mill")
            writer.put(late, [], [])
        with unfinished:
            index.searcher.search(Query("harbour"))
        with unfinished:
            index.indexer.put(Entry(make_document("Not now.", source="more.txt")))
        with unfinished, open_index(data_dir, lambda choice: HashEncoder()):
            pass
        with unfinished:
            index_documents(data_dir, [make_document("Nor now.", source="more.txt")])
        with copier.writing() as writer:
            assert writer.document_ids(most=9).count(late.document_id) == 1
            writer.set_meta(UNFINISHED, "")
        assert index.searcher.search(Query("harbour")).results
        assert "more.txt" not in {each.facts.source for each in read(copier, lambda reader: reader.summaries(99))}
