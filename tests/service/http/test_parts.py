"""Documents in parts, and large ones whole: the same code points that everything else counts."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from corpus.document import make_document, text_digest
from corpus.store.sqlite import Store
from service.http.answers import escaped
from service.reading import PIECE
from tests.http_fixtures import Serving
from tests.service_fixtures import make_index, settings_of

SHORT = "Der Kran am Kai 🏗️ hebt 12 Tonnen.\n\nDie 🚢 legt um neun Uhr ab, 泊位有三十六个。\n"
LINE = 'Zeile "{}" mit \\ und 🚢, 泊位 und Ende.\tSo.\n'
LONG = "".join(map(LINE.format, range(3 * PIECE // len(LINE.encode()))))
MARKED = "# Der Hafen\n\nEin Kai.\n\n## Die Flut\n\nSie kommt zweimal am Tag.\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data_dir = make_index(tmp_path_factory.mktemp("parts"), {"short.txt": SHORT, "marked.md": MARKED})
    with Store.open(data_dir) as store, store.writing() as writer:
        writer.put(make_document(LONG, source="long.txt"), [], [])  # nothing here is searched for
    with Serving(settings_of(data_dir)) as client:
        yield client


@pytest.fixture(scope="module")
def ids(client: TestClient) -> dict[str, str]:
    return {each["source"]: each["document_id"] for each in client.get("/v1/documents").json()["documents"]}


@pytest.mark.parametrize(("source", "text"), [("short.txt", SHORT), ("long.txt", LONG)])
def test_a_document_is_whole_where_no_part_is_asked_for(
    client: TestClient, ids: dict[str, str], source: str, text: str
) -> None:
    answer = client.get(f"/v1/documents/{ids[source]}")
    found = answer.json()
    assert found["text"] == text
    assert (found["start"], found["end"], found["characters"]) == (0, len(text), len(text))
    assert found["sha256"] == text_digest(text)
    assert answer.headers["etag"] == f'"{found["sequence"]}"'
    assert list(found)[-1] == "request_id"


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ({"start": 16, "end": 18}, (16, 18)),
        ({"start": 40}, (40, len(SHORT))),
        ({"end": 17}, (0, 17)),
        ({"start": 5, "end": 5}, (5, 5)),
        ({"start": 40, "end": 10**12}, (40, len(SHORT))),
        ({"start": 10**12, "end": 10**12}, (len(SHORT), len(SHORT))),
    ],
)
def test_a_part_is_cut_by_code_points(
    client: TestClient, ids: dict[str, str], asked: dict[str, int], span: tuple[int, int]
) -> None:
    found = client.get(f"/v1/documents/{ids['short.txt']}", params=asked).json()
    assert (found["start"], found["end"]) == span
    assert found["text"] == SHORT[span[0] : span[1]]
    assert (found["characters"], found["sha256"]) == (len(SHORT), text_digest(SHORT))


@settings(max_examples=25)
@given(start=st.integers(0, len(LONG)), length=st.sampled_from([0, 1, 1000, PIECE, 2 * PIECE, len(LONG)]))
def test_a_large_part_is_the_same_as_a_slice(client: TestClient, ids: dict[str, str], start: int, length: int) -> None:
    asked = {"start": start, "end": start + length}
    assert client.get(f"/v1/documents/{ids['long.txt']}", params=asked).json()["text"] == LONG[start : start + length]


@pytest.mark.parametrize("asked", [{"start": -1}, {"end": -1}, {"start": "x"}, {"start": 3, "end": 2}, {"end": "1.5"}])
def test_a_part_that_cannot_be_is_refused(client: TestClient, ids: dict[str, str], asked: dict[str, object]) -> None:
    answer = client.get(f"/v1/documents/{ids['short.txt']}", params=asked)  # type: ignore[arg-type] # wrong on purpose
    assert (answer.status_code, answer.json()["error_type"]) == (422, "InvalidInput")
    assert client.get("/v1/documents/none", params={"start": 0, "end": 5}).status_code == 404


def test_the_layout_of_a_part_is_what_stands_in_it(client: TestClient, ids: dict[str, str]) -> None:
    path = f"/v1/documents/{ids['marked.md']}"
    whole = client.get(path, params={"layout": True}).json()
    assert [each["kind"] for each in whole["layout"]] == ["heading", "paragraph", "heading", "paragraph"]
    place = MARKED.index("Flut")
    part = client.get(path, params={"layout": True, "start": place, "end": place + 4}).json()
    assert (part["text"], part["layout"]) == ("Flut", [whole["layout"][2]])
    assert client.get(path, params={"layout": True, "start": 0, "end": 0}).json()["layout"] == []


@given(st.text())
def test_bytes_are_escaped_as_json_is(text: str) -> None:
    whole = text.encode("utf-8", "replace")
    for cut in range(len(whole) + 1):  # in the midst of code points, too
        assert json.loads(b'"' + escaped(whole[:cut]) + escaped(whole[cut:]) + b'"') == whole.decode()
