"""What benchmarks measure is what they say they measure; how fast anything is, is asserted nowhere."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from corpus.document import make_document
from eval.bench.asking import WARM_UP, Way, ask_in_turns
from eval.bench.beside import parts_of
from eval.bench.data import Questions, passage_vectors, plain_copy
from eval.bench.encoder import many_passages, one_question, quality
from eval.bench.figures import Figure, Outcome, describe_machine, now, quantile_interval, ratio_interval
from eval.bench.loading import Trial, ask_at, ask_with, highest_rate, likely_rate
from eval.bench.reference import Cost, Reference
from eval.bench.servers import (
    Command,
    Server,
    ServerFailed,
    busy_neighbour,
    cpu_seconds,
    memory_of,
    running,
    there_and_back,
    wherefrom,
)
from eval.bench.vectors import measure
from eval.sets.question_set import Question, QuestionSet
from index.models.encoder import Vectors
from index.models.hashing import HashEncoder


def test_a_median_and_a_ratio_stand_between_their_bounds() -> None:
    median = quantile_interval([1.0, 2.0, 3.0, 4.0, 100.0])
    assert median.low <= median.value == 3 <= median.high
    assert quantile_interval([1.0, 2.0, 3.0, 4.0, 100.0], 0.99).value > 90
    ratio = ratio_interval([2.0, 4.0, 6.0], [1.0, 2.0, 3.0, 2.0])
    assert ratio.low <= ratio.value == 2 <= ratio.high


def test_turns_go_there_and_back() -> None:
    assert list(there_and_back(["a", "b"], 3)) == [(0, "a"), (0, "b"), (1, "b"), (1, "a"), (2, "a"), (2, "b")]


def test_no_question_comes_twice_before_all_others_came() -> None:
    questions = Questions(["a", "b", "c", "a"])
    assert sorted(questions.take(3)) == ["a", "b", "c"] == sorted(questions.take(3))


def test_all_ways_are_asked_the_same_new_questions_in_turns() -> None:
    asked: list[tuple[str, str, bool]] = []
    beside: list[str] = []

    @contextmanager
    def company() -> Iterator[None]:
        beside.append("there")
        yield
        beside.clear()

    def ask(name: str) -> Callable[[str], float]:
        def asking(question: str) -> float:
            asked.append((name, question, bool(beside)))
            return 1.0

        return asking

    pool = Questions([str(number) for number in range(200)])
    ways = {"a": Way(ask("a"), lambda: float(len(asked))), "b": Way(ask("b"), lambda: 0.0, company)}
    found = ask_in_turns(ways, 2, lambda: pool.take(25))
    counted = asked[2 * WARM_UP :]
    assert [name for name, _, _ in counted] == ["a"] * 25 + ["b"] * 50 + ["a"] * 25
    assert [question for _, question, _ in counted[:25]] == [question for _, question, _ in counted[25:50]]
    assert not {question for _, question, _ in counted[:25]} & {question for _, question, _ in counted[50:]}
    assert all(alone == (name == "b") for name, _, alone in counted)
    assert len(found["a"].wall) == 50 and found["a"].cpu_each == 1 and found["b"].cpu == 0


def test_a_question_without_an_answer_took_forever() -> None:
    assert Trial(4, (0.3, 0.1, 0.2)).quantile(0.5) == 0.3
    assert Trial(4, (0.3, 0.1, 0.2)).quantile(0.99) == float("inf")
    assert Trial(0, ()).quantile(0.99) == float("inf")


@pytest.mark.parametrize("limit", [0.3, 3.0, 61.0, 200.0])
def test_the_highest_rate_is_found_from_either_side(limit: float) -> None:
    for start in (8.0, 60.0, 900.0):
        found = highest_rate(lambda rate: rate <= limit, start)
        assert found <= limit and (found >= limit / 1.16 or limit < 1)
    assert highest_rate(lambda rate: True, 8) >= 1000


class Echo(BaseHTTPRequestHandler):
    """Answers every question but those that are told to fail."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        status = 503 if "fail" in self.path else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def echo() -> Iterator[Server]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        process = cast(Any, type("Process", (), {"pid": os.getpid()}))
        command = Command("echo", (), "/search?q={question}")
        with closing(Server(command, process, listening.server_address[1], 0.0)) as server:
            yield server
        listening.shutdown()


def test_a_crowd_asks_at_a_rate_or_each_after_the_other(echo: Server) -> None:
    trial = ask_at(echo, ["问", "b"], rate=500, seconds=0.4)
    assert trial.asked == len(trial.seconds) > 100
    assert 0 < trial.quantile(0.5) <= trial.quantile(0.99)
    assert likely_rate(echo, ["a", "b", "c"]) > 10
    trial = ask_with(echo, ["a", "fail"], clients=4, seconds=0.2)
    assert 0 < len(trial.seconds) < trial.asked


