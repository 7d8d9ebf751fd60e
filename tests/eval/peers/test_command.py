"""Other stacks beside ours: what they are given, how they are judged, and what is reported."""

import json
import sys
from pathlib import Path

import pytest

from corpus.errors import InvalidInput
from eval.__main__ import main
from eval.peers.catalogue import STACKS, Peer, read_peers
from eval.peers.measuring import Asked, Block, Model, Workshop, make_task, measure_all
from eval.peers.report import as_json, as_markdown
from eval.peers.task import TaskDocument, TaskSplit
from eval.sets.reading import read_questions
from index.models.registry import HASH_MODEL
from tests.eval.peers.peer_fixtures import LINES, WORDS, write_peer

TEXT = "The east of the town is red.\n\nThe west of the town is blue.\n"


@pytest.fixture
def sets(tmp_path: Path) -> list[Asked]:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "town.txt").write_text(TEXT)
    line = {"kind": "entity", "answers": [], "answerable": True}
    east = {"id": "q1", "lang": "en", "question": "What is red?", "evidence": [{"doc": "town.txt", "quote": "is red"}]}
    west = {"id": "q2", "lang": "zh", "question": "blue?", "evidence": [{"doc": "town.txt", "quote": "west of"}]}
    none = {"id": "q3", "lang": "en", "question": "Who?", "evidence": [], "answerable": False}
    questions = tmp_path / "town.jsonl"
    questions.write_text("\n".join(json.dumps({**line, **each}) for each in (east, west, none)))
    paragraphs = [
        {"context": f" The {place} is {colour}. ", "qas": [{"id": colour, "question": f"What is {colour}."}]}
        for place, colour in (("east", "red"), ("west", "blue"), ("north", "white"))
    ]
    squad = tmp_path / "colours.json"
    squad.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    return [Asked("town", read_questions(questions), folder), Asked("colours", read_questions(squad))]


def measured(
    sets: list[Asked], peers: list[Peer], tmp_path: Path, timeout_s: float = 60
) -> tuple[list[Block], list[str]]:
    said: list[str] = []
    model = Model(HASH_MODEL, HASH_MODEL, tmp_path)
    return list(measure_all(sets, peers, model, Workshop(tmp_path / "environments", timeout_s), said.append)), said


def test_a_corpus_is_to_be_split_and_passages_are_not(sets: list[Asked]) -> None:
    model = Model("name", "folder", Path())
    town = make_task(sets[0], [], model)
    assert (town.split, town.model, town.questions) == (TaskSplit(400, 50), "folder", ("What is red?", "blue?", "Who?"))
    colours = make_task(sets[1], sets[1].question_set.passages, model)
    assert colours.split is None
    assert colours.documents[0] == TaskDocument("paragraph-0001", "The east is red.")


def test_all_are_asked_and_judged_alike(sets: list[Asked], tmp_path: Path) -> None:
    blocks, said = measured(sets, [write_peer(tmp_path / "stacks", "words", WORDS)], tmp_path)
    assert [block.title for block in blocks] == ["town", "colours"]
    assert said[1:] == ["town: wherefrom", "town: words", "colours: wherefrom", "colours: words"]
    for block in blocks:
        assert list(block.standings) == ["wherefrom", "words"]
        assert not block.failed
        for standing in block.standings.values():
            assert standing.evaluation.citations.failed == 0 < standing.evaluation.citations.checked
            assert set(standing.seconds) == {"index", "search"}
    town, colours = (block.standings["words"] for block in blocks)
    # "red?" is no word of the text, so both lines tie, and the first comes first.
    assert [outcome.rank for outcome in town.evaluation.per_query] == [1, 2, None]
    assert colours.evaluation.measures["R@1"] == 1
    assert town.evaluation.index == {"model": HASH_MODEL, "documents": 1, "passages": 2}
    assert "pytest" in town.evaluation.versions


def test_the_table_has_a_block_for_each_set_and_rows_for_each_language(sets: list[Asked], tmp_path: Path) -> None:
    blocks, _ = measured(sets, [write_peer(tmp_path / "stacks", "words", WORDS)], tmp_path)
    table = as_markdown(blocks)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert rows[0] == ["questions", "language", "stack", "R@1", "R@3", "R@5", "MRR@10", "nDCG@10", "p"]
    assert [row[:3] for row in rows[2:]] == [
        ["town", "all (2)", "**wherefrom**"],
        ["", "", "words"],
        ["", "en (1)", "**wherefrom**"],
        ["", "", "words"],
        ["", "zh (1)", "**wherefrom**"],
        ["", "", "words"],
        ["colours", "en (3)", "**wherefrom**"],
        ["", "", "words"],
    ]
    assert rows[3][3:8] == ["0.500", "1.000", "1.000", "0.750", "0.815"]
    assert rows[7][3:8] == ["0.000", "1.000", "1.000", "0.500", "0.631"]


