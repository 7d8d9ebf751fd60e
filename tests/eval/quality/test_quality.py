"""`python -m eval quality`: one table a set, by method, language and half, and the files it leaves for `compare`."""

import json
from pathlib import Path

import pytest

from eval.answers import JudgedAnswer
from eval.evaluation import CitationCheck, Evaluation
from eval.measures import Judged
from eval.quality.table import COLUMNS, OF_HALVES, quality_table
from eval.running import evaluate
from tests.eval.eval_fixtures import (
    ANSWERS,
    QUESTIONS,
    Command,
    FakeRetriever,
    write_corpus,
    write_parallel,
    write_questions,
)


def cells(run: Evaluation, halves: bool = True) -> dict[str, dict[str, str]]:
    """Return the cells of the table of one run, by language and column."""
    table = quality_table({"full": run}, halves)
    return {row.cells[1]: dict(zip(table.columns, row.cells, strict=True)) for row in table.rows}


def test_a_table_tells_all_by_language_and_by_half() -> None:
    found = cells(evaluate(QUESTIONS, FakeRetriever(ANSWERS)))
    assert list(found) == ["all", "en", "zh", "other"]
    first = {"asked": "3", "none": "1", "S@1": "0.333", "S@3": "0.667", "S@5": "0.667", "MRR@10": "0.500"}
    refusing = {"AUROC": "0.667", "kept": "0.667", "refused": "1.000", "own": "-"}
    # The first and the third question have the ranks 1 and none, the second 2; the fourth has no answer.
    halves = {"S@1 1": "0.500", "S@1 2": "0.000", "MRR 1": "0.500", "MRR 2": "0.500"}
    assert first.items() | refusing.items() | halves.items() <= found["all"].items()
    assert {"asked": "1", "S@1": "1.000", "S@1 1": "1.000", "S@1 2": "-", "refused": "1.000"}.items() <= found[
        "en"
    ].items()
    assert {"S@1 1": "-", "S@1 2": "0.000", "MRR 2": "0.500"}.items() <= found["zh"].items()


def test_one_language_is_told_once_and_halves_only_if_wanted() -> None:
    run = evaluate(QUESTIONS, FakeRetriever(ANSWERS))
    english = Evaluation("e", 10, run.per_query[:1], CitationCheck(0, 0), {}, {})
    assert list(cells(english)) == ["all"]
    assert tuple(cells(english, halves=False)["all"]) == COLUMNS
    assert tuple(cells(english)["all"]) == (*COLUMNS, *OF_HALVES)


def test_one_of_several_right_passages_first_is_success() -> None:
    judged = [Judged((0, 1, 1), (1, 1)), Judged((1, 0), (1, 1))]
    answers = tuple(
        JudgedAnswer(str(number), "zh", "squad", "?", True, 0.5, each, None, (), languages)
        for number, (each, languages) in enumerate(zip(judged, (("en", "zh"), ("zh", "en")), strict=True))
    )
    found = cells(Evaluation("", 10, answers, CitationCheck(0, 0), {}, {}))["all"]
    assert (found["S@1"], found["S@3"], found["MRR@10"], found["own"]) == ("0.500", "1.000", "0.750", "0.500")


def test_the_language_that_comes_first_is_told_in_each_group() -> None:
    answers = [
        JudgedAnswer(lang, lang, "k", "?", True, 0.5, Judged((1,), (1,)), None, (), (first,))
        for lang, first in (("zh", "zh"), ("en", "en"), ("en-GB", "zh"), ("de", "zh"))
    ]
    found = cells(Evaluation("", 10, tuple(answers), CitationCheck(0, 0), {}, {}))
    told = {language: row["own"] for language, row in found.items()}
    # Nothing is found in German; British English is no group of its own, but found in English.
    assert told == {"all": "0.667", "zh": "1.000", "en": "1.000", "other": "0.000"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Parallel files, and a set of ours in a folder of its own."""
    write_parallel(tmp_path)
    (tmp_path / "town").mkdir()
    write_corpus(tmp_path / "town" / "documents")
    write_questions(tmp_path / "town" / "questions.jsonl")
    return tmp_path


def test_every_set_has_a_table_and_every_place_is_indexed_once(command: Command, folder: Path) -> None:
    told = ("zh.json", "en.json@zh.json", "zh.json@zh.json@en.json", "town")
    code, out, err = command("quality", *told, "--model", "hash")
    assert code == 0
    assert [line for line in out.splitlines() if line and not line.startswith(" ")] == [
        "zh.json",
        "en.json on zh.json",
        "zh.json on zh.json and en.json",
        "town",
    ]
    rows = [line.split() for line in out.splitlines() if line.strip().startswith(("dense", "full"))]
    assert [row[:4] for row in rows] == [
        [method, "all", "2", "0"] for _ in told[:3] for method in ("dense", "full")
    ] + [[method, "all", "1", "1"] for method in ("dense", "full")]
    assert err.count("indexing") == 3
    assert err.splitlines()[0] == "indexing what zh.json and en.json on zh.json ask of"


def test_figures_go_to_standard_output_beside_bars(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal, where bars are drawn
    code, out, err = command("quality", "zh.json", "en.json@zh.json", "--model", "hash", "--json")
    assert (code, [json.loads(line)["questions"] for line in out.splitlines()]) == (
        0,
        ["zh.json", "en.json on zh.json"],
    )
    assert "100%" in err


def test_runs_are_left_for_compare(command: Command, folder: Path) -> None:
    (folder / "before").mkdir()
    code, out, _ = command("quality", "zh.json", "town", "--model", "hash", "--json", "--out", "before")
    assert code == 0
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(each["questions"], sorted(each["runs"])) for each in lines] == [
        ("zh.json", ["dense", "full"]),
        ("town", ["dense", "full"]),
    ]
    assert [lines[0]["runs"][method]["index"]["method"] for method in ("dense", "full")] == ["dense", "full"]
    kept = {path.name: json.loads(path.read_text()) for path in Path("before").iterdir()}
    assert {name: each["measures"] for name, each in kept.items()} == {
        f"{each['questions']}.{method}.json": run["measures"] for each in lines for method, run in each["runs"].items()
    }
    assert command("compare", "before/zh.json.dense.json", "before/zh.json.full.json")[0] == 0


def test_a_run_alone_finds_the_same(command: Command, folder: Path) -> None:
    told = command("quality", "en.json@zh.json@en.json", "--model", "hash", "--json")[1]
    alone = command("run", "en.json", "--passages", "zh.json", "--passages", "en.json", "--model", "hash", "--json")[1]
    found, full = json.loads(alone), json.loads(told)["runs"]["full"]
    assert {name: found[name] for name in found if name != "versions"} == {
        name: full[name] for name in full if name != "versions"
    }


def test_half_of_the_questions_has_no_halves(command: Command, folder: Path) -> None:
    code, out, _ = command("quality", "zh.json", "--half", 2, "--model", "hash")
    assert code == 0
    assert out.splitlines()[0] == "zh.json, half 2"
    assert "S@1 1" not in out
    assert [line.split()[2] for line in out.splitlines() if "full" in line] == ["1"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ("quality", "Missing argument"),
        ("quality zh.json --half 3", "'--half'"),
        ("quality zh.json --out none", "'none' does not exist"),
        ("quality none.json", "none.json: is not there"),
        ("quality zh.json zh.json", "two question sets are called zh.json"),
    ],
)
def test_misuse_is_told_before_anything_runs(command: Command, folder: Path, arguments: str, problem: str) -> None:
    code, out, err = command(*arguments.split())
    assert (code, out) == (2, "")
    assert problem.lower() in err.lower()
