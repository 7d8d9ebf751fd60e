"""Every format that is read, over HTTP as anyone would send it: uploaded, asked, quoted, and given back as it came."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

import httpx2
import pptx
import pytest

from corpus.document import text_digest
from corpus.files.formats import REGISTRY, format_of
from tests.corpus.files.archive_makers import zipped
from tests.corpus.files.file_makers import column, make_docx, make_pdf
from tests.corpus.files.mails.test_msg import message
from tests.corpus.files.office.test_odt import odt, p
from tests.corpus.files.test_kinds import KINDS, write
from tests.server_fixtures import Server, serving
from tests.service_fixtures import WRITE_KEY

KEY = {"Authorization": f"Bearer {WRITE_KEY}"}
PAGE = "<!doctype html><title>The crane</title><h1>The crane</h1><p>The crane of Visk lifts 60 tonnes.</p>"
RTF = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 The rope walk of Onar is 340 metres long.\par}"


def slide(path: Path) -> None:
    presentation: Any = pptx.Presentation()
    presentation.slides.add_slide(presentation.slide_layouts[6])
    shown = presentation.slides.add_slide(presentation.slide_layouts[1])
    shown.shapes.title.text = "Dredging"
    shown.placeholders[1].text = "The dredger removes 900 tonnes of silt a day."
    presentation.save(str(path))


# By the name of a file: how it is made, what is asked, what the quote must hold, and what is told of the place.
FILES: Mapping[str, tuple[Callable[[Path], object], str, str, Mapping[str, Any]]] = {
    **KINDS,
    "bell.txt": (write("The fog bell rings every 20 seconds."), "How often does the fog bell ring?", "20 seconds", {}),
    "tug.md": (
        write("# Tugs\n\nThe tug Marit has 2,400 horsepower."),
        "How much horsepower has the tug Marit?",
        "2,400 horsepower",
        {"section": ["Tugs"]},
    ),
    "crane.html": (write(PAGE), "What does the crane of Visk lift?", "60 tonnes", {}),
    "dues.pdf": (
        lambda path: make_pdf(path, [column("Nothing here."), column("The harbour dues are 75 crowns a night.")]),
        "How high are the harbour dues?",
        "75 crowns",
        {"page": 2},
    ),
    "boom.docx": (
        lambda path: make_docx(path, lambda made: made.add_paragraph("The boom of the yard is 31 metres long.")),
        "How long is the boom of the yard?",
        "31 metres",
        {},
    ),
    "rope.rtf": (write(RTF), "How long is the rope walk of Onar?", "340 metres", {}),
    "dredge.pptx": (slide, "How much silt does the dredger remove?", "900 tonnes of silt", {"slide": 2}),
    "quay.odt": (
        lambda path: odt(path.parent, p("The oak quay was laid in 1712.")).rename(path),
        "When was the oak quay laid?",
        "1712",
        {},
    ),
    "minutes.zip": (
        lambda path: path.write_bytes(zipped({"2024/may.md": "The council of Visk chose a blue lantern."})),
        "Which lantern did the council of Visk choose?",
        "a blue lantern",
        {"source": "minutes.zip/2024/may.md"},
    ),
    "offer.eml": (
        write("From: Ann <ann@example.org>\nSubject: The buoy\n\nThe buoy weighs 512 kilograms.\n"),
        "What does the buoy weigh?",
        "512 kilograms",
        {},
    ),
    "letter.msg": (
        lambda path: path.write_bytes(message({"1000001F": "The spire of Rastholm has 212 steps."})),
        "How many steps has the spire of Rastholm?",
        "212 steps",
        {},
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("formats"), WHEREFROM_WRITE_KEYS=WRITE_KEY) as running:
        yield running


def uploaded(server: Server, name: str, content: bytes) -> dict[str, Any]:
    """Upload a file, wait for its job as a client does, and return it as it ended."""
    sent = httpx2.post(f"{server.url}/v1/documents", headers=KEY, files={"file": (name, content)})
    assert sent.status_code == 202, sent.text
    (job,) = sent.json()["jobs"]
    with httpx2.stream("GET", f"{server.url}/v1/jobs/{job['id']}/events", headers=KEY) as response:
        events = [json.loads(line[6:]) for line in response.iter_lines() if line.startswith("data: ")]
    ended: dict[str, Any] = events[-1]
    return ended


def test_there_is_a_file_of_every_format() -> None:
    assert {named.name for name in FILES if (named := format_of(PurePath(name)))} == {each.name for each in REGISTRY}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_uploaded_asked_and_given_back(server: Server, tmp_path: Path, name: str) -> None:
    make, question, quote, place = FILES[name]
    make(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    job = uploaded(server, name, content)
    assert job["state"] == "done", job
    found = httpx2.get(f"{server.url}/v1/search", params={"q": question, "k": 3}).json()["results"]
    citation = next(each["citation"] for each in found if each["citation"]["document_id"] in job["documents"])
    assert citation["source"].startswith(name)
    assert quote in citation["quote"]
    assert {key: citation[key] for key in place} == place
    document = httpx2.get(f"{server.url}/v1/documents/{citation['document_id']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert document["sha256"] == citation["document_sha256"] == text_digest(document["text"])
    original = httpx2.get(f"{server.url}/v1/documents/{citation['document_id']}/original")
    assert original.content == content or citation["source"] != name  # of what is in a file, it is that
    named = format_of(PurePath(citation["source"]))
    assert named is not None and original.headers["content-type"].startswith(named.media_type)


@pytest.mark.parametrize("name", [name for name in FILES if (named := format_of(PurePath(name))) and named.reader])
def test_noise_under_its_name_is_refused_with_a_reason(server: Server, name: str) -> None:
    job = uploaded(server, f"noise-{name}", b"\x00\x01\x02\xff" * 50)
    assert job["state"] == "failed"
    assert job["reason"].strip() and "Traceback" not in job["reason"]
