"""BEIR folders as question sets."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, Field

from corpus.document import make_document
from corpus.errors import UnreadableFile
from corpus.language import detect_language
from eval.forms import parse_json, read_lines
from eval.question_set import Question, QuestionSet


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
        raise UnreadableFile(f"{folder / 'queries.jsonl'}: no query {min(missing)!r}, but the qrels judge it")
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
    raise UnreadableFile(f"{folder}: {len(splits)} splits in qrels; name the one to judge by test.tsv")


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for place, line in read_lines(path):
        if line.split() == ["query-id", "corpus-id", "score"]:
            continue
        try:
            query_id, doc_id, gain = line.split("\t")
            qrels[query_id][doc_id] = int(gain)
        except ValueError:
            raise UnreadableFile(f"{place}: {line!r} is not query-id, corpus-id, score between tabs") from None
    return dict(qrels)


def _questions_of(texts: Mapping[str, str], kind: str) -> tuple[Question, ...]:
    # A set does not name its language, and all of it is in one.
    language = detect_language("\n".join(texts.values()))
    return tuple(Question(question_id, language, text, kind) for question_id, text in texts.items())
