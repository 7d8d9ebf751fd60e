"""The question sets of our own can be read, and their evidence stands where they say."""

from collections import Counter
from pathlib import Path

import pytest

from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_question_set
from tests.conftest import ROOT

SETS = sorted((ROOT / "eval" / "sets").glob("*/questions.jsonl"))
# A longer quote would ask for more than one passage can hold.
LONGEST_QUOTE = 200
# Fewer say nothing of a language; a set asks in two languages at least, so that none is judged in one alone.
FEWEST_IN_MAIN_LANGUAGE = 10
# A service that never refuses has to be seen not to.
FEWEST_UNANSWERABLE = 5
# The others are only there to be mistaken for them.
LEAST_ANSWERING = 0.9


@pytest.fixture(params=SETS, ids=lambda path: path.parent.name)
def path(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def asked(path: Path) -> QuestionSet:
    return read_question_set(path)  # refuses an id that was used above


def test_there_are_sets() -> None:
    assert SETS


def test_each_quote_stands_once_in_its_document(path: Path, asked: QuestionSet) -> None:
    documents = {file.name: file.read_text("utf-8") for file in (path.parent / "documents").iterdir()}
    for question in asked.questions:
        for piece in question.evidence:
            assert len(piece.quote) < LONGEST_QUOTE, question.question_id
            assert documents[piece.source].count(piece.quote) == 1, f"{question.question_id}: {piece.quote}"


def test_no_question_is_asked_twice(asked: QuestionSet) -> None:
    assert [text for text, times in Counter(question.text for question in asked.questions).items() if times > 1] == []


def test_nearly_every_document_answers_a_question(path: Path, asked: QuestionSet) -> None:
    names = {piece.source for question in asked.questions for piece in question.evidence}
    documents = {file.name for file in (path.parent / "documents").iterdir()}
    assert names <= documents
    assert len(names) >= LEAST_ANSWERING * len(documents)


def test_a_set_asks_in_several_languages_and_beyond_what_it_holds(asked: QuestionSet) -> None:
    languages = Counter(question.language for question in asked.questions)
    assert len(languages) > 1
    assert languages.most_common(1)[0][1] >= FEWEST_IN_MAIN_LANGUAGE
    assert sum(not question.answerable for question in asked.questions) >= FEWEST_UNANSWERABLE


def test_only_questions_with_several_pieces_need_them_all(asked: QuestionSet) -> None:
    assert all(len(question.evidence) > 1 for question in asked.questions if question.all_evidence)
