"""What benchmarks measure is what they say they measure; how fast anything is, is asserted nowhere."""

import sys
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from corpus.document import make_document
from corpus.errors import InvalidInput
from eval.bench import beside, growth, http, load, memory, peers, start
from eval.bench.encoder import many_passages, one_question, quality
from eval.bench.load import Trial, highest_rate
from eval.bench.runner import Bench
from eval.bench.servers import Command, ServerFailed, peer_task, running, wherefrom
from eval.bench.vectors import measure
from eval.peers import driver
from eval.sets.question_set import Question, QuestionSet
from index.models.encoder import Vectors
from index.models.hashing import HashEncoder
from tests.eval.bench.bench_fixtures import ASKED, bench_on, figures_of
from tests.eval.peers.peer_fixtures import WORDS, write_peer

SERVED = """
def index(passages, model, vectors=None):
    assert len(vectors) == len(passages)
    def search(question, k):
        if question == "fail":
            raise ValueError(question)
        return [(place, 1.0) for place in range(len(passages))][:k]
    return search
"""


@pytest.fixture
def other(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """A small stack in the place of the tutorial's, served as that is."""
    peer = write_peer(tmp_path / "stacks", "served", SERVED)
    monkeypatch.setattr("eval.bench.servers.unpack_embedded_model", lambda cache_dir: Path("model"))
    task = peer_task(bench_on(data_dir))
    arguments = (sys.executable, "-I", driver.__file__, str(peer.script), str(task), "{port}")
    command = Command("tutorial", arguments, "/search?k=2&q={question}")
    for module in (http, load, start):
        monkeypatch.setattr(module, "tutorial", lambda bench: command)
    for module in (beside, growth, http, load, memory, peers, start):  # starting ours takes seconds; once will do
        monkeypatch.setattr(module, "wherefrom", lambda *_, **variables: replace(command, name="wherefrom"))
    return command


@pytest.fixture
def bench(other: Command, data_dir: Path) -> Bench:
    bench = bench_on(data_dir, None)
    bench.count = 3
    return bench


def test_a_server_is_started_asked_and_looked_at(bench: Bench, other: Command) -> None:
    with running(wherefrom(bench)) as ours, running(other) as theirs:
        for server in (ours, theirs):
            before = server.cpu()
            assert server.ask("茶叶") > 0 and before < server.cpu() < before + 60
            memory = server.memory()
            assert (
                memory["in all"] == pytest.approx(memory["of its own"] + memory["of files"]) and memory["in all"] > 10
            )


def test_a_question_that_fails_is_no_answer(other: Command) -> None:
    with pytest.raises(ServerFailed, match="tutorial answers 500 to 'fail'"), running(other) as server:
        server.ask("fail")


def test_a_server_that_ends_is_told_with_its_last_words(bench: Bench, data_dir: Path) -> None:
    (data_dir / "file").touch()
    command = wherefrom(bench)
    command = replace(command, arguments=(*command.arguments[:-1], str(data_dir / "file" / "none")))
    with pytest.raises(ServerFailed, match="name another --data-dir"), running(command):
        pass


def test_one_client_is_timed_beside_others(bench: Bench) -> None:
    http.bench_http(bench)
    assert [figure.mark for figure in bench.results.figures] == ["P2"] * 10 + ["P6", "P8"]
    assert figures_of(bench)["p50 over HTTP as a share of the tutorial's"].value > 0
    assert set(bench.results.series["one question over HTTP, p50, ms"]) == {"wherefrom", "tutorial"}


def test_starts_are_timed(bench: Bench) -> None:
    bench.rounds = 1
    start.bench_start(bench)
    assert figures_of(bench)["from start to first answer, wherefrom"].value > 0


def test_many_passages_are_timed_beside_few(bench: Bench) -> None:
    growth.bench_growth(bench)
    figures = figures_of(bench)
    assert {figure.mark for figure in bench.results.figures} == {"P10", "P12"}
    assert figures["one question over HTTP, p50, 1,000 passages"].value > 0
    assert figures["one question over HTTP, p50, 3 passages"].value > 0
    assert figures["p50 over HTTP, times that among 1,000"].value > 0


def test_as_many_passages_are_no_comparison(bench: Bench) -> None:
    bench.count = growth.FEW
    with pytest.raises(InvalidInput, match="--passages 1000: name more"):
        growth.bench_growth(bench)


def test_memory_is_read(bench: Bench) -> None:
    memory.bench_memory(bench)
    assert figures_of(bench)["resident memory, in all"].value > 10
    assert figures_of(bench)["size on disk"].value == 1000


def test_the_work_of_a_question_is_taken_apart(bench: Bench) -> None:
    beside.bench_beside(bench)
    values = [figure.value for figure in bench.results.figures]
    assert len(values) == 5 and all(value >= 0 for value in values[:3])


def test_a_crowd_asks_at_a_rate_or_each_after_the_other(
    bench: Bench, other: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(other) as server:
        at_rate = load.trial(bench, server, seconds=0.4, rate=100)
        assert at_rate.asked == len(at_rate.seconds) > 20
        assert 0 < at_rate.quantile(0.5) <= at_rate.quantile(0.99)
        bench.asked = cycle(["fine", "fail"])
        crowd = load.trial(bench, server, seconds=0.3, clients=4)
        assert 0 < len(crowd.seconds) < crowd.asked
    bench.asked = cycle(ASKED)
    for name, value in {
        "SECONDS": 0.2,
        "RATES": (20.0, 40.0),
        "CLIENTS": 2,
        "BUSY_CLIENTS": 2,
        "LEAST_ASKED": 5,
        "PROBES": 2,
    }.items():
        monkeypatch.setattr(load, name, value)
    monkeypatch.setattr(load, "highest_rate", lambda try_at, start: start if try_at(5.0) is not None else 0.0)
    bench.rounds = 1
    load.bench_load(bench)
    assert [figure.mark for figure in bench.results.figures] == ["P4"] * 6 + ["P5"] * 4
    assert {"wherefrom, p50", "tutorial, p50"} <= set(bench.results.series["latency under load, ms"])


def test_a_question_without_an_answer_took_forever() -> None:
    assert Trial(4, (0.3, 0.1, 0.2)).quantile(0.5) == 0.3
    assert Trial(4, (0.3, 0.1, 0.2)).quantile(0.99) == float("inf")
    assert Trial(0, ()).quantile(0.99) == float("inf")


@pytest.mark.parametrize("limit", [0.3, 3.0, 61.0, 200.0])
def test_the_highest_rate_is_found_from_either_side(limit: float) -> None:
    for begun in (0.5, 8.0, 60.0, 900.0):
        found = highest_rate(lambda rate: rate <= limit, begun)
        assert found <= limit and (found >= limit / 1.16 or limit < 1)
    assert highest_rate(lambda rate: True, 8) >= 1000


def test_other_stacks_get_the_same_passages_and_one_that_fails_is_left_out(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    some = [write_peer(tmp_path / "peers", "words", WORDS), write_peer(tmp_path / "peers", "broken", "1 / 0")]
    monkeypatch.setattr(peers, "read_peers", lambda: some)
    peers.bench_peers(bench)
    assert "note: broken is left out: ZeroDivisionError" in capsys.readouterr().err
    assert figures_of(bench)["p50 of ours as a share of that of words"].value > 0
    assert figures_of(bench)["work of a question, words"].value >= 0


def test_a_vector_index_is_held_against_exact_search(data_dir: Path) -> None:
    bench = bench_on(data_dir, None, rounds=2, questions=5)
    random = np.random.default_rng(0)
    vectors = random.standard_normal((500, 32), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    measure(bench, vectors, vectors[:20].copy(), "made up")
    assert figures_of(bench)["recall@10 of exact search"].value == 1
    assert figures_of(bench)["time of a vector search as a share of exact"].value > 0


def reference(texts: list[str], prompt: str) -> Vectors:
    return HashEncoder().encode_passages(texts)


def test_encoders_are_timed_and_judged(data_dir: Path) -> None:
    bench, encoder = bench_on(data_dir, None), HashEncoder()
    one_question(bench, encoder, reference)
    texts = [f"the number of ships in {year}" for year in range(1900, 1920)]
    many_passages(bench, encoder, reference, texts)
    passages = tuple(make_document(text, source=text, document_id=text) for text in texts)
    asked = tuple(Question(text, "en", text, "squad") for text in texts)
    quality(bench, encoder, reference, QuestionSet(asked, passages, {text: {text: 1} for text in texts}, "ships"))
    found = figures_of(bench)
    assert found["encoding one question, p50, torch fp32"].value > 0
    assert found["bulk embedding, wherefrom"].unit == "tokens/s/core"
    assert found["nDCG@10 of vectors alone on ships, questions by wherefrom"].value == pytest.approx(100)
    assert found["points of nDCG@10 lost on ships"].reached
