"""`python -m eval`: what it prints where, its exit codes, and runs over an index in this process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.document import make_document
from eval.local_retriever import whole
from tests.eval.eval_fixtures import Command, write_corpus, write_parallel, write_questions, write_squad


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_questions(tmp_path / "questions.jsonl")


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    return write_squad(tmp_path / "colours.json")


def test_a_corpus_is_indexed_and_asked(command: Command, corpus: Path, questions: Path) -> None:
    code, out, err = command("run", questions, "--corpus", corpus, "--model", "hash", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["measures"]["R@1"] == 1
    assert found["citations"]["failed"] == 0 < found["citations"]["checked"]
    assert found["highlights"] == {"questions": 1, "whole": 1, "overlapping": 1}
    assert (found["index"]["model"], found["index"]["documents"]) == ("hash", 1)
    assert {"faiss-cpu", "numpy", "python"} <= set(found["versions"])


def test_a_set_with_passages_needs_no_corpus(command: Command, squad: Path) -> None:
    code, out, err = command("run", squad, "--model", "hash", "--method", "dense", "--k", 3, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["measures"]["R@1"] == found["measures"]["nDCG@10"] == 1
    assert [len(entry["hits"]) for entry in found["per_query"]] == [3, 3, 3]
    assert (found["index"]["documents"], found["index"]["passages"]) == (3, 3)


def test_passages_of_two_languages_are_searched_side_by_side(command: Command, tmp_path: Path) -> None:
    chinese, english = write_parallel(tmp_path)
    both = ("--passages", chinese, "--passages", english)
    code, out, err = command("run", chinese, english, *both, "--model", "hash", "--json")
    assert (code, err) == (0, "")
    for line, language in zip(out.splitlines(), ("zh", "en"), strict=True):
        found = json.loads(line)
        assert found["questions"] == f"{language}.json on zh.json and en.json"
        assert (found["index"]["documents"], found["citations"]["failed"]) == (4, 0)
        assert [entry["judged"]["ideal"] for entry in found["per_query"]] == [[1, 1], [1, 1]]
        assert [entry["languages"][0] for entry in found["per_query"]] == [language, language]
        assert found["firsts"] == {"questions": 2, "right": 1, "own_language": 1}  # its words are in no other language
    code, out, _ = command("run", chinese, *both, "--model", "hash")
    assert (code, "1.000 right in whichever language, 1.000 in the question's own; of 2" in out) == (0, True)


def test_what_is_held_out_is_asked_but_not_there(command: Command, squad: Path) -> None:
    articles = [{"paragraphs": [paragraph]} for paragraph in json.loads(squad.read_text())["data"][0]["paragraphs"]]
    squad.write_text(json.dumps({"data": articles}))
    code, out, err = command("run", squad, "--hold-out", 2, "--model", "hash", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [entry["kind"] for entry in found["per_query"]] == ["squad", "held-out", "squad"]
    assert (found["refusal"]["answerable"], found["refusal"]["unanswerable"]) == (2, 1)
    assert found["refusal"]["auroc"] == 1
    assert found["index"]["passages"] == 2


def test_several_sets_go_into_a_folder_and_compare(
    command: Command, squad: Path, questions: Path, corpus: Path, tmp_path: Path
) -> None:
    copy = squad.with_name("copy.json")
    copy.write_text(squad.read_text())
    folder = tmp_path / "out"
    folder.mkdir()
    code, out, _ = command("run", squad, copy, "--model", "hash", "--out", folder)
    assert code == 0
    assert "colours.json" in out and "copy.json" in out
    assert sorted(path.name for path in folder.iterdir()) == ["colours.json", "copy.json"]
    code, out, err = command("compare", folder / "colours.json", folder / "copy.json")
    assert (code, err) == (0, "")
    assert "rank changed: 0 questions" in out
    code, out, _ = command("compare", folder / "colours.json", folder / "copy.json", "--json")
    assert json.loads(out)["changes"] == []


def test_the_same_run_writes_the_same_bytes(command: Command, squad: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.json", tmp_path / "b.json"]
    for file in files:
        assert command("run", squad, "--model", "hash", "--out", file)[0] == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_report_is_written(command: Command, squad: Path, tmp_path: Path) -> None:
    run = tmp_path / "run.json"
    assert command("run", squad, "--model", "hash", "--out", run)[0] == 0
    for name, start in (("report.md", "# Evaluation: colours.json"), ("report.html", "<!doctype html>")):
        assert command("report", run, run, "--out", tmp_path / name) == (0, "", "")
        assert (tmp_path / name).read_text("utf-8").startswith(start)


def test_a_question_that_cannot_be_asked_counts_as_not_answered(command: Command, squad: Path) -> None:
    squad.write_text(squad.read_text().replace("What is red?", " "))
    code, out, err = command("run", squad, "--model", "hash", "--json")
    assert code == 0
    assert err == "note: question red counts as not answered: the question is empty; ask something\n"
    first, *others = json.loads(out)["per_query"]
    assert (first["rank"], first["flag"], first["hits"]) == (None, False, [])
    assert [entry["rank"] for entry in others] == [1, 1]


def test_one_question_can_be_timed(command: Command, squad: Path, data_dir: Path) -> None:
    data = json.loads(squad.read_text())
    data["data"][0]["paragraphs"] = data["data"][0]["paragraphs"][:1]
    squad.write_text(json.dumps(data))
    code, out, err = command("bench", squad, "--data-dir", data_dir, "--rounds", 1, "--json")
    assert (code, err) == (0, "")
    assert {stage["name"]: stage["p50"] == stage["p99"] for stage in json.loads(out)["stages"]}["total"]


def test_evidence_that_is_not_indexed_is_noticed(command: Command, corpus: Path, questions: Path) -> None:
    (corpus / "town.txt").rename(corpus / "city.txt")
    code, _, err = command("run", questions, "--corpus", corpus, "--model", "hash")
    assert (code, err) == (0, "note: nothing was ever found in town.txt; is it indexed?\n")


def test_a_document_may_be_one_passage() -> None:
    document = make_document("One. Two.\n\nThree.", source="s")
    (passage,) = whole(document)
    assert (passage.start, passage.end, passage.search_text) == (0, len(document.text), document.text)
    assert whole(make_document("", source="s")) == []


def test_importing_the_command_loads_neither_torch_nor_faiss() -> None:
    code = "import sys, eval.__main__; sys.exit(bool({'torch', 'faiss'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
