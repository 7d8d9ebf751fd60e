"""What is asked: questions, what answers them, and the set they come in; read by `eval.questions`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.document import Document
from corpus.language import detect_language
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
        name: what reports call it.
    """

    questions: tuple[Question, ...]
    passages: tuple[Document, ...] = ()
    qrels: Qrels = field(default_factory=dict)
    name: str = ""


def questions_of(texts: Mapping[str, str], kind: str) -> tuple[Question, ...]:
    """Return questions by id, for sets that do not name their language; all of such a set is in one."""
    language = detect_language("\n".join(texts.values()))
    return tuple(Question(question_id, language, text, kind) for question_id, text in texts.items())
