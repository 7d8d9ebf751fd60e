"""What reads bytes of strangers, each as a function of bytes that ends well: with what is promised, or a refusal."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.document import Document, checked_date, make_document
from corpus.errors import WherefromError
from corpus.files.extract import read_as
from corpus.files.folders.front_matter import split_front_matter
from corpus.files.folders.metadata import make_metadata
from corpus.files.folders.synonym_file import parse_synonyms
from corpus.files.text.decoding import decode
from corpus.language import detect_language
from corpus.noise import blanked
from corpus.passage import Passage
from corpus.splitting.hidden import seen, without_hidden
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.splitting.search_text import normalise
from corpus.splitting.sentences import sentence_spans
from corpus.splitting.synonyms import synonyms_within
from corpus.splitting.years import with_years
from index.features import searched
from index.filters.comparing import Operator
from index.filters.conditions import And, Comparison, Condition, Not, Or, check_size
from index.filters.days import days_of
from index.filters.making import make_condition
from index.query import MAX_QUESTION, Query
from index.ranking.tokens import tokens, written
from index.ranking.years import asked_years, years_of
from index.terms.terms import passage_terms, read_question

Target = Callable[[bytes], None]
LIMITS = SplitterSettings(120, 100)
MOST_TOKENS = 100
DAY = "2024-02-29"


class Broken(Exception):
    """A promise that an input breaks."""


def check(held: object, promise: str) -> None:
    """Say that a promise is broken where it is.

    Raises:
        Broken: if it is.
    """
    if not held:
        raise Broken(promise)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Return more tokens than most models have, so that limits are met early."""
    return [len(text.encode()) // 3 + 4 for text in texts]


SPLIT = make_splitter(LIMITS, count_tokens, MOST_TOKENS)


def check_passages(document: Document, passages: Sequence[Passage]) -> None:
    """Check what is promised of the passages of a document.

    Raises:
        Broken: if they do not cover it, are too long, or quote something else.
    """
    text, covered = document.text, 0
    check(all(first.end <= second.start for first, second in pairwise(passages)), "passages overlap or are in disorder")
    for passage in passages:
        check(passage.quote == text[passage.start : passage.end] != "", "a quote is not what stands in the text")
        check(passage.end - passage.start <= LIMITS.limit, "a passage is longer than its limit")
        check(count_tokens([passage.search_text])[0] <= MOST_TOKENS, "a passage is more than the model reads")
        check(
            all(passage.start <= span.start < span.end <= passage.end for span in passage.sentences),
            "a sentence lies outside",
        )
        covered += len("".join(blanked(passage.quote).split()))
    check(covered == len("".join(blanked(text).split())), "passages do not cover the text")


def read_text(data: bytes) -> None:
    """Decode a text, cut it, and read what is searched of it."""
    document = make_document(decode(data, "a.txt"), source="a.txt", published=DAY)
    passages = SPLIT(document)
    check_passages(document, passages)
    for passage in passages[:20]:
        found = searched(passage, document.title)
        passage_terms(found.words, found.lines)
        years_of(found.words)


def read_front_matter(data: bytes) -> None:
    """Read the metadata of a Markdown file, and what follows."""
    metadata, text = split_front_matter(decode(data, "a.md"))
    check(len(text) <= len(data), "front matter makes a text longer")
    json.dumps(metadata.other)
    for value in (metadata.published,) if metadata.published else ():
        checked_date(value, "a.md")


def read_json_metadata(data: bytes) -> None:
    """Read metadata as it comes in requests and from TOML."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return
    make_metadata(values)


def read_synonyms(data: bytes) -> None:
    """Read a list of synonyms, and look for its words in itself."""
    text = decode(data, "synonyms.txt")
    synonyms_within(text[:2000], parse_synonyms(text).synonyms)


def read_words(data: bytes) -> None:
    """Bring a text into each of the forms in which it is read, searched and compared."""
    text = data.decode("utf-8", "replace")
    normal = normalise(text)
    check(normal == " ".join(normal.split()), "a normal text has spare space")
    if "-" not in text:  # one at the end of a line is no part of a word that goes on in the next
        read = blanked(without_hidden(blanked(text))) if "\n" in text else blanked(text)
        check("".join(reading_text(text).split()) == "".join(seen(read).split()), "reading changes words")
    spans = sentence_spans(text)
    check(all(first.end <= second.start for first, second in pairwise(spans)), "sentences overlap")
    tokens(written(text))
    with_years(normal, DAY)
    detect_language(text)


def read_asked(data: bytes) -> None:
    """Read a question."""
    query = Query(data.decode("utf-8", "replace")[:MAX_QUESTION])
    read_question(query.text)
    asked_years(query.text, with_years(query.text, date(2024, 2, 29).isoformat()))


def read_filters(data: bytes) -> None:
    """Make conditions of JSON, and see whether a document meets them."""
    try:
        values = json.loads(data)
    except (ValueError, RecursionError):
        return
    if isinstance(values, dict):
        texts = [value for value in values.values() if isinstance(value, str)]
        make_condition(
            source=texts, tag=texts, metadata={str(key): [text] for key, text in zip(values, texts, strict=False)}
        )
    condition = _condition(values)
    check_size(condition)
    document = make_document("A quay.", source="a/b/" + "a" * 200, published=DAY, metadata={"tags": ["a", "b"], "n": 3})
    check(condition.holds(document.facts, [2024]) != Not(condition).holds(document.facts, [2024]), "not is no opposite")


def _condition(value: object, depth: int = 0) -> Condition:
    """Return a condition in the form of the JSON."""
    if isinstance(value, list) and value and depth < 50:
        return (Or if len(value) % 2 else And)(tuple(_condition(each, depth + 1) for each in value))
    if isinstance(value, dict) and value:
        name, wanted = next(iter(value.items()))
        how = list(Operator)[len(name) % len(Operator)]
        if isinstance(wanted, str | int | float):
            return Comparison(name, how, (wanted,))
        return Not(_condition(wanted, depth + 1))
    return Comparison("source", Operator.MATCHES, (str(value),))


def read_dates(data: bytes) -> None:
    """Read a date in each of the ways in which one may come."""
    text = data.decode("utf-8", "replace")
    if days := days_of(text):
        check(days.first <= days.last, "a stretch of days ends before it begins")
    metadata = make_metadata({"published": text})
    check(metadata.published is None or days_of(metadata.published), "a date that is kept is none")
    checked_date(text, "a")


def _file(reader: str, suffix: str, contained: bool) -> Target:
    """Return a target that reads files of a format.

    Args:
        reader: its module.
        suffix: of its files.
        contained: whether whatever it raises is a refusal, as it is where the sandbox calls a foreign parser.
    """

    def read(data: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder, f"a{suffix}")
            path.write_bytes(data)
            try:
                read_as(str(path), reader)
            except WherefromError:
                raise
            except Exception as error:
                if not contained:
                    raise
                raise WherefromError(type(error).__name__) from None

    return read


TARGETS: Mapping[str, Target] = {
    "text": read_text,
    "words": read_words,
    "question": read_asked,
    "filters": read_filters,
    "dates": read_dates,
    "front-matter": read_front_matter,
    "metadata": read_json_metadata,
    "synonyms": read_synonyms,
    "html": _file("corpus.files.html.page", ".html", contained=False),
    "docx": _file("corpus.files.office.docx", ".docx", contained=True),
    "pdf": _file("corpus.files.pdf.reader", ".pdf", contained=True),
}


def try_input(target: str, data: bytes) -> bool:
    """Give bytes to a target, and return whether it took them; a refusal in words is as good.

    Raises:
        Exception: whatever else comes of it, which is a finding.
    """
    try:
        TARGETS[target](data)
    except WherefromError:
        return False
    return True
