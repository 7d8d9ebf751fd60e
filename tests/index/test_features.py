"""What the index computes of passages: titles and headings in words alone, and the same for what is the same."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.passage import Passage, Span
from corpus.store.stored import Features
from index.features import MOST_ABOVE, Searched, compute_features, searched
from index.models.encoder import Encoded, Progress, Vectors
from index.models.hashing import HashEncoder
from index.models.vectors import from_bytes, to_bytes
from index.opening import open_index
from index.query import Method, Query
from index.ranking.sentence_tokens import Sentences
from index.terms.packing import pack_terms
from index.terms.terms import passage_terms
from tests.index_fixtures import index_documents


class CountingEncoder(HashEncoder):
    """Takes down what it was asked to encode."""

    def __init__(self) -> None:
        self.passages: list[str] = []
        self.sentences: list[str] = []

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.sentences += texts
        return super().encode_passages(texts, progress)

    def encode_passages_with_tokens(self, texts: Sequence[str], progress: Progress | None = None) -> Encoded:
        self.passages += texts
        return super().encode_passages_with_tokens(texts, progress)


def passage(text: str, *section: str) -> Passage:
    return Passage("p_1", "d_1", 0, len(text), text, text, section, text, (Span(0, len(text)),))


def features_of(*wanted: Searched) -> list[Features]:
    computed = compute_features(HashEncoder(), wanted)
    return [computed[each] for each in wanted]


@pytest.mark.parametrize(
    ("title", "section", "above"),
    [
        ("Port book", ("Harbour", "Fees"), "Port book / Harbour / Fees"),
        ("Port book", (), "Port book"),
        ("A berth", ("Fees", "costs ten"), "Fees"),  # the text has the others
        ("Port book", ("Port book", "Port book"), "Port book"),
        ("ＰＯＲＴ　book", ("**Fees**",), "PORT book / Fees"),  # as texts are searched
        ("", (), ""),
        ("A berth costs ten.", (), ""),
    ],
)
def test_what_stands_above_is_what_the_text_lacks(title: str, section: Sequence[str], above: str) -> None:
    found = searched(passage("A berth costs ten.", *section), title)
    assert found == Searched(Sentences("A berth costs ten.", ("A berth costs ten.",)), found.names)
    assert found.above == above
    assert found.words == (f"{above}\nA berth costs ten." if above else "A berth costs ten.")


def test_what_stands_above_is_no_longer_than_a_sentence_or_two() -> None:
    found = searched(passage("A berth costs ten.", "y" * 999), "x" * (MOST_ABOVE - 4))
    assert found.above == "x" * (MOST_ABOVE - 4) + " / y"


def test_titles_and_headings_are_in_words_and_years_and_in_no_vector() -> None:
    alone = Searched(Sentences("A berth costs ten.", ("A berth costs ten.",)))
    bare, titled = features_of(alone, replace(alone, names=("Lincang in 2019",)))
    assert titled == replace(bare, terms=titled.terms, years=titled.years)
    assert (bare.years, titled.years) == ((), (2019,))
    assert bare.terms == pack_terms(passage_terms("A berth costs ten."))
    assert titled.terms == pack_terms(passage_terms("Lincang in 2019") + passage_terms("A berth costs ten."))


def test_a_passage_is_found_by_a_title_that_it_does_not_repeat(tmp_path: Path) -> None:
    text = "A berth costs ten a day, and a winter place forty a month."
    titles = {"Marbo": "", "Tonia": " That is all.", "Kossa": " Pay at the gate."}
    documents = [make_document(text + end, source=f"{title}.txt", title=title) for title, end in titles.items()]
    index_documents(tmp_path, documents)
    with open_index(tmp_path, lambda choice: HashEncoder()) as index:
        for title in titles:
            question = f"What does a berth in {title} cost?"
            (first, *_) = index.searcher.search(Query(question, method=Method.LEXICAL)).results
            assert first.citation.title == title


@pytest.mark.parametrize("mark", ["—", "***", "§ 3", "No.", "14,809", "是的。", "…"])
def test_a_lone_mark_has_the_vector_of_nothing(mark: str) -> None:
    text = "The ferry leaves at nine."
    (found,) = features_of(Searched(Sentences(f"{mark} {text}", (mark, text))))
    muted, spoken = from_bytes([found.sentence_vectors], HashEncoder().spec.dimension)
    assert not muted.any(), "its cosine with any question is 0"
    assert to_bytes(spoken) == to_bytes(HashEncoder().encode_passages([text])[0])


def test_a_passage_of_nothing_but_numbers_has_their_vectors() -> None:
    (found,) = features_of(Searched(Sentences("14,809 12", ("14,809", "12"))))
    assert from_bytes([found.sentence_vectors], HashEncoder().spec.dimension).any(axis=1).all()


@pytest.mark.parametrize("sentence", ["Pay.x", "渡口关闭", "Да нет", "지금 닫혀"])
def test_four_letters_of_any_script_say_something(sentence: str) -> None:
    (found,) = features_of(Searched(Sentences(sentence, (sentence,))))
    assert np.linalg.norm(from_bytes([found.sentence_vectors], HashEncoder().spec.dimension)) == pytest.approx(1, 1e-2)


def test_equal_texts_are_encoded_once() -> None:
    encoder = CountingEncoder()
    texts = Sentences("One ferry. Two boats.", ("One ferry.", "Two boats."))
    wanted = [
        Searched(texts, ("a",)),
        Searched(texts, ("b",)),
        Searched(texts, ("a",)),
        Searched(Sentences("Two boats.", ())),
    ]
    assert len(compute_features(encoder, wanted)) == 3
    assert encoder.passages == ["One ferry. Two boats.", "Two boats."]
    assert encoder.sentences == [*encoder.passages, "One ferry.", "Two boats."]


WORDS = st.lists(st.sampled_from("ferry 渡口 1908 — berth сад. 2019年".split()), min_size=1, max_size=4).map(" ".join)
SEARCHED = st.builds(
    lambda sentences, names: Searched(Sentences(" ".join(sentences), tuple(sentences)), tuple(names)),
    st.lists(WORDS, min_size=1, max_size=3),
    st.lists(WORDS, max_size=1),
)


@given(st.lists(SEARCHED, max_size=6))
def test_features_are_of_a_passage_alone_whatever_is_computed_beside_it(wanted: list[Searched]) -> None:
    computed = compute_features(HashEncoder(), wanted)
    assert computed.keys() == set(wanted)
    for each in wanted:
        (alone,) = compute_features(HashEncoder(), [each]).values()
        assert computed[each] == alone
