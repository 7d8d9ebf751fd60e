"""The service while it loads, when loading fails, under overload, and while other processes write to its index."""

import sqlite3
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Event

import pytest
from starlette.testclient import TestClient

from corpus.errors import ModelUnavailable, StoreUnavailable
from corpus.store.sqlite import DATABASE_FILE, Store
from index.models.encoder import Encoder, ModelChoice
from index.models.hashing import HashEncoder
from index.models.registry import load_encoder
from index.syncing import index_paths
from index.terms.terms import LexicalQuestion, read_question
from index.writer import Indexer, rebuild
from service.app import create_app
from tests.http_fixtures import ANSWER, Serving, ask, assert_error, assert_shape, hash_encoder
from tests.index.models.tiny_model import make_tiny_model
from tests.service_fixtures import (
    GatedEncoder,
    OtherEncoder,
    make_index,
    put_text,
    settings_of,
    unservable,
    write_files,
)
from tests.store_fixtures import delete


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("http"))


def test_questions_are_refused_until_the_index_is_loaded(data_dir: Path) -> None:
    let_go = Event()

    def slow(choice: ModelChoice) -> Encoder:
        assert let_go.wait(timeout=30)
        return HashEncoder()

    serving = Serving(settings_of(data_dir), slow)
    with serving.client as client:
        for path in ("/readyz", "/v1/search?q=x", "/v1/documents"):
            assert "being loaded" in assert_error(client.get(path), 503, "NotReady", data_dir)
        assert client.get("/healthz").json() == {"status": "ok"}
        let_go.set()
        assert serving.loaded.wait(timeout=30)
        assert serving.failure is None
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/v1/search?q=x").status_code == 200


def test_a_service_is_not_ready_before_the_dictionary_is_read(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()

    def slowly(text: str) -> LexicalQuestion:
        begun.set()
        assert go_on.wait(timeout=30)
        return read_question(text)

    monkeypatch.setattr("service.backend.backend.read_question", slowly)
    serving = Serving(settings_of(data_dir))
    with serving.client as client:
        assert begun.wait(timeout=30)
        time.sleep(0.3)  # long enough for an index of three documents to be open
        assert_error(client.get("/readyz"), 503, "NotReady")
        go_on.set()
        assert serving.loaded.wait(timeout=30)
        assert client.get("/readyz").json() == {"status": "ready"}


def test_a_service_is_not_ready_while_a_graph_is_made(tmp_path: Path) -> None:
    choice = ModelChoice(str(make_tiny_model(tmp_path / "model")))
    encoder = load_encoder(choice, tmp_path / "cache")
    with Store.open(tmp_path / "data", create=True) as store:
        list(index_paths(store, Indexer(store, encoder), [write_files(tmp_path / "files")]))
    told, go_on = Event(), Event()

    def load(choice: ModelChoice) -> Encoder:
        def tell(text: str) -> None:
            assert "making the graph" in text
            told.set()
            assert go_on.wait(timeout=30)

        return load_encoder(choice, tmp_path / "emptied", tell=tell)

    serving = Serving(settings_of(tmp_path / "data").model_copy(update={"model": None}), load)
    with serving.client as client:
        assert told.wait(timeout=30)
        assert_error(client.get("/readyz"), 503, "NotReady", tmp_path)
        go_on.set()
        assert serving.loaded.wait(timeout=30)
        assert client.get("/readyz").json() == {"status": "ready"}


@pytest.mark.parametrize(
    "error",
    [ModelUnavailable("the folder /secret holds no model"), RuntimeError("secret of a library"), OSError("secret")],
)
def test_an_index_that_cannot_be_loaded_is_503_and_told_to_the_operator(data_dir: Path, error: Exception) -> None:
    def load(choice: ModelChoice) -> Encoder:
        raise error

    serving = Serving(settings_of(data_dir), load)
    with serving as client:
        for path in ("/readyz", "/v1/search?q=x", "/v1/documents/d_1"):
            message = assert_error(client.get(path), 503, "NotReady", "secret", data_dir)
            assert "cannot be loaded" in message
        assert client.get("/healthz").status_code == 200
    assert "secret" in str(serving.failure)


def test_an_index_that_cannot_be_made_is_503_not_404(tmp_path: Path) -> None:
    serving = Serving(settings_of(unservable(tmp_path)))
    with serving as client:
        assert_error(client.get("/readyz"), 503, "NotReady", tmp_path)
        assert_error(client.get("/v1/documents/d_1"), 503, "NotReady", tmp_path)
    assert isinstance(serving.failure, StoreUnavailable)


def test_why_loading_failed_is_logged_where_no_one_asks_to_be_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings_of(unservable(tmp_path)), hash_encoder)
    with TestClient(app):
        pass  # the end waits for the loading
    assert [record for record in caplog.records if "cannot be loaded" in record.getMessage()]


