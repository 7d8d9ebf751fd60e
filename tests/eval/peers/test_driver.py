"""What runs in a stack's environment: passages are found in their document again, and hits are written down."""

import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.peers.driver import Driver, locate, recursive_split
from eval.peers.environment import read_peers
from eval.peers.process import running_peer, write_task
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

    def index(self, passages: Sequence[str], model: str, vectors: Any) -> Callable[[str, int], list[tuple[int, float]]]:
        return lambda question, k: [(place, 1 - place / 2) for place in self.places][:k]


TASK: dict[str, Any] = {
    "documents": [{"id": "d", "text": "east west"}],
    "model": "m",
    "split": {"size": 400, "overlap": 50},
    "vectors": None,
}


def test_a_hit_is_named_by_document_and_offsets() -> None:
    halves = Driver(Halves(), TASK)
    first = {"document_id": "d", "start": 0, "end": 4, "text": "east", "score": 1.0}
    found = halves.answer("q", 5)
    assert found["hits"] == [first, {**first, "start": 4, "end": 9, "text": " west", "score": 0.5}]
    assert found.keys() == {"hits", "wall", "cpu"}
    assert (halves.prepared()["passages"], halves.prepared()["unplaced"]) == (2, 0)


def test_what_does_not_stand_in_the_document_has_no_offsets() -> None:
    halves = Driver(Halves(shout=True, places=[1]), TASK)
    hit = {"document_id": "d", "start": None, "end": None, "text": " WEST", "score": 0.5}
    assert halves.answer("q", 5)["hits"] == [hit]
    assert halves.prepared()["unplaced"] == 1


def test_without_split_a_document_is_a_passage() -> None:
    (hit,) = cast(list[dict[str, Any]], Driver(Halves(places=[0]), {**TASK, "split": None}).answer("q", 5)["hits"])
    assert hit["text"] == "east west"


def test_a_stack_without_a_splitter_is_given_one() -> None:
    stack = SimpleNamespace(index=Halves().index)
    text = "云南的茶叶。" * 100
    found = Driver(stack, {**TASK, "documents": [{"id": "d", "text": text}]})
    assert found.prepared()["passages"] == len(recursive_split(text, 400, 50)) == 2


@pytest.mark.parametrize("place", [-1, 2])
def test_a_place_that_is_none_is_an_error(place: int) -> None:
    with pytest.raises(IndexError):
        Driver(Halves(places=[place]), TASK).answer("q", 5)


@pytest.mark.parametrize("script", STACKS, ids=lambda path: path.stem)
def test_every_stack_takes_vectors_that_are_known(script: Path) -> None:
    assert "def index(passages: Sequence[str], model: str, vectors: Any = None)" in " ".join(
        script.read_text("utf-8").split()
    ).replace("( ", "(").replace(", )", ")").replace(" )", ")")


@pytest.mark.model
def test_a_real_stack_finds_the_passage(model_cache: Path, tmp_path: Path) -> None:
    # The one whose packages are ours as well; the driver runs it as in its own environment.
    text = "首都的天气很冷。" * 30 + "\n\nThe harbour of the town freezes in winter.\n\n" + "铁路通向南方。" * 30
    model, question = unpack_embedded_model(model_cache), "When does the harbour freeze?"
    (peer,) = read_peers(only=["tutorial"])
    task = write_task(tmp_path / "task.json", {"d": text}, model, split=True)
    with running_peer(peer, Path(sys.executable), task, 200) as process:
        best = process.ask(question, 5)["hits"][0]
        assert "harbour" in best["text"]
        assert text[best["start"] : best["end"]] == best["text"]
    # The same passages with vectors that are known: of the second alone it is told that it is like the question.
    np.save(tmp_path / "vectors.npy", np.stack([np.full(384, -1, dtype=np.float32), np.ones(384, dtype=np.float32)]))
    texts = {"a": "one", "b": "two"}
    task = write_task(tmp_path / "task.json", texts, model, vectors=tmp_path / "vectors.npy")
    with running_peer(peer, Path(sys.executable), task, 200) as process:
        found = {hit["text"]: hit["score"] for hit in process.ask(question, 2)["hits"]}
        assert found["one"] == pytest.approx(-found["two"], abs=1e-4)
