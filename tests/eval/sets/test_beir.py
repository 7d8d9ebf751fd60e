"""BEIR folders are read as BEIR reads them, judged as trec_eval judges them, and what is wrong with one is named."""

import json
from pathlib import Path

import pytest
import pytrec_eval

from corpus.errors import UnreadableFile
from eval.sets.reading import read_question_set
from tests.eval.eval_fixtures import Command

CORPUS = [
    {
        "_id": "4983",
        "title": "Tea of the hills",
        "text": "The village on the hill grows tea.",
        "metadata": {"url": "x"},
    },
    {"_id": "MED-10", "title": "", "text": "Coffee is grown in the valley, not on the hill.", "metadata": {}},
    {"_id": "5/1", "title": "Rice", "text": "The plain grows rice and the hill grows none."},
    {"_id": "7", "title": "Bare title", "text": ""},
]
QUERIES = [
    {"_id": "PLAIN-1", "text": "Where is tea grown on the hill?", "metadata": {"query": "x"}},
    {"_id": "PLAIN-2", "text": "Who grows coffee?"},
    {"_id": "PLAIN-3", "text": "Who grows nothing?"},
    {"_id": "PLAIN-4", "text": "Of another split?"},
]
QRELS = [
    ("PLAIN-1", "4983", 2),
    ("PLAIN-1", "5/1", 1),
    ("PLAIN-1", "7", 0),
    ("PLAIN-2", "MED-10", 1),
    ("PLAIN-2", "not-in-the-corpus", 1),
    ("PLAIN-3", "7", 0),
]


def write_lines(path: Path, *lines: object) -> Path:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def write_qrels(folder: Path, *qrels: tuple[object, ...], split: str = "test") -> None:
    (folder / "qrels").mkdir(exist_ok=True)
    lines = ["\t".join(map(str, qrel)) for qrel in qrels]
    write_lines(folder / "qrels" / f"{split}.tsv", "query-id\tcorpus-id\tscore", *lines)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_lines(folder / "corpus.jsonl", *CORPUS)
    write_lines(folder / "queries.jsonl", *QUERIES)
    write_qrels(folder, *QRELS)
    return folder


def test_titles_and_texts_are_passages_and_judged_queries_are_asked(beir: Path) -> None:
    found = read_question_set(beir)
    assert found.name == "tiny"
    assert [(each.question_id, each.text, each.kind, each.language) for each in found.questions] == [
        ("PLAIN-1", "Where is tea grown on the hill?", "beir", "en"),
        ("PLAIN-2", "Who grows coffee?", "beir", "en"),
        ("PLAIN-3", "Who grows nothing?", "beir", "en"),
    ]
    assert {document.document_id: document.text for document in found.passages} == {
        "4983": "Tea of the hills The village on the hill grows tea.",
        "MED-10": "Coffee is grown in the valley, not on the hill.",
        "5/1": "Rice The plain grows rice and the hill grows none.",
        "7": "Bare title",
    }
    assert found.qrels == {
        "PLAIN-1": {"4983": 2, "5/1": 1, "7": 0},
        "PLAIN-2": {"MED-10": 1, "not-in-the-corpus": 1},
        "PLAIN-3": {"7": 0},
    }


