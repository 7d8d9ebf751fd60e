"""Set-ups: what is left out has no answer there, and everything else is asked as it was."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from corpus.splitting.passages import SplitterSettings
from eval.calibration.setups import MIXED, Setup, by_words, cut, make_mixed, make_setups, part, sentences, small
from eval.sets.question_set import QuestionSet
from eval.sets.squad import read_squad, read_squad_file
from index.cutting import splitter_of
from index.models.hashing import HashEncoder

SPLIT = splitter_of(HashEncoder(), SplitterSettings())
COLOURS = "red green blue white black brown".split()
FARBEN = "rot grün blau weiß schwarz braun".split()


def squad(path: Path, words: Sequence[str], text: str, question: str) -> Path:
    """Write articles of two paragraphs each, one for each word, with a question that the word answers."""
    articles = []
    for article in range(len(words) // 2):
        paragraphs = []
        for at in range(2):
            number = 2 * article + at
            context = text.format(number=number, word=words[number])
            qas = [
                {
                    "id": str(number),
                    "question": question.format(number=number),
                    "answers": [{"text": words[number], "answer_start": context.index(words[number])}],
                }
            ]
            paragraphs.append({"context": context, "qas": qas})
        articles.append({"paragraphs": paragraphs})
    path.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return path


@pytest.fixture
def english(tmp_path: Path) -> Path:
    return squad(
        tmp_path / "boxes.en.json",
        COLOURS,
        "There is box {number}. The box is {word}.",
        "Which colour has box {number}?",
    )


@pytest.fixture
def german(tmp_path: Path) -> Path:
    return squad(
        tmp_path / "boxes.de.json",
        FARBEN,
        "Dies ist Kiste {number}. Die Kiste ist {word}.",
        "Welche Farbe hat {number}?",
    )


def answered(question_set: QuestionSet) -> list[str]:
    return [each.question_id for each in question_set.questions if each.answerable]


def by_kind(setups: Sequence[Setup]) -> dict[str, QuestionSet]:
    return {each.kind: each.question_set for each in setups}


def test_every_kind_leaves_something_out(english: Path, german: Path) -> None:
    setups = list(make_setups(read_squad_file(german), read_squad_file(english), (1, 3), SPLIT, 0))
    assert {each.direction for each in setups} == {"de->en"}
    found = by_kind(setups)
    assert answered(found["paragraphs"]) == ["0", "2", "4"]
    assert answered(found["other paragraphs"]) == ["1", "3", "5"]
    assert answered(found["articles"]) == ["0", "1", "4", "5"]
    assert answered(found["documents"]) == ["0", "2", "4"]
    assert [each.question_set.questions[0].question_id for each in setups if each.kind == "one document"] == [
        "0",
        "2",
        "4",
    ]
    assert sorted(answered(found["sentences"])) == ["0", "2", "4"]
    assert len(found["sentences"].passages) == 6
    assert {each.text for each in found["words"].questions} == set(FARBEN)
    for each in setups:
        here = {passage.document_id for passage in each.question_set.passages}
        assert all(set(relevant) <= here for relevant in each.question_set.qrels.values())
        assert all(question.answerable == (question.question_id in each.question_set.qrels)
                   for question in each.question_set.questions)  # fmt: skip


def test_what_is_drawn_depends_on_the_seed_alone(english: Path) -> None:
    drawn = [
        list(make_setups(read_squad_file(english), read_squad_file(english), (1, 3), SPLIT, seed)) for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_sentence_answers_where_the_answer_begins(english: Path) -> None:
    found = sentences(read_squad(english))
    texts = {each.document_id: each.text for each in found.passages}
    assert texts["paragraph-0003/1"] == "The box is blue."
    assert found.qrels["2"] == {"paragraph-0003/1": 1}


def test_words_are_asked_in_their_own_language_and_found_wherever_they_stand(english: Path, german: Path) -> None:
    found = by_words(read_squad(german, [english]), read_squad(german))
    assert [each.text for each in found.questions] == FARBEN
    assert found.qrels["2"] == {"paragraph-0003": 1}


def test_a_small_corpus_is_asked_as_much_that_it_cannot_answer(english: Path) -> None:
    everything = read_squad(english)
    for seed in range(20):
        found = small(everything, 1, Random(seed))
        assert len(found.passages) == 1
        assert len(answered(found)) == 1
        assert len(found.questions) <= 2


def test_a_part_keeps_names_and_order(english: Path) -> None:
    everything = read_squad(english)
    found = part(everything, {"paragraph-0002"})
    assert [each.question_id for each in found.questions] == [each.question_id for each in everything.questions]
    assert answered(found) == ["1"]
    assert not found.questions[0].evidence


def test_a_document_is_cut_and_answers_where_the_answer_stands(tmp_path: Path) -> None:
    long = (
        "There is box {number}. " + "It was made of the wood of old ships by men who knew how. " * 7 + "It is {word}."
    )
    whole = read_squad(squad(tmp_path / "long.en.json", COLOURS[:2], long, "Colour of box {number}?"))
    found = cut(whole, SPLIT)
    assert len(found.passages) > len(whole.passages)
    texts = {each.document_id: each.text for each in found.passages}
    for question, word in zip(found.questions, COLOURS, strict=False):
        (relevant,) = found.qrels[question.question_id]
        assert f"It is {word}." in texts[relevant]


def test_a_mixed_corpus_has_passages_in_several_languages(english: Path, german: Path) -> None:
    setups = list(make_mixed(read_squad_file(german), list(map(read_squad_file, [english, german])), (1, 3), 0))
    assert len(setups) == sum(MIXED.values())
    texts = {each.text.split()[0] for setup in setups for each in setup.question_set.passages}
    assert len(texts) == 2
    assert all("Farbe" in question.text for setup in setups for question in setup.question_set.questions)
    assert {setup.direction for setup in setups} == {"de->mixed"}
