"""`python -m eval`: what it prints where, its exit codes, and runs over an index in this process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.document import make_document
from eval.__main__ import main
from eval.in_process import whole

TEXT = "The east of the town is red.\n\nThe west of the town is blue.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "town.txt").write_text(TEXT)
    return folder


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    evidence = [{"doc": "town.txt", "quote": "east of the town"}]
    lines = [
        {"id": "q1", "question": "What is red?", "kind": "entity", "answerable": True, "evidence": evidence},
        {
            "id": "q2",
            "question": "Who is green?",
            "kind": "unanswerable",
            "answerable": False,
            "evidence": [],
        },
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps({"lang": "en", "answers": [], **line}) for line in lines))
    return path


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    paragraphs = [
        {"context": f"The {place} is {colour}.", "qas": [{"id": colour, "question": f"What is {colour}?"}]}
        for place, colour in (("east", "red"), ("west", "blue"), ("north", "white"))
    ]
    path = tmp_path / "colours.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    return path


class Command:
    """The command line, run in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch, self.capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["eval", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = self.capsys.readouterr()
        code = int(stopped.value.code or 0)
        if code:
            assert err.startswith("error: ") and err.count("\n") == 1, err
        return code, out, err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(monkeypatch, capsys)


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


def test_evidence_that_is_not_indexed_is_noticed(command: Command, corpus: Path, questions: Path) -> None:
    (corpus / "town.txt").rename(corpus / "city.txt")
    code, _, err = command("run", questions, "--corpus", corpus, "--model", "hash")
    assert (code, err) == (0, "note: nothing was ever found in town.txt; is it indexed?\n")


def test_usage_errors_exit_with_two_and_name_the_option(
    command: Command, squad: Path, questions: Path, corpus: Path, tmp_path: Path
) -> None:
    wrong = {
        ("run", questions): "give one of --corpus DIR, --data-dir DIR, --url URL",
        ("run", questions, "--corpus", corpus, "--url", "http://host"): "give one of --corpus",
        ("run", questions, "--url", "http://host", "--model", "hash"): "leave --model out",
        ("run", squad, "--corpus", corpus): "leave --corpus out",
        ("run", squad, squad, "--out", tmp_path / "x.json"): "--out must be a folder",
        ("run", squad, squad, "--out", tmp_path): "would overwrite each other",
        ("run", squad, "--out", tmp_path / "none" / "x.json"): "make it first",
        ("run", squad, "--method", "magic"): "'magic'",
        ("run", squad, "--hold-out", 2): "1 articles takes an N of 2 to 1, not 2",
        ("run", squad, "--hold-out", 1): "'--hold-out'",
        ("run", questions, "--corpus", corpus, "--hold-out", 2): "leave --hold-out out",
        ("run", tmp_path / "none.jsonl"): "does not exist",
    }
    for arguments, problem in wrong.items():
        code, out, err = command(*arguments)
        assert (code, out) == (2, ""), arguments
        assert problem in err, arguments


def test_our_errors_are_one_line_and_exit_with_one(command: Command, questions: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{}")
    wrong = {
        ("run", bad, "--url", "http://127.0.0.1:1"): f"{bad}:1: id: Field required",
        ("run", questions, "--url", "localhost"): "start the service or correct its URL",
        ("run", questions, "--data-dir", tmp_path): "no index here",
        ("compare", bad, bad): "questions: Field required",
    }
    for arguments, problem in wrong.items():
        code, out, err = command(*arguments)
        assert (code, out) == (1, ""), arguments
        assert problem in err, arguments


def test_a_document_may_be_one_passage() -> None:
    document = make_document("One. Two.\n\nThree.", source="s")
    (passage,) = whole(document)
    assert (passage.start, passage.end, passage.search_text) == (0, len(document.text), document.text)
    assert whole(make_document("", source="s")) == []


def test_importing_the_command_loads_neither_torch_nor_faiss() -> None:
    code = "import sys, eval.__main__; sys.exit(bool({'torch', 'faiss'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