def test_files_of_another_system_are_read_the_same(beir: Path) -> None:
    before = read_question_set(beir)
    for file in beir.rglob("*.*l*"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_question_set(beir) == before


def test_a_run_is_judged_as_trec_eval_judges_it(
    beir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--run-out", "tiny.trec", "--qrels-out", "tiny.qrels"]
    code, out, err = Command(monkeypatch, capsys)("run", beir, "--model", "hash", "--json", *files)
    assert (code, err) == (0, "")
    found = json.loads(out)
    with Path("tiny.trec").open() as lines, Path("tiny.qrels").open() as judgments:
        run, qrels = pytrec_eval.parse_run(lines), pytrec_eval.parse_qrel(judgments)
    theirs = pytrec_eval.RelevanceEvaluator(qrels, {"ndcg_cut.10", "recall.1,3,5,10", "recip_rank"}).evaluate(run)
    ours = {entry["id"]: entry["measures"] for entry in found["per_query"]}
    assert ours.keys() == theirs.keys() == read_question_set(beir).qrels.keys()
    for query_id, said in theirs.items():
        names = {"nDCG@10": "ndcg_cut_10", **{f"R@{k}": f"recall_{k}" for k in (1, 3, 5, 10)}, "MRR@10": "recip_rank"}
        assert ours[query_id] == pytest.approx({name: said[theirs] for name, theirs in names.items()})
    assert ours["PLAIN-1"]["R@10"] == 1
    assert ours["PLAIN-2"]["R@10"] == 0.5
    assert ours["PLAIN-3"]["R@10"] == 0
    assert found["highlights"]["questions"] == 0


# Splits


def test_the_test_split_goes_before_others(beir: Path) -> None:
    write_qrels(beir, ("PLAIN-4", "7", 1), split="train")
    assert set(read_question_set(beir).qrels) == {"PLAIN-1", "PLAIN-2", "PLAIN-3"}


def test_the_only_split_is_taken(beir: Path) -> None:
    (beir / "qrels" / "test.tsv").rename(beir / "qrels" / "dev.tsv")
    assert len(read_question_set(beir).questions) == 3


def test_no_split_or_several_without_a_test_are_an_error(beir: Path) -> None:
    (beir / "qrels" / "test.tsv").unlink()
    with pytest.raises(UnreadableFile, match=r"test\.tsv: is not there, among 0 \.tsv files"):
        read_question_set(beir)
    write_qrels(beir, split="train")
    write_qrels(beir, split="dev")
    with pytest.raises(UnreadableFile, match=r"test\.tsv: is not there, among 2 \.tsv files"):
        read_question_set(beir)
    for file in (beir / "qrels").iterdir():
        file.unlink()
    (beir / "qrels").rmdir()
    with pytest.raises(UnreadableFile, match=r"test\.tsv: is not there, among 0 \.tsv files"):
        read_question_set(beir)


# What is wrong with a folder


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_missing_files_are_named(beir: Path, name: str) -> None:
    (beir / name).unlink()
    with pytest.raises(UnreadableFile, match=f"{name}: No such file"):
        read_question_set(beir)


@pytest.mark.parametrize(
    ("qrel", "problem"),
    [
        pytest.param("PLAIN-1 5/1 1", r"test\.tsv:2: 'PLAIN-1 5/1 1' is not query-id", id="no tabs"),
        pytest.param("PLAIN-1\t0\t5/1\t1", r"test\.tsv:2: ", id="as TREC has them"),
        pytest.param("PLAIN-1\t5/1\tmuch", r"test\.tsv:2: ", id="no number"),
        pytest.param("PLAIN-9\t5/1\t1", r"queries\.jsonl: no query 'PLAIN-9'", id="unknown query"),
        pytest.param("PLAIN-1\t7\t1\nPLAIN-1\t7\t0", r"test\.tsv:3: '7' was judged for 'PLAIN-1' above", id="twice"),
        pytest.param("", "tiny: holds no questions", id="none"),
    ],
)
def test_malformed_qrels_are_named(beir: Path, qrel: str, problem: str) -> None:
    write_qrels(beir, tuple(qrel.split("\t")) if "\n" not in qrel else (qrel,))
    with pytest.raises(UnreadableFile, match=problem):
        read_question_set(beir)


@pytest.mark.parametrize(
    ("name", "line", "problem"),
    [
        pytest.param("corpus.jsonl", CORPUS[0], r"corpus\.jsonl:5: _id '4983' was used above", id="document twice"),
        pytest.param("queries.jsonl", QUERIES[0], r"queries\.jsonl:5: _id 'PLAIN-1' was used above", id="query twice"),
        pytest.param("corpus.jsonl", {"_id": "8"}, r"corpus\.jsonl:5: text: Field required", id="no text"),
        pytest.param("corpus.jsonl", {"_id": 8, "text": "x"}, r"corpus\.jsonl:5: _id: ", id="id is no text"),
        pytest.param("corpus.jsonl", '{"_id": "8"', r"corpus\.jsonl:5: Invalid JSON", id="cut off"),
        pytest.param("corpus.jsonl", {"_id": "8", "text": "a\0b"}, r"corpus\.jsonl:5: .*NUL", id="binary"),
    ],
)
def test_malformed_lines_are_named(beir: Path, name: str, line: object, problem: str) -> None:
    write_lines(beir / name, *(CORPUS if name == "corpus.jsonl" else QUERIES), line)
    with pytest.raises(UnreadableFile, match=problem):
        read_question_set(beir)
