"""A reranker decides the order; probabilities, filters, folding and bounds are as they are without it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from eval.local_retriever import LocalRetriever
from index.filters.making import make_condition
from index.models.hashing import HashEncoder
from index.opening import OpenIndex, open_index
from index.query import Method, Query
from index.ranking.found import Found
from index.ranking.reranking import RERANKED, reranked
from service.settings import Settings
from tests.command_fixtures import Command
from tests.eval.eval_fixtures import Command as EvalCommand
from tests.eval.eval_fixtures import write_squad
from tests.http_fixtures import Serving, ask
from tests.index.models.cross_encoder_fixtures import LIKED, make_cross_encoder
from tests.index_fixtures import index_documents, make_corpus
from tests.service_fixtures import make_index, settings_of
from tests.store_fixtures import passage_of

QUESTION = "2022年到上海工作的有多少人"  # of work.txt; the passages of tea.md hold the character that is liked


@dataclass
class Liking:
    """A reranker that counts a character."""

    name: str = "liking"
    asked: list[tuple[str, list[str]]] = field(default_factory=list)

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        self.asked.append((question, list(passages)))
        return [float(passage.count(LIKED)) for passage in passages]


@pytest.fixture
def liking() -> Liking:
    return Liking()


@pytest.fixture
def liked(data_dir: Path, liking: Liking) -> Iterator[OpenIndex]:
    """The small corpus, open with the reranker."""
    with open_index(data_dir, lambda name: HashEncoder(), None, lambda: liking) as opened:
        yield opened


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_cross_encoder(tmp_path_factory.mktemp("cross-encoder"))


def test_its_order_is_the_last_word(index: OpenIndex, liked: OpenIndex, liking: Liking) -> None:
    plain, result = (each.searcher.search(Query(QUESTION, k=50)) for each in (index, liked))
    assert plain.results[0].citation.source == "work.txt"
    assert result.results[0].citation.source == "tea.md"
    scores = [each.scores["reranker"] for each in result.results]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]
    assert [each.rank for each in result.results] == list(range(1, len(scores) + 1))
    assert {each.passage_id for each in result.results} == {each.passage_id for each in plain.results}
    assert all("reranker" not in each.scores for each in plain.results)
    ((question, passages),) = liking.asked
    assert (question, len(passages)) == (QUESTION, len(scores))


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("k", [1, 2, 50])
def test_confidence_stays_and_falls_with_the_rank(index: OpenIndex, liked: OpenIndex, k: int, method: Method) -> None:
    plain, result = (each.searcher.search(Query(QUESTION, k=k, method=method)) for each in (index, liked))
    probabilities = [each.score for each in result.results]
    assert len(probabilities) == len(plain.results)
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[0] == result.confidence == plain.confidence
    assert result.answerable == plain.answerable


def test_what_is_likely_enough_is_never_dropped(index: OpenIndex, liked: OpenIndex) -> None:
    least = index.searcher.search(Query(QUESTION, k=50)).results[1].score
    plain, result = (
        each.searcher.search(Query(QUESTION, k=50, min_confidence=least)).results for each in (index, liked)
    )
    assert {each.passage_id for each in plain} <= {each.passage_id for each in result}
    assert all(each.score >= least for each in result)
    assert liked.searcher.search(Query(QUESTION, min_confidence=1)).results == ()


def test_filters_hold_before_it(liked: OpenIndex, liking: Liking) -> None:
    result = liked.searcher.search(Query(QUESTION, filters=make_condition(source=("work.txt", "school.md"))))
    assert {each.citation.source for each in result.results} == {"work.txt", "school.md"}
    nothing = liked.searcher.search(Query(QUESTION, filters=make_condition(source=("none",))))
    assert (nothing.results, nothing.no_answer_reason) == ((), "no document passes the filters")
    assert len(liking.asked) == 1, "there is nothing to put in order"


def test_reprints_stay_one_result(tmp_path: Path, liking: Liking) -> None:
    documents = make_corpus()
    reprint = make_document(documents[0].text, source="reprint.md", published="2024")
    index_documents(tmp_path, [*documents, reprint])
    with open_index(tmp_path, lambda name: HashEncoder(), None, lambda: liking) as opened:
        results = opened.searcher.search(Query(QUESTION, k=50)).results
    sources = {results[0].citation.source, *(each.source for each in results[0].also_in)}
    assert sources == {"tea.md", "reprint.md"}
    assert len({each.text for each in results}) == len(results)


def test_only_the_best_are_read_again(tmp_path: Path, liking: Liking) -> None:
    texts = [f"{word} stands alone, said the keeper of number {n}." for n, word in enumerate(WORDS)]
    index_documents(tmp_path, [make_document(text, source=f"{n}.txt") for n, text in enumerate(texts)])
    with open_index(tmp_path, lambda name: HashEncoder()) as opened:
        plain = opened.searcher.search(Query("Who stands alone?", k=30)).results
    with open_index(tmp_path, lambda name: HashEncoder(), None, lambda: liking) as opened:
        results = opened.searcher.search(Query("Who stands alone?", k=30)).results
        few = opened.searcher.search(Query("Who stands alone?", k=3)).results
    assert len(results) == 30
    assert ["reranker" in each.scores for each in results] == [n < RERANKED for n in range(30)]
    assert [each.passage_id for each in results] == [each.passage_id for each in plain]  # none is liked: all are equal
    assert [each.passage_id for each in few] == [each.passage_id for each in plain[:3]]
    assert [len(passages) for _, passages in liking.asked] == [RERANKED, RERANKED]


WORDS = (
    "amber basil cedar delta ember fjord grove heron ivory jetty koala lemon maple north olive pearl quail raven "
    "sable tulip umber viola wharf xenon yacht zebra acorn birch coral daisy"
).split()


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(-9, 9)), max_size=2 * RERANKED))
def test_probabilities_are_the_least_that_fall(pairs: list[tuple[float, float]]) -> None:
    class Given:
        name = "given"

        def scores(self, question: str, passages: Sequence[str]) -> list[float]:
            return [score for _, score in pairs[:RERANKED]]

    probabilities = [probability for probability, _ in pairs]
    new = reranked(Given(), "?", list(map(found_of, range(len(pairs)))), probabilities)
    places = [int(each.passage.passage_id.removeprefix("p_")) for each in new.found]
    assert sorted(places) == list(range(len(pairs)))
    assert places[RERANKED:] == list(range(len(pairs)))[RERANKED:]
    assert new.probabilities == sorted(new.probabilities, reverse=True)
    own = [probabilities[place] for place in places]
    assert new.probabilities == [max(own[rank:]) for rank in range(len(own))]


def found_of(row: int) -> Found:
    document = make_document("x", source="x.txt")
    passage = passage_of(document, f"p_{row}", 0, 1, "x")
    return Found(passage, document.facts, 0.0, {}, (), ())


# The real thing, from every side


def test_a_named_cross_encoder_orders_over_http(tmp_path: Path, cross_encoder: Path) -> None:
    data_dir = make_index(tmp_path, {"tea.txt": "一杯茶茶茶茶茶茶茶。", "work.txt": "2022年到上海工作的有14809人。"})
    with Serving(settings_of(data_dir)) as client:
        assert [each["citation"]["source"] for each in ask(client, QUESTION)["results"]] == ["work.txt", "tea.txt"]
    settings = settings_of(data_dir).model_copy(update={"reranker": str(cross_encoder)})
    with Serving(settings) as client:
        answer = ask(client, QUESTION)
    assert [each["citation"]["source"] for each in answer["results"]] == ["tea.txt", "work.txt"]
    assert list(answer["results"][0]["scores"])[-2:] == ["rerank", "reranker"]


def test_a_reranker_that_cannot_be_had_is_told_to_the_operator(tmp_path: Path) -> None:
    settings = settings_of(make_index(tmp_path)).model_copy(update={"reranker": "no-such"})
    serving = Serving(settings)
    with serving as client:
        assert client.get("/readyz").status_code == 503
    assert "the reranker 'no-such' is neither a folder" in str(serving.failure)


def test_the_setting_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().reranker is None
    monkeypatch.setenv("WHEREFROM_RERANKER", "owner/model")
    assert Settings().reranker == "owner/model"


def test_ask_takes_a_reranker(
    tmp_path: Path, cross_encoder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wherefrom = Command(monkeypatch, capsys, make_index(tmp_path))
    plain, answer = (
        json.loads(wherefrom("ask", "lamp", "--json", *more).succeeded().out)
        for more in ([], ["--reranker", cross_encoder])
    )
    assert answer["confidence"] == plain["confidence"]
    assert all("reranker" in each["scores"] for each in answer["results"])
    wherefrom("ask", "lamp", "--reranker", "no-such").failed(1, "the reranker 'no-such' is neither a folder")


def test_a_run_takes_a_reranker(
    tmp_path: Path, cross_encoder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command = EvalCommand(monkeypatch, capsys)
    squad = write_squad(tmp_path / "colours.json")
    code, out, err = command("run", squad, "--model", "hash", "--reranker", cross_encoder, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["index"]["reranker"] == str(cross_encoder)
    code, _, err = command("run", squad, "--url", "http://service", "--reranker", cross_encoder)
    assert (code, "leave --reranker out" in err) == (2, True)


def test_an_index_says_what_orders_it(liked: OpenIndex, index: OpenIndex) -> None:
    assert LocalRetriever(liked).describe()["reranker"] == "liking"
    assert "reranker" not in LocalRetriever(index).describe()
