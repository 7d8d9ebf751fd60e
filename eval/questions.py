"""Question sets: our JSONL, SQuAD-style JSON and BEIR folders, read into one form; judging is done elsewhere.

A set of ours asks about a corpus that stands elsewhere; SQuAD and BEIR sets bring their own passages.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from corpus.document import Document, make_document
from corpus.errors import InvalidInput
from corpus.language import detect_language
from eval.forms import parse_json, read_lines, read_text
from eval.measures import Qrels


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that answer a question, and the source they stand in, once."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what answers it.

    Attributes:
        question_id: unique in its set.
        language: as the set says it, e.g. `en`, `zh`, `zh-Hant`.
        text: the question itself.
        kind: what sort of question it is, to report by.
        answerable: whether the corpus holds the answer.
        evidence: where the answer stands; empty where qrels judge the question.
        all_evidence: whether every piece of evidence is needed, rather than any.
    """

    question_id: str
    language: str
    text: str
    kind: str
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    all_evidence: bool = False


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions that are asked together.

    Attributes:
        questions: in the order of the file.
        passages: the documents to find, each one passage; empty where the questions are about another corpus.
        qrels: which of the passages are relevant; empty where evidence judges.
    """

    questions: tuple[Question, ...]
    passages: tuple[Document, ...] = ()
    qrels: Qrels = field(default_factory=dict)


def read_questions(path: Path, passages: Path | None = None) -> QuestionSet:
    """Read a question set: `.jsonl` is ours, `.json` SQuAD-style, a folder BEIR.

    Args:
        path: the file or folder.
        passages: a SQuAD-style file in another language whose paragraphs are to be found instead.

    Raises:
        InvalidInput: if it is none of the three or not well formed; the message names the file and the line.
        UnreadableFile: if it cannot be read.
    """
    if path.suffix == ".json":
        return read_squad(path, passages)
    if passages is not None:
        raise InvalidInput(f"{path}: only SQuAD-style JSON takes passages from elsewhere; leave --passages out")
    if path.is_dir():
        return read_beir(path)
    if path.suffix == ".jsonl":
        return read_evidence_set(path)
    raise InvalidInput(f"{path}: not a question set; give our .jsonl, a SQuAD-style .json or a BEIR folder")


class _Evidence(BaseModel, extra="forbid"):
    doc: str
    quote: str = Field(min_length=1)


class _Line(BaseModel):
    # Nothing unknown passes: a misspelt `all` would quietly make a question easier.
    model_config = ConfigDict(extra="forbid", strict=True)
    id: str
    lang: str
    question: str
    answers: list[str]
    evidence: list[_Evidence]
    kind: str
    answerable: bool
    all: bool = False


LINE_HELP = "a line has id, lang, question, answers, evidence [{doc, quote}], kind, answerable, perhaps all"


def read_evidence_set(path: Path) -> QuestionSet:
    """Read our JSONL: questions whose answers are evidence, words that stand in a named source."""
    questions: dict[str, Question] = {}
    for place, text in read_lines(path):
        line = parse_json(_Line, text, place, LINE_HELP)
        if line.id in questions:
            raise InvalidInput(f"{place}: id {line.id!r} was used above; give each question its own")
        if line.answerable != bool(pieces := len(line.evidence)):
            raise InvalidInput(f"{place}: answerable is {line.answerable}, but evidence has {pieces} pieces")
        questions[line.id] = Question(
            line.id,
            line.lang,
            line.question,
            line.kind,
            line.answerable,
            tuple(Evidence(piece.doc, piece.quote) for piece in line.evidence),
            line.all,
        )
    return QuestionSet(tuple(questions.values()))


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
            raise InvalidInput(f"{passages}: no question {question.id!r} of {path}; give a parallel file")
        asked_by[question.question.strip()].append(question.id)
    return QuestionSet(
        _questions_of({ids[0]: text for text, ids in asked_by.items()}, kind="squad"),
        tuple(make_document(text, source=name, document_id=name) for text, name in names.items()),
        {ids[0]: {paragraph_of[each]: 1 for each in ids} for ids in asked_by.values()},
    )


def _squad_paragraphs(path: Path) -> list[_SquadParagraph]:
    squad = parse_json(_Squad, read_text(path), str(path), "SQuAD's form is {data: [{paragraphs: [{context, qas}]}]}")
    return [paragraph for article in squad.data for paragraph in article.paragraphs]


class _BeirText(BaseModel):
    id: str = Field(alias="_id")
    title: str = ""
    text: str


def read_beir(folder: Path) -> QuestionSet:
    """Read a BEIR folder: corpus.jsonl, queries.jsonl and the qrels of its test split, or of its only split.

    Queries are those the qrels judge. A passage is title and text with a space between, as BEIR has it.
    """
    qrels = _read_qrels(_split_of(folder))
    queries = {query.id: query.text for query in _beir_texts(folder / "queries.jsonl")}
    if missing := qrels.keys() - queries.keys():
        raise InvalidInput(f"{folder / 'queries.jsonl'}: no query {min(missing)!r}, but the qrels judge it")
    passages = tuple(
        make_document(f"{text.title} {text.text}".strip(), source=text.id, document_id=text.id)
        for text in _beir_texts(folder / "corpus.jsonl")
    )
    return QuestionSet(_questions_of({each: queries[each] for each in qrels}, kind="beir"), passages, qrels)


def _beir_texts(path: Path) -> Iterator[_BeirText]:
    return (
        parse_json(_BeirText, line, place, "a line has _id, text and perhaps title") for place, line in read_lines(path)
    )


def _split_of(folder: Path) -> Path:
    splits = {path.stem: path for path in (folder / "qrels").glob("*.tsv")}
    if "test" in splits:
        return splits["test"]
    if len(splits) == 1:
        return next(iter(splits.values()))
    raise InvalidInput(f"{folder}: {len(splits)} splits in qrels; name the one to judge by test.tsv")


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for place, line in read_lines(path):
        if line.split() == ["query-id", "corpus-id", "score"]:
            continue
        try:
            query_id, doc_id, gain = line.split("\t")
            qrels[query_id][doc_id] = int(gain)
        except ValueError:
            raise InvalidInput(f"{place}: {line!r} is not query-id, corpus-id, score between tabs") from None
    return dict(qrels)


def _questions_of(texts: Mapping[str, str], kind: str) -> tuple[Question, ...]:
    # These sets do not name their language, and all of a set is in one.
    language = detect_language("\n".join(texts.values()))
    return tuple(Question(question_id, language, text, kind) for question_id, text in texts.items())
