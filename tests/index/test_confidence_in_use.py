"""Confidence with the model that comes inside: short notes in several languages, and articles it was not fitted on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.document import make_document
from corpus.store.sqlite import Store
from eval.calibration.observing import observe
from eval.calibration.report import judge
from eval.calibration.setups import Setup
from eval.sets.reading import read_question_set
from eval.sets.selection import Selection
from index.cutting import Entry
from index.models.encoder import Encoder
from index.models.registry import DEFAULT_MODEL
from index.opening import OpenIndex, open_index
from index.query import Query
from index.ranking.confidence import shipped_records
from index.writer import Indexer

NOTES = {
    "network.txt": "The guest network is called Heron; its password is teasel77.",
    "parking.txt": "Guests leave their cars in the yard behind the bakery.",
    "kantine.txt": "Die Kantine öffnet um halb zwölf und schließt um zwei.",
    "llave.txt": "La llave del almacén está en el cajón de Marta.",
    "projector.txt": "投影仪坏了请找后勤组，备用的放在三号柜。",
    "laundry.txt": "The laundry is picked up on Tuesdays before nine.",
}

OFF_TOPIC = [
    "What is the capital of Peru?",
    "Who won the match?",
    "How tall is the tower?",
    "In which year was the bridge built?",
    "明天会下雨吗",
    "第一任校长是谁",
    "地铁几号线到机场",
    "Wer hat das Bild gemalt?",
    "Wie heißt der Fluss?",
    "¿Cuántos habitantes tiene la ciudad?",
    "Quel est le prix du billet ?",
    "Когда началась война?",
]


@pytest.fixture(scope="module")
def notes(real_encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIndex]:
    folder = tmp_path_factory.mktemp("notes")
    with Store.open(folder, create=True) as store:
        documents = (Entry(make_document(text, source=source)) for source, text in NOTES.items())
        list(Indexer(store, real_encoder).add(documents))
    with open_index(folder, lambda choice: real_encoder) as index:
        yield index


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("What is the password of the guest network?", "network.txt"),
        ("password", "network.txt"),
        ("Where can guests park?", "parking.txt"),
        ("Wann öffnet die Kantine?", "kantine.txt"),
        ("¿Dónde está la llave del almacén?", "llave.txt"),
        ("投影仪坏了怎么办", "projector.txt"),
        ("When is the laundry picked up?", "laundry.txt"),
        ("Where is the key of the storeroom?", "llave.txt"),
    ],
)
def test_a_short_note_that_answers_is_an_answer(notes: OpenIndex, question: str, source: str) -> None:
    answer = notes.searcher.search(Query(question))
    assert answer.results[0].citation.source == source
    assert answer.calibrated
    assert answer.answerable, answer.confidence


def test_of_what_no_note_speaks_of_most_is_not_answered(notes: OpenIndex) -> None:
    """So few passages, each nearly alone in its language, are the hardest case: see docs/confidence.md."""
    answered = [question for question in OFF_TOPIC if notes.searcher.search(Query(question)).answerable]
    assert len(answered) <= len(OFF_TOPIC) / 4, answered


@pytest.mark.parametrize(("asked", "found", "auroc"), [("zh", "zh", 0.9), ("en", "zh", 0.75)])
def test_articles_it_was_not_fitted_on(
    shared: Path, real_encoder: Encoder, asked: str, found: str, auroc: float
) -> None:
    xquad = shared / "data" / "xquad"
    selection = Selection((25, 30), hold_out_paragraphs=2)
    passages = [] if asked == found else [xquad / f"xquad.{found}.json"]
    question_set = read_question_set(xquad / f"xquad.{asked}.json", passages, selection)
    seen = list(observe(Setup("paragraphs", f"{asked}->{found}", question_set), real_encoder))
    (judged,) = judge(seen, shipped_records()[DEFAULT_MODEL])
    assert judged.refusal.auroc is not None
    assert judged.refusal.auroc >= auroc
    assert judged.refusal.kept is not None
    assert judged.refusal.kept >= 0.9
    assert judged.error is not None
    assert judged.error <= 0.15  # of a hundred-odd questions, in ten ranges
