"""BEIR folders as question sets."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, Field

from corpus.errors import UnreadableFile
from corpus.language import detect_language
from eval.files import parse_json, read_lines
from eval.sets.question_set import Question, QuestionSet, make_passage


class _Text(BaseModel):
    id: str = Field(alias="_id")
    title: str = ""
    text: str


def read_beir(folder: Path) -> QuestionSet:
    """Read a BEIR folder: corpus.jsonl, queries.jsonl and the qrels of its test split, or of its only split.

    Queries are those the qrels judge; one that has nothing above 0 is judged too, and scores 0, as in trec_eval. A
    passage is title and text with a space between, as BEIR has it.

    Raises:
        UnreadableFile: if a file is missing or not of its form, uses an id twice, or judges a query that is not there.
    """
    qrels = _qrels(_split(folder))
    queries = {query.id: query.text for _, query in _texts(folder / "queries.jsonl")}
    if missing := qrels.keys() - queries.keys():
        raise UnreadableFile(f"{folder / 'queries.jsonl'}: no query {min(missing)!r}, but the qrels judge it")
    corpus = _texts(folder / "corpus.jsonl")
    passages = tuple(make_passage(f"{text.title} {text.text}".strip(), text.id, place) for place, text in corpus)
    # A set does not name its language, and all of it is in one.
    language = detect_language("\n".join(queries[each] for each in qrels))
    return QuestionSet(tuple(Question(each, language, queries[each], "beir") for each in qrels), passages, qrels)


def _texts(path: Path) -> Iterator[tuple[str, _Text]]:
    seen: set[str] = set()
    for place, line in read_lines(path):
        text = parse_json(_Text, line, place, "a line has _id, text and perhaps title")
        if text.id in seen:
            raise UnreadableFile(f"{place}: _id {text.id!r} was used above; give each text its own")
        seen.add(text.id)
        yield place, text


def _split(folder: Path) -> Path:
    splits = sorted((folder / "qrels").glob("*.tsv"))
    if len(splits) == 1:
        return splits[0]
    if (test := folder / "qrels" / "test.tsv") in splits:
        return test
    raise UnreadableFile(
        f"{test}: is not there, among {len(splits)} .tsv files; a BEIR folder has the qrels it is judged by there"
    )


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = defaultdict(dict)
    for place, line in read_lines(path):
        if line.split() == ["query-id", "corpus-id", "score"]:
            continue
        try:
            query_id, document_id, gain = line.split("\t")
            value = int(gain)
        except ValueError:
            raise UnreadableFile(f"{place}: {line!r} is not query-id, corpus-id, score between tabs") from None
        if document_id in qrels[query_id]:
            raise UnreadableFile(f"{place}: {document_id!r} was judged for {query_id!r} above; judge it once")
        qrels[query_id][document_id] = value
    return dict(qrels)
