"""nginx in front of two servers, by the configuration in deploy/: TLS, another server where one is away, refusals."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from tests.conftest import ROOT
from tests.server_fixtures import PATIENCE, until

CONFIGURATION = (ROOT / "deploy" / "cluster" / "nginx.conf").read_text("utf-8")
NAMES = ("wherefrom-1:8000", "wherefrom-2:8000")


@dataclass
class Answering:
    """A server that says its name; one with a `fault` hangs up after the request, one that is `busy` answers 503."""

    name: str
    fault: bool = False
    busy: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """A block in which it answers at its port, one of its own the first time."""
        answering = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answering.asked.append(f"{self.command} {self.path}")
                if answering.fault:
                    self.close_connection = True
                    return
                told = f"{answering.name} {self.headers['X-Request-ID']} {self.headers['X-Forwarded-For']}".encode()
                self.send_response(503 if answering.busy else 200)
                if answering.busy:
                    self.send_header("Retry-After", "17")
                self.send_header("Content-Length", str(len(told)))
                self.end_headers()
                self.wfile.write(told)

            do_POST = do_PUT = do_GET

            def log_request(self, *about: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", self.port), Handler) as server:
            self.port = server.server_port
            thread = Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield
            finally:
                server.shutdown()
                thread.join()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


@dataclass
class Front:
    """nginx that runs, what asks it, and the servers behind it."""

    client: httpx2.Client
    servers: tuple[Answering, Answering]
    running: ExitStack

    def names(self, method: str, path: str, times: int) -> set[str]:
        """Who answered some requests, all of which were answered."""
        answers = [self.client.request(method, path) for _ in range(times)]
        assert {each.status_code for each in answers} == {200}, [each.text for each in answers]
        return {each.text.split()[0] for each in answers}


def written(folder: Path, ports: tuple[int, int], port: int) -> Path:
    """The configuration with the places that are here."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout",
         str(folder / "tls-key"), "-out", str(folder / "tls-certificate")],
        capture_output=True, check=True,
    )  # fmt: skip
    here = {name: f"127.0.0.1:{behind}" for name, behind in zip(NAMES, ports, strict=True)}
    here |= {"listen 8443": f"listen 127.0.0.1:{port}", "/dev/stdout": "/tmp/access.log", "/run/secrets/": "/tmp/"}
    here |= {"fail_timeout=5s": "fail_timeout=1s"}  # so that the tests need not wait so long
    text = CONFIGURATION
    for there, place in (here | {"/tmp/": f"{folder}/"}).items():
        text = text.replace(there, place)
    file = folder / "nginx.conf"
    file.write_text(text, "utf-8")
    return file


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None or shutil.which("openssl") is None:
        pytest.skip("nginx is not installed; it reads and runs its configuration (Debian has it, and openssl)")
    servers, port = (Answering("one"), Answering("two")), free_port()
    with ExitStack() as running:
        for each in servers:
            running.enter_context(each.running())
        command = [program, "-c", str(written(tmp_path, (servers[0].port, servers[1].port), port)), "-p", str(tmp_path)]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        assert "warn" not in re.sub(r'.*the "user" directive.*', "", checked.stderr)
        process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
        context = ssl.create_default_context(cafile=str(tmp_path / "tls-certificate"))
        context.check_hostname = False
        try:
            with httpx2.Client(base_url=f"https://127.0.0.1:{port}", verify=context) as client:
                until(lambda: listens(port))
                yield Front(client, servers, running)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def test_both_servers_answer(front: Front) -> None:
    assert front.names("GET", "/v1/documents", 8) == {"one", "two"}
    _, request_id, client = front.client.get("/healthz").text.split()
    assert re.fullmatch(r"[0-9a-f]{32}", request_id)
    assert client == "127.0.0.1"


def test_a_server_that_hangs_up_is_not_seen_by_who_reads(front: Front) -> None:
    front.servers[0].fault = True
    assert front.names("GET", "/v1/documents", 6) == {"two"}
    assert front.names("POST", "/v1/search", 6) == {"two"}
    assert front.servers[0].asked, "it was tried"


@pytest.mark.parametrize("path", ["/v1/search", "/v1/vector_stores/law/search", "/retrieval", "/open-webui/search"])
def test_a_question_is_asked_again_of_the_other_server(front: Front, path: str) -> None:
    for each in front.servers:
        each.fault = True
    assert front.client.post(path).status_code == 503
    assert [len(each.asked) for each in front.servers] == [1, 1]


def test_what_may_have_been_written_is_not_sent_twice(front: Front) -> None:
    for each in front.servers:
        each.fault = True
    answer = front.client.post("/v1/documents")
    assert sum(len(each.asked) for each in front.servers) == 1
    assert answer.status_code == 503


def test_where_no_server_is_the_answer_says_when_to_come_again(front: Front) -> None:
    front.running.close()
    answer = front.client.get("/v1/search", params={"q": "x"})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    told = answer.json()
    assert list(told) == ["error", "error_type", "request_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", told["request_id"])
    with front.servers[0].running():
        # For a while a server that did not answer is left alone.
        until(lambda: front.client.get("/healthz").status_code == 200)
        assert front.names("GET", "/v1/documents", 3) == {"one"}


def test_what_a_server_refuses_is_its_answer(front: Front) -> None:
    for each in front.servers:
        each.busy = True
    answers = [front.client.get("/v1/search", params={"q": "x"}) for _ in range(4)]
    assert {(each.status_code, each.headers["retry-after"]) for each in answers} == {(503, "17")}


def test_the_log_holds_no_question(front: Front, tmp_path: Path) -> None:
    front.client.get("/v1/search", params={"q": "a secret question"})
    log = tmp_path / "access.log"
    until(lambda: bool(log.read_text("utf-8")))  # it is written once the answer is sent
    (line,) = log.read_text("utf-8").splitlines()
    assert "GET 200" in line
    assert "secret" not in line
