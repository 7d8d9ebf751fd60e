"""Clients that take their time, on purpose or not: others are answered meanwhile, and nobody waits for them forever."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import httpx2
import pytest

from service.http.connection import HEAD_SECONDS
from service.http.middleware.bodies import BODY_SECONDS
from tests.server_fixtures import PATIENCE, Server, serving
from tests.service_fixtures import make_index

CLIENTS = 200
PAUSE_S = 0.5  # between two bytes; any connection that is silent for longer would be told from one that is slow
BODY = b"POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"
HEAD = b"GET /v1/search?q=x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Endless: "


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data_dir: Path = make_index(tmp_path_factory.mktemp("slow"))
    with serving(data_dir) as server:
        yield server


def drip(connections: list[socket.socket], stop: Event) -> None:
    """Send a byte now and then on each connection that still takes it."""
    while not stop.wait(PAUSE_S):
        for connection in connections:
            try:
                connection.send(b"x")
            except OSError:  # hung up on, as it should be
                continue


def received(connection: socket.socket) -> bytes:
    """Return all that comes until the server hangs up."""
    parts = []
    try:
        while part := connection.recv(65536):
            parts.append(part)
    except ConnectionResetError:  # a byte of ours met a closed door
        pass
    return b"".join(parts)


def ask_for_longer_than_a_request_may_take(server: Server) -> None:
    """Send one request after the other over one connection, each slowly."""
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        started = monotonic()
        while monotonic() - started < HEAD_SECONDS + 1:
            connection.sendall(b"GET /healthz HTTP/1.1\r\n")
            Event().wait(PAUSE_S)  # in the middle of the head
            connection.sendall(b"Host: 127.0.0.1\r\n\r\n")
            answer = b""
            while not answer.endswith(b'{"status":"ok"}'):
                part = connection.recv(65536)
                assert part, "the server hung up"
                answer += part
            assert answer.startswith(b"HTTP/1.1 200 ")


def test_slow_clients_hold_nobody_up_and_are_let_go(server: Server) -> None:
    started, stop = monotonic(), Event()
    with ExitStack() as stack:
        meanwhile = stack.enter_context(ThreadPoolExecutor(1)).submit(ask_for_longer_than_a_request_may_take, server)
        opened = [
            stack.enter_context(socket.create_connection(server.address, timeout=PATIENCE)) for _ in range(CLIENTS)
        ]
        bodies, heads, silent = opened[:100], opened[100:180], opened[180:]
        for connection in bodies:
            connection.sendall(BODY)
        for connection in heads:
            connection.sendall(HEAD)
        dripping = Thread(target=drip, args=(bodies + heads, stop))
        dripping.start()
        stack.callback(dripping.join)
        stack.callback(stop.set)
        for _ in range(20):
            answer = httpx2.get(f"{server.url}/v1/search", params={"q": "泊位有多少个"}).json()
            assert answer["results"][0]["citation"]["source"] == "harbour.md"
        assert monotonic() - started < min(HEAD_SECONDS, BODY_SECONDS), "too late to have been answered meanwhile"
        for connection in bodies:
            head, _, body = received(connection).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 408 ")
            assert b"connection: close" in head.lower()
            told = json.loads(body)
            assert list(told) == ["error", "error_type", "request_id"]
            assert told["error_type"] == "TooSlow"
        for connection in heads + silent:
            assert received(connection) == b""
        meanwhile.result()  # it was not let go
    assert monotonic() - started < 2 * max(HEAD_SECONDS, BODY_SECONDS)
    assert httpx2.get(f"{server.url}/readyz").status_code == 200
