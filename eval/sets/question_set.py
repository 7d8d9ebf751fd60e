"""What is asked: questions, what answers them, and the set they come in; read by `eval.sets.reading`."""

from dataclasses import dataclass, field

from corpus.document import Document, make_document
from corpus.errors import InvalidInput, UnreadableFile
from eval.measures import Qrels


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that answer a question, and where they stand.

    Attributes:
        source: of the document they stand in.
        quote: the words.
        start: their offset in its text; none where they stand there only once and are to be looked for.
    """

    source: str
    quote: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what answers it.

    Attributes:
        question_id: unique in its set.
        language: as the set says it, e.g. `en`, `zh`, `zh-Hant`.
        text: the question itself.
        kind: what sort of question it is, to report by.
        answerable: whether the corpus holds the answer.
        evidence: where the answer stands, if the set says so; it judges a question that has no qrels.
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


def make_passage(text: str, name: str, place: str) -> Document:
    """Return a passage of a set as a document of that name.

    Raises:
        UnreadableFile: if no text can be cited from it, with the place it stands at.
    """
    try:
        return make_document(text, source=name, document_id=name)
    except InvalidInput as error:
        raise UnreadableFile(f"{place}: {error}") from None
