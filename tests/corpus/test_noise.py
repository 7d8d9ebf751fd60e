"""Pictures and other bytes in letters stay in a text and make no passages; whatever people write or look up does."""

import base64
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, make_document
from corpus.noise import blanked, without_noise
from corpus.passage import Passage
from corpus.splitting.layout import reading_text
from corpus.splitting.passages import SplitterSettings, make_splitter
from index.features import searched

SPLIT = make_splitter(SplitterSettings(), lambda texts: [len(text) // 2 + 4 for text in texts], 512)
BYTES = random.Random(15).randbytes(3_000)
BASE64, LINES = base64.b64encode(BYTES).decode(), base64.encodebytes(BYTES).decode()
PICTURE = f"data:image/png;base64,{BASE64}"
ICON = f"data:image/gif;base64,{BASE64[:90]}"


def split(text: str) -> tuple[Document, list[Passage]]:
    document = make_document(text, source="a.md")
    passages = SPLIT(document)
    assert document.text == text
    assert all(passage.quote == text[passage.start : passage.end] for passage in passages)
    return document, passages


NOISE = {
    "a data URI": PICTURE,
    "one of a picture in Markdown": f"![]({PICTURE})",
    "one that is defined": f"[image1]: <{PICTURE}>",
    "one in capitals": PICTURE.replace("data", "DATA"),
    "base64": BASE64,
    "base64 for addresses": base64.urlsafe_b64encode(BYTES).decode(),
    "lines of base64": LINES,
    "quoted lines": "\n".join(f"> {line}" for line in LINES.split()),
    "hexadecimal": BYTES.hex(),
    "lines of hexadecimal": "\n".join(BYTES[at : at + 32].hex() for at in range(0, 1600, 32)),
    "hexadecimal with spaces": BYTES[:500].hex(" "),
    "an array": ", ".join(f"0x{byte:02x}" for byte in BYTES[:500]),
}


@pytest.mark.parametrize("kind", NOISE)
def test_noise_makes_no_passage_and_moves_no_other(kind: str) -> None:
    alone, found = split(NOISE[kind])
    assert not found
    assert (alone.title, alone.language) == ("a.md", "und")
    text = f"A quay was built.\n\n{NOISE[kind]}\n\n后来又建了一座码头。"
    document, (before, after) = split(text)
    assert (before.quote, after.quote) == ("A quay was built.", "后来又建了一座码头。")
    assert document.title == "A quay was built."


def test_a_text_that_begins_with_a_picture_is_in_its_own_language_and_has_its_own_title() -> None:
    document, _ = split(f"![]({PICTURE})\n\n码头在二月建成，随后开放。")
    assert (document.language, document.title) == ("zh", "码头在二月建成，随后开放。")


def test_an_icon_inside_a_sentence_is_quoted_and_not_read() -> None:
    text = f"The quay {ICON} was built.\nIt is long."
    document, (passage,) = split(text)
    assert ICON in passage.quote
    assert passage.search_text == "The quay was built. It is long."
    assert " ".join(passage.text.split()) == passage.search_text
    assert passage.text == reading_text(passage.quote)
    assert searched(passage, document.title).sentences.texts == ("The quay was built.", "It is long.")


@pytest.mark.parametrize(
    "text",
    [
        "word " * 300,
        "https://example.org/" + "a-long-path/" * 12 + "?" + "key=value&" * 40,
        "Donaudampfschifffahrtsgesellschaftskapitän" * 4,
        "SHA-512 " + BYTES[:64].hex(),
        "| 12 | 34 | 56 |\n" * 200,
        "12 34 56 78 90\n" * 200,
        "码头" * 300,
        "-" * 300 + "\n" + "=" * 300,
        "no picture in data: or data:image/png;base64,AAAA",
        "".join(f"{BYTES[at : at + 32].hex()}  file-{at}.txt\n" for at in range(0, 960, 32)),
    ],
)
def test_what_is_written_is_no_noise(text: str) -> None:
    assert blanked(text) == text == without_noise(text)


PIECES = st.one_of(
    st.sampled_from([*NOISE.values(), ICON, "[", "(", "\n", " ", "data:"]), st.text("ab1+/=é \n", max_size=80)
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_blank_text_is_as_long_and_has_the_same_lines(text: str) -> None:
    blank = blanked(text)
    assert len(blank) == len(text)
    assert all(one in (other, " ") for one, other in zip(blank, text, strict=True))
    assert blanked(blank) == blank


@given(st.lists(PIECES, max_size=8).map("".join))
def test_every_passage_reads_as_its_quote_does(text: str) -> None:
    document = make_document(text, source="a.md")
    for passage in SPLIT(document):
        assert blanked(passage.quote) == blanked(document.text)[passage.start : passage.end]
        searched(passage, document.title)
