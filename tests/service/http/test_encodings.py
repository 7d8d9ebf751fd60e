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
        assert "is no UTF-8" in ended(client, job["id"])["reason"]
        said = {"encoding": "windows-1252"}
        (job,) = client.post("/v1/documents", files=sent, data=said).json()["jobs"]
        job = ended(client, job["id"])
        assert job["state"] == "done"
        assert client.get(f"/v1/documents/{job['documents'][0]}").json()["text"] == NAMES
        refused = client.post("/v1/documents", files=sent, data={"encoding": "latin-99"})
        assert refused.status_code == 422
        assert "latin-99" in refused.json()["error"]
