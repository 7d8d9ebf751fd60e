"""Question sets and where they are asked, as a command line tells it: what is asked of what, and what is refused."""

from pathlib import Path

import pytest

from corpus.errors import InvalidInput, UnreadableFile
from eval.quality.places import read_places
from eval.sets.reading import read_question_set
from tests.eval.eval_fixtures import write_corpus, write_parallel, write_questions


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two parallel files, a set on a corpus that stands elsewhere, and a folder of two sets of ours."""
    write_parallel(tmp_path)
    write_corpus(tmp_path / "corpus")
    write_questions(tmp_path / "q.jsonl")
    for name in ("town", "again"):
        (tmp_path / "sets" / name).mkdir(parents=True)
        write_corpus(tmp_path / "sets" / name / "documents")
        write_questions(tmp_path / "sets" / name / "questions.jsonl")
    (tmp_path / "sets" / "code").mkdir()  # no set, but not in the way
    return tmp_path


def test_sets_on_the_same_passages_share_a_place(folder: Path) -> None:
    told = [
        "zh.json",
        "q.jsonl@corpus",
        "en.json@zh.json",
        "en.json",
        "zh.json@zh.json@en.json",
        "en.json@zh.json@en.json",
    ]
    places = read_places(told)
    assert [[each.name for each in place.question_sets] for place in places] == [
        ["zh.json", "en.json on zh.json"],
        ["q.jsonl"],
        ["en.json"],
        ["zh.json on zh.json and en.json", "en.json on zh.json and en.json"],
    ]
    assert [place.documents if isinstance(place.documents, Path) else len(place.documents) for place in places] == [
        2,
        Path("corpus"),
        2,
        4,
    ]


def test_sets_are_found_in_a_folder(folder: Path) -> None:
    for told in (["sets"], ["sets/again", "sets/town"]):
        places = read_places(told)
        assert [(place.documents, [each.name for each in place.question_sets]) for place in places] == [
            (Path("sets/again/documents"), ["again"]),
            (Path("sets/town/documents"), ["town"]),
        ]


def test_half_of_the_questions_are_those_of_odd_or_of_even_number(folder: Path) -> None:
    whole = read_question_set(Path("q.jsonl")).questions
    for half, start in ((1, 0), (2, 1)):
        ((found,),) = (place.question_sets for place in read_places(["q.jsonl@corpus"], half))
        assert (found.questions, found.name) == (whole[start::2], f"q.jsonl, half {half}")


def test_a_path_with_the_sign_in_it_is_a_path(folder: Path) -> None:
    (folder / "zh.json").rename("zh@home.json")
    assert [each.question_sets[0].name for each in read_places(["zh@home.json"])] == ["zh@home.json"]


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("none.json", r"none\.json: is not there; give SET or SET@WHERE"),
        ("zh.json@none.json", r"none\.json: is not there"),
        ("q.jsonl", r"q\.jsonl: asks about documents that stand elsewhere; name their folder: q\.jsonl@FOLDER"),
        ("q.jsonl@zh.json", r"name their folder: q\.jsonl@FOLDER"),
        ("q.jsonl@corpus@corpus", r"name their folder: q\.jsonl@FOLDER"),
        ("sets@corpus", "sets@corpus: a folder brings its documents; give sets alone"),
        ("corpus", r"corpus: is no set and holds none; a set is a folder with questions\.jsonl and documents/"),
        ("corpus/town.txt", r"town\.txt: not a question set"),
        ("zh.json zh.json", r"two question sets are called zh\.json; give each once"),
        ("", "not a question set|is no set"),
    ],
)
def test_what_is_wrong_is_named(folder: Path, told: str, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        read_places(told.split() or [told])


def test_questions_without_documents_are_named(folder: Path) -> None:
    (folder / "sets" / "town" / "documents").rename("elsewhere")
    with pytest.raises(InvalidInput, match=r"town/questions\.jsonl: there is no documents/ beside it"):
        read_places(["sets"])
    with pytest.raises(UnreadableFile, match="corpus: Is a directory"):
        read_places(["zh.json@corpus"])
