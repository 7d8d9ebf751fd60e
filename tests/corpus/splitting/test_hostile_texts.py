"""No kind of text is hard: what a text costs grows with its length alone."""

from time import process_time

import pytest

from corpus.document import make_document
from corpus.splitting.passages import SplitterSettings, make_splitter
from eval.attacks.texts import KINDS, text_of

SPLIT = make_splitter(SplitterSettings(), lambda texts: [len(text) // 2 + 4 for text in texts], 512)
LENGTH = 20_000
MOST_SECONDS = 2.0  # a tenth is usual; what grows with the square of the length takes several


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_cut_soon_and_whole(kind: str) -> None:
    document = make_document(text_of(kind, LENGTH), source="a.md")
    started = process_time()
    passages = SPLIT(document)
    assert process_time() - started < MOST_SECONDS
    assert all(passage.quote == document.text[passage.start : passage.end] for passage in passages)
