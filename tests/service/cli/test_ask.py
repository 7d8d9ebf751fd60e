"""`wherefrom ask`: what a person sees, what a program reads, and the questions it refuses."""

import json
import os
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.command_fixtures import Command, documents, stable
from tests.http_fixtures import QUESTION, Serving
from tests.service_fixtures import make_index, settings_of, without_space


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, make_index(tmp_path))


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_an_answer_fits_the_terminal(wherefrom: Command, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    done = wherefrom("ask", QUESTION, "-k", 50, "--context-sentences", 1).succeeded()
    assert done.err == ""
    lines = done.out.splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert [line for line in lines if line != line.rstrip()] == []
    assert [line for line in lines if line.lstrip()[:1] in "，。；：、）”" and line.strip()] == []


def test_an_answer_shows_what_it_must(wherefrom: Command) -> None:
    shown = wherefrom("ask", QUESTION, "-k", 50).succeeded().out
    answer = json.loads(wherefrom("ask", QUESTION, "-k", 50, "--json").succeeded().out)
    text = without_space(shown)
    for result in answer["results"]:
        citation = result["citation"]
        assert without_space(citation["label"] + citation["title"]) in text
        assert f"{result['score']:.2f}" in text
        quoted = without_space(citation["quote"])
        assert quoted in text.replace("»", "").replace("«", "")
        for part in (citation["publisher"], citation["published"], citation["source"], result["passage_id"]):
            assert part is None or without_space(part) in text
    assert "3documents,4passages," in text


def test_the_answering_sentence_is_marked(wherefrom: Command) -> None:
    shown = wherefrom("ask", "How much paraffin did the lamp burn?", "-k", 1).succeeded().out
    assert "»The lamp burned 14 litres of paraffin a night.«" in " ".join(shown.split())
    shown = wherefrom("ask", QUESTION, "-k", 1).succeeded().out
    assert "»改造费用为14。24亿元，其中财政拨款1.8亿元。«" in without_space(shown)


def test_rows_from_the_middle_of_a_table_have_the_names_of_its_columns_above(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = "".join(f"| Harbour number {number} | {number * 7} | {number * 3} |\n" for number in range(1, 60))
    data_dir = make_index(tmp_path, {"berths.md": f"# Berths\n\n| Port | Berths | Cranes |\n|---|---|---|\n{rows}"})
    shown = Command(monkeypatch, capsys, data_dir)("ask", "Harbour number 47", "-k", 1).succeeded().out
    assert [line.strip() for line in shown.splitlines()].index("| Port | Berths | Cranes |") == 1
    assert "»| Harbour number 47 | 329 | 141 |«" in shown


def test_context_is_shown_around_the_passage(wherefrom: Command) -> None:
    alone = wherefrom("ask", "合作社开设的课程", "-k", 1).succeeded().out
    around = wherefrom("ask", "合作社开设的课程", "-k", 1, "--context-sentences", 1).succeeded().out
    assert "搬迁" not in alone
    assert "搬迁" in around


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (["source=*.md"], {"harbour.md", "library.md"}),
        (["source=*.txt", "source=library.md"], {"lighthouse.txt", "library.md"}),
        (["source=reports/"], set()),
        (["language=en", "source=l*"], {"lighthouse.txt", "library.md"}),
        (["published_after=2024", "published_before=2024-12"], {"harbour.md"}),
        (["mentions_year=1931"], {"lighthouse.txt"}),
        (["title=the travelling library"], {"library.md"}),
    ],
)
def test_filters(wherefrom: Command, given: list[str], found: set[str]) -> None:
    options = [option for each in given for option in ("--filter", each)]
    answer = json.loads(wherefrom("ask", QUESTION, "-k", 50, "--json", *options).succeeded().out)
    assert {each["citation"]["source"] for each in answer["results"]} == found


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["reports/"], "--filter is 'reports/'; write NAME=VALUE, as source=reports/2024/"),
        (["=x"], "write NAME=VALUE"),
        (["source="], "the condition on source has no value"),
        (["colour=red"], "the condition is on 'colour', which no document has; there are author, "),
        (["published_after=soon"], "published_after is 'soon'"),
        (["published_after=2024", "published_after=2025"], "--filter published_after is given 2 times; give it once"),
        (["mentions_year=now"], "--filter mentions_year is 'now'; give a year"),
    ],
)
def test_filters_that_are_none(wherefrom: Command, given: list[str], told: str) -> None:
    wherefrom("ask", QUESTION, *(option for each in given for option in ("--filter", each))).failed(2, told)


def test_json_is_what_http_answers(wherefrom: Command) -> None:
    printed = json.loads(wherefrom("ask", QUESTION, "--json", "-k", 3, "--context-sentences", 1).succeeded().out)
    with Serving(settings_of(wherefrom.data_dir)) as client:
        served = client.post("/v1/search", json={"query": QUESTION, "k": 3, "context_sentences": 1}).json()
    assert list(printed) == [name for name in served if name != "request_id"]
    assert stable(printed) == stable(served)


def test_weak_results_can_be_left_out(wherefrom: Command) -> None:
    shown = wherefrom("ask", QUESTION, "--min-confidence", 1).succeeded().out
    assert shown.startswith("No passage has the confidence asked for; the best passage here has 0.")
    answer = json.loads(wherefrom("ask", QUESTION, "--min-confidence", 1, "--json").succeeded().out)
    assert answer["results"] == []


def test_an_index_without_documents_says_so(wherefrom: Command) -> None:
    wherefrom("documents", "delete", *documents(wherefrom).values()).succeeded()
    shown = wherefrom("ask", QUESTION).succeeded().out
    assert shown.startswith("Nothing here answers this: the index is empty.\n")
    assert "0 documents, 0 passages" in shown


