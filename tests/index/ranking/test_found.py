"""Which sentences of a passage are marked, the best one first."""

import numpy as np
import pytest

from corpus.document import make_document
from corpus.passage import Passage
from corpus.splitting.passages import SplitterSettings, make_splitter
from index.ranking.found import AS_WELL, answering_sentences

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
    found = answering_sentences(passage_of(TEXT), np.array(gaps, np.float32))
    assert [span.of(TEXT) for span in found] == expected
