"""SQuAD-style files: what is asked, what is there to be found, what is held out, and where the answers stand."""

from collections import Counter
from pathlib import Path

import pytest

from corpus.errors import InvalidInput, UnreadableFile
from eval.sets.question_set import Evidence
from eval.sets.reading import read_question_set
from eval.sets.selection import Selection, articles_of
from tests.eval.sets.squad_fixtures import asked, kinds, squad, write_articles

SHARED = Path(__file__).resolve().parents[4] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")


def test_squad_texts_are_stripped_and_distinct(tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    path.write_text(squad((" One. ", {"a": "Who? ", "b": "When?"}), ("Two.", {"c": " Who?"}), ("One.", {"d": "Why?"})))
    found = read_question_set(path)
    assert [(question.question_id, question.text) for question in found.questions] == [
        ("a", "Who?"),
        ("b", "When?"),
        ("d", "Why?"),
    ]
    first, second = (document.document_id for document in found.passages)
    assert [document.text for document in found.passages] == ["One.", "Two."]
    assert found.qrels == {"a": {first: 1, second: 1}, "b": {first: 1}, "d": {first: 1}}


def test_squad_passages_of_another_language_go_by_question_id(tmp_path: Path) -> None:
    questions, passages = tmp_path / "en.json", tmp_path / "zh.json"
    questions.write_text(squad(("One.", {"a": "Who?"}), ("Two.", {"b": "When?"})))
    passages.write_text(squad(("二。", {"b": "何时？"}), ("一。", {"a": "谁？"}), ("三。", {})))
    found = read_question_set(questions, [passages])
    texts = {document.document_id: document.text for document in found.passages}
    assert list(texts.values()) == ["二。", "一。", "三。"]
    gold = {query_id: [texts[each] for each in relevance] for query_id, relevance in found.qrels.items()}
    assert gold == {"a": ["一。"], "b": ["二。"]}
    assert {question.text for question in found.questions} == {"Who?", "When?"}


def test_squad_passages_without_a_question_are_an_error(tmp_path: Path) -> None:
    questions, passages = tmp_path / "en.json", tmp_path / "zh.json"
    questions.write_text(squad(("One.", {"a": "Who?"})))
    passages.write_text(squad(("一。", {"b": "谁？"})))
    with pytest.raises(UnreadableFile, match=r"zh\.json: no question 'a' of .*en\.json"):
        read_question_set(questions, [passages])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('{"data": [\n}', r"s\.json: Invalid JSON.* line 2 column 1", id="not JSON"),
        pytest.param('{"version": 1}', r"s\.json: data: Field required", id="another form"),
        pytest.param('{"data": [{"paragraphs": [{"qas": []}]}]}', r"data\.0\.paragraphs\.0\.context: ", id="deep"),
    ],
)
def test_malformed_squad_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "s.json"
    path.write_text(text)
    with pytest.raises(UnreadableFile, match=problem):
        read_question_set(path)


@pytest.mark.parametrize(
    ("context", "answer", "start"),
    [
        pytest.param("two two", ("two", 4), 4, id="where the file says"),
        pytest.param("  two two", ("two", 6), 4, id="white space is stripped"),
        pytest.param("one two", ("two", 1), 4, id="the file counts wrongly"),
        pytest.param("  two", ("two", 0), 0, id="before the text"),
        pytest.param("谁说东", ("东", 2), 2, id="code points"),
    ],
)
def test_an_answer_stands_where_it_is_said_or_found(
    tmp_path: Path, context: str, answer: tuple[str, int], start: int
) -> None:
    found = read_question_set(write_articles(tmp_path / "s.json", [(context, [asked("a", answer)])]))
    assert found.questions[0].evidence == (Evidence("paragraph-0001", answer[0], start),)
    assert found.passages[0].text[start : start + len(answer[0])] == answer[0]


def test_an_answer_that_stands_nowhere_is_no_evidence(tmp_path: Path) -> None:
    path = write_articles(
        tmp_path / "s.json", [("one two", [asked("a", ("three", 0), ("", 0), ("two", 4), ("two", 4))])]
    )
    assert read_question_set(path).questions[0].evidence == (Evidence("paragraph-0001", "two", 4),)


