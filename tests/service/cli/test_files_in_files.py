"""Archives and mails on the command line: indexed, asked, verified, and followed."""

import json
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.command_fixtures import Command
from tests.corpus.files.archive_makers import zipped
from tests.corpus.files.file_makers import column, make_pdf
from tests.corpus.files.ole_makers import ole, properties

QUAY, CRANE = "The quay of Oban is 300 metres long.", "The crane of Oban lifts 40 tonnes."


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (folder := tmp_path / "files").mkdir()
    pdf = make_pdf(tmp_path / "crane.pdf", [column("Page one is short."), column(CRANE)]).read_bytes()
    (folder / "port.zip").write_bytes(
        zipped({"papers/quay.md": f"# Quay\n\n{QUAY}", "papers/crane.pdf": pdf, "a.exe": "x"})
    )
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["Date"] = (
        "Ann Lee <ann@example.org>",
        "Tides",
        "Thu, 16 Apr 2026 09:00:00 +0000",
    )
    mail.set_content("The spring tide of Oban reaches 4 metres.")
    mail.add_attachment("The neap tide of Oban reaches 2 metres.", filename="neap.txt")
    (folder / "tides.eml").write_bytes(mail.as_bytes())
    lamp = {"0037001F": "Lamps", "1000001F": "The lamp of Oban burns all night.", "0C1A001F": "Bo Ek"}
    (folder / "lamps.msg").write_bytes(ole(properties(32, {}, lamp)))
    return folder


@pytest.mark.parametrize(
    ("question", "source", "quote", "page"),
    [
        ("How long is the quay of Oban?", "port.zip/papers/quay.md", QUAY, None),
        ("How much does the crane of Oban lift?", "port.zip/papers/crane.pdf", CRANE, 2),
        ("How high is the spring tide of Oban?", "tides.eml", "The spring tide of Oban reaches 4 metres.", None),
        ("How high is the neap tide of Oban?", "tides.eml/neap.txt", "The neap tide of Oban reaches 2 metres.", None),
        ("How long does the lamp of Oban burn?", "lamps.msg", "The lamp of Oban burns all night.", None),
    ],
)
def test_a_question_finds_what_is_in_files(
    wherefrom: Command, files: Path, question: str, source: str, quote: str, page: int | None
) -> None:
    report = json.loads(wherefrom("index", files, "--json").out)
    assert sorted(each["source"] for each in report["documents"]) == [
        "lamps.msg",
        "port.zip/papers/crane.pdf",
        "port.zip/papers/quay.md",
        "tides.eml",
        "tides.eml/neap.txt",
    ]
    result = json.loads(wherefrom("ask", question, "--json").out)["results"][0]
    assert (result["citation"]["source"], result["citation"]["page"]) == (source, page)
    best = result["best_highlight"]
    text = json.loads(wherefrom("documents", "show", result["document_id"], "--json").out)["text"]
    assert text[best["start"] : best["end"]].strip() == quote
    assert wherefrom("verify").code == 0


def test_an_archive_of_nothing_that_is_read_is_no_success(wherefrom: Command, tmp_path: Path) -> None:
    (tmp_path / "port.zip").write_bytes(zipped({"a.exe": "x", "b.exe": "x"}))
    done = wherefrom("index", tmp_path / "port.zip")
    assert done.code == 1
    assert "files in it that are not read: 2 (2 .exe)" in done.out + done.err


def test_what_is_in_an_archive_is_followed(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files)
    (files / "port.zip").write_bytes(zipped({"papers/quay.md": f"# Quay\n\n{QUAY} It is old.", "new.txt": "New."}))
    report = json.loads(wherefrom("index", files, "--prune", "--json").out)
    outcomes = {each["source"]: each["outcome"] for each in report["documents"]}
    assert outcomes["port.zip/papers/quay.md"] == "updated"
    assert outcomes["port.zip/new.txt"] == "added"
    assert [Path(each["path"]).name for each in report["removed"]] == ["crane.pdf"]
