"""Several processes at one address on a database: they write and read there as servers of their own do."""

from pathlib import Path

import httpx2

from tests.server_fixtures import COMMAND, PATIENCE, environment, serving_command, until
from tests.service_fixtures import WRITE_KEY

KEYED = {"Authorization": f"Bearer {WRITE_KEY}"}


def test_what_one_process_writes_the_others_find_and_files_are_read(own_store: str, tmp_path: Path) -> None:
    variables = environment(WHEREFROM_WRITE_KEYS=WRITE_KEY, WHEREFROM_DATA_DIR=str(tmp_path / "never"))
    command = [*COMMAND, "--json", "--workers", "2", "--store", own_store]
    with serving_command(command, variables) as server:
        clients = [httpx2.Client(base_url=server.url, headers=KEYED, timeout=PATIENCE) for _ in range(6)]
        until(lambda: "wherefrom_workers 2.0" in clients[0].get("/metrics").text)
        for number, client in enumerate(clients):
            text = f"The pilot boat of pier {number} is called Osprey{number}."
            assert client.put(f"/v1/documents/boat-{number}", json={"text": text}).status_code in (200, 201)
            for other in clients:
                found = other.get("/v1/search", params={"q": f"Osprey{number}", "k": 1}).json()
                assert found["results"][0]["citation"]["quote"] == text
        jobs = [
            client.post("/v1/documents", files={"file": ("tide.txt", f"High tide at {number}.".encode())}).json()
            for number, client in enumerate(clients)
        ]
        last = jobs[-1]["jobs"][0]["id"]
        until(lambda: clients[0].get(f"/v1/jobs/{last}").json()["state"] == "done")
        job = clients[0].get(f"/v1/jobs/{last}").json()
        assert clients[1].get(f"/v1/documents/{job['documents'][0]}").json()["text"] == "High tide at 5."
        for client in clients:
            client.close()
        code, told = server.stop(15)
    assert (code, told) == (0, "")
    assert not (tmp_path / "never").exists()
