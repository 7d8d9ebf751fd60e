"""Markdown as blocks of offsets: what is set how, and that every piece is a stretch of the text, whatever the text."""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.splitting.layout import reading_text
from service.layout.blocks import Block, Kind, Style, pieces_in
from service.layout.layout import LONGEST, document_layout, passage_layout
from service.layout.markdown import read_markdown


def outline(blocks: Iterable[Block], text: str) -> list[Any]:
    """Return blocks as nested lists: the kind, the number if there is one, what is seen, and the blocks inside."""
    return [
        [block.kind.value, *([block.number] if block.number else []), *_seen(block, text), *outline(block.blocks, text)]
        for block in blocks
    ]


def _seen(block: Block, text: str) -> Iterator[str]:
    if block.pieces:
        yield "".join(_marked(piece.styles, piece.span.of(text)) for piece in block.pieces)


def _marked(styles: Sequence[Style], words: str) -> str:
    if Style.SPACE in styles or Style.BREAK in styles:
        return "␣" if Style.SPACE in styles else "↵"
    names = "+".join(style.value for style in styles)
    return f"<{names}:{words}>" if names else words


def set_as(text: str, extracted: bool = False) -> list[Any]:
    return outline(read_markdown(text, extracted), text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\n## Two ##\n\nSix\n---\n", [["heading", 1, "One"], ["heading", 2, "Two"], ["heading", 2, "Six"]]),
        ("#hashtag", [["paragraph", "#hashtag"]]),
        ("a *b* **c** ***d*** e_f_g", [["paragraph", "a <emphasis:b> <strong:c> <emphasis+strong:d> e_f_g"]]),
        ("say `x*y*` and `` a`b ``", [["paragraph", "say <code:x*y*> and <code:a`b>"]]),
        ("2 \\* 3 &amp; <b>4</b>", [["paragraph", "2 * 3 &amp; <b>4</b>"]]),
        ("two\nlines  \nhere", [["paragraph", "two␣lines↵here"]]),
        ("渔港改造\n已经完成", [["paragraph", "渔港改造已经完成"]]),
        (
            "- a\n  1. b\n  2. c\n\n     d\n- e",
            [
                [
                    "list",
                    ["item", ["paragraph", "a"], ["list", ["item", 1, ["paragraph", "b"]],
                     ["item", 2, ["paragraph", "c"], ["paragraph", "d"]]]],
                    ["item", ["paragraph", "e"]],
                ]
            ],
        ),
        ("7. seven\n12. twelve", [["list", ["item", 7, ["paragraph", "seven"]],
                                  ["item", 12, ["paragraph", "twelve"]]]]),
        ("> # h\n> said\nlazily", [["quote", ["heading", 1, "h"], ["paragraph", "said␣lazily"]]]),
        ("```python\nif x:\n    y\n```", [["code", "<note:python>if x:↵    y"]]),
        ("> ~~~\n> a\n>\n> b\n> ~~~", [["quote", ["code", "a↵↵b"]]]),
        ("    four\n\n    more", [["code", "four↵↵more"]]),
        ("a\n\n***\n\nb", [["paragraph", "a"], ["rule"], ["paragraph", "b"]]),
        (
            "| a | *b* |\n|---|--:|\n| 1 \\| 2 | | spare |\n| 3 |",
            [
                [
                    "table",
                    ["head", ["cell", "a"], ["cell", "<emphasis:b>"]],
                    ["row", ["cell", "1 | 2"], ["cell"], ["cell", "spare"]],
                    ["row", ["cell", "3"]],
                ]
            ],
        ),
        ("> a | b\n> --|--\n> 1 | 2", [["quote", ["table", ["head", ["cell", "a"], ["cell", "b"]],
                                         ["row", ["cell", "1"], ["cell", "2"]]]]]),
        ("see ![the *quay*](q.png).", [["paragraph", "see <picture:the ><picture+emphasis:quay>."]]),
        ("[a]: http://example.org\n\nsee [a]", [["paragraph", "[a]: http://example.org"], ["paragraph", "see a"]]),
        ("🚢 **🐟** 𠮷", [["paragraph", "🚢 <strong:🐟> 𠮷"]]),
        ("قال **الحارس** ذلك", [["paragraph", "قال <strong:الحارس> ذلك"]]),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_marked_up_is_set_so(text: str, expected: list[Any]) -> None:
    assert set_as(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| 1 | 2 |\n| 3 | 4 |", [["table", ["row", ["cell", "1"], ["cell", "2"]],
                                  ["row", ["cell", "3"], ["cell", "4"]]]]),
        ("|---|---|\n| 1 | 2 |", [["table", ["row", ["cell", "1"], ["cell", "2"]]]]),
        ("end of it.\n| 1 | 2 |", [["paragraph", "end of it."], ["table", ["row", ["cell", "1"], ["cell", "2"]]]]),
        ("of an item\n- next", [["paragraph", "of an item"], ["list", ["item", ["paragraph", "next"]]]]),
        ("half **bold", [["paragraph", "half **bold"]]),
        ("code\n```\nafter", [["paragraph", "code"], ["code", "after"]]),
    ],
)  # fmt: skip
def test_a_stretch_that_begins_and_ends_anywhere_is_set_as_far_as_it_tells(text: str, expected: list[Any]) -> None:
    assert set_as(text) == expected


