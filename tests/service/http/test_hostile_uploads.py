"""Hostile files over HTTP: each is a failed job with its reason, and those that came with it are read."""

from pathlib import Path

from eval.attacks.hostile_files import HOSTILE
from index.models.hashing import HashEncoder
from tests.http_fixtures import Serving
from tests.service.http.test_writing import TEXT, ended
from tests.service_fixtures import WRITE_KEY, settings_of

NAMES = ("nested-div.html", "empty-paragraphs.docx", "laughs.docx", "circle-of-forms.pdf", "ole.docx", "locked.pdf")


def test_hostile_files_end_as_failed_jobs_and_the_others_go_on(tmp_path: Path) -> None:
    files = [("file", (each.name, each.make())) for each in HOSTILE if each.name in NAMES]
    with Serving(settings_of(tmp_path, write_keys=WRITE_KEY), lambda choice: HashEncoder()) as client:
        client.headers["Authorization"] = f"Bearer {WRITE_KEY}"
        sent = client.post("/v1/documents", files=[*files, ("file", ("good.txt", TEXT))]).json()["jobs"]
        jobs = {job["source"]: job if job["state"] == "failed" else ended(client, job["id"]) for job in sent}
    assert jobs.pop("good.txt")["state"] == "done"
    assert sorted(jobs) == sorted(NAMES)
    assert {job["state"] for job in jobs.values()} == {"failed"}
    assert all(job["reason"] and "internal" not in job["reason"] for job in jobs.values())
