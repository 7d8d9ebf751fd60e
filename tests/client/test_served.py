"""The client against a service that is written to: documents, files, collections, and what is refused."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from haystack.utils import Secret
from pydantic import SecretStr

from tests.client.fake_service import KINDS, Blocking
from tests.corpus.files.file_makers import column, make_pdf
from tests.server_fixtures import Server, serving
from tests.service_fixtures import LIGHTHOUSE, WRITE_KEY
from wherefrom import AsyncWherefrom, JobFailed, PreconditionFailed, ServiceFailed, Wherefrom
from wherefrom.calls.documents import LINES
from wherefrom.haystack import WherefromRetriever as HaystackRetriever
from wherefrom.langchain import WherefromRetriever as LangChainRetriever
from wherefrom.llamaindex import WherefromRetriever as LlamaIndexRetriever

PATIENCE_S = 30  # for a job; far more than it takes
TIDE = "High water is at 6 in the evening, and the ferry waits for it."
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that starts with nothing and takes a key to write."""
    with serving(tmp_path_factory.mktemp("written"), WHEREFROM_WRITE_KEYS=WRITE_KEY) as server:
        yield server


@pytest.fixture(params=KINDS)
def client(request: pytest.FixtureRequest, written: Server) -> Iterator[Wherefrom]:
    """A client of either kind, in a collection of the test's own."""
    with Wherefrom(written.url, WRITE_KEY, collection="own") as blocking, asyncio.Runner() as runner:
        looped = AsyncWherefrom(written.url, WRITE_KEY, collection="own")
        blocking.create_collection("own")
        yield blocking if request.param == "Wherefrom" else Blocking(looped, runner)  # type: ignore[misc]
        blocking.delete_collection("own")
        runner.run(looped.close())


def test_a_document_is_found_as_soon_as_it_is_written(client: Wherefrom) -> None:
    first = client.put("tide", TIDE, title="Tides", metadata={"rating": 5})
    assert (first.document_id, first.outcome, first.passages) == ("tide", "added", 1)
    (found,) = client.search("when is high water").results
    assert found.citation.quote == TIDE
    assert client.verify(found.citation)
    again = client.put("tide", TIDE, title="Tides", metadata={"rating": 5})
    assert (again.outcome, again.sequence) == ("unchanged", first.sequence)
    client.put("tide", f"{TIDE} It leaves at 7.", title="Tides")
    assert not client.verify(found.citation)
    client.delete("tide")
    assert client.search("when is high water").results == []
    with pytest.raises(ServiceFailed) as raised:
        client.delete("tide")
    assert raised.value.status == 404


def test_what_is_known_of_a_document_is_changed_key_by_key(client: Wherefrom) -> None:
    client.put("tide", TIDE, title="Tides", author="A. Reader", metadata={"rating": 5, "room": "12"})
    changed = client.patch("tide", author=None, published="2024-05", metadata={"room": None, "floor": 1})
    assert changed.outcome == "updated"
    document = client.document("tide")
    assert document.sequence == changed.sequence
    assert (document.title, document.author, document.published) == ("Tides", None, "2024-05")
    assert document.metadata == {"rating": 5, "floor": 1}


def test_nobody_writes_over_what_they_have_not_seen(client: Wherefrom) -> None:
    first = client.put("tide", TIDE, create_only=True)
    second = client.put("tide", f"{TIDE} It leaves at 7.", if_match=first.sequence)
    for late in (
        lambda: client.put("tide", TIDE, create_only=True),
        lambda: client.put("tide", TIDE, if_match=first.sequence),
        lambda: client.patch("tide", title="Late", if_match=first.sequence),
        lambda: client.delete("tide", if_match=first.sequence),
        lambda: client.put("gone", TIDE, if_match="*"),
    ):
        with pytest.raises(PreconditionFailed):
            late()
    assert client.document("tide").sequence == second.sequence
    client.patch("tide", title="Tides", if_match="*")
    client.delete("tide", if_match=client.document("tide").sequence)


def test_many_documents_are_written_and_removed(client: Wherefrom) -> None:
    texts = [
        {"document_id": f"d{number:03}", "text": f"Pier {number}.\u2028Boat {number}."} for number in range(LINES + 5)
    ]
    lines = list(client.put_many([*texts, {"document_id": "bad"}, {"document_id": "d001", "delete": True}]))
    assert [line.line for line in lines] == list(range(1, LINES + 8))
    assert {line.outcome for line in lines[:-2]} == {"added"}
    assert (lines[-2].status, lines[-2].refused, lines[-2].error_type) == (422, True, "InvalidInput")
    assert (lines[-1].status, lines[-1].refused) == (204, False)
    listed = list(client.documents())
    assert len(listed) == LINES + 4
    assert [each.document_id for each in client.documents(q="D003")] == ["d003"]
    assert all(each.sequence for each in listed)


@pytest.mark.parametrize("document_id", ["a b", "港", "%2F", "?q=1#x", "a:b", "...", "+&=", "🚢" * 200])
def test_an_id_is_whatever_can_be_one(client: Wherefrom, document_id: str) -> None:
    assert client.put(document_id, TIDE).document_id == document_id
    assert client.document(document_id).text == TIDE
    assert [each.document_id for each in client.documents()] == [document_id]
    client.delete(document_id)


