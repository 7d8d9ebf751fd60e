"""Real passages for large stores: what our splitter cuts of paragraphs, then further runs of their sentences."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

from corpus.document import Document, make_document
from corpus.passage import Span
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import Split
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import sentence_bounds
from eval.sets.question_set import QuestionSet

LONGEST, SHORTEST = 400, 120  # characters of a run of sentences; the splitter's passages are as long


@dataclass(frozen=True, slots=True)
class Text:
    """A passage as it reads in its document.

    Attributes:
        text: verbatim.
        sentences: where its sentences stand in it.
        search_text: what is embedded and indexed.
        paragraph: the number of the paragraph it is of.
        group: the number of the set it is of: all passages of a set are in one language.
    """

    text: str
    sentences: tuple[Span, ...]
    search_text: str
    paragraph: int
    group: int

    def sentence_texts(self) -> list[str]:
        """Return its sentences as they are embedded."""
        return [searched(span.of(self.text)) for span in self.sentences]


def searched(text: str) -> str:
    """Return a stretch of running text as it is embedded and indexed."""
    return normalise(reading_text(text))


def real_texts(sets: Sequence[QuestionSet], split: Split, count: int) -> list[Text]:
    """Return at most `count` distinct passages of the paragraphs of some sets.

    First what the splitter makes of each paragraph, in order; then other runs of whole sentences, in no order.
    """
    paragraphs = [(document, group) for group, each in enumerate(sets) for document in each.passages]
    cut = chain.from_iterable(
        _cut(document, split, number, group) for number, (document, group) in enumerate(paragraphs)
    )
    windows = [
        (number, bounds) for number, (document, _) in enumerate(paragraphs) for bounds in _windows(document.text)
    ]
    Random(0).shuffle(windows)
    further = (_window(paragraphs[number][0].text, bounds, number, paragraphs[number][1]) for number, bounds in windows)
    distinct: dict[str, Text] = {}
    for text in chain(cut, further):
        if len(distinct) == count:
            break
        distinct.setdefault(text.search_text, text)
    return list(distinct.values())


def _cut(paragraph: Document, split: Split, number: int, group: int) -> Iterator[Text]:
    document = make_document(paragraph.text, source=paragraph.source)
    for passage in split(document):
        text = document.text[passage.start : passage.end]
        sentences = tuple(Span(each.start - passage.start, each.end - passage.start) for each in passage.sentences)
        yield Text(text, sentences, passage.search_text, number, group)


def _windows(paragraph: str) -> Iterator[list[tuple[int, int]]]:
    """Yield the bounds of the sentences of each run of whole sentences that is as long as a passage."""
    bounds = list(sentence_bounds(paragraph))
    for place, (first, _) in enumerate(bounds):
        for length, (_, end) in enumerate(bounds[place:], 1):
            if end - first > LONGEST:
                break
            if end - first >= SHORTEST:
                yield bounds[place : place + length]


def _window(paragraph: str, bounds: Sequence[tuple[int, int]], number: int, group: int) -> Text:
    first, end = bounds[0][0], bounds[-1][1]
    sentences = tuple(Span(start - first, stop - first) for start, stop in bounds)
    return Text(paragraph[first:end], sentences, searched(paragraph[first:end]), number, group)
