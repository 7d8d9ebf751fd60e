"""Why a question counts as unanswered."""

from collections.abc import Sequence

from corpus.language import detect_language
from index.answer import IndexState
from index.ranking.exact import ExactMatches
from index.ranking.found import Found
from index.ranking.rows import lacks_total
from index.ranking.years import AskedYears, years_of


def no_answer_reason(
    question: str, years: AskedYears, exact: ExactMatches, state: IndexState, found: Sequence[Found], confident: bool
) -> str | None:
    """Return why what was found does not answer a question; `None` where it does.

    Args:
        question: as asked.
        years: that it asks for.
        exact: where what it asks for exactly is.
        state: of the index.
        found: passages, best first.
        confident: whether the first is likely enough to answer.
    """
    if not state.passages:
        return "the index is empty"
    if not found:
        return "no document passes the filters"
    if not any(map(str.isalnum, question)):
        return "the question has no words"
    if unnamed := exact.unnamed([each.document for each in found]):
        return f"no document names {unnamed}"
    if not confident:
        return "no passage is near enough to the question"
    document, passage = found[0].document, found[0].passage
    text = "\n".join((document.title, *passage.section, passage.search_text))
    if years.years and years.are_missed(years_of(text), document.published, passage.search_text):
        return f"the best passage does not speak of {years}"
    same_language = document.language == detect_language(question)
    if lacks_total(question, passage, next(iter(found[0].highlights), None), same_language):
        return "the best passage is of a table, and does not say what all its rows come to"
    return None
