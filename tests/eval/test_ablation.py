"""Leaving parts out: each is left out once, and what it was worth is told with its chance."""

import json
from pathlib import Path

import pytest

from corpus.errors import InvalidInput
from index.query import PARTS, Method, Query, Signal, Step
from tests.eval.eval_fixtures import Command, write_corpus, write_parallel, write_questions, write_squad


def test_each_part_is_left_out_in_turn(command: Command, tmp_path: Path) -> None:
    squad = write_squad(tmp_path / "colours.json")
    code, out, _ = command("ablate", squad, "--model", "hash", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["index"]["method"] == "full"
    assert list(found["without"]) == sorted(map(str, PARTS))
    assert all(0 < each["p"]["MRR@10"] <= 1 for each in found["without"].values())
    assert found["full"]["R@1"] == 1


def test_parts_are_left_out_where_two_languages_stand_side_by_side(command: Command, tmp_path: Path) -> None:
    chinese, english = write_parallel(tmp_path)
    code, out, _ = command("ablate", chinese, "--passages", chinese, "--passages", english, "--model", "hash", "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["questions"], found["index"]["documents"]) == ("zh.json on zh.json and en.json", 4)
    assert found["full"]["MRR@10"] == 1


def test_the_table_has_a_row_for_each_part(command: Command, tmp_path: Path) -> None:
    corpus, questions = write_corpus(tmp_path / "corpus"), write_questions(tmp_path / "questions.jsonl")
    code, out, _ = command("ablate", questions, "--corpus", corpus, "--model", "hash")
    assert code == 0
    assert all(f"without {part}" in out for part in PARTS)
    assert "all parts" in out


def test_a_step_leaves_all_signals() -> None:
    query = Query("?", without=Step.GLOSS)
    assert query.signals == set(Signal)
    assert not query.does(Step.GLOSS) and query.does(Step.EXACT) and not query.full


def test_nothing_is_left_of_one_part_without_it() -> None:
    assert Query("?", without=Signal.TOKENS).signals == set(Signal) - {Signal.TOKENS}
    assert Query("?", method=Method.DENSE, without=Signal.TOKENS).signals == {Signal.DENSE}
    with pytest.raises(InvalidInput, match="nothing is left of the method dense without dense"):
        Query("?", method=Method.DENSE, without=Signal.DENSE)
