"""SQuAD-style JSON as a question set: which paragraph answers, as MTEB asks it."""

from collections import defaultdict
from pathlib import Path

from pydantic import BaseModel

from corpus.document import make_document
from corpus.errors import UnreadableFile
from eval.forms import parse_json, read_text
from eval.question_set import QuestionSet, questions_of


class _SquadQuestion(BaseModel):
    id: str
    question: str


class _SquadParagraph(BaseModel):
    context: str
    qas: list[_SquadQuestion]


class _SquadArticle(BaseModel):
    paragraphs: list[_SquadParagraph]


class _Squad(BaseModel):
    data: list[_SquadArticle]


def read_squad(path: Path, passages: Path | None = None) -> QuestionSet:
    """Read a SQuAD-style file as MTEB's XQuADRetrieval does: on which paragraph was the question asked?

    White space around texts is stripped; passages are the distinct paragraphs, whole and without titles;
    queries are the distinct question texts, each under the id it was first asked by. Relevant is every
    paragraph that the text was asked on; with `passages`, every paragraph of that file that bears one of the
    text's ids.
    """
    paragraphs = _squad_paragraphs(passages or path)
    texts = dict.fromkeys(paragraph.context.strip() for paragraph in paragraphs)
    names = {text: f"paragraph-{number:04}" for number, text in enumerate(texts, 1)}
    paragraph_of = {each.id: names[paragraph.context.strip()] for paragraph in paragraphs for each in paragraph.qas}
    asked_by: dict[str, list[str]] = defaultdict(list)
    for question in (question for paragraph in _squad_paragraphs(path) for question in paragraph.qas):
        if question.id not in paragraph_of:
            raise UnreadableFile(f"{passages}: no question {question.id!r} of {path}; give a parallel file")
        asked_by[question.question.strip()].append(question.id)
    return QuestionSet(
        questions_of({ids[0]: text for text, ids in asked_by.items()}, kind="squad"),
        tuple(make_document(text, source=name, document_id=name) for text, name in names.items()),
        {ids[0]: {paragraph_of[each]: 1 for each in ids} for ids in asked_by.values()},
    )


def _squad_paragraphs(path: Path) -> list[_SquadParagraph]:
    squad = parse_json(_Squad, read_text(path), str(path), "SQuAD's form is {data: [{paragraphs: [{context, qas}]}]}")
    return [paragraph for article in squad.data for paragraph in article.paragraphs]
