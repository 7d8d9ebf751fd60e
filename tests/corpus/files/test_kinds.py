"""A real file of each kind, from the folder to a citation: found by a question, cited with its place in the file."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from tests.command_fixtures import Command
from tests.corpus.files.html.test_epub import make_epub
from tests.corpus.files.sheets.makers import make_ods, make_xlsx
from tests.corpus.files.sheets.test_workbooks import BERTHS, cell, row, table


def stores(workbook: Workbook) -> None:
    workbook.add_worksheet("Notes").write(0, 0, "Counted every spring.")
    sheet = workbook.add_worksheet("Stores")
    sheet.write(0, 0, "What lies in the sheds")
    for number, cells in enumerate([["Thing", "Shed", "Pieces"], ["Anchor", "B12", 7], ["Hawser", "C3", 40]], start=2):
        sheet.write_row(number, 0, cells)


def write(text: str, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding)


NOTEBOOK = {"cells": [{"cell_type": "markdown", "source": "# Gauges\n\nThe gauge at Visk reads 3.2 metres."}]}
MANUAL = "Winch\n=====\n\nThe winch lifts :ref:`nine tonnes <limits>`.\n"
TIDES = table("Tides", row(cell("Port"), cell("High water")), row(cell("Onar"), cell("04:30")))
PROGRAM = "# Opens the sluice\ndef open_sluice(gate):\n    gate.lift(seconds=12)\n"
# By the name of a file: how it is made, what is asked, what the quote must hold, and what is told of the place.
KINDS: Mapping[str, tuple[Callable[[Path], object], str, str, Mapping[str, Any]]] = {
    "stores.xlsx": (
        lambda path: make_xlsx(path, stores),
        "In which shed is the hawser?",
        "| Hawser | C3 | 40 |",
        {"sheet": "Stores", "row": 5},
    ),
    "berths.xls": (
        lambda path: shutil.copy(BERTHS, path),
        "Which ship did pilot Ole Strand bring?",
        "| Ole Strand | Havbris | 420 |",
        {"sheet": "Pilots"},
    ),
    "tides.ods": (
        lambda path: make_ods(path, TIDES),
        "When is high water at Onar?",
        "| Onar | 04:30 |",
        {"sheet": "Tides", "row": 2},
    ),
    "fares.csv": (
        write("Stop;Fare;Zone\nUlmby;3,20;A\nRastholm;4,80;B\n"),
        "What is the fare to Rastholm?",
        "| Rastholm | 4,80 | B |",
        {"row": 3},
    ),
    "keepers.tsv": (
        write("Keeper\tLamp\nTolmin\tred\nVarde\tgreen\n"),
        "Which lamp does keeper Varde light?",
        "| Varde | green |",
        {"row": 3},
    ),
    "lock.epub": (make_epub, "When did the canal freeze?", "The canal froze in 1963.", {"part": "Winter ice"}),
    "ferry.json": (
        write('{"ferry": {"name": "White Sand", "capacity": 120}}'),
        "What is the capacity of the ferry White Sand?",
        "ferry.capacity: 120",
        {},
    ),
    "log.jsonl": (
        write('{"day": "Monday", "catch": "42 cod"}\n{"day": "Friday", "catch": "9 eels"}\n'),
        "What was the catch on Friday?",
        "| Friday | 9 eels |",
        {},
    ),
    "winch.rst": (write(MANUAL), "What does the winch lift?", "The winch lifts nine tonnes.", {}),
    "gauges.ipynb": (
        write(json.dumps(NOTEBOOK)),
        "What does the gauge at Visk read?",
        "The gauge at Visk reads 3.2 metres.",
        {},
    ),
    "sluice.py": (write(PROGRAM), "def open_sluice gate lift seconds", "gate.lift(seconds=12)", {}),
    "harbour.yaml": (write("# Fees of the quay\nquay:\n  fee: 55\n"), "fees of the quay", "fee: 55", {}),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_of_this_kind_is_found_and_cited(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make, question, quote, place = KINDS[name]
    (folder := tmp_path / "files").mkdir()
    make(folder / name)
    (folder / "other.txt").write_text("Bread rises overnight.")
    wherefrom = Command(monkeypatch, capsys, tmp_path / "data")
    assert wherefrom("index", folder).succeeded().out.startswith("2 added")
    citation = json.loads(wherefrom("ask", question, "--json").succeeded().out)["results"][0]["citation"]
    assert citation["source"] == name
    assert quote in citation["quote"]
    assert {key: citation[key] for key in place} == place
    wherefrom("verify").succeeded()
    documents = {found[1].source: found[1] for found in read_documents([folder]) if not isinstance(found, Skipped)}
    assert documents[name].text[citation["start"] : citation["end"]] == citation["quote"]
