"""`wherefrom serve` as a process of its own: what it prints, that it answers, and how it ends."""

import errno
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.client import HTTPResponse
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from service.server import listen
from tests.server_fixtures import COMMAND, PATIENCE, Server, environment, serving
from tests.service_fixtures import READ_KEY, WRITE_KEY, make_index

POST = b"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def refused(*arguments: str, **variables: str) -> tuple[int, str, str]:
    """Return exit code and output of a service that does not start."""
    command = [*COMMAND, *arguments]
    done = subprocess.run(
        command, env=environment(**variables), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout, done.stderr


def assert_one_error(result: tuple[int, str, str], code: int, told: str) -> None:
    assert (result[0], result[1]) == (code, "")
    (line,) = result[2].splitlines()
    assert line.startswith("error: ")
    assert told in line


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_index(tmp_path_factory.mktemp("serve"))


@pytest.fixture(scope="module")
def server(data_dir: Path) -> Iterator[Server]:
    with serving(data_dir) as server:
        yield server


def test_it_answers_where_it_says(server: Server) -> None:
    assert server.url.startswith("http://127.0.0.1:")
    assert httpx2.get(f"{server.url}/readyz").json() == {"status": "ready"}
    answer = httpx2.get(f"{server.url}/v1/search", params={"q": "泊位有多少个"}).json()
    assert answer["results"][0]["citation"]["source"] == "harbour.md"


def exchanged(connection: socket.socket, *parts: bytes, status: int = 200) -> dict[str, Any]:
    """Send a request in parts, each a packet of its own, and return the JSON of its answer."""
    for part in parts:
        connection.sendall(part)
        sleep(0.002)
    response = HTTPResponse(connection)
    response.begin()
    assert response.status == status
    answer: dict[str, Any] = json.load(response)
    return answer


def test_an_address_may_be_typed_as_it_is_read(server: Server) -> None:
    """As curl sends it, in whatever pieces it arrives; nothing but the first line is touched."""
    question, asked = "泊位有多少个🚢", "Größe?"
    get = f"GET /v1/search?q={question}&k=1 HTTP/1.1\r\nHost: localhost\r\nX-Note: é\r\n\r\n".encode()
    body = json.dumps({"query": asked}, ensure_ascii=False).encode()
    post = "POST /v1/search?q=é HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    post += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        whole = exchanged(connection, get)
        assert whole["query"] == question
        assert exchanged(connection, post.encode() + body)["query"] == asked
        pieces = exchanged(connection, *(bytes([each]) for each in get))
        assert pieces["results"] == whole["results"]
        # A terminal may send another encoding, which nobody can tell from UTF-8 that went wrong.
        refused = exchanged(connection, get.decode().replace("🚢", "").encode("gb18030"), status=422)
        assert "UTF-8" in refused["error"]


def test_a_large_body_is_refused_and_the_connection_stays_in_order(server: Server) -> None:
    with httpx2.Client(base_url=server.url) as client:
        for _ in range(2):
            large = client.post("/v1/search", content=b"x" * 5_000_000, headers={"Content-Type": "application/json"})
            assert large.status_code == 413
            assert client.post("/v1/search", json={"query": "x"}).status_code == 200


def test_a_declared_gigabyte_is_refused_before_it_is_sent(server: Server) -> None:
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        connection.sendall(POST + b"Content-Length: 1000000000\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("target", [b"/v1/search?q=\xe4\xba\x91", b"/v1/documents/\xff", b"/%", b"/v1/search?q=%"])
def test_a_raw_target_is_no_failure(server: Server, target: bytes) -> None:
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        connection.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        status = int(connection.recv(1024).split()[1])
    assert status in (200, 400, 404, 422)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(data_dir: Path, number: int) -> None:
    with serving(data_dir, WHEREFROM_LOG_LEVEL="info", WHEREFROM_ACCESS_LOG="off") as server:
        with socket.create_connection(server.address, timeout=PATIENCE) as gone:  # a client that went half-way
            gone.sendall(POST + b"Content-Length: 9\r\n\r\n{")
        with httpx2.Client(base_url=server.url) as idle:  # a connection that is kept open must not hold it up
            assert idle.get("/healthz").status_code == 200
            started = monotonic()
            code, told = server.stop(number)
            assert code == 0
            assert re.fullmatch(r"\S+Z info stopped\n", told)
            assert monotonic() - started < 10
        with pytest.raises(OSError):
            socket.create_connection(server.address, timeout=1)


def test_a_request_in_flight_is_answered_before_the_end(data_dir: Path) -> None:
    body = json.dumps({"query": "泊位有多少个"}).encode()
    head = POST + f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n".encode()
    with serving(data_dir) as server, socket.create_connection(server.address, timeout=PATIENCE) as connection:
        # The server says 100 when the request has reached the application, which then waits for the body.
        connection.sendall(head + b"Expect: 100-continue\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 ")
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(timeout=0.5)
        connection.sendall(body)
        response = b"".join(iter(lambda: connection.recv(65536), b""))
        assert response.startswith(b"HTTP/1.1 200 ")
        assert json.loads(response.partition(b"\r\n\r\n")[2])["results"]
        assert server.process.wait(timeout=PATIENCE) == 0


def assert_it_ends_in_good_order(server: Server) -> None:
    started = monotonic()
    code, told = server.stop(signal.SIGTERM)
    assert code == 0
    assert monotonic() - started < 10
    assert "Traceback" not in told


def test_a_client_that_never_finishes_does_not_hold_up_the_end(data_dir: Path) -> None:
    with serving(data_dir) as server, socket.create_connection(server.address, timeout=PATIENCE) as connection:
        connection.sendall(POST + b"Content-Length: 9\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 ")
        assert_it_ends_in_good_order(server)
        assert connection.recv(1024).startswith(b"HTTP/1.1 503 ")


def test_an_answer_that_nobody_takes_does_not_hold_up_the_end(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path / "data", {"large.txt": "A crane lifts the anchor out of the silt. " * 30_000})
    with serving(data_dir) as server, socket.create_connection(server.address, timeout=PATIENCE) as connection:
        (large,) = httpx2.get(f"{server.url}/v1/documents").json()["documents"]
        connection.sendall(f"GET /v1/documents/{large['document_id']} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 200 ")
        assert_it_ends_in_good_order(server)


def test_keys_come_from_the_environment(data_dir: Path) -> None:
    with serving(data_dir, WHEREFROM_READ_KEYS=READ_KEY) as server:
        assert httpx2.get(f"{server.url}/v1/documents").status_code == 401
        opened = httpx2.get(f"{server.url}/v1/documents", headers={"Authorization": f"Bearer {READ_KEY}"})
        assert opened.status_code == 200


def first_lines(data_dir: Path) -> list[str]:
    """Return what a person is told at the start."""
    command = [*COMMAND, "--data-dir", str(data_dir)]
    with subprocess.Popen(command, text=True, env=environment(), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        told = [process.stderr.readline(), process.stderr.readline()]
        process.terminate()
        return told + process.stderr.readlines()


def test_a_person_is_told_where_to_look(data_dir: Path, tmp_path: Path) -> None:
    line, how_to_write = first_lines(data_dir)
    assert line.startswith("wherefrom answers at http://127.0.0.1:")
    assert "/docs" in line
    assert re.fullmatch(r"to add documents, open http://127\.0\.0\.1:\d+/#write=[\w-]{40,}\n", how_to_write)
    *_, hint = first_lines(tmp_path)
    assert hint == f"nothing is indexed yet; run: wherefrom index PATH --data-dir {tmp_path}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_log_whose_disk_is_full_keeps_nobody_from_answers(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = free.getsockname()
    command = [*COMMAND, "--data-dir", str(data_dir), "--port", str(address[1])]
    with (
        Path("/dev/full").open("w") as full,
        subprocess.Popen(command, env=environment(), stdout=full, stderr=full) as process,
    ):
        deadline = monotonic() + PATIENCE
        while process.poll() is None and monotonic() < deadline:
            with suppress(httpx2.TransportError):
                if httpx2.get(f"http://127.0.0.1:{address[1]}/readyz").status_code == 200:
                    break
            sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0


def test_the_page_has_a_key_of_its_own_where_no_other_may_write(data_dir: Path) -> None:
    with serving(data_dir) as server, serving(data_dir, WHEREFROM_READ_KEYS=READ_KEY) as keyed:
        tokens = []
        for each in (server, keyed):
            assert each.write_url is not None
            address, _, token = each.write_url.partition("/#write=")
            assert address == each.url
            tokens.append(token)
        assert len(set(tokens)) == 2
        address = f"{keyed.url}/v1/documents"
        answers = [httpx2.get(address, headers={"Authorization": f"Bearer {token}"}).status_code for token in tokens]
        assert answers == [403, 200]


def test_the_page_has_no_key_where_keys_are_made(data_dir: Path) -> None:
    with serving(data_dir, WHEREFROM_WRITE_KEYS=WRITE_KEY) as server:
        assert server.write_url is None


def test_an_address_of_the_sixth_version_can_be_opened(data_dir: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    with serving(data_dir, "--host", "::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert httpx2.get(f"{server.url}/readyz").status_code == 200


def test_a_port_that_is_taken(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = refused("--data-dir", str(data_dir), "--port", port)
    assert_one_error(
        result, 2, f"cannot listen on 127.0.0.1 port {port}: {os.strerror(errno.EADDRINUSE)}; choose another --port"
    )


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_one_error(refused("--data-dir", str(tmp_path / "file" / "none")), 1, "name another --data-dir")


WRONG: Mapping[str, tuple[list[str], dict[str, str], int, str]] = {
    "a host that is no name": (["--host", "x" * 300], {"WHEREFROM_READ_KEYS": READ_KEY}, 2, "cannot listen on"),
    "a host that others reach": (["--host", "0.0.0.0"], {}, 2, "set WHEREFROM_READ_KEYS"),
    "a port beyond the last": (["--port", "65536"], {}, 2, "--port is 65536"),
    "a port in words": ([], {"WHEREFROM_PORT": "eighty"}, 2, "WHEREFROM_PORT is 'eighty'"),
    "no public address": ([], {"WHEREFROM_PUBLIC_URL": "documents.example"}, 2, "write a URL such as https://"),
    "no searches": ([], {"WHEREFROM_SEARCHES": "0"}, 2, "WHEREFROM_SEARCHES is '0'"),
    "a model that is not the index's": (["--model", "none/such"], {"HF_HUB_OFFLINE": "1"}, 1, "none/such"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting(data_dir: Path, name: str) -> None:
    arguments, variables, code, told = WRONG[name]
    assert_one_error(refused("--data-dir", str(data_dir), *arguments, **variables), code, told)


def test_an_answer_does_not_wait_for_the_client_to_acknowledge_its_head() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
