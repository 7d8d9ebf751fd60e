"""The log of `wherefrom serve`: what is told of each request over each interface, and what never is."""

import fcntl
import re
import signal
import socket
import sys
from collections import Counter
from pathlib import Path
from typing import Literal

import httpx2
import pytest

from service.settings import Settings
from tests.http_fixtures import Serving
from tests.server_fixtures import PATIENCE, environment, serving, serving_command
from tests.service.watching.log_fixtures import (
    MARK,
    ask_everywhere,
    everywhere,
    forge_lines,
    lines_of,
    requests_by_id,
    requests_of,
    shown_on_a_terminal,
)
from tests.service.watching.receiver import ENDPOINT, receiving
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index

# Serves with a list of documents that fails as its limit says, as nobody foresaw or for want of the store, and with a
# reader that fails of some files.
FAULTY = """
import service.backend.work as work
import service.http.routes as routes
from corpus.errors import StoreUnavailable
from service.cli.main import main

async def fail(collection, limit, *more):
    raise ValueError("odd") if limit == 1 else StoreUnavailable("the disk is gone")

def read(source, *more, well=work.read_upload):
    if source == "bad.md":
        raise ValueError("odd file")
    return well(source, *more)

routes.read_page = fail
work.read_upload = read
main()
"""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("log"))


def test_each_request_is_a_line(data_dir: Path) -> None:
    variables = environment(WHEREFROM_LOG_FORMAT="json", WHEREFROM_LOG_LEVEL="info", WHEREFROM_READ_KEYS=READ_KEY)
    variables["WHEREFROM_WRITE_KEYS"] = WRITE_KEY
    command = [sys.executable, "-c", FAULTY, "serve", "--model", "hash", "--json", "--data-dir", str(data_dir)]
    with serving_command(command, variables) as server:
        with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {WRITE_KEY}"}) as client:
            files = [("file", (name, f"A buoy lies in the bay of {name}.")) for name in ("good.md", "bad.md")]
            accepted = client.post("/v1/documents", files=files)
            sent = [
                accepted,
                client.get(f"/v1/jobs/{accepted.json()['jobs'][1]['id']}/events"),
                client.get("/healthz", headers={"X-Request-ID": "mine-1"}),
                client.get("/v1/search?q=berths"),
                client.get("/v1/search?q=berths&k=0"),
                client.get("/v1/documents/d_none"),
                client.get("/v1/documents?limit=1"),
                client.get("/v1/documents?limit=2"),
                client.get("/nothing/here"),
                httpx2.get(f"{server.url}/v1/search?q=berths"),
            ]
        with socket.create_connection(server.address, timeout=PATIENCE) as gone:
            head = f"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {READ_KEY}\r\n"
            gone.sendall(f"{head}Content-Length: 9\r\n\r\n{{".encode())
        server.process.send_signal(signal.SIGTERM)
        out, err = server.process.communicate(timeout=PATIENCE)
    assert out == ""  # but for the line that was read
    lines = lines_of(err)
    told = requests_by_id(lines)
    expected = [
        ("POST", "/v1/documents", 202),
        ("GET", "/v1/jobs/{job_id}/events", 200),
        ("GET", "/healthz", 200),
        ("GET", "/v1/search", 200),
        ("GET", "/v1/search", 422),
        ("GET", "/v1/documents/{document_id}", 404),
        ("GET", "/v1/documents", 500),
        ("GET", "/v1/documents", 503),
        ("GET", "other", 404),
        ("GET", "/v1/search", 401),
    ]
    of_sent = [told.pop(each.headers["x-request-id"]) for each in sent]
    (left,) = told.values()
    assert [(each["method"], each["route"], each["status"]) for each in of_sent] == expected
    assert (left["method"], left["route"], left.get("status")) == ("POST", "/v1/search", None)
    assert of_sent[2]["request_id"] == "mine-1"
    assert all(each["client"] == "127.0.0.1" and 0 <= each["ms"] < 60_000 for each in (*of_sent, left))
    of_job, failed, refused = (each for each in lines if each["level"] == "error")
    assert of_job["error"].endswith("ValueError: odd file")
    assert "request_id" not in of_job
    assert failed["error"].endswith("ValueError: odd")
    assert failed["request_id"] == of_sent[6]["request_id"]
    assert "the disk is gone" in refused["message"]
    assert refused["request_id"] == of_sent[7]["request_id"]


