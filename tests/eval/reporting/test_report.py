"""Reports say what the runs say, escape whatever questions hold, stand alone, and are the same each time."""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import pytest
from markdown_it import MarkdownIt

from corpus.errors import InvalidInput
from eval.answers import JudgedAnswer
from eval.evaluation import Evaluation
from eval.measures import Judged
from eval.reporting import plots
from eval.reporting.renderers import html, markdown, renderer_for
from eval.reporting.report import MAX_RUNS, Report, make_report
from eval.running import evaluate
from tests.conftest import ROOT
from tests.eval.eval_fixtures import ANSWERS, BETTER_ANSWERS, QUESTIONS, FakeRetriever

NASTY = "<script>alert('1')</script> & | *比* _x_ `c` $d$ [l](http://h) \\ <b> &amp; ]]> 谁？"


def save(path: Path, evaluation: Evaluation) -> Path:
    path.write_text(json.dumps(evaluation.as_json()), encoding="utf-8")
    return path


def answer(name: str, rank: int | None, confidence: float = 0.5, **changes: str) -> JudgedAnswer:
    judged = Judged(() if rank is None else (*[0] * (rank - 1), 1), (1,))
    values = {"lang": "en", "kind": "entity", "question": f"{name}?", **changes}
    return JudgedAnswer(name, values["lang"], values["kind"], values["question"], True, confidence, judged, None, ())


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    """Two runs of one set, with questions and kinds that are hard to write down."""
    paths = []
    for name, answers in (("before", ANSWERS), ("after", BETTER_ANSWERS)):
        run = evaluate(QUESTIONS, FakeRetriever(answers))
        first, second, *others = run.per_query
        odd = (replace(first, question=NASTY), replace(second, question=NASTY, kind="数字$ |<i>"), *others)
        paths.append(save(tmp_path / f"{name}.json", replace(run, per_query=odd)))
    return paths


@pytest.fixture
def report(runs: list[Path]) -> Report:
    return make_report(runs)


