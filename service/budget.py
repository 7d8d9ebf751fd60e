"""Keeping an answer within the room a chatbot's prompt has for it: whole passages, then whole sentences."""

from collections.abc import Iterator
from dataclasses import replace

from corpus.passage import Citation, Span
from corpus.splitting.layout import reading_text
from corpus.splitting.sentences import sentence_spans
from index.answer import Result, SearchResult
from service.citations import told_text


def within(answer: SearchResult, max_chars: int) -> SearchResult:
    """Return an answer whose passages' texts have at most so many code points together, names of columns counted.

    Passages are taken best first. The one that goes beyond keeps whole sentences around its answering sentence,
    and its citation cites those; what comes after it is left out.

    Args:
        answer: to a question.
        max_chars: the room, 1 or more.
    """
    return replace(answer, results=tuple(_taken(answer.results, max_chars)))


def _taken(results: tuple[Result, ...], room: int) -> Iterator[Result]:
    for result in results:
        length = len(told_text(result))
        if length > room:
            yield from _shortened(result, room - (length - len(result.text)))
            return
        yield result
        room -= length


def _shortened(result: Result, room: int) -> Iterator[Result]:
    """Yield a result cut to the sentences that fit, if the one that answers does."""
    citation = result.citation
    sentences = sentence_spans(citation.quote)
    first = last = _answering(result, sentences)
    if len(_text(citation.quote, sentences, first, last)) > room:
        return
    # What follows the answering sentence is taken before what leads to it.
    while last + 1 < len(sentences) and len(_text(citation.quote, sentences, first, last + 1)) <= room:
        last += 1
    while first > 0 and len(_text(citation.quote, sentences, first - 1, last)) <= room:
        first -= 1
    start, end = sentences[first].start, sentences[last].end
    # Rows stand one below the other: past a blank line it is no longer that table.
    header = None if "\n\n" in citation.quote[:start] else citation.table_header
    place = Span(citation.start + start, citation.start + end)
    quote = citation.quote[start:end]
    cut = replace(citation, start=place.start, end=place.end, quote=quote, table_header=header)
    # The sentences around the passage no longer stand right beside it.
    shortened = replace(result, citation=cut, text=reading_text(cut.quote), context=None)
    kept = tuple(span for each in result.highlights if (span := _within(each, cut)) is not None)
    best = result.best_highlight and _within(result.best_highlight, cut)
    yield replace(shortened, highlights=kept, best_highlight=best)


def _within(span: Span, citation: Citation) -> Span | None:
    """Return what a citation holds of a span."""
    inside = Span(max(span.start, citation.start), min(span.end, citation.end))
    return inside if inside.start < inside.end else None


def _answering(result: Result, sentences: list[Span]) -> int:
    """Return the number of the sentence that answers best, 0 where none is said to."""
    position = result.best_highlight.start - result.citation.start if result.best_highlight else 0
    return max((number for number, span in enumerate(sentences) if span.start <= position), default=0)


def _text(quote: str, sentences: list[Span], first: int, last: int) -> str:
    return reading_text(quote[sentences[first].start : sentences[last].end])
