"""What is said of the encoding of a file that is sent holds for it."""

from pathlib import Path

from index.models.hashing import HashEncoder
from tests.http_fixtures import Serving
from tests.service.http.test_writing import ended
from tests.service_fixtures import WRITE_KEY, settings_of

NAMES = "Søren Kjær, Tromsø"


def test_an_encoding_is_said(tmp_path: Path) -> None:
    sent = {"file": ("names.txt", NAMES.encode("cp1252"))}
    with Serving(settings_of(tmp_path, write_keys=WRITE_KEY), lambda choice: HashEncoder()) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        (job,) = client.post("/v1/documents", files=sent).json()["jobs"]
        reason = ended(client, job["id"])["reason"]
        assert "is no UTF-8" in reason
        assert "--" not in reason
        said = {"encoding": "windows-1252"}
        (job,) = client.post("/v1/documents", files=sent, data=said).json()["jobs"]
        job = ended(client, job["id"])
        assert job["state"] == "done"
        assert client.get(f"/v1/documents/{job['documents'][0]}").json()["text"] == NAMES
        refused = client.post("/v1/documents", files=sent, data={"encoding": "latin-99"})
        assert refused.status_code == 422
        assert "latin-99" in refused.json()["error"]
        assert client.post("/v1/documents", files=sent, data={"errors": "ignore"}).status_code == 422


def test_bad_bytes_pass_where_that_is_said(tmp_path: Path) -> None:
    sent = {"file": ("quay.txt", b"The quay has nine bollards.\n" * 300 + b"\xff\n")}
    with Serving(settings_of(tmp_path, write_keys=WRITE_KEY), lambda choice: HashEncoder()) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        (job,) = client.post("/v1/documents", files=sent).json()["jobs"]
        assert "--" not in ended(client, job["id"])["reason"]
        (job,) = client.post("/v1/documents", files=sent, data={"errors": "replace"}).json()["jobs"]
        assert ended(client, job["id"])["state"] == "done"