def test_a_refused_question_is_no_answer(echo: Server) -> None:
    assert echo.ask("fine") > 0
    with pytest.raises(ServerFailed, match="echo answers 503"):
        echo.ask("fail")


def test_work_and_memory_of_a_process_are_seen_from_outside() -> None:
    memory = memory_of(os.getpid())
    assert memory.resident == memory.anonymous + memory.of_files > 1e7
    before = cpu_seconds(os.getpid())
    while cpu_seconds(os.getpid()) == before:
        pass
    with busy_neighbour():
        pass


def test_our_service_is_started_and_asked(data_dir: Path) -> None:
    with running(wherefrom(data_dir, None)) as server:
        assert server.first_answer > 0 and server.ask("茶叶") > 0
        assert server.memory().resident > 0 and server.cpu_seconds() > 0


def test_a_server_that_ends_is_told_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="no index here"), running(wherefrom(tmp_path, None)):
        pass


def test_other_stacks_get_the_same_passages(data_dir: Path) -> None:
    (data_dir / "made.json").write_text("{}")
    vectors = passage_vectors(data_dir)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    plain = plain_copy(data_dir)
    assert np.array_equal(np.load(plain / "vectors.npy"), vectors)
    assert "茶" in (plain / "texts.json").read_text("utf-8")


def test_the_work_of_a_question_is_taken_apart(data_dir: Path) -> None:
    parts = parts_of(data_dir, None, ["茶"], ["茶叶多少钱？", "schools"])
    assert [len(values) for values in parts.values()] == [2, 2, 2]
    assert all(value >= 0 for values in parts.values() for value in values)


def outcome() -> Outcome:
    return Outcome(name="bench-test", command="python -m eval", date=now(), machine=describe_machine(), figures=[])


def test_a_vector_index_is_held_against_exact_search() -> None:
    random = np.random.default_rng(0)
    vectors = random.standard_normal((500, 32), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = outcome()
    measure(found, vectors, vectors[:20].copy(), rounds=2, questions=5, judged=20, note="made up")
    figures = {figure.what: figure for figure in found.figures}
    assert figures["recall@10 of exact search"].value == 1
    assert figures["time of a vector search as a share of exact"].value > 0
    assert found.series["recall@10 of exact search"] == {"wherefrom": [(500, 1.0)]}


class HashReference:
    """The hash encoder in the place of a process with torch."""

    def encode(self, texts: Sequence[str], prompt: str, batch: int = 32) -> Cost:
        return Cost(2.0, 1.0)

    def vectors(self, texts: Sequence[str], prompt: str, batch: int = 32) -> Vectors:
        return HashEncoder().encode_passages(texts)


def test_encoders_are_timed_and_judged() -> None:
    encoder, reference = HashEncoder(), cast(Reference, HashReference())
    texts = [f"the number of ships in {year}" for year in range(1900, 1920)]
    figures = {figure.what: figure for figure in one_question(encoder, reference, texts, rounds=2, asked=5)}
    assert figures["encoding one question, p50, torch fp32"].value == 2000
    assert figures["encoding one question, work, torch fp32"].value == 1000
    figures = {figure.what: figure for figure in many_passages(encoder, reference, texts, 2, 10, goal=4)}
    tokens = sum(encoder.count_passage_tokens(texts[:10]))
    assert figures["bulk embedding, torch fp32"].value == tokens
    passages = tuple(make_document(text, source=text, document_id=text) for text in texts)
    asked = tuple(Question(text, "en", text, "squad") for text in texts)
    judged = quality(encoder, reference, QuestionSet(asked, passages, {text: {text: 1} for text in texts}, "ships"))
    assert [round(figure.value) for figure in judged] == [100, 100, 0]


def test_the_machine_is_told() -> None:
    machine = describe_machine()
    assert machine.cores >= 1 and machine.libraries["torch"]
    assert Figure(mark="P1", what="anything", value=1).reached is None


def test_ways_to_ask_one_server_have_questions_of_their_own() -> None:
    asked: dict[str, list[str]] = {"a": [], "b": []}

    def way(name: str) -> Way:
        def ask(question: str) -> float:
            asked[name].append(question)
            return 1.0

        return Way(ask, lambda: 0.0)

    pool = Questions([str(number) for number in range(400)])
    ask_in_turns({"a": way("a"), "b": way("b")}, 2, lambda: pool.take(25), apart=True)
    assert not set(asked["a"]) & set(asked["b"])
    assert len(asked["a"]) == len(asked["b"]) == WARM_UP + 50
