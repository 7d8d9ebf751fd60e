"""Fitting: known odds are found again, probabilities mean what they say, and too little is said to be too little."""

from pathlib import Path

import numpy as np
import pytest

from corpus.document import make_document
from corpus.errors import IndexMismatch, InvalidInput
from corpus.store.sqlite import Store
from eval.calibration.fitting import FEWEST, LOST, fit
from eval.calibration.observing import Seen
from eval.calibration.report import judge
from eval.local_retriever import keep_record
from index.cutting import Entry
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.ranking.confidence import record_of
from index.writer import Indexer
from tests.eval.calibration.test_setups import COLOURS, FARBEN, squad
from tests.eval.eval_fixtures import Command


def drawn(count: int, seed: int, kind: str = "paragraphs") -> list[Seen]:
    """Answers that are right with odds of e to the first of two figures; the second passage with half of that."""
    random = np.random.default_rng(seed)
    seen = []
    for odds, other in random.normal(0, 2, (count, 2)).tolist():
        right = bool(random.random() < 1 / (1 + np.exp(-odds)))
        second = not right and bool(random.random() < 0.5 / (1 + np.exp(-odds)))
        answerable = right or second
        seen.append(Seen(kind, "zh->zh", {"odds": odds, "other": other}, answerable, (right, second), (0.0, 0.01)))
    return seen


def test_probabilities_are_found_again() -> None:
    record = fit(drawn(6000, 1), "hash", "drawn")
    for odds in (-3.0, -1.0, 0.0, 1.0, 3.0):
        found = record.probabilities([0.8], {"odds": odds, "other": 0.0})[0]
        assert found == pytest.approx(1 / (1 + np.exp(-odds)), abs=0.05)
    (judged,) = judge(drawn(6000, 2), record)
    assert judged.error is not None
    assert judged.error < 0.04
    assert judged.refusal.kept == pytest.approx(1 - LOST, abs=0.02)


def test_a_second_passage_that_answers_less_often_is_less_likely() -> None:
    first, second = fit(drawn(6000, 1), "hash", "drawn").probabilities([0.8, 0.79], {"odds": 1.0, "other": 0.0})
    assert second < first


def test_the_same_answers_give_the_same_record() -> None:
    assert fit(drawn(900, 1), "hash", "drawn").to_text() == fit(drawn(900, 1), "hash", "drawn").to_text()


def test_too_few_answers_make_no_record() -> None:
    with pytest.raises(InvalidInput, match=f"too few .* {FEWEST} of either kind"):
        fit(drawn(FEWEST, 1), "hash", "drawn")


@pytest.fixture
def boxes(tmp_path: Path) -> Path:
    words = [f"{one}{other}" for one in COLOURS for other in FARBEN]
    return squad(
        tmp_path / "b.en.json", words, "There is box {number}. It is {word}.", "Which colour has box {number}?"
    )


def test_the_command_fits_reports_and_keeps(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, boxes: Path
) -> None:
    monkeypatch.setattr("eval.calibration.fitting.FEWEST", 20)
    folder, out = tmp_path / "data", tmp_path / "record.json"
    with Store.open(folder, create=True) as store:
        list(Indexer(store, HashEncoder()).add([Entry(make_document("It is grey.", source="a.txt"))]))
    options = ("--articles", "1-9", "--test", "10-18", "--model", "hash")
    code, table, _ = Command(monkeypatch, capsys)("calibrate", boxes, *options, "--out", out, "--data-dir", folder)
    assert code == 0
    assert "en->en" in table
    assert "articles" in table
    record = record_of(out.read_text("utf-8"), "it")
    assert (record.model, record.fitted) == ("hash", True)
    assert record.fitted_on.startswith("b.en.json; articles 1-9; ")
    with open_index(folder, lambda choice: HashEncoder()) as index:
        found = index.searcher.search(Query("What is grey?"))
    assert found.calibrated
    assert found.confidence == record.probabilities([0.0], found.evidence)[0]


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--articles", "1-9", "--test", "9-18"), 2, "overlap"),
        (("--articles", "1-1", "--test", "2-18"), 2, "holding out"),
        (("--articles", "1-9", "--test", "10-99"), 2, "has articles 1 to 18"),
        (("--articles", "all", "--test", "10-18"), 2, "like 25-48"),
        (("--articles", "1-9", "--test", "10-18", "--out", "nowhere/r.json"), 2, "nowhere"),
        (("--articles", "1-9", "--test", "10-18"), 2, "too few to fit"),
    ],
)
def test_what_cannot_be_fitted_is_said(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    boxes: Path,
    options: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    found, table, err = Command(monkeypatch, capsys)("calibrate", boxes, "--model", "hash", *options)
    assert (found, table) == (code, "")
    assert message in err


def test_a_record_of_another_model_is_not_kept(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store:
        list(Indexer(store, HashEncoder()).add([Entry(make_document("It is grey.", source="a.txt"))]))
    with pytest.raises(IndexMismatch, match="made with hash, the record is of another"):
        keep_record(tmp_path, fit(drawn(900, 1), "another", "drawn"))
