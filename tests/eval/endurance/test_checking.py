"""The oracle itself: whatever is lost, half, wrong or back again is seen, and nothing else is complained of."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.document import document_id_of
from eval.endurance.checking import check
from eval.endurance.client import Client
from eval.endurance.ledger import DEFAULT, Ledger, Place, Version
from eval.endurance.serving import Server, serving
from eval.endurance.texts import Written, word_of, write, write_bytes

SHELF = "shelf"
FIRST, SECOND, THERE, GONE = (
    Place(DEFAULT, "first"),
    Place(DEFAULT, "second"),
    Place(SHELF, "there"),
    Place(DEFAULT, "gone"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("data")) as server:
        yield server


@pytest.fixture(scope="module")
def written(server: Server) -> Ledger:
    """What the server holds, as it is."""
    ledger, client = Ledger(), server.client()
    assert client.make_collection(SHELF).ok
    ledger.settle_collection(SHELF, True)
    for place in (FIRST, SECOND, THERE, GONE):
        client.collection = place.collection
        version = Version(write(place.document_id), f"title of {place.document_id}")
        assert client.put(place.document_id, version.written.text, title=version.title).ok
        ledger.wrote(place, version)
    client.collection = DEFAULT
    assert client.delete(GONE.document_id).ok
    ledger.wrote(GONE, None)
    client.close()
    return ledger


@pytest.fixture
def ledger(written: Ledger) -> Ledger:
    return Ledger(dict(written.known), {}, {}, {name: set(there) for name, there in written.collections.items()})


def faults(server: Server, ledger: Ledger) -> list[str]:
    return list(check(server, ledger, list(ledger.known)))


def test_what_is_as_it_was_written_has_no_faults(server: Server, ledger: Ledger) -> None:
    assert faults(server, ledger) == []


def version_of(ledger: Ledger, place: Place) -> Version:
    version = ledger.known[place]
    assert version is not None
    return version


def test_a_document_that_is_lost(server: Server, ledger: Ledger) -> None:
    ledger.known[Place(DEFAULT, "lost")] = Version(write("lost"), "lost")
    assert any("lost" in fault for fault in faults(server, ledger))


def test_a_document_that_is_back_again(server: Server, ledger: Ledger) -> None:
    ledger.known[FIRST] = None
    assert any("first" in fault for fault in faults(server, ledger))
    del ledger.known[SECOND]
    assert any("never written" in fault for fault in faults(server, ledger))


def test_another_text_or_another_title(server: Server, ledger: Ledger) -> None:
    version = version_of(ledger, FIRST)
    ledger.known[FIRST] = replace(version, title="another")
    assert len(faults(server, ledger)) == 1
    ledger.known[FIRST] = replace(version, written=write("another"))
    assert len(faults(server, ledger)) > 1


def test_a_document_that_is_there_but_not_found(server: Server, ledger: Ledger) -> None:
    version = version_of(ledger, THERE)
    ledger.known[THERE] = replace(version, written=Written(version.written.text, (word_of("in no text"),)))
    (fault,) = faults(server, ledger)
    assert "is not found" in fault


def test_a_write_that_was_not_acknowledged_may_have_happened_or_not(server: Server, ledger: Ledger) -> None:
    other = Version(write("other"), "other")
    held = version_of(ledger, FIRST)
    ledger.known[FIRST] = other  # acknowledged; what the server holds was sent after it
    ledger.sending(FIRST, held)
    ledger.sending(SECOND, None)
    assert faults(server, ledger) == []
    assert ledger.known[FIRST] == held, "it is known now"
    assert not ledger.perhaps


def test_collections_that_are_lost_or_back_again(server: Server, ledger: Ledger) -> None:
    ledger.collections["away"] = {True}
    assert any("away is gone" in fault for fault in faults(server, ledger))
    ledger.collections[SHELF] = {False}
    assert any(f"{SHELF} is there" in fault for fault in faults(server, ledger))
    ledger.collections[SHELF] = {True, False}
    assert not any(SHELF in fault for fault in faults(server, ledger))


def test_jobs_that_end_well_fail_or_are_unknown(server: Server, ledger: Ledger) -> None:
    client = server.client()
    version = Version(write("uploaded"), "uploaded")
    for name, content in (("uploaded.txt", version.written.text.encode()), ("broken.pdf", b"no PDF at all")):
        (job,) = client.upload({name: content}, title=version.title).json["jobs"]
        ledger.took(job["id"], Place(DEFAULT, document_id_of(name)), version)
    assert faults(server, ledger) == []
    assert ledger.known[Place(DEFAULT, document_id_of("uploaded.txt"))] == version
    assert ledger.known[Place(DEFAULT, document_id_of("broken.pdf"))] is None
    ledger.took("j_none", FIRST, version)
    assert any("j_none" in fault for fault in faults(server, ledger))
    assert client.delete(document_id_of("uploaded.txt")).ok
    client.close()


def test_a_client_whose_server_is_away_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        client = server.client()
        server.kill()
        with pytest.raises(OSError):
            client.search("ferry")
    with pytest.raises(OSError):
        Client(server.port, None).collections()


def test_texts_are_each_of_their_own_words() -> None:
    texts = [write(f"{number}", 3) for number in range(200)]
    words = [word for text in texts for word in text.words]
    assert len(set(words)) == len(words) == 600
    assert all(text.text.count(word) == 3 for text in texts for word in text.words)
    assert write("7", 3) == texts[7]
    assert 20_000 <= len(write_bytes("large", 20_000).text.encode()) < 22_000
