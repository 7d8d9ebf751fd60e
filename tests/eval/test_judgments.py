"""A hit is judged by the stretch of text it cites, and ranks are counted as the question set says."""

from dataclasses import replace

import pytest

from corpus.passage import Span
from eval.judgments import (
    LONGEST_QUOTE,
    EvidenceMissing,
    Highlight,
    counted_hits,
    highlight_of,
    judge_question,
)
from eval.measures import MEASURES, measure
from eval.retriever import CitedHit
from eval.sets.question_set import Evidence, Question

TEXT = "甲说东。" + "填" * 500 + "乙说西。" + "丙说南。"
TEXTS = {"d_one": TEXT, "d_two": "甲说东。别的文件。"}
EAST, WEST, SOUTH = (TEXT.find(word) for word in ("甲说东", "乙说西", "丙说南"))
ONE, TWO = "one.txt", "two.txt"


def hit(start: int, end: int, document_id: str = "d_one") -> CitedHit:
    return CitedHit(
        rank=1,  # as the retriever says it; judged is the place in the answer
        passage_id=f"p_{start}_{end}",
        document_id=document_id,
        source={"d_one": ONE, "d_two": TWO}[document_id],
        start=start,
        end=end,
        score=0.5,
        quote=TEXTS[document_id][start:end],
        document_sha256="",
    )


def rank(hits: list[CitedHit], *evidence: Evidence, all_evidence: bool = False) -> int | None:
    question = Question("d1", "zh", "？", "entity", True, evidence, all_evidence)
    return judge_question(question, None, hits, TEXTS.__getitem__).rank


east, west, south = Evidence(ONE, "甲说东"), Evidence(ONE, "乙说西"), Evidence(ONE, "丙说南")
hit_east, hit_west, hit_south = hit(EAST, EAST + 4), hit(WEST, WEST + 4), hit(SOUTH, SOUTH + 4)
hit_west_and_south = hit(WEST, SOUTH + 4)
miss = hit(10, 20)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(EAST, EAST + 3, 1, id="exactly"),
        pytest.param(EAST, EAST + 2, None, id="one character short at the end"),
        pytest.param(EAST + 1, EAST + 4, None, id="one character short at the start"),
        pytest.param(EAST, LONGEST_QUOTE, 1, id="as long as a quote may be"),
        pytest.param(EAST, LONGEST_QUOTE + 1, None, id="longer than a quote may be"),
    ],
)
def test_a_hit_covers_the_whole_quote_and_is_no_longer_than_allowed(start: int, end: int, expected: int | None) -> None:
    assert rank([hit(start, end)], east) == expected


def test_the_same_words_in_another_document_are_no_hit() -> None:
    assert rank([hit(0, 4, "d_two")], east) is None


def test_any_piece_of_evidence_will_do() -> None:
    assert rank([miss, hit_west, hit_east], east, west) == 2


def test_no_hits_have_no_rank() -> None:
    assert rank([], east) is None
    assert rank([miss, miss], east) is None


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        pytest.param([hit_east, hit_west], 1, id="both at ranks 1 and 2"),
        pytest.param([hit_west, hit_east], 1, id="in either order"),
        pytest.param([hit_east, miss, hit_west], 2, id="at 1 and 3"),
        pytest.param([miss, hit_east, hit_west], 2, id="at 2 and 3"),
        pytest.param([hit_east, hit_east, hit_west], 2, id="a piece brought again is not new"),
        pytest.param([hit_east, miss, miss], None, id="only one"),
    ],
)
def test_two_pieces_that_are_both_needed(hits: list[CitedHit], expected: int | None) -> None:
    assert rank(hits, east, west, all_evidence=True) == expected


@pytest.mark.parametrize(
    ("hits", "expected"),
    [
        pytest.param([hit_west_and_south], 1, id="one passage brings both"),
        pytest.param([miss, hit_west_and_south], 2, id="one passage brings both at rank 2"),
        pytest.param([hit_west, hit_west_and_south], 1, id="the second brings the rest"),
        pytest.param([hit_west, miss, hit_south], 2, id="one each"),
    ],
)
def test_a_passage_may_bring_two_pieces_at_once(hits: list[CitedHit], expected: int | None) -> None:
    assert rank(hits, west, south, all_evidence=True) == expected


