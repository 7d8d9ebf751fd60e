"""How rare tokens are, by what a tokenizer knows of them."""

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from index.models.tokens import LEAST_RARITY, rarities_at, rarities_of


def unigram() -> Tokenizer:
    return Tokenizer(models.Unigram([("<unk>", 0.0), ("the", -0.5), (" ", -2.0), ("berth", -7.5)], unk_id=0))


def file_of(tokenizer: Tokenizer) -> bytes:
    return str(tokenizer.to_str()).encode()


def test_a_token_is_as_rare_as_the_logarithm_of_its_share_says() -> None:
    found = rarities_of(file_of(unigram()))
    assert found.dtype == np.float32
    assert found.tolist() == [LEAST_RARITY, LEAST_RARITY, 2.0, 7.5], "none counts less than the least"


def test_every_id_that_a_tokenizer_gives_has_a_rarity() -> None:
    tokenizer = unigram()
    tokenizer.add_tokens(["<page>", "<row>"])
    ids = tokenizer.encode("the berth<row>the<page>zzz").ids
    assert max(ids) == 5, "what was added comes after the vocabulary"
    rarities = rarities_of(file_of(tokenizer))
    assert len(rarities) == tokenizer.get_vocab_size()
    assert rarities_at(rarities, ids).tolist() == [7.5 if each == 3 else 2.0 if each == 2 else 1.0 for each in ids]


@pytest.mark.parametrize(
    "tokenizer",
    [
        Tokenizer(models.WordLevel({"<unk>": 0, "berth": 1}, unk_token="<unk>")),
        Tokenizer(models.BPE({"a": 0, "b": 1, "ab": 2}, [("a", "b")])),
        Tokenizer(models.WordPiece({"[UNK]": 0, "berth": 1}, unk_token="[UNK]")),
    ],
)
def test_where_a_tokenizer_knows_no_shares_all_count_alike(tokenizer: Tokenizer) -> None:
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    rarities = rarities_of(file_of(tokenizer))
    assert rarities.shape == (0,)
    assert rarities_at(rarities, [1, 0, 1]).tolist() == [LEAST_RARITY] * 3


def test_a_text_without_tokens_has_no_rarities() -> None:
    for rarities in (rarities_of(file_of(unigram())), np.empty(0, np.float32)):
        found = rarities_at(rarities, [])
        assert found.shape == (0,)
        assert found.dtype == np.float32
