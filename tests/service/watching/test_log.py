"""The log of `wherefrom serve`: what is told of each request over each interface, and what never is."""

import re
import signal
import socket
import sys
from pathlib import Path

import httpx2
import pytest

from tests.server_fixtures import PATIENCE, environment, serving, serving_command
from tests.service.watching.log_fixtures import (
    MARK,
    ask_everywhere,
    everywhere,
    lines_of,
    requests_of,
    shown_on_a_terminal,
)
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index

# Serves with a list of documents that fails as its limit says: as nobody foresaw, or as one who cannot be answered.
FAULTY = """
import service.http.routes as routes
from corpus.errors import StoreUnavailable
from service.cli.main import main

async def fail(collection, limit, *more):
    raise ValueError("odd") if limit == 1 else StoreUnavailable("the disk is gone")

routes.read_page = fail
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
            accepted = client.post("/v1/documents", files={"file": ("buoy.md", "A buoy lies in the bay.")})
            sent = [
                accepted,
                client.get(f"/v1/jobs/{accepted.json()['jobs'][0]['id']}/events"),
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
        lines = lines_of(server.stop(signal.SIGTERM)[1])
    told = [each for each in lines if each["logger"] == "service.access"]
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
        ("POST", "other", None),
    ]
    assert [(each["method"], each["route"], each.get("status")) for each in told] == expected
    assert [each["request_id"] for each in told[:-1]] == [each.headers["x-request-id"] for each in sent]
    assert told[2]["request_id"] == "mine-1"
    assert all(each["client"] == "127.0.0.1" and 0 <= each["ms"] < 60_000 for each in told)
    failed, refused = (each for each in lines if each["level"] == "error")
    assert failed["error"].endswith("ValueError: odd")
    assert failed["request_id"] == told[6]["request_id"]
    assert "the disk is gone" in refused["message"]
    assert refused["request_id"] == told[7]["request_id"]


def test_nothing_that_a_client_wrote_is_in_the_log(data_dir: Path) -> None:
    """A word in every place where a request can hold one, over every route, with keys and without."""
    key = f"{MARK}-a-key-that-may-write"
    variables = {"WHEREFROM_WRITE_KEYS": key, "WHEREFROM_LOG_LEVEL": "debug"}
    with serving(data_dir, **variables) as server:
        sent = everywhere(server, key) + everywhere(server, f"{MARK}-a-key-that-opens-nothing")
        sent += ask_everywhere(server, MARK, key)
        log = server.stop(signal.SIGTERM)[1]
    assert MARK not in log
    requests = requests_of(log)
    assert len(requests) == len(sent)
    assert {200, 202, 404, 422, 401, 403} <= {each.status_code for each in sent}
    assert [status for _, _, status in requests] == [str(each.status_code) for each in sent]
    assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z [a-z]+ ", line) for line in log.splitlines())


def test_questions_are_told_where_asked_for_and_keys_are_not(data_dir: Path) -> None:
    key, question = "a-key-that-may-write", "how many berths?\n2026-01-01T00:00:00.000Z info GET /forged 200"
    variables = {"WHEREFROM_WRITE_KEYS": key, "WHEREFROM_ACCESS_LOG": "questions", "WHEREFROM_LOG_FORMAT": "json"}
    with serving(data_dir, WHEREFROM_LOG_LEVEL="info", **variables) as server:
        answers = ask_everywhere(server, question, key)
        log = server.stop(signal.SIGTERM)[1]
    assert all(each.status_code == 200 for each in answers), [each.text for each in answers]
    told = [each.get("question") for each in lines_of(log) if each["logger"] == "service.access"]
    one, two = question, f"{question}\n{question}"
    assert told == [one, one, two, one, two, one, one, one]
    assert key not in log


def test_the_log_can_be_left_off_and_standard_output_has_one_line(data_dir: Path) -> None:
    with serving(data_dir, WHEREFROM_ACCESS_LOG="off", WHEREFROM_LOG_LEVEL="info") as server:
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        out, err = server.process.communicate(timeout=PATIENCE)
    assert (out, requests_of(err)) == ("", [])


def test_a_log_that_nobody_reads_holds_up_nobody(data_dir: Path) -> None:
    """A pipe takes 64 KiB; the lines of these requests are more."""
    with serving(data_dir, WHEREFROM_LOG_LEVEL="info") as server:
        with httpx2.Client(base_url=server.url) as client:
            for _ in range(700):
                assert client.get("/healthz").status_code == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=PATIENCE) == 0


def forging() -> list[bytes]:
    """Return heads of requests that would write lines of their own."""
    line = b"2026-11-27T00:00:00.000Z info GET /forged 200"
    return [
        b"GET /%0a" + line.replace(b" ", b"%20") + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: a%0a" + line + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ::1\x0b" + line + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: fe80::1%" + line + b"\r\n\r\n",
        b"FORGED / HTTP/1.1\r\nHost: " + line + b"\r\n\r\n",
        line + b"\r\n\r\n",
        b"\x1b[2J" + line + b" HTTP/1.1\r\n\r\n",
    ]


def test_nobody_forges_a_line(data_dir: Path) -> None:
    with serving(data_dir, WHEREFROM_LOG_LEVEL="debug") as server:
        for head in forging():
            with socket.create_connection(server.address, timeout=PATIENCE) as connection:
                connection.sendall(head)
                connection.recv(65_536)
        log = server.stop(signal.SIGTERM)[1]
    assert "forged" not in log.lower()
    assert not re.search(r"[^\n\x20-\x7e]", log)


def test_it_is_told_on_a_terminal_where_to_look(data_dir: Path) -> None:
    """Beside what is told of progress, which a line of the log puts aside; its first lines are no log."""
    told = shown_on_a_terminal(data_dir)
    assert "wherefrom answers at http://127.0.0.1:" in told
    (request,) = [line for line in told.splitlines() if "/healthz" in line]
    assert re.fullmatch(r"(?:\r|\x1b\[2K)*\d{4}-\S+Z info GET /healthz 200 ms=\S+ client=\S+ request_id=\w+", request)
