"""Files handed over by the client, and waited for."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.client.conftest import Asking
from wherefrom import InvalidInput, Job, JobFailed, JobUnfinished
from wherefrom.calls.jobs import FIRST_PAUSE_S, LONGEST_PAUSE_S, pauses

JOB: dict[str, Any] = {
    "id": "j_1", "state": "queued", "source": "harbour.pdf", "collection": "default", "documents": [], "pages": None,
    "passages": 0, "total": None, "reason": None, "created": "2024-05-06T07:08:09Z", "changed": "2024-05-06T07:08:09Z",
}  # fmt: skip


def job(**more: Any) -> dict[str, Any]:
    return {**JOB, **more}


def told(**more: Any) -> httpx.Response:
    return httpx.Response(200, json={**job(**more), "request_id": "r"})


def taken(*jobs: dict[str, Any]) -> httpx.Response:
    return httpx.Response(202, json={"jobs": list(jobs), "request_id": "r"})


def parts(request: httpx.Request) -> list[tuple[str, str | None, bytes]]:
    """Return the fields of a form, each with the name of its file."""
    boundary = request.headers["content-type"].partition("boundary=")[2].encode()
    found = []
    for part in request.content.split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        names = dict(re.findall(r'; (\w+)="([^"]*)"', head.decode()))
        found.append((names["name"], names.get("filename"), content.removesuffix(b"\r\n")))
    return found


def test_files_are_handed_over(asking: Asking, tmp_path: Path) -> None:
    path = tmp_path / "港.md"
    path.write_bytes(b"one\r\ntwo")
    client, service = asking(taken(job(), job(id="j_2", state="failed", reason="no such ending")))
    first, second = client.upload(path, ("notes.txt", b"\x00\xff"), collection="harbour")
    assert (first.id, first.ended, second.reason, second.ended) == ("j_1", False, "no such ending", True)
    assert service.lines == ["POST /v1/documents?collection=harbour"]
    assert parts(service.asked[0]) == [("file", "港.md", b"one\r\ntwo"), ("file", "notes.txt", b"\x00\xff")]


def test_facts_go_with_one_file(asking: Asking) -> None:
    client, service = asking(taken(job()))
    client.upload(("a.txt", b"x"), document_id="berths", title="泊位")
    sent = parts(service.asked[0])
    assert {(name, content.decode()) for name, file, content in sent if file is None} == {
        ("document_id", "berths"),
        ("title", "泊位"),
    }
    with pytest.raises(InvalidInput, match="title with 2 files; give facts with one file"):
        client.upload(("a.txt", b"x"), ("b.txt", b"x"), title="T")
    assert len(service.asked) == 1


def test_nothing_is_sent_if_a_file_is_not_there(asking: Asking, tmp_path: Path) -> None:
    client, service = asking(taken(job()))
    for wrong in (tmp_path / "gone.md", tmp_path):
        with pytest.raises(InvalidInput, match="there is no such file"):
            client.upload(("a.txt", b"x"), wrong)
    assert client.upload() == []
    assert not service.asked


def test_many_files_go_in_several_requests_and_are_read_as_they_are_sent(
    asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wherefrom.calls.jobs.UPLOAD_BYTES", 10)
    paths = [tmp_path / f"{number}.txt" for number in range(5)]
    for path in paths:
        path.write_bytes(b"x" * 5)

    def take(request: httpx.Request) -> httpx.Response:
        paths[4].unlink(missing_ok=True)
        return taken(*[job(source=name) for _, name, _ in parts(request)])

    client, service = asking(take)
    with pytest.raises(InvalidInput, match=r"4\.txt: No such file or directory; nothing of it was sent"):
        client.upload(*paths)
    assert [each.source for each in client.upload(*paths[:4])] == ["0.txt", "1.txt", "2.txt", "3.txt"]
    assert [len(parts(request)) for request in service.asked] == [2, 2, 2]


@pytest.mark.parametrize("given", ["j_1", Job(**JOB)])
def test_a_job_is_waited_for(asking: Asking, slept: list[float], given: Job | str) -> None:
    client, service = asking(told(), told(state="reading"), told(state="done", documents=["d_1"], passages=3, total=3))
    ended = client.wait(given)
    assert (ended.state, ended.documents, ended.passages) == ("done", ["d_1"], 3)
    assert {line.partition("?")[0] for line in service.lines} == {"GET /v1/jobs/j_1"}
    assert slept[0] == FIRST_PAUSE_S
    assert slept == sorted(slept)


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_job_that_fails_is_an_error(asking: Asking, slept: list[float], state: str) -> None:
    client, _ = asking(told(state=state, reason="page 3 is damaged"))
    with pytest.raises(JobFailed, match=rf"^harbour\.pdf: {state}: page 3 is damaged$") as raised:
        client.wait("j_1")
    assert [each.id for each in raised.value.jobs] == ["j_1"]
    assert client.wait("j_1", check=False).state == state
    assert not slept


def test_patience_ends(asking: Asking) -> None:
    client, _ = asking(told(state="embedding"))
    with pytest.raises(JobUnfinished, match=r"harbour\.pdf: still embedding after 0\.01 s; wait again, or cancel it"):
        client.wait("j_1", timeout=0.01, check=False)
    with pytest.raises(JobUnfinished):
        client.wait("j_1", timeout=0)


def test_an_upload_waits_for_all_before_it_tells_what_failed(asking: Asking, slept: list[float]) -> None:
    jobs = [job(), job(id="j_2", state="failed", source="b.exe", reason="unknown ending"), job(id="j_3")]
    replies = [taken(*jobs), told(state="done"), told(id="j_3", state="embedding"), told(id="j_3", state="done")]
    client, service = asking(*replies)
    with pytest.raises(JobFailed, match=r"^b\.exe: failed: unknown ending$"):
        client.upload(("a", b""), ("b.exe", b""), ("c", b""), wait=True)
    assert [line.partition("?")[0][-3:] for line in service.lines[1:]] == ["j_1", "j_3", "j_3"]
    client, _ = asking(*replies)
    ended = client.upload(("a", b""), ("b.exe", b""), ("c", b""), wait=True, check=False)
    assert [each.state for each in ended] == ["done", "failed", "done"]


def test_a_job_is_looked_for_in_its_own_collection(asking: Asking) -> None:
    client, service = asking(told(state="done"), collection="notes")
    client.wait(Job(**job(collection="harbour")))
    client.cancel(Job(**job(collection="harbour")))
    client.cancel("j_1")
    client.job("j_1", collection="other")
    assert [line.partition("=")[2] for line in service.lines] == ["harbour", "harbour", "notes", "other"]
    assert [line.partition(" ")[0] for line in service.lines] == ["GET", "DELETE", "DELETE", "GET"]


def test_jobs_are_listed(asking: Asking) -> None:
    client, service = asking(taken(job(id="j_2"), job()))
    assert [each.id for each in client.jobs(limit=2, state="queued")] == ["j_2", "j_1"]
    assert [each.id for each in client.jobs()] == ["j_2", "j_1"]
    assert service.lines == ["GET /v1/jobs?limit=2&state=queued", "GET /v1/jobs"]


def test_pauses_grow_to_a_bound() -> None:
    endless = pauses(None)
    seconds = [next(endless) for _ in range(50)]
    assert seconds == sorted(seconds)
    assert seconds[-1] == LONGEST_PAUSE_S
    assert list(pauses(0)) == []
    assert all(pause <= 0.02 for pause in pauses(0.02))
