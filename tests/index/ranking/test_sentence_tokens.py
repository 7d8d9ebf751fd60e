"""Each sentence gets its own tokens: counted where it stands in the passage, and never more than are held."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.store.sqlite import Store
from index.models.encoder import Encoder
from index.models.hashing import HashEncoder
from index.models.vectors import counts_from_bytes
from index.ranking.sentence_tokens import Sentences, count_sentence_tokens
from tests.index_fixtures import index_documents
from tests.store_fixtures import passages_in


def counts(encoder: Encoder, passage: str, *texts: str) -> list[int]:
    held = len(encoder.encode_passages_with_tokens([passage]).tokens[0])
    (found,) = count_sentence_tokens(encoder, [Sentences(passage, texts)], [held])
    return found


@pytest.mark.parametrize(
    ("passage", "texts", "expected"),
    [
        ("茶很好。水也好。", ["茶很好。", "水也好。"], [4, 4]),
        ("Tea is good. So is water.", ["Tea is good.", "So is water."], [4, 4]),
        ("标题 茶很好。水好。", ["茶很好。", "水好。"], [4, 3]),  # a heading belongs to none
        ("去年(昔)卖茶。水好。", ["去年卖茶。", "水好。"], [8, 3]),  # what was written in belongs where it stands
        ("好。好。好。", ["好。", "好。", "好。"], [2, 2, 2]),
        ("茶很好。", [], []),
        ("", [], []),
    ],
)
def test_a_sentence_has_the_tokens_it_has_in_the_passage(passage: str, texts: list[str], expected: list[int]) -> None:
    assert counts(HashEncoder(), passage, *texts) == expected


def test_what_the_model_does_not_read_has_no_tokens() -> None:
    texts = ["一" * 300 + "。", "二" * 300 + "。", "三" * 300 + "。"]
    assert counts(HashEncoder(), "".join(texts), *texts) == [301, 209, 0]  # of 512, two are for the ends


@given(st.lists(st.text("茶水 a.。7", min_size=1), max_size=8), st.text("茶水 a.。7"), st.integers(0, 600))
def test_counts_never_exceed_what_is_held(texts: Sequence[str], heading: str, held: int) -> None:
    passage = Sentences(heading + "".join(texts), tuple(texts))
    (found,) = count_sentence_tokens(HashEncoder(), [passage], [held])
    assert len(found) == len(texts)
    assert min(found, default=0) >= 0
    assert sum(found) <= held


def test_passages_are_counted_apart() -> None:
    encoder = HashEncoder()
    passages = [
        Sentences("茶很好。水好。", ("茶很好。", "水好。")),
        Sentences("水", ()),
        Sentences("好。茶", ("好。", "茶")),
    ]
    assert count_sentence_tokens(encoder, passages, [7, 1, 3]) == [[4, 3], [], [2, 1]]


def test_the_index_holds_them(tmp_path: Path) -> None:
    document = make_document("# 茶\n\n山上的村子从开始就种茶和树。新的车间能制作很多的茶叶。", source="tea.md")
    index_documents(tmp_path, [document])
    with Store.open(tmp_path) as store:
        (stored,) = passages_in(store, document.document_id)
    assert counts_from_bytes([stored.features.sentence_tokens]).tolist() == [14, 13]


@pytest.mark.model
@pytest.mark.parametrize(
    ("heading", "texts"),
    [
        ("", ["Tea is good.", " So is water.", " And milk."]),
        ("", ["2022年到上海工作的有14809人。", "其中6460人曾是贫困户。", "留在省内的有131173人。"]),
        ("就业的数字 ", ["2022年到上海工作的有14809人。", "其中6460人曾是贫困户。"]),
    ],
)
def test_the_model_counts_as_its_tokenizer_cuts(real_encoder: Encoder, heading: str, texts: list[str]) -> None:
    """Within a token: one may belong to both sides of a boundary."""
    found = counts(real_encoder, heading + "".join(texts), *map(str.strip, texts))
    frame = real_encoder.count_passage_tokens(["x"])[0] - 1
    alone = [count - frame for count in real_encoder.count_passage_tokens(list(map(str.strip, texts)))]
    assert found == pytest.approx(alone, abs=1)
    if not heading:
        assert sum(found) == len(real_encoder.encode_passages_with_tokens(["".join(texts)]).tokens[0])