def test_three_pieces_in_three_passages_count_as_rank_one() -> None:
    assert rank([hit_south, hit_east, hit_west], east, west, south, all_evidence=True) == 1


def test_hits_that_brought_a_part_are_not_counted_beside_the_one_that_completes() -> None:
    question = Question("d1", "zh", "？", "entity", True, (east, west), all_evidence=True)
    counted = counted_hits(question, None, [hit_east, miss, hit_west, hit_east], TEXTS.__getitem__)
    assert counted == [(miss, 0), (hit_west, 1), (hit_east, 0)]


def test_evidence_that_does_not_occur_is_an_error() -> None:
    with pytest.raises(EvidenceMissing, match=r"one\.txt: '没有这句' does not occur"):
        rank([hit_east], Evidence(ONE, "没有这句"))


def test_evidence_counts_as_one_relevant_document_at_its_rank() -> None:
    question = Question("d1", "zh", "？", "entity", True, (east,))
    judged = judge_question(question, None, [miss, hit_east], TEXTS.__getitem__)
    assert (judged.gains, judged.ideal, judged.rank) == ((0, 1), (1,), 2)
    assert judge_question(question, None, [miss], TEXTS.__getitem__).rank is None


def test_unanswered_evidence_scores_zero() -> None:
    question = Question("d1", "zh", "？", "entity", True, (east,))
    assert measure(judge_question(question, None, [], TEXTS.__getitem__)) == dict.fromkeys(MEASURES, 0.0)


def test_qrels_judge_documents_in_the_order_of_the_answer() -> None:
    hits = [hit(0, 4, "d_two"), hit_west, hit(4, 8, "d_two")]
    question = Question("d1", "zh", "？", "squad")
    assert counted_hits(question, {"d_one": 2}, hits, TEXTS.__getitem__) == [(hits[0], 0), (hit_west, 2)]
    judged = judge_question(question, {"d_one": 1}, hits, TEXTS.__getitem__)
    assert judged.gains == (0, 1)


# Highlights

TEXT_OF = TEXTS.__getitem__


def highlighting(*spans: tuple[int, int]) -> CitedHit:
    return replace(hit(EAST, 60), highlights=tuple(Span(start, end) for start, end in spans))


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([(EAST, EAST + 3)], Highlight.WHOLE, id="exactly"),
        pytest.param([(EAST, EAST + 4)], Highlight.WHOLE, id="the whole sentence"),
        pytest.param([(20, 30), (EAST, EAST + 4)], Highlight.WHOLE, id="one of two"),
        pytest.param([(EAST + 1, EAST + 9)], Highlight.PART, id="the first character is missing"),
        pytest.param([(EAST, EAST + 1), (EAST + 1, EAST + 3)], Highlight.PART, id="in two pieces"),
        pytest.param([(EAST + 3, EAST + 9)], Highlight.NONE, id="begins where the evidence ends"),
        pytest.param([(20, 30)], Highlight.NONE, id="elsewhere"),
        pytest.param([], Highlight.NONE, id="nothing"),
    ],
)
def test_a_highlight_holds_the_evidence_whole_in_part_or_not(spans: list[tuple[int, int]], expected: Highlight) -> None:
    question = Question("d1", "zh", "？", "entity", True, (east,))
    assert highlight_of(question, highlighting(*spans), TEXT_OF) is expected


def test_the_piece_that_is_held_best_counts() -> None:
    question = Question("d1", "zh", "？", "entity", True, (Evidence(ONE, "填填填"), east))
    assert highlight_of(question, highlighting((EAST, EAST + 5)), TEXT_OF) is Highlight.WHOLE


def test_evidence_in_another_document_is_no_measure_of_a_highlight() -> None:
    assert highlight_of(Question("d1", "zh", "？", "entity"), highlighting((0, 4)), TEXT_OF) is None
    elsewhere = Question("d1", "zh", "？", "entity", True, (Evidence(TWO, "甲说东"),))
    assert highlight_of(elsewhere, highlighting((0, 4)), TEXT_OF) is None


def test_evidence_may_say_where_it_stands() -> None:
    second = Evidence(ONE, "填填", 10)
    assert rank([hit(10, 12)], second) == 1
    assert rank([hit(EAST, 11)], second) is None
    with pytest.raises(EvidenceMissing):
        rank([hit(EAST, 11)], Evidence(ONE, "甲说东", EAST + 1))