def test_what_cannot_wait_is_refused_at_once(data_dir: Path) -> None:
    encoder = GatedEncoder()
    settings = settings_of(data_dir, searches=1, waiting=1)
    with Serving(settings, lambda choice: encoder) as client, ThreadPoolExecutor(3) as threads:
        assert encoder.entered.acquire(timeout=30)  # the question that warms up
        encoder.gate.clear()
        try:
            first = threads.submit(client.get, "/v1/search?q=one")
            assert encoder.entered.acquire(timeout=30)
            others = [threads.submit(client.get, f"/v1/search?q={name}") for name in ("two", "three")]
            done, waiting = wait(others, timeout=30, return_when=FIRST_COMPLETED)
            (refused,), (later,) = done, waiting
            assert "waiting already" in assert_error(refused.result(), 503, "Overloaded")
            assert_error(client.get("/v1/documents"), 503, "Overloaded")
            assert client.get("/healthz").status_code == 200
            assert client.get("/readyz").status_code == 200
            assert not first.done()
        finally:
            encoder.gate.set()
        assert first.result(timeout=30).status_code == later.result(timeout=30).status_code == 200
        assert client.get("/v1/search?q=four").status_code == 200


def test_a_write_of_another_process_is_visible_to_the_next_search(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path)
    with Serving(settings_of(data_dir)) as client:
        before = ask(client, "Who mends the clock tower?")
        document_id = put_text(data_dir, "The clock tower is mended by Ada Bell every spring.", "clock.txt")
        after = ask(client, "Who mends the clock tower?")
        assert after["results"][0]["document_id"] == document_id
        assert after["index"]["documents"] == before["index"]["documents"] + 1
        assert after["index"]["id"] != before["index"]["id"]
        assert client.get(f"/v1/documents/{document_id}").status_code == 200
        with Store.open(data_dir) as store:
            delete(store, document_id)
        assert ask(client, "Who mends the clock tower?")["index"]["id"] == before["index"]["id"]
        assert_error(client.get(f"/v1/documents/{document_id}"), 404, "NotFound")


def test_an_index_rebuilt_with_another_model_is_503_until_the_service_is_restarted(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path)
    with Serving(settings_of(data_dir)) as client:
        with Store.open(data_dir) as store:
            list(rebuild(store, OtherEncoder()))
        for _ in range(2):
            message = assert_error(client.get("/v1/search?q=x"), 503, "IndexMismatch", data_dir)
            assert "rebuilt with another model" in message
            assert "restart" in message


def test_a_damaged_store_is_503_and_does_not_name_its_place(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    data_dir = make_index(tmp_path)
    with Serving(settings_of(data_dir)) as client:
        with sqlite3.connect(data_dir / DATABASE_FILE) as connection:
            connection.execute("UPDATE tokens SET token_vectors = x'00'")
        connection.close()
        assert "wherefrom verify" in assert_error(client.get("/v1/search?q=x"), 503, "StoreDamaged", data_dir)
    assert "stored tokens of 1 bytes" in caplog.text


def test_an_empty_index_says_so(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path, {})
    with Serving(settings_of(data_dir)) as client:
        answer = ask(client)
        assert_shape(answer, ANSWER)
        assert (answer["answerable"], answer["results"], answer["confidence"]) == (False, [], 0.0)
        assert answer["no_answer_reason"] == "the index is empty"
        assert client.get("/v1/documents").json()["documents"] == []
