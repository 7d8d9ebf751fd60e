"""Which question sets are asked of which documents, as the command line tells it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from corpus.document import Document
from corpus.errors import InvalidInput
from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_question_set

# What the folder of a set of ours holds.
QUESTIONS, DOCUMENTS = "questions.jsonl", "documents"

# Questions by number, from 1: the odd and the even. What is chosen on one half is decided on the other.
HALVES = {1: slice(0, None, 2), 2: slice(1, None, 2)}

Documents = Path | tuple[Document, ...]
"""A folder, or passages that are not split."""


@dataclass(frozen=True, slots=True)
class Place:
    """Documents that are indexed once, and the question sets that are asked of them."""

    documents: Documents
    question_sets: list[QuestionSet] = field(default_factory=list)


def read_places(told: Sequence[str], half: int | None = None) -> list[Place]:
    """Read all question sets, those that are asked of the same documents together.

    Args:
        told: each a SQuAD-style file or a BEIR folder, which bring their passages; a set and where it is asked, with
            `@` between: `dev.jsonl@ARTICLES`, `xquad.en.json@xquad.zh.json`, or several such files of passages; a
            folder with `questions.jsonl` and `documents/`, or a folder of such folders.
        half: which half of the questions to ask; all where none is named.

    Raises:
        InvalidInput: if something is not there, or two sets have one name.
        UnreadableFile: as `read_question_set` does.
    """
    places: list[Place] = []
    names = set[str]()
    for documents, question_set in chain.from_iterable(map(_read, told)):
        if question_set.name in names:
            raise InvalidInput(f"two question sets are called {question_set.name}; give each once, or rename one")
        names.add(question_set.name)
        place = next((each for each in places if each.documents == documents), None)
        if place is None:
            places.append(place := Place(documents))
        place.question_sets.append(question_set if half is None else _half_of(question_set, half))
    return places


def _read(told: str) -> Iterator[tuple[Documents, QuestionSet]]:
    # A path that is there is one path, whatever signs are in it.
    path, *where = [Path(told)] if Path(told).exists() else map(Path, told.split("@"))
    if missing := next((each for each in (path, *where) if not each.exists()), None):
        raise InvalidInput(f"{missing}: is not there; give SET or SET@WHERE, where SET is asked")
    if path.is_dir() and where:
        raise InvalidInput(f"{told}: a folder brings its documents; give {path} alone")
    if path.is_dir() and not (path / "corpus.jsonl").exists():  # which BEIR folders have
        yield from _of_folder(path)
    elif path.suffix == ".jsonl":
        if [each.is_dir() for each in where] != [True]:
            raise InvalidInput(f"{told}: asks about documents that stand elsewhere; name their folder: {path}@FOLDER")
        yield where[0], read_question_set(path)
    else:
        question_set = read_question_set(path, where)
        yield question_set.passages, question_set


def _half_of(question_set: QuestionSet, half: int) -> QuestionSet:
    name = f"{question_set.name}, half {half}"
    return replace(question_set, questions=question_set.questions[HALVES[half]], name=name)


def _of_folder(folder: Path) -> Iterator[tuple[Documents, QuestionSet]]:
    files = sorted([*folder.glob(QUESTIONS), *folder.glob(f"*/{QUESTIONS}")])
    if not files:
        raise InvalidInput(f"{folder}: is no set and holds none; a set is a folder with {QUESTIONS} and {DOCUMENTS}/")
    for file in files:
        documents = file.with_name(DOCUMENTS)
        if not documents.is_dir():
            raise InvalidInput(f"{file}: there is no {DOCUMENTS}/ beside it, of which it asks; make it")
        yield documents, replace(read_question_set(file), name=file.resolve().parent.name)