def test_nothing_that_a_client_wrote_is_in_the_log_or_in_a_trace(data_dir: Path) -> None:
    """A word in every place where a request can hold one, over every route, with keys and without."""
    key = f"{MARK}-a-key-that-may-write"
    variables = {"WHEREFROM_WRITE_KEYS": key, "WHEREFROM_LOG_LEVEL": "debug"}
    with receiving() as receiver:
        with serving(data_dir, **variables, **{ENDPOINT: receiver.url}) as server:
            sent = everywhere(server, key) + everywhere(server, f"{MARK}-a-key-that-opens-nothing")
            sent += ask_everywhere(server, MARK, key)
            forge_lines(server)
            log = server.stop(signal.SIGTERM)[1]
        spans = [span for span in receiver.spans() if span.kind == span.SPAN_KIND_SERVER]
    assert not re.search(f"{MARK}|forged", log + b"".join(receiver.bodies).decode("latin-1"), re.IGNORECASE)
    assert not re.search(r"[^\n\x20-\x7e]", log)
    assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z [a-z]+ ", line) for line in log.splitlines())
    assert {200, 202, 401, 403, 404, 422} <= {each.status_code for each in sent}
    told = [status for _, _, status in requests_of(log)]
    requests = [each for each in sent if each.content or each.status_code != 400]  # no HTTP has a method of that name
    assert len(sent) - len(requests) == 2
    assert Counter(str(each.status_code) for each in requests) <= Counter(told)
    assert len(spans) >= len(told) > len(sent)


def test_questions_are_told_where_asked_for_and_keys_are_not(data_dir: Path) -> None:
    key, question = "a-key-that-may-write", "how many berths?\n2026-01-01T00:00:00.000Z info GET /forged 200"
    variables = {"WHEREFROM_WRITE_KEYS": key, "WHEREFROM_ACCESS_LOG": "questions", "WHEREFROM_LOG_FORMAT": "json"}
    with serving(data_dir, WHEREFROM_LOG_LEVEL="info", **variables) as server:
        answers = ask_everywhere(server, question, key)
        log = server.stop(signal.SIGTERM)[1]
    assert all(each.status_code == 200 for each in answers), [each.text for each in answers]
    told = requests_by_id(lines_of(log))
    one, two = question, f"{question}\n{question}"
    asked = [told[each.headers["x-request-id"]]["question"] for each in answers]
    assert asked == [one, one, two, one, two, one, one, one]
    assert key not in log


def test_the_log_can_be_left_off(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    settings: list[tuple[Literal["off", "on"], int]] = [("off", 0), ("on", 1)]
    for setting, expected in settings:
        with Serving(Settings(data_dir=data_dir, model="hash", access_log=setting)) as client:
            assert client.get("/healthz").status_code == 200
        assert len([each for each in caplog.records if each.name == "service.access"]) == expected


def test_a_log_that_nobody_reads_holds_up_nobody(data_dir: Path) -> None:
    with serving(data_dir, WHEREFROM_LOG_LEVEL="info") as server:
        assert server.process.stderr is not None
        takes = 65_536  # bytes; a line has a hundred
        if sys.platform == "linux":
            takes = fcntl.fcntl(server.process.stderr, fcntl.F_SETPIPE_SZ, 4096)
        with httpx2.Client(base_url=server.url) as client:
            for _ in range(takes // 60):
                assert client.get("/healthz").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=PATIENCE) == 0


def test_it_is_told_on_a_terminal_where_to_look(data_dir: Path) -> None:
    """Beside what is told of progress, which a line of the log puts aside; its first lines are no log."""
    told = shown_on_a_terminal(data_dir)
    assert "wherefrom answers at http://127.0.0.1:" in told
    (request,) = [line for line in told.splitlines() if "/healthz" in line]
    assert re.fullmatch(r"(?:\r|\x1b\[2K)*\d{4}-\S+Z info GET /healthz 200 ms=\S+ client=\S+ request_id=\w+", request)
