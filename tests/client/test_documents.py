"""Documents read and written by the client: what it sends, and what it makes of the answers."""

import json
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.conftest import Asking
from wherefrom import InvalidInput, PreconditionFailed, ServiceFailed
from wherefrom.calls.call import packed
from wherefrom.calls.documents import LINES, LINES_BYTES, lines_calls

WRITTEN = {"document_id": "berths", "passages": 1, "sequence": 7, "outcome": "added", "request_id": "r"}


def written(**more: Any) -> httpx.Response:
    return httpx.Response(201, json={**WRITTEN, **more})


def refused(status: int, error_type: str) -> httpx.Response:
    return httpx.Response(status, json={"error": "not so", "error_type": error_type, "request_id": "r"})


def echoed(request: httpx.Request) -> httpx.Response:
    """Answer each line of a batch as the service does, which counts them from 1 in each request."""
    lines = []
    for number, line in enumerate(request.content.split(b"\n")[:-1], 1):
        given = json.loads(line)
        one = {"line": number, "document_id": given["document_id"]}
        lines.append(json.dumps({**one, "status": 201, "passages": 1, "sequence": number, "outcome": "added"}))
    return httpx.Response(200, text="".join(f"{line}\n" for line in lines))


def test_a_document_is_put(asking: Asking) -> None:
    client, service = asking(written())
    facts = {"title": "泊位", "language": "zh", "metadata": {"rating": 5}}
    answer = client.put("berths", "36 new berths. \u2028 🚢", **facts)
    assert (answer.document_id, answer.sequence, answer.outcome) == ("berths", 7, "added")
    assert service.lines == ["PUT /v1/documents/berths"]
    assert service.sent() == {"text": "36 new berths. \u2028 🚢", **facts}
    assert service.asked[0].headers["content-type"] == "application/json"
    assert not {"if-match", "if-none-match"} & set(service.asked[0].headers)


@pytest.mark.parametrize(("if_match", "header"), [(7, '"7"'), (0, '"0"'), ("*", "*")])
def test_a_condition_is_sent(asking: Asking, if_match: int | str, header: str) -> None:
    client, service = asking(written(), written(), httpx.Response(204))
    client.put("berths", "none", if_match=if_match)
    client.patch("berths", title=None, if_match=if_match)
    assert client.delete("berths", if_match=if_match) is None
    assert [request.headers["if-match"] for request in service.asked] == [header] * 3
    assert service.lines == [f"{method} /v1/documents/berths" for method in ("PUT", "PATCH", "DELETE")]


def test_only_a_new_document_is_put(asking: Asking) -> None:
    client, service = asking(refused(412, "Outdated"))
    with pytest.raises(PreconditionFailed, match="412: not so") as raised:
        client.put("berths", "none", create_only=True)
    assert isinstance(raised.value, ServiceFailed)
    assert (raised.value.status, raised.value.error_type) == (412, "Outdated")
    assert service.asked[0].headers["if-none-match"] == "*"


def test_other_refusals_are_no_failed_conditions(asking: Asking) -> None:
    client, _ = asking(refused(409, "IdTaken"))
    with pytest.raises(ServiceFailed) as raised:
        client.put("berths", "none")
    assert not isinstance(raised.value, PreconditionFailed)


def test_a_patch_sends_what_is_given_and_what_is_removed(asking: Asking) -> None:
    client, service = asking(written(outcome="updated"))
    client.patch("berths", title=None, metadata={"rating": None})
    assert service.sent() == {"title": None, "metadata": {"rating": None}}


@pytest.mark.parametrize(
    ("document_id", "path"),
    [
        ("a/b", "a%2Fb"),
        (".", "%2E"),
        ("..", "%2E%2E"),
        ("...a", "...a"),
        ("a?b#c%20", "a%3Fb%23c%2520"),
        ("港", "%E6%B8%AF"),
        (":batch", "%3Abatch"),
    ],
)
def test_an_id_leads_nowhere_else(asking: Asking, document_id: str, path: str) -> None:
    client, service = asking(httpx.Response(204))
    client.delete(document_id)
    assert service.lines == [f"DELETE /v1/documents/{path}"]