def test_a_batch_is_a_line_each(wherefrom: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    questions = [QUESTION, "How much paraffin?", "a\u2028b"]
    lines = [json.dumps({"query": question, "id": 7}, ensure_ascii=False) for question in questions]
    file.write_text("\ufeff" + "\r\n\n".join(lines), "utf-8")
    printed = wherefrom("ask", "--batch", file, "-k", 2).succeeded().out.splitlines()
    for line, question in zip(printed, questions, strict=True):
        single = json.loads(wherefrom("ask", question, "-k", 2, "--json").succeeded().out)
        assert stable(json.loads(line)) == {"id": 7, **stable(single)}


def test_an_answer_of_a_batch_has_the_id_of_its_question(wherefrom: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    ids = [7, "q-7", "问题\u2028一", None, 0, False, [1, {"a": "b"}], {"id": 1.5}, 10**30, "\ud800"]
    lines = [{"id": each, "query": QUESTION, "note": "mine"} for each in ids]
    file.write_text("\n".join(map(json.dumps, [*lines, {"query": QUESTION}])), "utf-8")
    *answers, last = map(json.loads, wherefrom("ask", "--batch", file, "-k", 1).succeeded().out.splitlines())
    assert [each["id"] for each in answers] == ids
    assert "id" not in last
    assert [stable(each) for each in answers] == [{"id": each, **stable(last)} for each in ids]


def test_last_year_is_counted_from_the_day_that_is_given(wherefrom: Command, tmp_path: Path) -> None:
    question = QUESTION + " last year"

    def asked(*arguments: object) -> list[dict[str, object]]:
        printed = wherefrom("ask", *arguments).succeeded().out.splitlines()
        return [stable(json.loads(line)) for line in printed]

    file = tmp_path / "questions.jsonl"
    lines: list[dict[str, str]] = [{"query": question}, {"query": question, "today": "2012-12-31"}]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    default, own = asked("--batch", file, "--today", "2031-01-01")
    assert default["no_answer_reason"] == "the best passage does not speak of 2030"
    assert own["no_answer_reason"] == "the best passage does not speak of 2011"
    alone = wherefrom("ask", question, "--today", "2031-01-01", "--json").succeeded().out
    assert stable(json.loads(alone)) == default


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "5",
        "{}",
        '{"query": 5}',
        '{"query": null}',
        "[" * 100_000,
        "9" * 5000,
        '{"id": NaN, "query": "x"}',
        '{"query": "x"',
    ],
)
def test_a_line_that_is_no_question_is_told_before_any_is_asked(wherefrom: Command, tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"query": "x"}\n' + line)
    done = wherefrom("ask", "--batch", file).failed(
        2, 'questions.jsonl, line 2: it is no question; write {"query": "…"}'
    )
    assert done.out == ""


def test_a_batch_with_a_bad_question_or_without_a_file(wherefrom: Command, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"query": " "}')
    wherefrom("ask", "--batch", file).failed(2, "line 1: the question is empty")
    file.write_text('{"query": "a\\ud800"}')
    wherefrom("ask", "--batch", file).failed(2, "line 1: the question holds half of a surrogate pair")
    file.write_text('{"query": "a", "today": 5}')
    wherefrom("ask", "--batch", file).failed(2, "line 1: today is '5'; give a day that exists, as 2026-04-16")
    file.write_bytes(b"\xff\xfe")
    wherefrom("ask", "--batch", file).failed(1, "it is not UTF-8; name a readable UTF-8 file")
    wherefrom("ask", "--batch", tmp_path / "none").failed(1, "No such file")
    wherefrom("ask", "--batch", tmp_path).failed(1, "Is a directory")
    wherefrom("ask", "x", "--batch", file).failed(2, "one of them")
    wherefrom("ask").failed(2, "ask needs a QUESTION or --batch FILE")


BAD_QUESTIONS: dict[str, tuple[list[object], str]] = {
    "empty": ([""], "the question is empty"),
    "blank": ([" \n\u3000"], "the question is empty"),
    "too long": (["问" * 10_000], "the question has 10000 characters; ask in at most 2048"),
    "bytes that are no UTF-8": ([os.fsdecode(b"caf\xe9")], "half of a surrogate pair"),
    "k of 0": (["x", "-k", 0], "k is 0; give 1 to 50"),
    "k of -1": (["x", "-k", -1], "k is -1; give 1 to 50"),
    "k of 1000": (["x", "--k", 1000], "k is 1000; give 1 to 50"),
    "k of a word": (["x", "-k", "five"], "see: wherefrom ask --help"),
    "k of a fraction": (["x", "-k", 1.5], "see: wherefrom ask --help"),
    "k without a value": (["x", "-k"], "'-k' requires an argument; see: wherefrom --help"),
    "context of 11": (["x", "--context-sentences", 11], "context_sentences is 11; give 0 to 10"),
    "confidence of 2": (["x", "--min-confidence", 2], "min_confidence is 2.0; give 0 to 1"),
    "confidence that is no number": (["x", "--min-confidence", "nan"], "min_confidence is nan"),
    "a day that is none": (["x", "--today", "2026-02-30"], "today is '2026-02-30'; give a day that exists"),
    "two questions": (["x", "y"], "see: wherefrom ask --help"),
    "an unknown option": (["x", "--top", 5], "--top"),
}


@pytest.mark.parametrize("name", BAD_QUESTIONS)
def test_a_bad_question_is_refused_in_one_line(wherefrom: Command, name: str) -> None:
    arguments, told = BAD_QUESTIONS[name]
    assert wherefrom("ask", *arguments).failed(2, told).out == ""