def test_the_json_keeps_every_question(sets: list[Asked], tmp_path: Path) -> None:
    blocks, _ = measured(sets[:1], [write_peer(tmp_path / "stacks", "words", WORDS)], tmp_path)
    (block,) = json.loads(json.dumps(as_json(blocks)))
    words = block["stacks"]["words"]
    assert [entry["rank"] for entry in words["per_query"]] == [1, 2, None]
    assert {"measures", "by_language", "versions", "seconds", "unplaced"} <= words.keys()


def test_those_that_fail_are_named_and_the_others_go_on(
    sets: list[Asked], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    stacks = tmp_path / "stacks"
    peers = [
        write_peer(stacks, "crashes", "import os\nos.abort()\n"),
        write_peer(
            stacks, "garbled", LINES + "def index(passages, model):\n    return lambda question, k: [(0, 'x')]\n"
        ),
        write_peer(stacks, "missing", WORDS, '["no-such-package==1"]'),
        write_peer(stacks, "raises", "import sys\nprint('noise', file=sys.stderr)\nraise ValueError('no luck')\n"),
        write_peer(stacks, "words", WORDS),
    ]
    ((block,), _) = measured(sets[:1], peers, tmp_path)
    assert list(block.standings) == ["wherefrom", "words"]
    assert block.failed == {
        "missing": "it cannot be installed: ERROR: No matching distribution found for no-such-package==1",
        "crashes": "exit status -6",
        "garbled": "ValueError: could not convert string to float: 'x'",
        "raises": "ValueError: no luck",
    }
    assert "\n- town: raises was not measured: ValueError: no luck\n" in as_markdown([block])


def test_the_stacks_pin_what_they_need() -> None:
    peers = read_peers(STACKS)
    assert {"tutorial", "langchain_faiss", "llamaindex"} <= {peer.name for peer in peers}
    for peer in peers:
        assert {"torch==2.13.0"} <= set(peer.dependencies), peer.name
        assert all("==" in dependency for dependency in peer.dependencies), peer.name


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("print()\n", "no block of PEP 723"),
        ("# /// script\n# dependencies = [\n# ///\n", "is not TOML"),
        ("# /// script\n# dependencies = 1\n# ///\n", "is not TOML"),
    ],
)
def test_a_stack_must_say_what_it_needs(tmp_path: Path, code: str, problem: str) -> None:
    (tmp_path / "bad.py").write_text(code)
    with pytest.raises(InvalidInput, match=problem):
        read_peers(tmp_path)


def test_usage_errors_are_said_before_anything_is_made(
    tmp_path: Path, sets: list[Asked], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    town, squad, folder = tmp_path / "town.jsonl", tmp_path / "colours.json", tmp_path / "corpus"
    (tmp_path / "none").mkdir()
    wrong = {
        (town,): (2, "1 of the question sets need a corpus, and there are 0"),
        (squad, "--corpus", folder): (2, "0 of the question sets need a corpus, and there are 1"),
        (town, "--corpus", folder, "--corpus", folder): (2, "there are 2"),
        (town, "--corpus", folder, "--passages", squad): (2, "leave --passages out"),
        (squad, "--out", tmp_path / "no" / "x.json"): (2, "make it first"),
        (squad, "--only", "magic"): (2, "no peer 'magic'; choose from haystack_hybrid"),
        (squad, "--stacks", tmp_path / "none"): (2, "no stacks here"),
    }
    for arguments, (status, problem) in wrong.items():
        monkeypatch.setattr(sys, "argv", ["eval", "peers", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        assert (stopped.value.code, out) == (status, ""), arguments
        assert problem in err, arguments
    assert not (tmp_path / ".peers").exists()


@pytest.mark.model
def test_the_command_writes_the_table_and_the_json(
    tmp_path: Path,
    sets: list[Asked],
    model_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_peer(tmp_path / "stacks", "words", WORDS)
    write_peer(tmp_path / "stacks", "broken", "raise ValueError('no luck')\n")
    options = ["--corpus", tmp_path / "corpus", "--stacks", tmp_path / "stacks", "--cache-dir", model_cache]
    files = [tmp_path / "town.jsonl", tmp_path / "colours.json", "--passages", tmp_path / "colours.json"]
    monkeypatch.setattr(sys, "argv", ["eval", "peers", *map(str, (*files, *options, "--out", tmp_path / "out.json"))])
    with pytest.raises(SystemExit) as stopped:
        main()
    out, err = capsys.readouterr()
    assert stopped.value.code == 1  # for one was not measured
    assert "colours.json: words\n" in err
    assert "| colours.json | en (3) | **wherefrom** | **1.000**" in out
    assert (tmp_path / "out.md").read_text("utf-8") == out
    assert [block["failed"] for block in json.loads((tmp_path / "out.json").read_text("utf-8"))] == [
        {"broken": "ValueError: no luck"}
    ] * 2
