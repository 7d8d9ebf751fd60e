"""SQuAD-style JSON as a question set: which paragraph answers? Some may be held out, to measure refusing."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from corpus.document import Document
from corpus.errors import UnreadableFile
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
class _Gold:
    """A question with its context, as the file has them, the passage that is, and whether it is indexed."""

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


def read_squad(path: Path, passages: Path | None = None, selection: Selection = EVERYTHING) -> QuestionSet:
    """Read a SQuAD-style file as MTEB's XQuADRetrieval does: on which paragraph was the question asked?

    White space around texts is stripped; passages are the distinct paragraphs, whole and without titles; queries are
    the distinct question texts, each under the id it was first asked by. Relevant is every paragraph that the text
    was asked on. A question that none of the passages answers is unanswerable, of kind `held-out` or, where SQuAD
    2.0 says so of a passage that is there, `impossible`.

    Args:
        path: the questions.
        passages: a parallel file, e.g. in another language, whose paragraphs are to be found instead; questions are
            matched by id.
        selection: which articles of the passages are asked about, and what of them is not there to be found.

    Raises:
        InvalidInput: if it selects or holds out what is not there.
        UnreadableFile: if a file is not of the form, uses an id twice, or is not parallel to the other.
    """
    place = passages or path
    articles = _articles(place)
    numbered = list(_numbered(articles))
    most = max((at for number, at, _ in numbered if selection.asks(number)), default=0)
    selection.check(len(articles), most, str(place))
    documents: dict[str, Document] = {}  # named by their places, whatever is held out
    kept: set[str] = set()
    asked_of: set[str] = set()
    for number, at, paragraph in numbered:
        text = paragraph.context.strip()
        if text not in documents:
            documents[text] = make_passage(text, f"paragraph-{len(documents) + 1:04}", str(place))
        kept |= {text} if selection.keeps(number, at) else set()
        asked_of |= {each.id for each in paragraph.qas} if selection.asks(number) else set()
    gold = {
        question.id: _Gold(question, context, documents[context.strip()], context.strip() in kept)
        for context, question in _questions(articles, place)
    }
    asked: dict[str, dict[str, _Gold]] = defaultdict(dict)
    for _, question in _questions(_articles(path), path):
        if question.id not in gold:
            raise UnreadableFile(f"{passages}: no question {question.id!r} of {path}; give a parallel file")
        if question.id in asked_of:
            asked[question.question.strip()][question.id] = gold[question.id]
    language = detect_language("\n".join(asked))  # such files do not name it, and all of a file is in one
    qrels = {
        next(iter(of)): {each.passage.document_id: 1 for each in of.values() if each.answers} for of in asked.values()
    }
    return QuestionSet(
        tuple(_question(text, language, of_text) for text, of_text in asked.items()),
        tuple(document for text, document in documents.items() if text in kept),
        {question_id: relevant for question_id, relevant in qrels.items() if relevant},
    )


def _articles(path: Path) -> list[_Article]:
    return parse_json(_Squad, read_text(path), str(path), FORM).data


def _numbered(articles: list[_Article]) -> Iterator[tuple[int, int, _Paragraph]]:
    """Yield paragraphs after the numbers, from 1, of their articles and of them in these.

    Where every article is one paragraph, as in CMRC, they are counted through.
    """
    through = all(len(article.paragraphs) <= 1 for article in articles)
    for number, article in enumerate(articles, 1):
        for at, paragraph in enumerate(article.paragraphs, 1):
            yield number, number if through else at, paragraph


def _questions(articles: list[_Article], path: Path) -> Iterator[tuple[str, _Question]]:
    """Yield each question after the context it is asked on."""
    seen: set[str] = set()
    for paragraph in (paragraph for article in articles for paragraph in article.paragraphs):
        for question in paragraph.qas:
            if question.id in seen:
                raise UnreadableFile(f"{path}: id {question.id!r} is used twice; give each question its own")
            seen.add(question.id)
            yield paragraph.context, question


def _question(text: str, language: str, gold: dict[str, _Gold]) -> Question:
    """Return the question of a text, under the first id it was asked by."""
    if answers := [each for each in gold.values() if each.answers]:
        evidence = dict.fromkeys(piece for each in answers for piece in each.evidence())
        return Question(next(iter(gold)), language, text, "squad", True, tuple(evidence))
    kind = "impossible" if any(each.indexed for each in gold.values()) else "held-out"
    return Question(next(iter(gold)), language, text, kind, False)
