"""Other stacks beside ours: what they are given, how they are judged, and what is reported."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import InvalidInput
from eval.__main__ import main
from eval.peers.environment import PACKAGES, STACKS, Peer, read_peers
from eval.peers.leaderboard import Leaderboard, Workshop, as_markdown, compete
from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_question_set
from eval.system import System
from index.models.registry import HASH_MODEL
from tests.eval.peers.peer_fixtures import LINES, WORDS, write_peer

TEXT = "The east of the town is red.\n\nThe west of the town is blue.\n"


@pytest.fixture
def sets(tmp_path: Path) -> list[tuple[QuestionSet, System]]:
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
    system = System(corpus=folder, model=HASH_MODEL)
    return [(read_question_set(questions), system), (read_question_set(squad), replace(system, corpus=None))]


def measured(
    sets: list[tuple[QuestionSet, System]], peers: list[Peer], tmp_path: Path
) -> tuple[list[Leaderboard], list[str]]:
    said: list[str] = []
    return list(compete(sets, peers, Workshop(tmp_path / "environments", 60, HASH_MODEL), said.append)), said


def test_all_are_asked_and_judged_alike(sets: list[tuple[QuestionSet, System]], tmp_path: Path) -> None:
    boards, said = measured(sets, [write_peer(tmp_path / "stacks", "words", WORDS)], tmp_path)
    assert [board.title for board in boards] == ["town.jsonl", "colours.json"]
    each = [f"{title}: {name}" for title in ("town.jsonl", "colours.json") for name in ("wherefrom", "words")]
    assert said[1:] == each
    for board in boards:
        assert list(board.standings) == ["wherefrom", "words"]
        assert not board.failed
        for evaluation in board.standings.values():
            assert evaluation.citations.failed == 0 < evaluation.citations.checked
    town, colours = (board.standings["words"] for board in boards)
    # "red?" is no word of the text, so both lines tie, and the first comes first.
    assert [answer.rank for answer in town.per_query] == [1, 2, None]
    assert colours.measures["R@1"] == 1
    assert town.index == {"documents": 1, "passages": 2, "unplaced": 0}
    assert colours.index == {"documents": 3, "passages": 3, "unplaced": 0}
    assert "pytest" in town.versions


def test_the_table_has_a_block_for_each_set_and_rows_for_each_language(
    sets: list[tuple[QuestionSet, System]], tmp_path: Path
) -> None:
    boards, _ = measured(sets, [write_peer(tmp_path / "stacks", "words", WORDS)], tmp_path)
    table = as_markdown(boards)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    assert rows[0] == ["questions", "language", "stack", "R@1", "R@3", "R@5", "MRR@10", "nDCG@10", "p"]
    assert [row[:3] for row in rows[2:]] == [
        ["town.jsonl", "all (2)", "**wherefrom**"],
        ["", "", "words"],
        ["", "en (1)", "**wherefrom**"],
        ["", "", "words"],
        ["", "zh (1)", "**wherefrom**"],
        ["", "", "words"],
        ["colours.json", "en (3)", "**wherefrom**"],
        ["", "", "words"],
    ]
    assert rows[3][3:8] == ["0.500", "1.000", "1.000", "0.750", "0.815"]
    assert rows[7][3:8] == ["0.000", "1.000", "1.000", "0.500", "0.631"]


def test_the_json_keeps_every_question(sets: list[tuple[QuestionSet, System]], tmp_path: Path) -> None:
    boards, _ = measured(sets[:1], [write_peer(tmp_path / "stacks", "words", WORDS)], tmp_path)
    board = json.loads(json.dumps(boards[0].as_json()))
    words = board["stacks"]["words"]
    assert [entry["rank"] for entry in words["per_query"]] == [1, 2, None]
    assert {"measures", "by_language", "versions", "index"} <= words.keys()


def test_those_that_fail_are_named_and_the_others_go_on(
    sets: list[tuple[QuestionSet, System]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    stacks = tmp_path / "stacks"
    peers = [
        write_peer(stacks, "crashes", "import os\nos.abort()\n"),
        write_peer(
            stacks,
            "garbled",
            LINES + "def index(passages, model, vectors):\n    return lambda question, k: [(0, 'x')]\n",
        ),
        write_peer(stacks, "missing", WORDS, '["no-such-package==1"]'),
        write_peer(stacks, "raises", "import sys\nprint('noise', file=sys.stderr)\nraise ValueError('no luck')\n"),
        write_peer(stacks, "words", WORDS),
    ]
    ((board,), _) = measured(sets[:1], peers, tmp_path)
    assert list(board.standings) == ["wherefrom", "words"]
    assert board.failed == {
        "missing": "it cannot be installed: ERROR: No matching distribution found for no-such-package==1",
        "crashes": "exit status -6",
        "garbled": "ValueError: could not convert string to float: 'x'",
        "raises": "ValueError: no luck",
    }
    assert "\n- town.jsonl: raises was not measured: ValueError: no luck\n" in as_markdown([board])


def test_the_stacks_pin_what_they_need() -> None:
    peers = read_peers(STACKS)
    assert {"chroma", "tutorial", "langchain_faiss", "llamaindex"} <= {peer.name for peer in peers}
    for peer in peers:
        assert "torch==2.13.0" in peer.packages, peer.name
        assert all("==" in package for package in peer.packages), peer.name


@pytest.mark.parametrize(
    ("packages", "problem"),
    [
        ("[stacks]\n", "does not say what bad needs; add a line"),
        ("[stacks", "write TOML with a line"),
        ("[stacks]\nbad = 1\n", "write TOML with a line"),
    ],
)
def test_a_folder_must_say_what_its_stacks_need(tmp_path: Path, packages: str, problem: str) -> None:
    (tmp_path / "bad.py").touch()
    (tmp_path / PACKAGES).write_text(packages)
    with pytest.raises(InvalidInput, match=problem):
        read_peers(tmp_path)


def test_usage_errors_are_said_before_anything_is_made(
    tmp_path: Path,
    sets: list[tuple[QuestionSet, System]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
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
        (squad, "--only", "magic"): (2, "no peer 'magic'; choose from chroma"),
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
    sets: list[tuple[QuestionSet, System]],
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
    assert [board["failed"] for board in json.loads((tmp_path / "out.json").read_text("utf-8"))] == [
        {"broken": "ValueError: no luck"}
    ] * 2
