"""How requests are sent: to which collection, and again where the service is busy."""

import httpx
import pytest

from tests.client.conftest import Asking
from tests.client.test_documents import written
from tests.client.test_jobs import parts, taken
from wherefrom import InvalidInput, ServiceFailed
from wherefrom.calls.call import LONGEST_PAUSE_S

COLLECTION = {"name": "notes", "documents": 0, "passages": 0, "model": "hash", "created": "2024-05-06T07:08:09Z"}


def busy(status: int = 503, after: str | bytes | None = "1") -> httpx.Response:
    told = after.encode() if isinstance(after, str) else after
    headers = {} if told is None else {b"Retry-After": told}
    return httpx.Response(status, json={"error": "overloaded"}, headers=headers)


def test_the_collection_of_the_client_is_that_of_its_requests(asking: Asking) -> None:
    client, service = asking(written(), collection="notes & more")
    client.put("berths", "text")
    client.put("berths", "text", collection="other")
    assert [request.url.params["collection"] for request in service.asked] == ["notes & more", "other"]
    client, service = asking(written())
    client.put("berths", "text")
    assert not service.asked[0].url.query


def test_collections_are_of_no_collection(asking: Asking) -> None:
    listed = httpx.Response(200, json={"collections": [COLLECTION], "request_id": "r"})
    made = httpx.Response(201, json={**COLLECTION, "request_id": "r"})
    client, service = asking(listed, made, httpx.Response(204), collection="not-there-yet")
    assert [each.name for each in client.collections()] == ["notes"]
    assert client.create_collection("notes").documents == 0
    assert client.delete_collection("notes") is None
    assert service.lines == ["GET /v1/collections", "POST /v1/collections", "DELETE /v1/collections/notes"]
    assert service.sent(1) == {"name": "notes"}


@pytest.mark.parametrize("status", [503, 429])
def test_a_busy_service_is_asked_again_when_it_says(asking: Asking, slept: list[float], status: int) -> None:
    client, service = asking(busy(status, "3"), busy(status, "0"), written())
    assert client.put("berths", "text").sequence == 7
    assert slept == [3, 0]
    assert len({request.content for request in service.asked}) == 1


@pytest.mark.parametrize("retries", [2, 1, 0, -1])
def test_patience_has_a_bound(asking: Asking, slept: list[float], retries: int) -> None:
    client, service = asking(busy(), retries=retries)
    with pytest.raises(ServiceFailed, match="503: overloaded"):
        client.put("berths", "text")
    assert len(service.asked) == len(slept) + 1 == max(retries, 0) + 1


@pytest.mark.parametrize(
    "after", [None, "", "soon", b"\xb2", "9" * 5000, "-1", "Wed, 21 Oct 2026 07:28:00 GMT", str(LONGEST_PAUSE_S + 1)]
)
def test_who_does_not_say_when_or_too_late_is_not_asked_again(
    asking: Asking, slept: list[float], after: str | bytes | None
) -> None:
    client, service = asking(busy(after=after))
    with pytest.raises(ServiceFailed):
        client.put("berths", "text")
    assert (len(service.asked), slept) == (1, [])


def test_other_failures_are_not_asked_again(asking: Asking, slept: list[float]) -> None:
    for status in (500, 502, 507, 404):
        client, service = asking(busy(status))
        with pytest.raises(ServiceFailed):
            client.delete("berths")
        assert (len(service.asked), slept) == (1, [])


def test_what_would_be_done_twice_is_sent_once(asking: Asking, slept: list[float]) -> None:
    client, service = asking(busy(), httpx.Response(201, json=COLLECTION))
    with pytest.raises(ServiceFailed):
        client.create_collection("notes")
    assert (len(service.asked), slept) == (1, [])


def test_all_of_a_form_is_sent_again(asking: Asking, slept: list[float]) -> None:
    client, service = asking(busy(), taken())
    assert client.upload(("a.txt", b"x")) == []
    assert [parts(request) for request in service.asked] == [[("file", "a.txt", b"x")]] * 2
    assert slept == [1]


def test_a_name_that_cannot_be_sent_is_told(asking: Asking) -> None:
    client, service = asking(taken())
    with pytest.raises(InvalidInput):
        client.upload(("a\ud800.txt", b"x"))
    with pytest.raises(InvalidInput):
        client.document("a", collection="\ud800")
    assert not service.asked
