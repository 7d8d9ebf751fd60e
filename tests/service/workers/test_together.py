"""Several processes at one address: to a client they are one service, whichever of them it comes to."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from index.local.index import LOCAL
from service.cli.together import usual_size
from service.settings import read_settings
from tests.server_fixtures import COMMAND, PATIENCE, Server, environment, is_gone, serving, until
from tests.service_fixtures import WRITE_KEY, make_index

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what a process has begun is told by Linux' /proc")

KEYED = {"Authorization": f"Bearer {WRITE_KEY}"}
CLIENTS = 8  # connections that are kept; the workers share them


def workers_of(process: "subprocess.Popen[str]") -> set[int]:
    """Return the processes that a process has begun."""
    return set(map(int, Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()))


def figure(client: httpx2.Client, name: str, **labels: str) -> float:
    """Return the sum of the figures of a name that have these labels."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = [sample for family in families for sample in family.samples if sample.name == name]
    return sum(sample.value for sample in samples if labels.items() <= sample.labels.items())


def fds(client: httpx2.Client) -> list[float]:
    return [figure(client, "process_open_fds", worker=str(number)) for number in range(2)]


@contextmanager
def clients_of(server: Server, number: int = CLIENTS) -> Iterator[list[httpx2.Client]]:
    """Clients with a connection each, which they keep."""
    with ExitStack() as opened:
        clients = [httpx2.Client(base_url=server.url, headers=KEYED, timeout=PATIENCE) for _ in range(number)]
        for client in clients:
            opened.enter_context(client)
            assert client.get("/healthz").status_code == 200
        yield clients


@contextmanager
def two_workers(data_dir: Path, **variables: str) -> Iterator[Server]:
    """A service of two processes, both of which answer."""
    with serving(data_dir, "--workers", "2", WHEREFROM_WRITE_KEYS=WRITE_KEY, **variables) as server:
        with httpx2.Client(base_url=server.url, headers=KEYED, timeout=PATIENCE) as client:
            until(lambda: figure(client, "wherefrom_workers") == 2)
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with two_workers(make_index(tmp_path_factory.mktemp("together"))) as server:
        yield server


@pytest.fixture
def clients(server: Server) -> Iterator[list[httpx2.Client]]:
    with clients_of(server) as clients:
        yield clients


def test_both_answer_and_share_the_connections_evenly(server: Server) -> None:
    with httpx2.Client(base_url=server.url, headers=KEYED) as client, ExitStack() as opened:
        before = fds(client)
        for _ in range(20):  # all at once
            opened.enter_context(socket.create_connection(server.address, timeout=PATIENCE))
        until(lambda: figure(client, "wherefrom_connections") == 21)
        more = [now - then for now, then in zip(fds(client), before, strict=True)]
    assert 20 <= sum(more) <= 24  # a process opens a file or two when it is first asked
    assert abs(more[0] - more[1]) <= 4


def test_figures_add_up(clients: list[httpx2.Client]) -> None:
    questions, requests = "wherefrom_questions_total", "wherefrom_http_request_seconds_count"
    asked, of_route = figure(clients[0], questions), {"route": "/v1/search", "status": "200"}
    counted = figure(clients[0], requests, **of_route)
    for client in clients:
        assert client.get("/v1/search", params={"q": "泊位有多少个"}).status_code == 200
    assert [figure(client, questions) for client in clients] == [asked + CLIENTS] * CLIENTS
    assert figure(clients[-1], requests, **of_route) == counted + CLIENTS
    assert {figure(client, "wherefrom_ready") for client in clients} == {1}
    until(lambda: figure(clients[0], "wherefrom_connections") == CLIENTS)


def test_what_one_writes_all_find_at_once(clients: list[httpx2.Client]) -> None:
    for number, client in enumerate(clients):
        text = f"The pilot boat of pier {number} is called Osprey{number}."
        address = f"/v1/documents/boat-{number}"
        assert client.put(address, json={"text": text}).status_code == 201
        answers = [each.get("/v1/search", params={"q": f"Osprey{number}", "k": 1}).json() for each in clients]
        assert {answer["results"][0]["citation"]["quote"] for answer in answers} == {text}
        assert len({answer["index"]["id"] for answer in answers}) == 1
        assert {each.get(address).json()["text"] for each in clients} == {text}
    for number, client in enumerate(reversed(clients)):
        assert client.delete(f"/v1/documents/boat-{number}").status_code == 204
        assert {each.get(f"/v1/documents/boat-{number}").status_code for each in clients} == {404}


def test_one_version_follows_another_whichever_of_them_is_asked(clients: list[httpx2.Client]) -> None:
    address, etag = "/v1/documents/log", ""
    for number, client in enumerate(clients):
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        written = client.put(address, json={"text": f"Entry {number}."}, headers=condition)
        assert written.status_code in (200, 201)
        etag = clients[number - 1].get(address).headers["etag"]
        late = clients[number - 1].put(address, json={"text": "Late."}, headers={"If-Match": '"0"'})
        assert late.status_code == 412
    assert clients[0].get(address).json()["text"] == f"Entry {CLIENTS - 1}."