@pytest.mark.parametrize("document_id", ["", ".", "..", "a/b", "x" * 201, "a\nb"])
def test_what_cannot_be_an_id_is_refused(client: Wherefrom, document_id: str) -> None:
    with pytest.raises(ServiceFailed) as raised:
        client.put(document_id, TIDE)
    assert raised.value.status in (404, 405, 422)
    assert list(client.documents()) == []


def test_files_become_documents(client: Wherefrom, tmp_path: Path) -> None:
    path = tmp_path / "灯塔.txt"
    path.write_text(LIGHTHOUSE, "utf-8")
    jobs = client.upload(path, ("tide.md", TIDE.encode()), wait=True, timeout=PATIENCE_S)
    assert [(job.state, job.source, job.collection) for job in jobs] == [
        ("done", "灯塔.txt", "own"),
        ("done", "tide.md", "own"),
    ]
    (document_id,) = jobs[0].documents
    assert client.original(document_id) == path.read_bytes()
    assert client.search("paraffin").results[0].document_id == document_id
    assert {job.id for job in client.jobs()} == {job.id for job in jobs}
    assert client.job(jobs[0].id) == jobs[0]
    with pytest.raises(ServiceFailed) as raised:
        client.cancel(jobs[0])
    assert raised.value.status == 409


def test_a_page_of_a_pdf_is_a_picture(client: Wherefrom, tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "tide.pdf", [column(TIDE), column(TIDE.replace("6", "7"))])
    (job,) = client.upload(path, wait=True, timeout=PATIENCE_S, document_id="timetable", title="Tides")
    assert (job.documents, job.pages) == (["timetable"], 2)
    document = client.document("timetable")
    assert document.title == "Tides"
    assert document.original is not None
    assert (document.original.media_type, document.original.pages) == ("application/pdf", 2)
    plain, marked = client.page_image("timetable", 1), client.page_image("timetable", 1, 0, 10)
    assert plain[:8] == marked[:8] == PNG
    assert plain != marked
    with pytest.raises(ServiceFailed) as raised:
        client.page_image("timetable", 3)
    assert raised.value.status == 404


def test_a_file_that_cannot_be_one_is_told_after_the_others(client: Wherefrom) -> None:
    files = ("tide.exe", b"MZ"), ("tide.md", TIDE.encode())
    with pytest.raises(JobFailed, match=r"^tide\.exe: failed: ") as raised:
        client.upload(*files, wait=True, timeout=PATIENCE_S)
    assert len(raised.value.jobs) == 1
    assert [each.source for each in client.documents()] == ["tide.md"]
    states = [job.state for job in client.upload(*files, wait=True, check=False, timeout=PATIENCE_S)]
    assert states == ["failed", "done"]


def test_collections_are_apart(client: Wherefrom) -> None:
    made = client.create_collection("other")
    assert (made.name, made.documents, made.passages) == ("other", 0, 0)
    client.put("tide", TIDE, collection="other")
    assert client.search("high water").results == []
    assert client.search("high water", collection="other").results[0].document_id == "tide"
    assert [len(each.results) for each in client.search_many(["high water"], collection="other")] == [1]
    assert [(each.name, each.documents) for each in client.collections()] == [("default", 0), ("other", 1), ("own", 0)]
    with pytest.raises(ServiceFailed) as raised:
        client.create_collection("other")
    assert raised.value.status == 409
    client.delete_collection("other")
    with pytest.raises(ServiceFailed) as raised:
        client.search("high water", collection="other")
    assert raised.value.status == 404
    with pytest.raises(ServiceFailed) as raised:
        client.delete_collection("default")
    assert raised.value.status == 409


async def test_retrievers_search_a_collection(client: Wherefrom, written: Server) -> None:
    await asyncio.to_thread(client.put, "tide", TIDE)
    url = written.url
    chain = LangChainRetriever(base_url=url, key=SecretStr(WRITE_KEY), collection="own")
    llama = LlamaIndexRetriever(url, WRITE_KEY, collection="own")
    hay = HaystackRetriever(url, Secret.from_token(WRITE_KEY), collection="own")
    assert [each.page_content for each in chain.invoke("high water")] == [TIDE]
    assert [each.page_content for each in await chain.ainvoke("high water")] == [TIDE]
    assert [each.text for each in llama.retrieve("high water")] == [TIDE]
    assert [each.content for each in hay.run("high water")["documents"]] == [TIDE]
    assert chain.invoke("high water", collection="default") == []
    assert hay.run("high water", {"collection": "default"})["documents"] == []


@pytest.mark.parametrize(("key", "status"), [(None, 401), ("a-key-that-opens-nothing", 403)])
def test_who_may_not_write_is_told(written: Server, key: str | None, status: int) -> None:
    with Wherefrom(written.url, key) as client, pytest.raises(ServiceFailed) as raised:
        client.put("tide", TIDE)
    assert raised.value.status == status