def test_in_what_was_read_from_a_web_page_a_mark_is_a_character() -> None:
    text = "## Sizes\n\n2*3*4 [a](b) \\* `x`\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    heading, paragraph, table = set_as(text, extracted=True)
    assert heading == ["heading", 2, "Sizes"]
    assert paragraph == ["paragraph", "2*3*4 [a](b) \\* <code:x>"]
    assert table[1] == ["head", ["cell", "a"], ["cell", "b"]]


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("[seen](http://example.org/a%20b)", "http://example.org/a%20b"),
        ("[seen](HTTPS://example.org 'title')", "https://example.org"),
        ("<https://example.org/>", "https://example.org/"),
        ("[seen](mailto:a@example.org)", None),
        ("[seen](/docs)", None),
        ("[seen](//example.org)", None),
        ("[seen](ftp://example.org)", None),
    ],
)
def test_only_addresses_of_the_web_are_links(written: str, href: str | None) -> None:
    (block,) = read_markdown(written)
    (piece,) = block.pieces
    assert (piece.href or "").lower() == (href or "")
    assert piece.span.of(written) in ("seen", "https://example.org/")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"])
def test_what_would_run_is_no_link(address: str) -> None:
    for written in (f"[seen]({address})", f"<{address}>", f"[seen]\n\n[seen]: {address}"):
        assert all(piece.href is None for piece in pieces_in(read_markdown(written)))


SIGNS = (
    "# |## x ##|- |  |\t|1. |> |```|~~~\n|`|``|*|**|_|[|](|)|![|](http://x)|<http://x>|---\n|===\n|\\|&amp;|<b>|"
    "[a]: b\n|[a]|word|中文|🚢|\u3000|\r|\x85|\u2028|\u200b|é| |    code\n|0|:|'|\"|\n|\n\n"
)
MARKS = st.lists(
    st.sampled_from([*SIGNS.split("|"), "|", "|---|", "\n|-|-|\n", "\\|"]), max_size=40
).map("".join)  # fmt: skip


@given(text=MARKS | st.text(max_size=60), extracted=st.booleans())
def test_pieces_are_stretches_of_the_text_in_order(text: str, extracted: bool) -> None:
    pieces = list(pieces_in(read_markdown(text, extracted)))
    assert all(0 <= piece.span.start < piece.span.end <= len(text) for piece in pieces)
    assert all(before.span.end <= after.span.start for before, after in pairwise(pieces))
    for piece in pieces:
        if Style.SPACE in piece.styles or Style.BREAK in piece.styles:
            assert piece.span.of(text).isspace()


@given(text=MARKS | st.text(max_size=60))
def test_no_word_is_lost_but_addresses(text: str) -> None:
    covered = {place for piece in pieces_in(read_markdown(text, extracted=True)) for place in _places(piece.span)}
    lost = "".join(character for place, character in enumerate(text) if place not in covered)
    assert not any(map(str.isalpha, lost))


def _places(span: Any) -> range:
    return range(span.start, span.end)


WORDS = st.lists(
    st.sampled_from(["tide", "**quay**", "*ebb*", "`net`", "[pier](http://x.org)", "涨潮", "🐟"]),
    min_size=1,
    max_size=6,
)


@given(st.lists(WORDS, min_size=1, max_size=4))
def test_what_is_written_well_is_read_in_full(paragraphs: list[list[str]]) -> None:
    text = "\n\n".join(" ".join(words) for words in paragraphs)
    blocks = read_markdown(text)
    assert [block.kind for block in blocks] == [Kind.PARAGRAPH] * len(paragraphs)
    bare = str.maketrans("", "", "*`[]")
    for block, words in zip(blocks, paragraphs, strict=True):
        seen = "".join(piece.span.of(text) for piece in block.pieces)
        assert seen == " ".join(word.replace("(http://x.org)", "").translate(bare) for word in words)


HOSTILE = {
    "brackets": ("[" * 19_000 + "\n\n"),
    "pictures": ("![a](" * 3_800 + "\n\n"),
    "stars": ("*_" * 4_000 + "a" + "_*" * 4_000 + "\n\n"),
    "quotes": ">" * 10_000 + "\n",
    "lists": "- " * 5_000 + "x\n",
    "columns": "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|b\n" * 2_000,
    "labels": "[a\n" * 5_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_take_long_does_not(name: str) -> None:
    started = time.process_time()
    read_markdown(HOSTILE[name] * 2)
    assert time.process_time() - started < 5  # a quadratic rule takes minutes


def test_a_very_long_paragraph_is_shown_as_it_is_written() -> None:
    text = "**x** " * 10_000
    (block,) = read_markdown(text)
    assert [piece.span.of(text) for piece in block.pieces] == [text.strip()]


def test_the_name_of_the_file_tells_what_is_markdown() -> None:
    text = "**a**"
    for source in ("a.md", "b/c.MARKDOWN"):
        assert document_layout(text, source) == passage_layout(text, source) == read_markdown(text)
    for source in ("a.html", "a.docx"):
        assert document_layout(text, source) == read_markdown(text, extracted=True)
    for source in ("a.txt", "a.pdf", "a", ""):
        assert document_layout(text, source) is None
        assert outline(passage_layout(text, source), text) == [["paragraph", "**a**"]]
    assert document_layout("x" * (LONGEST + 1), "a.md") is None


LINES = st.lists(
    st.sampled_from(
        ["# 标题", "上海🚢和", "云南。", "The lamp ", "burned.", "", "\u3000", "渔港一角。 记者 甲 摄", "𠮷", "- *x*"]
    )
)


@given(LINES.map("\n".join))
def test_running_text_is_set_as_it_is_read(quote: str) -> None:
    lines = [line for (_, line) in outline(passage_layout(quote, "a.txt"), quote)]
    assert "\n".join(lines).replace("␣", " ") == reading_text(quote)
