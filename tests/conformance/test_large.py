"""Large values read piece by piece: each byte once, and ranges of code points found among the bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.errors import NotFound
from corpus.store import large
from corpus.store.large import Large, Place
from corpus.store.originals import Original
from corpus.store.truth import Truth
from index.oceanbase import pieces
from tests.conformance.truths import TRUTHS, opened

MIXED = "Ein Kai, 泊位三十六个, 🚢🚢 und ein Möwenschrei.\n" * 40
TEXTS = st.text(st.sampled_from("aé泊🚢\n"), min_size=1, max_size=60)


def put(truth: Truth, text: str, document_id: str = "d") -> str:
    """Keep a document, and return its text as it is kept."""
    document = make_document(text, source="d.txt", document_id=document_id)
    with truth.writing() as writer:
        writer.put(document, [], [])
    return document.text


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_the_pieces_of_a_value_are_all_of_it(truth: Truth, size: int) -> None:
    whole = put(truth, MIXED).encode()
    with truth.reading() as reader:
        assert reader.large.size(Large.TEXT, "d") == len(whole)
        pieces = [reader.large.piece(Large.TEXT, "d", first, size) for first in range(0, len(whole), size)]
        assert b"".join(pieces) == whole
        assert reader.large.piece(Large.TEXT, "d", len(whole), size) == b""
        assert reader.large.piece(Large.TEXT, "d", len(whole) + 1, size) == b""


@pytest.mark.parametrize("kind", TRUTHS)
@given(text=TEXTS, start=st.integers(0, 80), length=st.integers(0, 80), step=st.integers(4, 9))
@settings(max_examples=40, deadline=None)
def test_a_range_of_code_points_is_where_python_has_it(
    kind: str, tmp_path_factory: pytest.TempPathFactory, text: str, start: int, length: int, step: int
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        opened(kind, tmp_path_factory.getbasetemp() / f"ranges-{kind}") as truth,
    ):
        patch.setattr(large, "STEP", step)  # so that code points are cut apart
        patch.setattr(pieces, "PIECE_BYTES", step)
        kept = put(truth, f"x{text}x")
        with truth.reading() as reader:
            place = reader.large.place("d", start, start + length)
            found = reader.large.piece(Large.TEXT, "d", place.first, place.size)
            assert reader.large.characters("d") == len(kept)
            assert reader.text("d", start, start + length) == kept[start : start + length]
            assert reader.document("d").text == kept
    assert found.decode() == kept[start : start + length]


def test_the_original_is_read_as_the_text_is(truth: Truth) -> None:
    put(truth, MIXED)
    with truth.writing() as writer:
        writer.originals.keep("d", Original("application/pdf", bytes(range(256)), 1))
    with truth.reading() as reader:
        assert reader.large.size(Large.ORIGINAL, "d") == 256
        assert reader.large.piece(Large.ORIGINAL, "d", 250, 100) == bytes(range(250, 256))


def test_what_is_not_there_has_no_bytes(truth: Truth) -> None:
    with truth.reading() as reader:
        for kind in Large:
            assert reader.large.size(kind, "gone") is None
            assert reader.large.piece(kind, "gone", 0, 10) == b""
        with pytest.raises(NotFound, match="no document gone"):
            reader.large.characters("gone")


def test_a_range_beyond_the_end_is_empty(truth: Truth) -> None:
    whole = put(truth, "Vier 🚢.")
    size = len(whole.encode())
    with truth.reading() as reader:
        assert reader.large.place("d", 100, 200) == Place(size, size)
        assert reader.large.place("d", 0, 10**9) == Place(0, size)
