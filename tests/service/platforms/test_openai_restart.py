"""OpenAI's files: what was answered is there when the process was killed, and what was begun goes on."""

import signal
from pathlib import Path

from tests.service.platforms.openai_fixtures import BELL, PIER, client_of, upload, writable
from tests.service_fixtures import make_index


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    data_dir = make_index(tmp_path)
    with writable(data_dir) as server, client_of(server) as client:
        client.vector_stores.create(name="piers", metadata={"team": "maps"})
        kept = upload(client)
        server.stop(signal.SIGKILL)
    with writable(data_dir) as server, client_of(server) as client:
        assert client.files.content(kept).read() == PIER.encode()
        assert client.vector_stores.retrieve("piers").metadata == {"team": "maps"}
        begun = [upload(client, f"{BELL * 200}The bell is number {each}.", f"{each}.md") for each in range(3)]
        batch = client.vector_stores.file_batches.create("piers", file_ids=[*begun, kept], attributes={"n": 1})
        assert batch.file_counts.in_progress == 4
        server.stop(signal.SIGKILL)
    with writable(data_dir) as server, client_of(server) as client:
        done = client.vector_stores.file_batches.poll(batch.id, vector_store_id="piers")
        assert (done.status, done.file_counts.completed) == ("completed", 4)
        told = {each.id: each.attributes for each in client.vector_stores.files.list("piers")}
        assert told == {each: {"n": 1} for each in (*begun, kept)}
        assert client.vector_stores.search("piers", query="planks of oak").data[0].file_id == kept
