"""What the tests of the log share: requests with a word wherever one can stand, and a log read line by line."""

import json
import os
import pty
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from tests.server_fixtures import COMMAND, PATIENCE, Server, environment

MARK = "zqxmarkzqx"
JSON_ONLY = {"Accept": "application/json, text/event-stream"}
PARAMETER = re.compile(r"\{\w+\}")
LINE = re.compile(r"\S+Z info (\S+) (\S+) (\d+|left by its client) ms=")
# Besides those of the documentation.
MORE_ROUTES = (("GET", "/"), ("GET", "/source"), ("GET", "/assets/{name}"), ("POST", "/mcp"), ("GET", "/metrics"))


def lines_of(log: str) -> list[dict[str, Any]]:
    """Return the lines of a log in JSON."""
    return [json.loads(line) for line in log.splitlines()]


def requests_by_id(lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the lines of requests by the ids of those; a request may be over before the one before it is told."""
    return {each["request_id"]: each for each in lines if each["logger"] == "service.access"}


def requests_of(log: str) -> list[tuple[str, ...]]:
    """Return method, route and status of each request in a log in text."""
    return [told for told in LINE.findall(log) if told[1] != "/openapi.json"]  # by which `routes` are known


def routes(server: Server) -> list[tuple[str, str]]:
    paths = httpx2.get(f"{server.url}/openapi.json").json()["paths"]
    documented = [(method.upper(), path) for path, methods in paths.items() for method in methods]
    return [*documented, *MORE_ROUTES, ("MARKED", "/v1/search"), ("GET", "/{nothing}/%0A{here}")]


def bodies() -> Iterator[dict[str, Any]]:
    """The bodies that are sent to every route: some that are right somewhere, some that are nowhere."""
    document = {"document_id": MARK, "title": MARK, "text": f"{MARK} lies in the bay.", "source": f"{MARK}.md"}
    rpc = {"jsonrpc": "2.0", "id": MARK, "method": "tools/call"}
    yield {"json": {"query": MARK, "name": MARK, "file_id": MARK}}
    yield {"json": {**document, "query": {MARK: MARK}, "k": MARK}}
    yield {"json": {**rpc, "params": {"name": "search", "arguments": {"query": MARK, MARK: MARK}}}}
    yield {"json": {**rpc, "method": MARK, "params": {"name": [MARK]}}}
    yield {"files": {"file": (f"{MARK}.md", f"{MARK} lies in the bay.")}, "data": {"purpose": MARK, MARK: MARK}}
    yield {"files": {"file": (f"{MARK}.md", f"{MARK} lies in the bay, too.")}}
    yield {"content": f'{{"query": "{MARK}', "headers": {"Content-Type": "application/json"}}


def everywhere(server: Server, key: str) -> list[httpx2.Response]:
    """Send the mark in every place of a request, to every route, and return the answers."""
    headers = {
        "Authorization": f"Bearer {key}",
        "User-Agent": MARK,
        "Referer": f"http://{MARK}/",
        "X-Request-ID": f"{MARK} 1",
    }
    headers |= {"X-Forwarded-For": MARK, "If-Match": f'"{MARK}"', "traceparent": MARK, **JSON_ONLY}
    address = {"q": MARK, "key": MARK, "id": MARK, MARK: MARK}
    sent = []
    with httpx2.Client(base_url=server.url, headers=headers, cookies={"session": MARK}, timeout=PATIENCE) as client:
        for method, path in routes(server):
            target = PARAMETER.sub(MARK, path)
            for body in bodies() if method in ("POST", "PUT", "PATCH") else [{}]:
                sent.append(client.request(method, target, params=address, **body))
        sent.append(client.get("/v1/search", headers={"Host": f"{MARK}.example.org"}))
        sent.append(client.get("/v1/search", params={"q": MARK}, headers={"Origin": f"https://{MARK}.example.org"}))
    return sent


def ask_everywhere(server: Server, question: str, key: str) -> list[httpx2.Response]:
    """Ask by every interface; the third and the fifth ask twice."""
    call = {"name": "search", "arguments": {"query": question}}
    dify = {"top_k": 3, "score_threshold": 0.0}
    store = "/v1/vector_stores/wherefrom/search"
    headers = {"Authorization": f"Bearer {key}", **JSON_ONLY}
    with httpx2.Client(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
        return [
            client.get("/v1/search", params={"q": question}),
            client.post("/v1/search", json={"query": question}),
            client.post("/v1/search", json={"queries": [question, question]}),
            client.post(store, json={"query": question}),
            client.post(store, json={"query": [question, question]}),
            client.post("/retrieval", json={"knowledge_id": "wherefrom", "query": question, "retrieval_setting": dify}),
            client.post("/open-webui/search", json={"query": question}),
            client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}),
        ]


def forge_lines(server: Server) -> None:
    """Send heads of requests that would write lines of their own."""
    line = b"2026-11-27T00:00:00.000Z info GET /forged 200"
    heads = [
        b"GET /%0a" + line.replace(b" ", b"%20") + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: a%0a" + line + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: ::1\x0b" + line + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: fe80::1%" + line + b"\r\n\r\n",
        b"FORGED / HTTP/1.1\r\nHost: " + line + b"\r\n\r\n",
        line + b"\r\n\r\n",
        b"\x1b[2J" + line + b" HTTP/1.1\r\n\r\n",
    ]
    for head in heads:
        with socket.create_connection(server.address, timeout=PATIENCE) as connection:
            connection.sendall(head)
            connection.recv(65_536)


def shown_on_a_terminal(data_dir: Path) -> str:
    """Serve on a terminal, ask once how it is, and return what it shows."""
    ours, theirs = pty.openpty()
    told = b""
    command = [*COMMAND, "--data-dir", str(data_dir)]
    variables = environment(WHEREFROM_LOG_LEVEL="info", TERM="xterm", COLUMNS="200")
    with subprocess.Popen(command, env=variables, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with suppress(OSError), os.fdopen(ours, "rb", buffering=0) as terminal:  # it fails when the process has ended
            while not (found := re.search(rb"answers at (http://\S+) ", told)):
                told += terminal.read(4096)
            assert httpx2.get(f"{found[1].decode()}/healthz").status_code == 200
            process.send_signal(signal.SIGINT)
            while data := terminal.read(4096):
                told += data
        assert process.wait(timeout=PATIENCE) == 0
    return told.decode()
