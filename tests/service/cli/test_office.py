"""Files of offices, indexed and asked as a user would: each is found, and what is quoted stands where it is said to."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pptx

from tests.command_fixtures import Command
from tests.corpus.files.office.docx_makers import definition, level, list_of, numbered, paragraph, raw_docx
from tests.corpus.files.sheets.makers import make_xlsx

NAMES = "urn:oasis:names:tc:opendocument:xmlns"
ODT = f"""<office:document-content xmlns:office="{NAMES}:office:1.0" xmlns:text="{NAMES}:text:1.0">
<office:body><office:text>
<text:h text:outline-level="1">Lighthouse</text:h><text:p>The lamp of the lighthouse was lit in 1931.</text:p>
</office:text></office:body></office:document-content>"""
QUESTIONS = {
    "rules.docx": ("第三条规定了什么", "第三条 渔船夜间不得鸣笛。"),
    "talk.pptx": ("how many ferries sail on Sundays", "Nine ferries sail on Sundays."),
    "light.odt": ("when was the lamp of the lighthouse lit", "The lamp of the lighthouse was lit in 1931."),
    "fees.rtf": ("渔港停泊费每天多少元", "渔港停泊费每天十二元。"),
}


def make_pptx(path: Path) -> None:
    made: Any = pptx.Presentation()
    for title, text in (("Harbour", "The harbour is old."), ("Ferries", "Nine ferries sail on Sundays.")):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, text
    made.save(str(path))


def test_each_is_found_and_quoted_as_it_stands(wherefrom: Command, tmp_path: Path) -> None:
    (folder := tmp_path / "files").mkdir()
    articles = ("渔船须在渔港停泊。", "渔船离港须登记。", "渔船夜间不得鸣笛。")
    numbering = definition(level(0, "chineseCounting", "第%1条")) + list_of()
    raw_docx(folder / "rules.docx", paragraph("渔港守则") + "".join(map(numbered, articles)), numbering=numbering)
    make_pptx(folder / "talk.pptx")
    with zipfile.ZipFile(folder / "light.odt", "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parts.writestr("content.xml", ODT)
    escaped = "".join(f"\\'{byte:02x}" for byte in "渔港停泊费每天十二元。".encode("gbk"))
    fonts = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "
    (folder / "fees.rtf").write_text(f"{fonts}{escaped}\\par}}")

    assert wherefrom("index", folder).succeeded().out.splitlines()[0] == "4 added"
    for source, (question, said) in QUESTIONS.items():
        result = json.loads(wherefrom("ask", question, "--json").succeeded().out)["results"][0]
        citation = result["citation"]
        assert (citation["source"], said in citation["quote"]) == (source, True)
        assert citation["slide"] == (2 if source == "talk.pptx" else None)
    wherefrom("verify").succeeded()


def test_a_sheet_is_named_once(wherefrom: Command, tmp_path: Path) -> None:
    def fill(workbook: Any) -> None:
        sheet = workbook.add_worksheet("Vehicles")
        sheet.write_row(0, 0, ("Plate", "Colour"))
        sheet.write_row(1, 0, ("HB 7", "green"))
        workbook.add_worksheet("Staff").write_row(0, 0, ("Ana", "Bo"))

    make_xlsx(tmp_path / "port.xlsx", fill)
    wherefrom("index", tmp_path / "port.xlsx").succeeded()
    told = " ".join(wherefrom("ask", "colour of HB 7", "-k", 1).succeeded().out.split())
    assert "sheet Vehicles" in told
    assert "Vehicles · sheet Vehicles" not in told
