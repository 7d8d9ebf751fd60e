"""The process that reads files of others' formats: bounded, replaced when a file ends it, and gone at the end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files import sandbox_worker
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.formats import format_of
from corpus.files.sandbox import READ, Extractor
from tests.conftest import ROOT
from tests.corpus.files.file_makers import column, make_docx, make_pdf

SMALL = 100_000_000  # bytes; enough to load a library and read a page


def page(path: Path, text: str = "<p>一句话。</p>") -> Path:
    path.write_text(text, "utf-8")
    return path


def read(extractor: Extractor, path: Path) -> str:
    kind = format_of(path)
    assert kind is not None
    return extractor.extract(path, kind, path.name).text


def test_one_process_reads_many_files(tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "a.pdf", [column("一句话。")])
    docx = make_docx(tmp_path / "a.docx", lambda document: document.add_paragraph("一句话。"))
    with Extractor() as extractor:
        texts = [read(extractor, page(tmp_path / "a.html"))]
        assert extractor._process is not None
        first = extractor._process.pid
        texts += [read(extractor, pdf), read(extractor, docx)]
        assert extractor._process.pid == first
    assert [text.strip() for text in texts] == ["一句话。"] * 3
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_no_process_is_started_for_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("text needs no other process")

    monkeypatch.setattr(Extractor, "_started", refuse)
    (tmp_path / "a.txt").write_text("一句话。")
    (tmp_path / "b.md").write_text("# 题\n\n一句话。")
    assert len(list(read_documents([tmp_path]))) == 2


def test_reading_text_loads_no_library_of_another_format(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一句话。")
    script = (
        "import sys; from pathlib import Path; from corpus.files.documents import read_documents;"
        f"assert len(list(read_documents([Path({str(tmp_path)!r})]))) == 1;"
        "print([name for name in ('bs4', 'lxml', 'markdownify', 'pypdfium2') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_file_that_takes_too_long_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    endless = page(tmp_path / "endless.html", "<div><p>x</p></div>" * 400_000)
    with Extractor(seconds=2) as extractor:
        with pytest.raises(UnreadableFile, match=r"endless\.html: it took more than 2 seconds"):
            read(extractor, endless)
        assert extractor._process is None
    with Extractor() as extractor:
        assert read(extractor, page(tmp_path / "a.html")) == "一句话。"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to the bound on memory")
def test_a_file_that_asks_for_too_much_memory_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    large = page(tmp_path / "large.html", "<p>x</p>" * 100_000)
    with Extractor(memory=SMALL) as extractor:
        with pytest.raises(UnreadableFile, match=r"large\.html: it needs far more memory"):
            read(extractor, large)
        assert read(extractor, page(tmp_path / "a.html")) == "一句话。"


def test_a_process_that_something_ended_is_replaced(tmp_path: Path) -> None:
    with Extractor() as extractor:
        for _ in range(2):
            assert read(extractor, page(tmp_path / "a.html")) == "一句话。"
            assert extractor._process is not None
            extractor._process.kill()
            extractor._process.wait()


def test_what_a_parser_does_not_foresee_is_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> object:
        raise ZeroDivisionError("deep in a library")

    monkeypatch.setattr("corpus.files.pdf.reader.read", fail)
    arguments = {"path": str(tmp_path / "a.pdf"), "reader": "corpus.files.pdf.reader"}
    answer = sandbox_worker._answer(READ, "PDF", arguments)
    assert answer == {"error": "it is damaged or no PDF (ZeroDivisionError); open it and save it again"}


def test_what_libraries_print_is_no_answer(tmp_path: Path) -> None:
    arguments = {"path": str(page(tmp_path / "a.html")), "reader": "corpus.files.html.page"}
    request = json.dumps({"function": READ, "name": "HTML", "arguments": arguments}) + "\n"
    script = (
        "import sys; sys.argv = ['worker', '2000000000']; import corpus.files.sandbox_worker as worker;"
        "real = worker._answer; worker._answer = lambda **kw: (print('noise'), real(**kw))[1]; worker.main()"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, input=request, capture_output=True, text=True, check=True)
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["returned"]["text"] == "一句话。"


def test_packages_of_the_same_names_are_not_mistaken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "__init__.py").write_text("raise SystemExit('the wrong package')")
    monkeypatch.chdir(tmp_path)
    with Extractor() as extractor:
        assert read(extractor, page(tmp_path / "a.html")) == "一句话。"


def test_files_that_are_gone_are_told(tmp_path: Path) -> None:
    with Extractor() as extractor:
        for name in ("gone.html", "gone.pdf", "gone.docx"):
            with pytest.raises(UnreadableFile, match=f"{name}: "):
                read(extractor, tmp_path / name)


def test_every_bad_file_is_told_and_every_good_one_is_read(tmp_path: Path) -> None:
    make_pdf(tmp_path / "good.pdf", [column("一句话。")])
    page(tmp_path / "good.html")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 and no more")
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 and no more")
    found = list(read_documents([tmp_path]))
    assert [each.source for each in found if isinstance(each, Skipped)] == ["bad.docx", "bad.pdf"]
    assert [each[1].source for each in found if not isinstance(each, Skipped)] == ["good.html", "good.pdf"]