class Reader(HTMLParser):
    """What a browser would see of a page: its elements, ids, references and the cells of its tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.cells: list[str] = []
        self.in_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag in ("td", "th"):
            self.in_cell = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self.in_cell &= tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.in_cell:
            self.cells[-1] += data


def cells_of(report: Report) -> list[str]:
    tables = [table for section in report.sections for table in section.tables if table.rows]
    return [cell for table in tables for cells in (table.columns, *(row.cells for row in table.rows)) for cell in cells]


def test_a_report_compares_every_run_with_the_first(report: Report) -> None:
    headings = [section.heading for section in report.sections]
    assert report.title == "Evaluation: colours.jsonl"
    assert "From A to B" in headings
    assert "Questions whose rank changed from A to B: 2" in headings
    assert "Questions that went wrong in A: 2" in headings
    assert "Questions that went wrong in B: 0" in headings
    cells = cells_of(report)
    assert cells.count(NASTY) == 2  # once among the changes, once among what went wrong
    assert {"all A", "all B", "zh A", "数字$ |<i> B", "before.json"} <= {Path(cell).name for cell in cells}


def test_one_run_is_not_compared_with_anything(runs: list[Path]) -> None:
    report = make_report(runs[:1])
    assert not [section for section in report.sections if section.heading.startswith("From")]
    assert {"all", "en", "zh", "other", "entity", "list"} <= set(cells_of(report))


def test_runs_of_other_questions_stand_beside_each_other(tmp_path: Path, runs: list[Path]) -> None:
    other = Evaluation(
        "other.json", 10, (answer("o1", 1),), evaluate(QUESTIONS, FakeRetriever(ANSWERS)).citations, {}, {}
    )
    report = make_report([runs[0], save(tmp_path / "other.json", other)])
    (section,) = (section for section in report.sections if section.heading == "From A to B")
    assert section.note.startswith("Not compared: 4 of the questions, 'o1' for one, stand in one run only")
    assert report.title == "Evaluation: colours.jsonl, other.json"
    assert html(report)


def test_more_runs_than_colours_are_refused(runs: list[Path]) -> None:
    with pytest.raises(InvalidInput, match=f"9 runs; report on at most {MAX_RUNS}"):
        make_report([runs[0]] * 9)


def test_a_run_without_questions_is_still_reported(tmp_path: Path) -> None:
    empty = replace(evaluate(QUESTIONS, FakeRetriever(ANSWERS)), per_query=())
    report = make_report([save(tmp_path / "empty.json", empty)] * 2)
    assert html(report)
    assert markdown(report)


# Markdown


def test_markdown_shows_every_cell_as_it_is(report: Report) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown(report))
    inline = [token for before, token in pairwise(tokens) if before.type in ("td_open", "th_open")]
    shown = ["".join(child.content for child in token.children or ()) for token in inline]
    assert shown == [" ".join(cell.split()) for cell in cells_of(report)]
    assert {child.type for token in inline for child in token.children or ()} <= {"text", "text_special"}


# HTML


def test_a_page_shows_every_cell_as_it_is(report: Report) -> None:
    assert Reader(html(report)).cells == cells_of(report)


def test_a_page_stands_alone(report: Report) -> None:
    text = html(report)
    read = Reader(text)
    assert not {"script", "link", "img", "iframe", "object", "image"} & set(read.elements)
    assert not [value for name, value in read.attributes if name in ("src", "href") and not value.startswith("#")]
    assert not re.search(r"https?://(?!h\))", text)  # but for the address in a question
    assert "url(http" not in text and "@import" not in text
    assert read.elements.count("svg") == 7  # recall of three languages, kinds, ROC, risk, reliability


def test_ids_of_a_page_are_its_own_and_references_lead_to_them(report: Report) -> None:
    text = html(report)
    read = Reader(text)
    assert len(set(read.ids)) == len(read.ids)
    references = re.findall(r"url\(#(.+?)\)", text) + [value[1:] for name, value in read.attributes if name == "href"]
    assert references
    assert set(references) <= set(read.ids)


def test_plots_have_the_colour_of_the_page_and_letters_that_their_font_has(report: Report) -> None:
    text = html(report)
    drawn = "".join(re.findall(r"<text[^>]*>(.*?)</text>", text, re.DOTALL))
    assert "shuzi$ |&lt;i&gt;" in drawn
    assert drawn.isascii()
    assert plots.INK not in text
    assert "currentColor" in text


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("number", "number"),
        ("数字", "shuzi"),
        ("why\n how", "why how"),
        ("число", "число"),
        ("かな", "??"),
        ("a" * 30, "a" * 23 + "…"),
        ("", ""),
    ],
)
def test_labels_of_plots(label: str, shown: str) -> None:
    assert plots.latin(label) == shown


def test_the_same_runs_give_the_same_bytes_whatever_style_is_set(runs: list[Path]) -> None:
    first = html(make_report(runs))
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30}):
        settings = mpl.rcParams.copy()
        assert html(make_report(runs)) == first
        assert mpl.rcParams.copy() == settings
    assert markdown(make_report(runs)) == markdown(make_report(runs))


def test_drawing_leaves_no_state_behind(runs: list[Path]) -> None:
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from eval.reporting.renderers import html\nfrom eval.reporting.report import make_report\n"
        "import matplotlib as mpl\nbefore = mpl.rcParams.copy()\nhtml(make_report([Path(sys.argv[1])]))\n"
        "sys.exit(mpl.rcParams.copy() != before or 'matplotlib.pyplot' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, runs[0]], cwd=ROOT, check=True)


# Formats


def test_the_suffix_decides_the_format() -> None:
    assert renderer_for(Path("a.md")) is markdown
    assert renderer_for(Path("a.HTML")) is html
    for name in ("a.pdf", "a", "a.html.gz"):
        with pytest.raises(InvalidInput, match=rf"{name}: a report is written as \.html or \.md"):
            renderer_for(Path(name))


def test_what_is_not_installed_is_named() -> None:
    code = (
        "import sys\nsys.modules['matplotlib'] = None\n"
        "sys.argv = ['eval', 'report', 'pyproject.toml', '--out', 'x.html']\nfrom eval.__main__ import main\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: an HTML report needs matplotlib, which is not installed; pip install ")