def test_collections_come_and_go_for_all(clients: list[httpx2.Client]) -> None:
    for number, client in enumerate(clients):
        assert client.post("/v1/collections", json={"name": "shared"}).status_code == 201
        others = [each for each in clients if each is not client]
        assert {each.post("/v1/collections", json={"name": "shared"}).status_code for each in others} == {409}
        written = others[0].put("/v1/documents/quay?collection=shared", json={"text": f"Quay {number}."})
        assert written.status_code == 201
        answers = [each.get("/v1/search", params={"q": "quay", "collection": "shared"}).json() for each in clients]
        assert {answer["results"][0]["citation"]["quote"] for answer in answers} == {f"Quay {number}."}
        assert others[-1].delete("/v1/collections/shared").status_code == 204
        assert {each.get("/v1/documents/quay?collection=shared").status_code for each in clients} == {404}


def sent(client: httpx2.Client, name: str, text: str) -> str:
    """Send a file, and return the id of its job."""
    answer = client.post("/v1/documents", files={"file": (name, io.BytesIO(text.encode()))})
    assert answer.status_code == 202
    (job,) = answer.json()["jobs"]
    return str(job["id"])


def job_of(client: httpx2.Client, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()
    return found


def until_job(client: httpx2.Client, job_id: str, state: str) -> None:
    until(lambda: job_of(client, job_id)["state"] == state)


def test_files_are_read_in_the_order_in_which_they_were_accepted(clients: list[httpx2.Client]) -> None:
    """Whichever accepted them, else an older version of a file could come last."""
    jobs = [sent(client, "tide.txt", f"High tide at {number} o'clock.") for number, client in enumerate(clients * 2)]
    until_job(clients[0], jobs[-1], "done")
    found = [job_of(client, job_id) for client, job_id in zip(clients * 2, jobs, strict=True)]
    assert {each["state"] for each in found} == {"done"}
    assert [each["changed"] for each in found] == sorted(each["changed"] for each in found)
    texts = {client.get(f"/v1/documents/{found[0]['documents'][0]}").json()["text"] for client in clients}
    assert texts == {f"High tide at {2 * CLIENTS - 1} o'clock."}
    until(lambda: figure(clients[0], "wherefrom_jobs") == 0)


def test_a_job_is_ended_by_whichever_is_asked(clients: list[httpx2.Client]) -> None:
    long = "\n\n".join(f"Tide {number} rose to {number} feet at the northern quay." for number in range(20_000))
    for client, other in (clients[:2], clients[1:3]):
        job_id = sent(client, "long.txt", long)
        until_job(other, job_id, "embedding")
        assert other.delete(f"/v1/jobs/{job_id}").json()["state"] == "cancelled"
        until_job(other, sent(client, "short.txt", "A short note."), "done")  # the next one has its turn
        assert job_of(client, job_id)["state"] == "cancelled"


def test_one_that_dies_is_told_and_another_comes_in_its_place(tmp_path: Path) -> None:
    with two_workers(make_index(tmp_path)) as server, clients_of(server, 4) as clients:
        for client in clients:
            assert client.get("/v1/search", params={"q": "harbour"}).status_code == 200
        asked = figure(clients[0], "wherefrom_questions_total")
        before = workers_of(server.process)
        for number in before:
            os.kill(number, signal.SIGKILL)
        with httpx2.Client(base_url=server.url, headers=KEYED, timeout=PATIENCE) as client:
            # Who comes meanwhile waits at the door.
            assert client.get("/v1/search", params={"q": "harbour"}).status_code == 200
            until(lambda: len(workers_of(server.process) - before) == 2)
            until(lambda: figure(client, "wherefrom_workers") == 2)
            assert figure(client, "wherefrom_questions_total") == asked + 1
            job_id = sent(client, "tide.txt", "High tide at noon.")
            until_job(client, job_id, "done")
        code, told = server.stop(signal.SIGTERM)
    assert code == 0
    lines = told.splitlines()
    assert len(lines) == 2
    assert all("has ended: signal 9 (Killed); another one begins in 0.5 s" in line for line in lines)


def test_jobs_of_one_that_dies_are_done_by_the_next(tmp_path: Path) -> None:
    with two_workers(make_index(tmp_path)) as server, clients_of(server, 4) as clients:
        long = "\n\n".join(f"Tide {number} rose to {number} feet at the northern quay." for number in range(800))
        jobs = [sent(client, f"tide-{number}.txt", long[number:]) for number, client in enumerate(clients)]
        until_job(clients[0], jobs[0], "embedding")
        for number in workers_of(server.process):
            os.kill(number, signal.SIGKILL)
        with httpx2.Client(base_url=server.url, headers=KEYED, timeout=PATIENCE) as client:
            until(lambda: {job_of(client, each)["state"] for each in jobs} == {"done"})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_in_good_order(tmp_path: Path, number: int) -> None:
    with two_workers(make_index(tmp_path), WHEREFROM_LOG_LEVEL="info", WHEREFROM_ACCESS_LOG="off") as server:
        workers = workers_of(server.process)
        with clients_of(server, 4):  # connections that are kept must not hold it up
            started = time.monotonic()
            code, told = server.stop(number)
        assert (code, told.split(maxsplit=1)[1]) == (0, "info stopped\n")
        assert time.monotonic() - started < 10
        assert all(map(is_gone, workers))
        with pytest.raises(OSError):
            socket.create_connection(server.address, timeout=1)


def test_none_outlives_the_one_that_began_them(tmp_path: Path) -> None:
    with two_workers(make_index(tmp_path)) as server:
        workers = workers_of(server.process)
        server.process.kill()
        until(lambda: all(map(is_gone, workers)))


def test_limits_hold_for_all_together(tmp_path: Path) -> None:
    with two_workers(make_index(tmp_path), WHEREFROM_CONNECTIONS="8") as server, ExitStack() as opened:
        for _ in range(20):
            opened.enter_context(socket.create_connection(server.address, timeout=PATIENCE))
        found: list[float] = []
        while len(found) < 4 or found[-1] != found[-2]:  # each worker tells once a second what it has
            time.sleep(0.5)
            with httpx2.Client(base_url=server.url, headers=KEYED) as client:
                found.append(figure(client, "wherefrom_connections"))
                assert figure(client, "wherefrom_refused_total", reason="connections") > 0
        assert 4 < found[-1] <= 8


def test_one_process_begins_no_other(tmp_path: Path) -> None:
    with serving(make_index(tmp_path), "--workers", "1") as server:
        assert workers_of(server.process) == set()


WRONG = {
    "none": (["--workers", "0"], {}, 2, "--workers is 0: Input should be greater than or equal to 1"),
    "too many": (["--workers", "65"], {}, 2, "--workers is 65: Input should be less than or equal to 64"),
    "no number": ([], {"WHEREFROM_WORKERS": "many"}, 2, "WHEREFROM_WORKERS is 'many'"),
    "no model": (["--workers", "2", "--model", "none/such"], {"HF_HUB_OFFLINE": "1"}, 1, "none/such"),
    "a host that others reach": (["--workers", "2", "--host", "0.0.0.0"], {}, 2, "set WHEREFROM_READ_KEYS"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_start_is_one_error(tmp_path: Path, name: str) -> None:
    arguments, variables, code, told = WRONG[name]
    assert_refused(make_index(tmp_path), arguments, variables, code, told)


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = f"cannot listen on 127.0.0.1 port {port}: "
        assert_refused(make_index(tmp_path), ["--workers", "2", "--port", port], {}, 2, told)


def assert_refused(data_dir: Path, arguments: list[str], variables: dict[str, str], code: int, told: str) -> None:
    command = [*COMMAND, "--data-dir", str(data_dir), *arguments]
    done = subprocess.run(
        command, env=environment(**variables), capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert told in line


@pytest.mark.parametrize(("cores", "size"), [(1, 1), (2, 2), (3, 3), (64, 4)])
def test_as_many_serve_as_there_are_cores_up_to_a_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int, size: int
) -> None:
    monkeypatch.setattr("joblib.cpu_count", lambda: cores)
    with LOCAL.open_truth(make_index(tmp_path), False) as truth:
        assert usual_size(read_settings(), truth) == size


def test_one_serves_where_each_would_load_a_model_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joblib.cpu_count", lambda: 4)
    with LOCAL.open_truth(make_index(tmp_path / "ours"), False) as truth:
        assert usual_size(read_settings(reranker="some/reranker"), truth) == 1
    with LOCAL.open_truth(tmp_path / "new", True) as truth:
        assert usual_size(read_settings(), truth) == 4
        assert usual_size(read_settings(model="some/model"), truth) == 1


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one core is to be had")
def test_where_nobody_says_how_many_a_start_is_told_as_ever(tmp_path: Path) -> None:
    with serving(make_index(tmp_path), WHEREFROM_WORKERS="", WHEREFROM_WRITE_KEYS=WRITE_KEY) as server:
        with httpx2.Client(base_url=server.url, headers=KEYED, timeout=PATIENCE) as client:
            until(lambda: len(workers_of(server.process)) > 1)
            until(lambda: figure(client, "wherefrom_workers") == len(workers_of(server.process)))
            assert client.get("/v1/search", params={"q": "harbour"}).status_code == 200
        assert server.stop(signal.SIGTERM) == (0, "")
