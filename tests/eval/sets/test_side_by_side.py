"""Passages of several SQuAD-style files side by side: how they are named, which are right, what is refused."""

from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import InvalidInput, UnreadableFile
from eval.sets.question_set import Evidence, QuestionSet
from eval.sets.reading import read_question_set
from eval.sets.selection import Selection
from tests.eval.sets.squad_fixtures import asked, kinds, write_articles


@pytest.fixture
def parallel(tmp_path: Path) -> tuple[Path, Path]:
    """Two languages of two articles, and paragraphs in another order in one of them."""
    english = write_articles(
        tmp_path / "en.json", [("One.", [asked("a", ("One", 0))])], [("Two.", [asked("b")]), ("Three.", [asked("c")])]
    )
    chinese = write_articles(
        tmp_path / "zh.json", [("一。", [asked("a", ("一", 0))])], [("三。", [asked("c")]), ("二。", [asked("b")])]
    )
    return english, chinese


def texts_of(question_set: QuestionSet) -> dict[str, list[str]]:
    """Return the texts that answer each question, by its id."""
    texts = {each.document_id: each.text for each in question_set.passages}
    return {each: [texts[name] for name in relevant] for each, relevant in question_set.qrels.items()}


def test_passages_of_several_files_stand_side_by_side_and_all_parallel_ones_answer(
    parallel: tuple[Path, Path],
) -> None:
    english, chinese = parallel
    found = read_question_set(english, [chinese, english])
    assert {each.document_id: each.text for each in found.passages} == {
        "zh.json/paragraph-0001": "一。",
        "zh.json/paragraph-0002": "三。",
        "zh.json/paragraph-0003": "二。",
        "en.json/paragraph-0001": "One.",
        "en.json/paragraph-0002": "Two.",
        "en.json/paragraph-0003": "Three.",
    }
    assert texts_of(found) == {"a": ["一。", "One."], "b": ["二。", "Two."], "c": ["三。", "Three."]}
    assert found.questions[0].evidence == (
        Evidence("zh.json/paragraph-0001", "一", 0),
        Evidence("en.json/paragraph-0001", "One", 0),
    )
    assert found.name == "en.json on zh.json and en.json"


def test_every_file_of_passages_is_selected_alike(parallel: tuple[Path, Path]) -> None:
    english, chinese = parallel
    found = read_question_set(chinese, [chinese, english], Selection((2, 2), hold_out_paragraphs=2))
    assert [each.text for each in found.passages] == ["三。", "Two."]
    assert texts_of(found) == {"c": ["三。"], "b": ["Two."]}
    found = read_question_set(english, [chinese, english], Selection(hold_out=2))
    assert kinds(found) == {"a": "squad", "b": "held-out", "c": "held-out"}
    assert texts_of(found) == {"a": ["一。", "One."]}


def test_a_question_needs_one_of_the_files(parallel: tuple[Path, Path], tmp_path: Path) -> None:
    english, chinese = parallel
    more = write_articles(tmp_path / "more.json", [("Four.", [asked("d")])])
    found = read_question_set(more, [english, more])
    assert texts_of(found) == {"d": ["Four."]}
    assert len(found.passages) == 4
    with pytest.raises(UnreadableFile, match=r"zh\.json, .*en\.json: no question 'd' of .*more\.json"):
        read_question_set(more, [chinese, english])


def test_a_paragraph_that_stands_in_two_files_is_one_passage(tmp_path: Path) -> None:
    files = [write_articles(tmp_path / name, [("One.", [asked("a")])]) for name in ("x.json", "y.json")]
    found = read_question_set(files[0], files)
    assert [each.document_id for each in found.passages] == ["x.json/paragraph-0001"]
    assert texts_of(found) == {"a": ["One."]}


def test_files_of_passages_have_names_of_their_own(parallel: tuple[Path, Path]) -> None:
    english, _ = parallel
    with pytest.raises(InvalidInput, match=r"two files of passages are called en\.json; give each file once"):
        read_question_set(english, [english, english])


def test_xquad_in_two_languages_has_two_right_passages_a_question(shared: Path) -> None:
    xquad = shared / "data" / "xquad"
    files = [xquad / "xquad.zh.json", xquad / "xquad.en.json"]
    found = read_question_set(files[0], files)
    assert (len(found.passages), len(found.questions)) == (480, 1181)
    assert Counter(len(relevance) for relevance in found.qrels.values()) == {2: 1181}
