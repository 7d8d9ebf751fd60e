"""What runs in a stack's environment: passages are found in their document again, and hits are written down."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.peers import driver
from eval.peers.driver import answer_task, locate
from index.models.making.embedded import unpack_embedded_model
from tests.conftest import ROOT

STACKS = sorted((ROOT / "eval" / "peers" / "stacks").glob("[!_]*.py"))
LETTERS = st.text("ab句。\n ", max_size=60)


def placed(text: str, *passages: str, overlap: int = 0) -> list[str | None]:
    found = locate(text, passages, overlap)
    return [None if bounds is None else f"{bounds[0]}:{text[slice(*bounds)]}" for bounds in found]


@given(LETTERS, st.data())
def test_passages_cut_anywhere_are_found_in_order(text: str, data: st.DataObject) -> None:
    cuts = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text))))})
    overlap = data.draw(st.integers(0, 5))
    passages = [text[max(start - overlap, 0) : end] for start, end in pairwise(cuts)]
    found = list(locate(text, passages, overlap))
    assert [text[slice(*bounds)] for bounds in found if bounds] == passages
    assert all(a and b and a[0] <= b[0] for a, b in pairwise(found))


@given(st.integers(1, 40), st.integers(1, 9), st.integers(0, 8))
def test_offsets_are_exact_where_no_words_return(length: int, size: int, overlap: int) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(length))
    bounds = [(max(start - overlap, 0), min(start + size, length)) for start in range(0, length, size)]
    assert list(locate(text, [text[slice(*each)] for each in bounds], overlap)) == bounds


@given(LETTERS)
def test_stripped_white_space_loses_no_passage(text: str) -> None:
    passages = [line.strip() for line in text.split("\n") if line.strip()]
    assert None not in list(locate(text, passages, 0))


def test_words_that_return_are_found_after_the_passage_before() -> None:
    text = "Aims and other aims.\nAims\nWe aim high.\nAims\nHigher."
    lines = text.split("\n")
    assert placed(text, *lines) == ["0:" + lines[0], "21:Aims", "26:We aim high.", "39:Aims", "44:Higher."]


def test_joined_lines_are_found_and_other_words_are_not() -> None:
    assert placed("One\n  two. Three.", "One two.", "Four.", "Three.") == ["0:One\n  two.", None, "11:Three."]
    assert placed("One", "", " ") == ["0:", None]


class Halves:
    """Cuts a text in two halves, writing the second in capitals if it is told to, and finds all in order."""

    def __init__(self, shout: bool = False, places: Sequence[int] = (0, 1)) -> None:
        self.shout, self.places = shout, places

    def split(self, text: str, size: int, overlap: int) -> list[str]:
        half = len(text) // 2
        return [text[:half], text[half:].upper() if self.shout else text[half:]]

    def index(self, passages: Sequence[str], model: str) -> Callable[[str, int], list[tuple[int, float]]]:
        return lambda question, k: [(place, 1 - place / 2) for place in self.places][:k]


TASK = {
    "documents": [{"id": "d", "text": "east west"}],
    "questions": ["q", "r"],
    "k": 5,
    "model": "m",
    "split": {"size": 400, "overlap": 50},
}


def test_a_run_names_every_hit_by_document_and_offsets() -> None:
    run = answer_task(Halves(), TASK)
    first = {"document_id": "d", "start": 0, "end": 4, "text": "east", "score": 1.0}
    assert run["answers"] == [[first, {**first, "start": 4, "end": 9, "text": " west", "score": 0.5}]] * 2
    assert (run["passages"], run["unplaced"]) == (2, 0)


def test_what_does_not_stand_in_the_document_has_no_offsets() -> None:
    run = answer_task(Halves(shout=True), {**TASK, "questions": ["q"]})
    assert isinstance(run["answers"], list)
    assert run["answers"][0][1] == {"document_id": "d", "start": None, "end": None, "text": " WEST", "score": 0.5}
    assert run["unplaced"] == 1


def test_without_split_a_document_is_a_passage() -> None:
    run = answer_task(Halves(places=[0]), {**TASK, "split": None})
    assert isinstance(run["answers"], list)
    assert run["answers"][0][0]["text"] == "east west"


@pytest.mark.parametrize("place", [-1, 2])
def test_a_place_that_is_none_is_an_error(place: int) -> None:
    with pytest.raises(IndexError):
        answer_task(Halves(places=[place]), TASK)


@pytest.mark.parametrize("script", STACKS, ids=lambda path: path.stem)
def test_every_stack_has_both_functions(script: Path) -> None:
    names = {line.split("(")[0] for line in script.read_text("utf-8").split("\n")}
    assert {"def split", "def index"} <= names


@pytest.mark.model
def test_a_real_stack_finds_the_passage(model_cache: Path, tmp_path: Path) -> None:
    # The one whose packages are ours as well; the driver runs it as in its own environment.
    text = "首都的天气很冷。" * 30 + "\n\nThe harbour of the town freezes in winter.\n\n" + "铁路通向南方。" * 30
    task, run = tmp_path / "task.json", tmp_path / "run.json"
    documents = [{"id": "d", "text": text}]
    question = "When does the harbour freeze?"
    task.write_text(
        json.dumps(
            {**TASK, "documents": documents, "questions": [question], "model": str(unpack_embedded_model(model_cache))}
        ),
        "utf-8",
    )
    script = ROOT / "eval" / "peers" / "stacks" / "tutorial.py"
    command = [sys.executable, "-I", *map(str, (driver.__file__, script, task, run))]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    best = json.loads(run.read_text("utf-8"))["answers"][0][0]
    assert "harbour" in best["text"]
    assert text[best["start"] : best["end"]] == best["text"]