def test_files_and_pages_come_as_they_are(asking: Asking) -> None:
    client, service = asking(httpx.Response(200, content=b"%PDF\xff"))
    assert client.original("berths") == b"%PDF\xff"
    assert client.page_image("berths", 2, 10, 20, width=800) == b"%PDF\xff"
    assert client.page_image("berths", 1) == b"%PDF\xff"
    assert service.lines == [
        "GET /v1/documents/berths/original",
        "GET /v1/documents/berths/pages/2?start=10&end=20&width=800",
        "GET /v1/documents/berths/pages/1",
    ]


def test_documents_are_listed_by_what_they_are(asking: Asking) -> None:
    client, service = asking(httpx.Response(200, json={"documents": [], "next_after": None, "request_id": "r"}))
    assert list(client.documents(q="a&b", language="zh")) == []
    assert dict(service.asked[0].url.params) == {"limit": "500", "after": "", "q": "a&b", "language": "zh"}


def test_many_documents_are_put_in_batches_and_answered_in_their_order(asking: Asking) -> None:
    client, service = asking(echoed)
    documents = [{"document_id": f"d{number}", "text": "one\ntwo\u2028"} for number in range(LINES * 2 + 1)]
    lines = list(client.put_many(iter(documents)))
    assert [line.document_id for line in lines] == [each["document_id"] for each in documents]
    assert [line.line for line in lines] == list(range(1, len(documents) + 1))
    assert not any(line.refused for line in lines)
    assert service.lines == ["POST /v1/documents:batch"] * 3
    assert {request.headers["content-type"] for request in service.asked} == {"application/x-ndjson"}


def test_a_line_that_is_refused_is_told(asking: Asking) -> None:
    line = {"line": 1, "status": 422, "error": "text is missing", "error_type": "InvalidInput"}
    gone = {"line": 2, "status": 204, "document_id": "old"}
    client, _ = asking(httpx.Response(200, text=f"{json.dumps(line)}\n{json.dumps(gone)}\n"))
    first, second = client.put_many([{"document_id": "x"}, {"document_id": "old", "delete": True}])
    assert first.refused
    assert (first.error, first.error_type) == ("text is missing", "InvalidInput")
    assert not second.refused
    assert second.status == 204


def test_nothing_is_sent_of_no_documents(asking: Asking) -> None:
    client, service = asking(echoed)
    assert list(client.put_many([])) == []
    assert not service.asked


def test_an_answer_that_ends_early_is_no_success(asking: Asking) -> None:
    client, _ = asking(httpx.Response(200, text='{"line": 1, "status": 204}\n'))
    with pytest.raises(ServiceFailed, match="1 lines answer 2 documents"):
        list(client.put_many([{"document_id": "a", "delete": True}] * 2))


def recursive() -> dict[str, Any]:
    turn: dict[str, Any] = {}
    turn["turn"] = turn
    return turn


@pytest.mark.parametrize("value", ["\ud800", float("nan"), b"bytes", recursive()])
def test_what_cannot_be_sent_is_said_before(asking: Asking, value: Any) -> None:
    client, service = asking(written())
    with pytest.raises(InvalidInput, match="send texts of whole characters"):
        client.put("berths", "text", metadata={"odd": value})
    with pytest.raises(InvalidInput, match="send texts of whole characters"):
        list(client.put_many([{"document_id": "berths", "text": value}]))
    assert not service.asked


@pytest.mark.parametrize("document_id", ["\ud800", "x" * 70_000])
def test_an_id_that_is_none_is_said_before(asking: Asking, document_id: str) -> None:
    client, service = asking(written())
    with pytest.raises(InvalidInput):
        client.delete(document_id)
    assert not service.asked


@given(st.lists(st.text(max_size=40)), st.integers(1, 60), st.integers(1, 5))
def test_groups_hold_all_in_order_and_are_no_larger_than_they_may_be(
    items: list[str], most_bytes: int, most: int
) -> None:
    groups = list(packed(items, len, most_bytes, most))
    assert [item for group in groups for item in group] == items
    assert all(len(group) == 1 or sum(map(len, group)) <= most_bytes for group in groups)
    assert all(0 < len(group) <= most for group in groups)
    for group, after in pairwise(groups):  # none is smaller than it must be
        assert len(group) == most or sum(map(len, group)) + len(after[0]) > most_bytes


def test_a_large_document_goes_alone_and_none_is_read_before_it_is_sent() -> None:
    taken = []

    def documents() -> Any:
        for number in range(5):
            taken.append(number)
            yield {"document_id": str(number), "text": "x" * LINES_BYTES}

    calls = lines_calls(documents())
    assert next(calls).sent["content"].count(b"\n") == 1
    assert len(taken) == 2
