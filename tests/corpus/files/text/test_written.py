"""What people write for machines and for Sphinx and Jupyter: code, notebooks, reStructuredText."""

import json
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files.text import code, notebook, rst
from corpus.splitting.layout import read_layout
from corpus.splitting.lines import Kind

# Code


def test_a_comment_in_code_is_no_heading(tmp_path: Path) -> None:
    program = "# Opens the lock\n\ndef open_lock(gate):\n    return gate.open(3.5)  # bar\n"
    (path := tmp_path / "lock.py").write_text(program)
    text = code.read(path).text
    assert text == f"```python\n{program}```"
    assert Kind.HEADING not in {flow.kind for flow in read_layout(text)}


def test_code_with_fences_stays_one_block(tmp_path: Path) -> None:
    (path := tmp_path / "a.sh").write_text("cat <<EOF\n```\nx\n````\nEOF\n")
    text = code.read(path).text
    assert text.startswith("`````bash\n")
    assert text.endswith("\n`````")


def test_an_empty_program_says_nothing(tmp_path: Path) -> None:
    (path := tmp_path / "__init__.py").write_text("\n")
    assert code.read(path).text == ""


# Notebooks


def cell(kind: str, source: str | list[str], **more: object) -> dict[str, object]:
    return {"cell_type": kind, "source": source, "metadata": {}, **more}


def book(tmp_path: Path, *cells: dict[str, object], **more: object) -> Path:
    metadata = {"language_info": {"name": "python"}, "title": "Tides", "authors": [{"name": "Ann Berg"}]}
    (path := tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, **more}))
    return path


def test_a_notebook_is_read_cell_by_cell(tmp_path: Path) -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["12 tides\n", "read\n"]},
        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]}},
        {"output_type": "error", "ename": "ValueError", "evalue": "no gauge", "traceback": ["\x1b[31m…"]},
    ]
    path = book(
        tmp_path,
        cell("markdown", ["# Tides\n", "\n", "High water is at *noon*."]),
        cell("code", "# no heading\nprint(len(tides))", outputs=outputs),
        cell("raw", "as it is"),
        cell("code", "", outputs=[]),
    )
    extract = notebook.read(path)
    assert extract.text == (
        "# Tides\n\nHigh water is at *noon*.\n\n```python\n# no heading\nprint(len(tides))\n```\n\n"
        "```\n12 tides\nread\n<Figure>\nValueError: no gauge\n```\n\nas it is"
    )
    assert (extract.metadata.title, extract.metadata.author) == ("Tides", "Ann Berg")


def test_a_long_output_is_cut(tmp_path: Path) -> None:
    printed = [{"output_type": "stream", "text": "x\n" * 10_000}]
    text = notebook.read(book(tmp_path, cell("code", "loop()", outputs=printed))).text
    assert len(text) < notebook.OUTPUT_LENGTH + 100
    assert text.endswith("…\n```")


def test_older_notebooks_are_read(tmp_path: Path) -> None:
    heading = {"cell_type": "heading", "level": 2, "source": ["Gauges"]}
    old = {
        "cell_type": "code",
        "input": ["x = 1"],
        "language": "python",
        "outputs": [{"output_type": "pyout", "text": "1"}],
    }
    (path := tmp_path / "a.ipynb").write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": [heading, old]}]}))
    assert notebook.read(path).text == "## Gauges\n\n```python\nx = 1\n```\n\n```\n1\n```"


def test_a_notebook_of_empty_cells_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path, cell("raw", ""), cell("code", []))
    with pytest.raises(UnreadableFile, match="nothing stands in its cells"):
        notebook.read(path)
    monkeypatch.setattr(notebook, "MOST_CELLS", 1)
    with pytest.raises(UnreadableFile, match="it has 2 cells, more than the 1 of a notebook"):
        notebook.read(path)


@pytest.mark.parametrize("text", ["{", "[1]", '{"cells": 5}', '{"cells": []}', "null", "[" * 9_000])
def test_what_is_no_notebook_is_told(tmp_path: Path, text: str) -> None:
    (path := tmp_path / "a.ipynb").write_text(text)
    with pytest.raises(UnreadableFile, match="notebook"):
        notebook.read(path)


# reStructuredText

MANUAL = """
====
Pump
====

:Author: Ann Ole

.. contents::

The pump starts at 3 bar; see :ref:`the manual <man>` and :class:`~pump.Valve`.

.. versionadded:: 3.2
   The *valve* has a seal.

.. function:: open(valve, *, slow=False)

   Opens the valve within 12 seconds.

Limits
------

.. csv-table:: Pumps
   :header: Name, Bar

   North, 3
   South, 4

.. code-block:: python

   # no heading
   x = 1

.. tabs::

   .. tab:: Linux

      Start it as root.

.. raw:: html

   <b>raw</b>

.. include:: /etc/hostname
"""


def test_a_manual_is_read_as_docutils_reads_it(tmp_path: Path) -> None:
    (path := tmp_path / "pump.rst").write_text(MANUAL)
    extract = rst.read(path)
    assert (extract.metadata.title, extract.metadata.author) == ("Pump", "Ann Ole")
    for said in (
        "# Pump\n",
        "The pump starts at 3 bar; see the manual and pump.Valve.",
        "versionadded: 3.2",
        "The valve has a seal.",
        "open(valve, *, slow=False)\n\nOpens the valve within 12 seconds.",
        "## Limits\n",
        "| Name | Bar |\n| --- | --- |\n| North | 3 |\n| South | 4 |",
        "```\n# no heading\nx = 1\n```",
        "Linux\n\nStart it as root.",
    ):
        assert said in extract.text
    assert "System Message" not in extract.text
    assert extract.text.count("Limits") == 1, "a table of contents repeats the headings"


def test_nothing_is_inserted_and_what_cannot_be_read_stays(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret")
    (path := tmp_path / "a.rst").write_text(
        ".. include:: secret.txt\n\n.. csv-table:: T\n   :file: secret.txt\n\n.. raw:: html\n   :file: secret.txt\n\n"
        ".. table::\n\n   == ==\n   a  bcdef\n   = =\n\nBroken *emphasis, |nothing| and `role`_.\n"
    )
    text = rst.read(path).text
    assert "a secret" not in text
    assert "a  bcdef" in text
    assert "Broken *emphasis, |nothing| and `role`_." in text or "Broken *emphasis, |nothing| and role." in text
