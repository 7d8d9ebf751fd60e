"""The engines of the comparison find the same passages, and what is measured of them is what was asked for."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.errors import InvalidInput
from eval.__main__ import app
from eval.bench_lexical import LONGEST, lexical_figures, sentence_windows
from eval.lexical_comparison import Asked, Measured, ratio_of_medians
from eval.lexical_engines import LexicalEngine, NoUpdate
from eval.lexical_libraries import ENGINES, Bm25s
from index.local.bm25 import LexicalIndex, read_question
from index.terms.terms import passage_terms

PLACES = ["山村", "海港", "茶园", "学校", "医院", "车站", "工厂", "渔村", "果园", "矿山"]
TEXTS = [
    f"{place}在{year}年有{year * (n + 3) % 997}名工人。" for n, place in enumerate(PLACES) for year in range(1990, 2010)
]
QUESTIONS = ["2003年茶园有多少工人？", "海港的工人", "医院"]


def paragraphs() -> list[str]:
    return [" ".join(TEXTS[start : start + 10]) for start in range(0, len(TEXTS), 10)]


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.filterwarnings("default")  # what the libraries warn of is theirs
def test_every_engine_finds_what_ours_finds(name: str, tmp_path: Path) -> None:
    engine, ours = ENGINES[name](), ENGINES["wherefrom"]()
    pytest.importorskip(engine.module)
    passages = [list(passage_terms(text).elements()) for text in TEXTS]
    for each, folder in ((engine, tmp_path / "theirs"), (ours, tmp_path / "ours")):
        folder.mkdir()
        each.build(folder, passages)
        each.open(folder)
    index = LexicalIndex()
    index.add(range(len(TEXTS)), TEXTS)
    for question in map(read_question, QUESTIONS):
        scores = index.score(question)
        found, wanted = (list(scores.of(each.ask(question, 10)).values()) for each in (engine, ours))
        assert found[0] == wanted[0]
        if isinstance(engine, Bm25s):  # the same formula; equal scores may come in any order
            assert found == pytest.approx(wanted)
    check_update(engine)


def check_update(engine: LexicalEngine) -> None:
    question = read_question(QUESTIONS[0])
    best = engine.ask(question, 1)[0]
    try:
        engine.replace({best: list(passage_terms("另一件事").elements())}, len(TEXTS))
    except NoUpdate:
        return
    assert engine.ask(question, 1)[0] != best
    assert engine.ask(read_question("另一件事"), 5) == [len(TEXTS)]


def test_windows_are_distinct_runs_of_whole_sentences() -> None:
    windows = sentence_windows(paragraphs(), 300)
    assert len(set(windows)) == 300
    assert all(len(window) <= LONGEST and re.search("[。]$", window) for window in windows)
    assert all(any(window in paragraph for paragraph in paragraphs()) for window in windows)
    assert windows == sentence_windows(paragraphs(), 300)
    with pytest.raises(InvalidInput, match="not 5000"):
        sentence_windows(paragraphs(), 5000)


def test_a_ratio_stands_between_its_bounds() -> None:
    lower, ratio, upper = ratio_of_medians([2.0, 4.0, 6.0, 2.0], [1.0, 2.0, 3.0, 4.0])
    assert lower <= ratio == 3 / 2.5 <= upper
    assert ratio_of_medians([1.0, 2.0], [1.0, 2.0]) == (1, 1, 1)


@pytest.fixture
def question_set(tmp_path: Path) -> Path:
    asked = [
        {"id": str(n), "question": text, "answers": [{"text": "工人", "answer_start": 10}]}
        for n, text in enumerate(QUESTIONS)
    ]
    data = {
        "data": [
            {
                "title": "t",
                "paragraphs": [{"context": text, "qas": asked if not n else []} for n, text in enumerate(paragraphs())],
            }
        ]
    }
    path = tmp_path / "set.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


def test_the_command_measures_the_engines_that_are_named(question_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["bench-lexical", str(question_set), "--rounds", "2", "--engine", "wherefrom", "--engine", "SQLite FTS5"]
    done = CliRunner().invoke(app, [*command, "--passages", "1000", "--json"])
    assert done.exit_code == 0, done.output
    ours, theirs = json.loads(done.stdout)
    assert (ours["engine"], theirs["engine"]) == ("wherefrom", "SQLite FTS5")
    assert ours["asked"]["set"]["ratio"] == [1, 1, 1] and ours["asked"]["set"]["agreement"] == 1
    assert theirs["asked"]["set"]["agreement"] > 0.5
    assert ours["disk"] > 0 and theirs["update"] > 0


def test_an_engine_that_is_not_there_is_refused(question_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(engine: str) -> str:
        done = CliRunner().invoke(app, ["bench-lexical", str(question_set), "--engine", engine])
        assert done.exit_code == 2
        return " ".join(done.output.replace("│", " ").split())

    assert "there is no engine lucene" in refused("lucene")
    monkeypatch.setattr("eval.bench_lexical.find_spec", lambda module: None)
    assert "not installed: tantivy" in refused("tantivy")


def test_figures_are_held_against_the_mark() -> None:
    def measured(engine: str, p50: float, update: float | None) -> Measured:
        asked = Asked(p50, 2 * p50, p50, (19.0, 20.0, 21.0), 1.0)
        return Measured(engine, 1.0, 0.1, update, 10.0, 10.0, {"zh": asked})

    figures = list(lexical_figures([measured("wherefrom", 1, 0.1), measured("rank-bm25", 20, None)], 1000))
    held = {figure.what: figure for figure in figures if figure.goal}
    assert held["lexical search, times as fast as rank-bm25, zh"].reached
    assert held["work of replacing 100 passages"].reached and len(held) == 2
