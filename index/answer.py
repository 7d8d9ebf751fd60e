"""What a search answers: passages with their citations, how sure it is of them, and which state it saw."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.passage import Citation, Span


@dataclass(frozen=True, slots=True)
class Context:
    """The text right before and after a passage, verbatim."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Result:
    """A passage that may answer.

    Attributes:
        rank: from 1.
        passage_id: of the passage.
        document_id: of its document.
        text: the quote with broken lines joined, without characters that nobody sees; these and white space differ.
        score: how likely the passage answers, 0 to 1, comparable between questions.
        scores: the raw scores it comes from.
        citation: where it is from.
        highlights: where in the document's text the answering sentence stands, and another that answers as well.
        best_highlight: the one of them that answers best.
        context: the sentences around it, if asked for.
        also_in: citations of where else the same words stand; nothing that matters differs.
    """

    rank: int
    passage_id: str
    document_id: str
    text: str
    score: float
    scores: Mapping[str, float]
    citation: Citation
    highlights: tuple[Span, ...]
    best_highlight: Span | None
    context: Context | None
    also_in: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which state of the index an answer comes from: equal ids, equal documents, model and settings."""

    id: str
    model: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to a question.

    Attributes:
        query: the question as asked.
        language: what it is asked in, as far as can be told.
        answerable: whether the best passage is likely to answer.
        confidence: how likely, 0 to 1.
        no_answer_reason: why not, where it is not.
        results: best first.
        calibrated: whether confidence and scores are measured probabilities: fitted for the model and the method.
        evidence: the figures that confidence comes from, by name; see `index.ranking.evidence`.
        index: the state that answered.
        timings_ms: milliseconds by stage, and in total.
    """

    query: str
    language: str
    answerable: bool
    confidence: float
    no_answer_reason: str | None
    results: tuple[Result, ...]
    calibrated: bool
    evidence: Mapping[str, float]
    index: IndexState
    timings_ms: Mapping[str, float]
