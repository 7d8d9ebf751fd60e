"""The page of figures says what was measured, what was asked for, and nothing that was not measured."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.bench.figures import Figure
from eval.bench.runner import new_results


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    late, early = new_results("bench-late"), new_results("bench-early")
    late.figures = [Figure(mark="P12", what="from start to first answer", value=4.2, unit="s", goal="<= 5 s")]
    late.over["start | s"] = "rounds"
    late.series["start | s"] = {"wherefrom": [(1000, 1.0), (100_000, 4.0)], "tutorial": [(1000, 9.0)]}
    early.figures = [
        Figure(mark="P2", what="p50 as a share", value=0.5, low=0.4, high=0.6, passages=100_000, goal="<= 0.25"),
        Figure(mark="P2", what="p50", value=12345.6, unit="ms", note="half of *it*"),
    ]
    early.series["recall"] = {"wherefrom": [(1000, 1.0), (1_000_000, 0.99)]}
    (tmp_path / "results").mkdir()
    for results in (late, early):
        (tmp_path / "results" / f"{results.name}.json").write_text(results.model_dump_json())
    return tmp_path


def test_the_page_holds_figures_against_marks(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "performance.md"
    done = CliRunner().invoke(app, ["bench-report", str(out), "--folder", str(folder)])
    assert done.exit_code == 0, done.output
    page = out.read_text("utf-8")
    assert page.index("| P2 |") < page.index("| P12 |")
    assert "| P2 | p50 as a share | 100,000 | \\<= 0.25 | **0.5** (0.4–0.6) | no | `bench-early` |  |" in page
    assert "| P12 | from start to first answer |  | \\<= 5 s | **4.2 s** | yes | `bench-late` |  |" in page
    assert "Not measured here: P1, P3, P4, P5, P6, P7, P8, P10, P11." in page
    assert "half of \\*it\\*" in page and "12,346 ms" in page
    assert "![start | s over rounds](performance/start-s.svg)" in page
    assert "![recall over passages](performance/recall.svg)" in page
    drawn = (tmp_path / "performance" / "recall.svg").read_text("utf-8")
    assert drawn.lstrip().startswith("<?xml") and "recall" in drawn
    again = CliRunner().invoke(app, ["bench-report", str(out), "--folder", str(folder)])
    assert again.exit_code == 0 and out.read_text("utf-8") == page


def test_without_figures_it_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    done = CliRunner().invoke(app, ["bench-report", str(tmp_path / "p.md"), "--folder", str(tmp_path)])
    assert done.exit_code == 1 and "run a benchmark, e.g. bench-http, first" in str(done.exception)