# Holding out


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Three articles; the second shares a paragraph with the first, and a question with the third."""
    return write_articles(
        tmp_path / "s.json",
        [("One.", [asked("a")]), ("Shared.", [asked("b")])],
        [("Two.", [asked("c"), {"id": "d", "question": "e?"}]), ("Shared.", [asked("f")])],
        [("Three.", [asked("e"), asked("g", impossible=True)])],
    )


def test_without_holding_out_only_what_is_impossible_has_no_answer(articles: Path) -> None:
    found = read_question_set(articles)
    assert kinds(found) == {**dict.fromkeys("abcdf", "squad"), "g": "impossible"}
    assert [document.text for document in found.passages] == ["One.", "Shared.", "Two.", "Three."]
    assert found.name == "s.json"


def test_every_second_article_is_held_out_with_its_questions(articles: Path) -> None:
    found = read_question_set(articles, selection=Selection(hold_out=2))
    assert [document.text for document in found.passages] == ["One.", "Shared.", "Three."]
    # What also stands in an article that is kept is there to be found, and so is what was also asked on one.
    assert kinds(found) == {"a": "squad", "b": "squad", "c": "held-out", "d": "squad", "f": "squad", "g": "impossible"}
    three = {document.text: document.document_id for document in found.passages}["Three."]
    assert found.qrels["d"] == {three: 1}
    assert found.name == "s.json, 1 article in 2 held out"


def test_every_second_paragraph_is_held_out_while_the_rest_of_its_article_stays(tmp_path: Path) -> None:
    one = [(f"{number}.", [asked(f"a{number}")]) for number in (1, 2, 3, 4, 5)]
    two = [(f"{number}!", [asked(f"b{number}")]) for number in (1, 2)]
    found = read_question_set(write_articles(tmp_path / "s.json", one, two), selection=Selection(hold_out_paragraphs=2))
    assert [document.text for document in found.passages] == ["1.", "3.", "5.", "1!"]
    assert [each for each, kind in kinds(found).items() if kind == "held-out"] == ["a2", "a4", "b2"]
    assert found.name == "s.json, 1 paragraph in 2 held out"


def test_articles_of_one_paragraph_each_are_counted_through(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "s.json", *([(f"{number}.", [asked(f"a{number}")])] for number in (1, 2, 3)))
    found = read_question_set(path, selection=Selection(hold_out_paragraphs=2))
    assert [document.text for document in found.passages] == ["1.", "3."]


def test_some_articles_are_a_set_of_their_own(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "s.json", *([(f"{article}.", [asked(f"q{article}")])] for article in range(1, 7)))
    found = read_question_set(path, selection=Selection(articles_of("3-6"), hold_out=2))
    assert [document.text for document in found.passages] == ["3.", "5."]  # every second of these, not of all
    assert kinds(found) == {"q3": "squad", "q4": "held-out", "q5": "squad", "q6": "held-out"}
    assert found.name == "s.json, articles 3-6, 1 article in 2 held out"


@pytest.mark.parametrize("text", ["3", "a-b", "3–6", "-3-6", ""])
def test_articles_are_a_first_and_a_last(text: str) -> None:
    with pytest.raises(InvalidInput, match="like 25-48"):
        articles_of(text)


@pytest.mark.parametrize("wanted", [(0, 2), (2, 1), (1, 4)])
def test_the_articles_must_be_there(articles: Path, wanted: tuple[int, int]) -> None:
    with pytest.raises(InvalidInput, match=r"has articles 1 to 3; .* not \d-\d"):
        read_question_set(articles, selection=Selection(wanted))


@pytest.mark.parametrize("every", [0, 1, 3])
def test_so_many_paragraphs_must_be_there(tmp_path: Path, every: int) -> None:
    path = write_articles(tmp_path / "s.json", [("1.", [asked("a")]), ("2.", [asked("b")])])
    with pytest.raises(InvalidInput, match=f"2 paragraphs of an article takes an N of 2 to 2, not {every}"):
        read_question_set(path, selection=Selection(hold_out_paragraphs=every))


def test_passages_keep_their_names_when_others_are_held_out(articles: Path) -> None:
    names = {document.text: document.document_id for document in read_question_set(articles).passages}
    held = {
        document.text: document.document_id
        for document in read_question_set(articles, selection=Selection(hold_out=2)).passages
    }
    assert held.items() < names.items()


def test_passages_of_another_language_are_held_out_by_their_own_articles(tmp_path: Path) -> None:
    questions = write_articles(tmp_path / "en.json", [("One.", [asked("a")])], [("Two.", [asked("b", ("Two", 0))])])
    passages = write_articles(
        tmp_path / "zh.json", [("二。", [asked("b", ("二", 0))])], [("一。", [asked("a", ("一", 0))])]
    )
    found = read_question_set(questions, [passages], selection=Selection(hold_out=2))
    assert kinds(found) == {"a": "held-out", "b": "squad"}
    assert [document.text for document in found.passages] == ["二。"]
    assert found.questions[1].evidence == (Evidence("paragraph-0001", "二", 0),)
    assert found.name == "en.json on zh.json, 1 article in 2 held out"


@pytest.mark.parametrize("hold_out", [0, 1, 4, -2])
def test_so_many_articles_must_be_there(articles: Path, hold_out: int) -> None:
    with pytest.raises(InvalidInput, match=rf"s\.json: .* 3 articles takes an N of 2 to 3, not {hold_out}"):
        read_question_set(articles, selection=Selection(hold_out=hold_out))


def test_an_id_stands_for_one_question(tmp_path: Path) -> None:
    path = write_articles(tmp_path / "s.json", [("One.", [asked("a")])], [("Two.", [asked("a")])])
    with pytest.raises(UnreadableFile, match=r"s\.json: id 'a' is used twice"):
        read_question_set(path)


# The sets that stand beside the repository


@needs_shared
@pytest.mark.parametrize(
    ("language", "questions"),
    [("zh", 1181), ("en", 1185), ("de", 1181), ("es", 1184), ("ru", 1185), ("ar", 1186), ("vi", 1182)],
)
def test_xquad_has_the_published_counts(language: str, questions: int) -> None:
    found = read_question_set(SHARED / "data" / "xquad" / f"xquad.{language}.json")
    assert (len(found.passages), len(found.questions), len(found.qrels)) == (240, questions, questions)
    assert all(list(relevance.values()) == [1] for relevance in found.qrels.values())
    assert {question.language for question in found.questions} == {language}


@needs_shared
def test_xquad_across_languages_keeps_the_questions_and_takes_the_other_paragraphs() -> None:
    xquad = SHARED / "data" / "xquad"
    found = read_question_set(xquad / "xquad.en.json", passages=[xquad / "xquad.zh.json"])
    chinese = read_question_set(xquad / "xquad.zh.json")
    assert (len(found.passages), len(found.questions)) == (240, 1185)
    assert found.passages == chinese.passages
    assert all(found.qrels[key] == chinese.qrels[key] for key in found.qrels.keys() & chinese.qrels.keys())


@needs_shared
@pytest.mark.parametrize(("name", "passages", "questions"), [("dev", 848, 3218), ("trial", 256, 1001)])
def test_cmrc_has_the_counts_of_its_readme(name: str, passages: int, questions: int) -> None:
    found = read_question_set(SHARED / "data" / "cmrc2018" / f"cmrc2018_{name}.json")
    assert (len(found.passages), len(found.questions)) == (passages, questions)
    assert Counter(len(relevance) for relevance in found.qrels.values()) == {1: questions - 1, 2: 1}


@needs_shared
@pytest.mark.parametrize("passages", [None, "xquad.zh.json"])
def test_half_of_xquad_held_out(passages: str | None) -> None:
    xquad = SHARED / "data" / "xquad"
    found = read_question_set(
        xquad / "xquad.en.json", [] if passages is None else [xquad / passages], selection=Selection(hold_out=2)
    )
    assert len(found.passages) == 120
    assert Counter(kinds(found).values()) == {"squad": 611, "held-out": 574}


@needs_shared
def test_the_answers_of_xquad_all_stand_in_their_paragraphs() -> None:
    found = read_question_set(SHARED / "data" / "xquad" / "xquad.zh.json")
    texts = {document.source: document.text for document in found.passages}
    assert all(question.evidence for question in found.questions)
    for piece in (piece for question in found.questions for piece in question.evidence):
        assert piece.start is not None
        assert texts[piece.source][piece.start :].startswith(piece.quote)
