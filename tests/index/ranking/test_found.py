"""Which sentences of a passage are marked, the best one first."""

import numpy as np
import pytest

from corpus.document import make_document
from corpus.passage import Passage
from corpus.splitting.passages import SplitterSettings, make_splitter
from index.ranking.found import AS_WELL, answering_sentences, codes_of

TEXT = "The pier is long. The pier is old. The pier is green."


def passage_of(text: str) -> Passage:
    split = make_splitter(SplitterSettings(), lambda texts: [len(each.split()) for each in texts], 500)
    (passage,) = split(make_document(text, source="pier.txt"))
    return passage


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        ([0.2, 0.1, 0.3], ["The pier is old."]),
        ([0.1 + AS_WELL / 2, 0.3, 0.1], ["The pier is green.", "The pier is long."]),
        ([0.1, 0.1, 0.1], ["The pier is long.", "The pier is old."]),
        ([0.1, 0.1 + 2 * AS_WELL, 0.1 + 3 * AS_WELL], ["The pier is long."]),
    ],
)
def test_the_best_sentence_comes_first_and_then_one_as_good(gaps: list[float], expected: list[str]) -> None:
    found = answering_sentences(passage_of(TEXT), gaps, frozenset())
    assert [span.of(TEXT) for span in found] == expected


LAST = "On the 2nd of May 2024 no crate was weighed."
ROWS = f"""crate,owner,weight
K-2231,the widow of the ferryman,14
K-2232,the brothers at the mill,90
K-2233,nobody who is still known,31

{LAST}"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How heavy is crate K-2232?", "K-2232,the brothers at the mill,90"),
        ("k-2233的重量是多少", "K-2233,nobody who is still known,31"),
        ("How heavy is crate Ｋ－２２３１?", "K-2231,the widow of the ferryman,14"),
        ("How heavy is crate K-22?", LAST),
        ("What was weighed in 2024?", LAST),
    ],
)
def test_the_row_of_a_code_comes_before_those_that_are_like_it(question: str, expected: str) -> None:
    passage = passage_of(ROWS)
    gaps = np.linspace(0.4, 0.1, len(passage.sentences)).tolist()  # the last is nearest
    first, *_ = answering_sentences(passage, gaps, codes_of(question))
    assert first.of(ROWS) == expected


def test_years_are_no_codes() -> None:
    assert codes_of("Line 15 of 2024, room E-103, 3.5 t, 规格M2") == {"15", "e-103", "3.5", "m2"}
