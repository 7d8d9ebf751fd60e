"""A folder of a web page, a PDF, a DOCX and a text in GB18030, indexed and asked as a user would."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.command_fixtures import Command
from tests.corpus.files.file_makers import column, make_docx, make_pdf
from tests.http_fixtures import Serving
from tests.service_fixtures import settings_of

PAGE = """<!DOCTYPE html><html><head><meta charset="gb2312"><title>渡轮</title>
<meta name="PubDate" content="2023-04-06"><meta name="ContentSource" content="海湾日报"></head><body>
<div class="nav"><a href="/">首页</a><a href="/x">航线</a></div><h1>渡轮时刻</h1><p>渡轮每天开行，春节停航一天。</p>
<h2>票价</h2><p>白沙岛渡轮票价为十二元，六十岁以上老人免费。</p></body></html>"""
FILLER = "本页介绍渔业合作社的章程、成员和会议，与灯塔无关，仅供存档备查，今后如有修改另行公布。"
LIGHTHOUSE = "格雷角灯塔建于一九三一年，由三名守塔人轮流看守，每人八小时，灯油由合作社供应，到一九五八年改用电灯为止。"
QUESTIONS = {
    "ferry.html": "白沙岛渡轮票价多少元",
    "lighthouse.pdf": "格雷角灯塔由几名守塔人轮流看守",
    "plan.docx": "新建泊位多少个",
    "coral.txt": "活珊瑚覆盖率是多少",
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "ferry.html").write_bytes(PAGE.encode("gbk"))
    # The sentence about the lighthouse begins at the end of the second page and ends on the third.
    # Its full stop stands by other characters: PDFium loses one alone in a line where no font of the machine draws it.
    second, third = column(FILLER * 9 + LIGHTHOUSE[:20], characters=31), column(LIGHTHOUSE[20:], characters=20)
    labels: dict[int, dict[str, object]] = {0: {"style": "ROMAN_LOWER", "start": 4}}
    make_pdf(folder / "lighthouse.pdf", [column(FILLER * 3, characters=31), second, third], labels=labels)
    make_docx(folder / "plan.docx", lambda document: [document.add_heading("渔港", 1), document.add_paragraph(DOCX)])
    (folder / "coral.txt").write_bytes("白沙岛周边活珊瑚覆盖率为百分之三十七，监测站每年公布。".encode("gb18030"))
    return folder


DOCX = "到二〇二五年，全县新建泊位三十六个，可停靠渔船四百二十艘。"


def best(wherefrom: Command, question: str) -> dict[str, Any]:
    results = json.loads(wherefrom("ask", question, "--json").succeeded().out)["results"]
    return dict(results[0]["citation"])


def test_each_is_found_with_its_page_or_section(wherefrom: Command, files: Path) -> None:
    assert wherefrom("index", files).succeeded().out.splitlines()[0] == "4 added"
    citations = {source: best(wherefrom, question) for source, question in QUESTIONS.items()}
    assert {source: citation["source"] for source, citation in citations.items()} == {each: each for each in QUESTIONS}
    assert citations["ferry.html"]["section"] == ["渡轮时刻", "票价"]
    assert (citations["ferry.html"]["publisher"], citations["ferry.html"]["published"]) == ("海湾日报", "2023-04-06")
    assert (citations["lighthouse.pdf"]["page"], citations["lighthouse.pdf"]["page_label"]) == (2, "v")
    assert LIGHTHOUSE in "".join(citations["lighthouse.pdf"]["quote"].split())
    assert citations["plan.docx"]["section"] == ["渔港"]
    assert [citations[source]["page"] for source in ("ferry.html", "plan.docx", "coral.txt")] == [None] * 3
    assert "page v" in wherefrom("ask", QUESTIONS["lighthouse.pdf"], "-k", 1).succeeded().out


def test_citations_are_verbatim_over_http_and_tell_their_page(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files).succeeded()
    with Serving(settings_of(wherefrom.data_dir)) as client:
        for question in QUESTIONS.values():
            for result in client.get(f"/v1/search?q={quote(question)}&k=50").json()["results"]:
                citation = result["citation"]
                text = client.get(f"/v1/documents/{result['document_id']}").json()["text"]
                assert text[citation["start"] : citation["end"]] == citation["quote"]
                answering = result["highlights"][0]["start"]
                assert citation["page"] == (text.count("\f", 0, answering) + 1 if "\f" in text else None)


def test_a_row_is_cited_with_the_names_of_its_columns(wherefrom: Command, tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>Quay {number}</td><td>{200 + number}</td></tr>" for number in range(60))
    page = f"<html><body><table><tr><th>Quay</th><th>Length in metres</th></tr>{rows}</table></body></html>"
    (tmp_path / "quays.html").write_text(page, "utf-8")
    wherefrom("index", tmp_path / "quays.html").succeeded()
    with Serving(settings_of(wherefrom.data_dir)) as client:
        found = client.get("/v1/search?q=length+of+quay+57&k=50").json()["results"]
        text = client.get(f"/v1/documents/{found[0]['document_id']}").json()["text"]
        headers = [result["citation"]["table_header"] for result in found]
        assert headers.count(None) == 1, "of the passage in which they stand"
        for header in filter(None, headers):
            assert header["quote"] == text[header["start"] : header["end"]] == "| Quay | Length in metres |"
        by_id = client.get(f"/v1/passages/{found[-1]['passage_id']}").json()["citation"]
        assert by_id["table_header"] == headers[-1]


def test_what_has_not_changed_is_left_alone_and_what_is_gone_is_pruned(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files).succeeded()
    wherefrom("verify").succeeded()
    assert wherefrom("index", files).succeeded().out.splitlines()[0] == "4 unchanged"
    (files / "plan.docx").unlink()
    (files / "ferry.html").write_bytes(PAGE.replace("十二元", "十五元").encode("gbk"))
    done = wherefrom("index", files, "--prune").succeeded()
    assert done.out.splitlines()[0] == "1 updated, 2 unchanged, 1 removed"
    wherefrom("verify").succeeded()


def test_pages_survive_a_rebuild_without_the_files(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files).succeeded()
    before = best(wherefrom, QUESTIONS["lighthouse.pdf"])
    for file in files.iterdir():
        file.unlink()
    wherefrom("index", "--rebuild").succeeded()
    assert best(wherefrom, QUESTIONS["lighthouse.pdf"]) == before


def test_what_the_folder_says_wins_over_what_a_file_says(wherefrom: Command, files: Path) -> None:
    (files / "documents.toml").write_text('["ferry.html"]\ntitle = "渡轮时刻表"\npublished = "2024"\n', "utf-8")
    wherefrom("index", files).succeeded()
    citation = best(wherefrom, QUESTIONS["ferry.html"])
    assert (citation["title"], citation["published"], citation["publisher"]) == ("渡轮时刻表", "2024", "海湾日报")


def test_a_bad_file_among_good_ones_is_told_in_one_line(wherefrom: Command, files: Path) -> None:
    make_pdf(files / "locked.pdf", [column("秘密。")], password="secret")
    done = wherefrom("index", files).failed(1, "1 file could not be read")
    assert done.out.splitlines()[0] == "4 added"
    assert "skipped locked.pdf: it is locked by a password; save it without one" in done.out
