"""SQuAD-style JSON as a question set: which paragraph answers? Some may be held out, to measure refusing."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import BaseModel

from corpus.document import Document
from corpus.errors import InvalidInput, UnreadableFile
from corpus.language import detect_language
from eval.files import parse_json, read_text
from eval.sets.question_set import Evidence, Question, QuestionSet, make_passage
from eval.sets.selection import EVERYTHING, Selection

FORM = "SQuAD's form is {data: [{paragraphs: [{context, qas: [{id, question}]}]}]}"


class _Answer(BaseModel):
    text: str
    answer_start: int


class _Question(BaseModel):
    id: str
    question: str
    answers: list[_Answer] = []
    is_impossible: bool = False  # SQuAD 2.0: asked on this paragraph, which does not answer it


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Article]


@dataclass(frozen=True, slots=True)
class SquadFile:
    """A SQuAD-style file as it was read; several question sets may be made of it."""

    path: Path
    articles: tuple[_Article, ...]


@dataclass(frozen=True, slots=True)
class _Gold:
    """A question with its context, as a file has them, the passage that is, and whether it is indexed."""

    question: _Question
    context: str
    passage: Document
    indexed: bool

    @property
    def answers(self) -> bool:
        return self.indexed and not self.question.is_impossible

    def evidence(self) -> Iterator[Evidence]:
        """Yield where the answers stand in the passage; what does not stand there is no evidence."""
        text = self.passage.text
        for answer in self.question.answers:
            start = answer.answer_start - (len(self.context) - len(self.context.lstrip()))
            if start < 0 or not text.startswith(answer.text, start):  # some files count wrongly
                start = text.find(answer.text)
            if answer.text and start >= 0:
                yield Evidence(self.passage.source, answer.text, start)


def read_squad(path: Path, passages: Sequence[Path] = (), selection: Selection = EVERYTHING) -> QuestionSet:
    """Read SQuAD-style files and make the question set of them that `squad_set` makes.

    Raises:
        InvalidInput: as there.
        UnreadableFile: likewise, and if a file is not of the form or uses an id twice.
    """
    return squad_set(read_squad_file(path), [read_squad_file(each) for each in passages], selection)


def read_squad_file(path: Path) -> SquadFile:
    """Read a SQuAD-style file.

    Raises:
        UnreadableFile: if it is not of the form or uses an id twice.
    """
    file = SquadFile(path, tuple(parse_json(_Squad, read_text(path), str(path), FORM).data))
    ids = Counter(question.id for _, question in _questions(file))
    if twice := next((each for each, count in ids.items() if count > 1), None):
        raise UnreadableFile(f"{path}: id {twice!r} is used twice; give each question its own")
    return file


def squad_set(
    questions: SquadFile, passages: Sequence[SquadFile] = (), selection: Selection = EVERYTHING
) -> QuestionSet:
    """Make a question set as MTEB's XQuADRetrieval does: on which paragraph was the question asked?

    White space around texts is stripped; passages are the distinct paragraphs, whole and without titles; queries are
    the distinct question texts, each under the id it was first asked by. Relevant is every paragraph that the text
    was asked on, in whichever file of passages. A question that none of the passages answers is unanswerable, of kind
    `held-out` or, where SQuAD 2.0 says so of a passage that is there, `impossible`.

    Args:
        questions: the questions.
        passages: parallel files, e.g. in other languages, whose paragraphs are to be found instead, side by side;
            questions are matched by id.
        selection: which articles of each file of passages are asked about, and what of them is not there to be found.

    Raises:
        InvalidInput: if it selects or holds out what is not there, or files of passages share a name.
        UnreadableFile: if a question is in none of the files of passages.
    """
    places = passages or [questions]
    documents = _documents(places)
    kept, asked_of = _selected(places, selection)
    gold: dict[str, list[_Gold]] = defaultdict(list)
    for context, question in chain.from_iterable(map(_questions, places)):
        text = context.strip()
        gold[question.id].append(_Gold(question, context, documents[text], text in kept))
    asked: dict[str, list[_Gold]] = defaultdict(list)
    for _, question in _questions(questions):
        if question.id not in gold:
            files = ", ".join(str(each.path) for each in places)
            raise UnreadableFile(f"{files}: no question {question.id!r} of {questions.path}; give a parallel file")
        if question.id in asked_of:
            asked[question.question.strip()] += gold[question.id]
    language = detect_language("\n".join(asked))  # such files do not name it, and all of a file is in one
    qrels = {of[0].question.id: {each.passage.document_id: 1 for each in of if each.answers} for of in asked.values()}
    return QuestionSet(
        tuple(_question(text, language, of_text) for text, of_text in asked.items()),
        tuple(document for text, document in documents.items() if text in kept),
        {question_id: relevant for question_id, relevant in qrels.items() if relevant},
    )


def _documents(places: Sequence[SquadFile]) -> dict[str, Document]:
    """Return the distinct paragraphs by their texts, named by their places, whatever is held out.

    Raises:
        InvalidInput: if two of several files have one name, because passages are named by it, too.
    """
    names = [each.path.name for each in places]
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise InvalidInput(f"two files of passages are called {twice}; give each file once, under a name of its own")
    documents: dict[str, Document] = {}
    for file in places:
        folder = f"{file.path.name}/" if len(places) > 1 else ""
        for number, text in enumerate(dict.fromkeys(each.context.strip() for _, _, each in _numbered(file)), 1):
            if text not in documents:
                documents[text] = make_passage(text, f"{folder}paragraph-{number:04}", str(file.path))
    return documents


def _selected(places: Sequence[SquadFile], selection: Selection) -> tuple[set[str], set[str]]:
    """Return the texts of paragraphs that are there to be found, and the ids of questions that are asked."""
    kept, asked_of = set[str](), set[str]()
    for file in places:
        numbered = list(_numbered(file))
        most = max((at for number, at, _ in numbered if selection.asks(number)), default=0)
        selection.check(len(file.articles), most, str(file.path))
        kept |= {each.context.strip() for number, at, each in numbered if selection.keeps(number, at)}
        asked_of |= {asked.id for number, _, each in numbered if selection.asks(number) for asked in each.qas}
    return kept, asked_of


def _numbered(file: SquadFile) -> Iterator[tuple[int, int, _Paragraph]]:
    """Yield paragraphs after the numbers, from 1, of their articles and of them in these.

    Where every article is one paragraph, as in CMRC, they are counted through.
    """
    through = all(len(article.paragraphs) <= 1 for article in file.articles)
    for number, article in enumerate(file.articles, 1):
        for at, paragraph in enumerate(article.paragraphs, 1):
            yield number, number if through else at, paragraph


def _questions(file: SquadFile) -> Iterator[tuple[str, _Question]]:
    """Yield each question after the context it is asked on."""
    for article in file.articles:
        for paragraph in article.paragraphs:
            for question in paragraph.qas:
                yield paragraph.context, question


def _question(text: str, language: str, gold: Sequence[_Gold]) -> Question:
    """Return the question of a text, under the first id it was asked by."""
    question_id = gold[0].question.id
    if answers := [each for each in gold if each.answers]:
        evidence = dict.fromkeys(piece for each in answers for piece in each.evidence())
        return Question(question_id, language, text, "squad", True, tuple(evidence))
    kind = "impossible" if any(each.indexed for each in gold) else "held-out"
    return Question(question_id, language, text, kind, False)
