"""Lines of newspaper columns find together, headings and captions are told apart, and nothing moves."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.layout import read_layout, reading_offset, reading_text
from corpus.lines import Kind
from corpus.sentences import sentence_bounds
from tests.test_documents import TEXTS

COLUMN = (
    "协作进入新阶段\n\n文/某某\n\n两地把资金投向最需要的地方，首先保障民生急\n\n"
    "\n山村学校的新操场。\n\n\n需和重点领域，然后才是其他。第二句在这里。\n\n产业共兴\n\n另一段文字。\n"
)


def flows(text: str) -> list[tuple[Kind, str]]:
    return [(flow.kind, "|".join(span.of(text) for span in flow.spans)) for flow in read_layout(text)]


def test_a_sentence_goes_on_over_blank_lines_and_a_caption() -> None:
    assert flows(COLUMN) == [
        (Kind.HEADING, "协作进入新阶段"),
        (Kind.ASIDE, "文/某某"),
        (Kind.BODY, "两地把资金投向最需要的地方，首先保障民生急|需和重点领域，然后才是其他。第二句在这里。"),
        (Kind.ASIDE, "山村学校的新操场。"),
        (Kind.HEADING, "产业共兴"),
        (Kind.BODY, "另一段文字。"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("# 标题", Kind.HEADING),
        ("> 故事", Kind.HEADING),
        ("奉贤区·大理州", Kind.HEADING),
        ("Results of the year", Kind.HEADING),
        ("一个普通的句子。", Kind.BODY),
        ("一个还没有说完的分句，", Kind.BODY),
        ("这是一行很长的文字，里面有逗号，没有结尾的标点，因为报纸的栏在这里断开了", Kind.BODY),
        ("- 列表里的一项", Kind.BODY),
        ("| 表 | 格 |", Kind.BODY),
        ("> 一段引用的话，比标题要长得多，所以不是标题。", Kind.BODY),
        ("——某位干部", Kind.ASIDE),
        ("本报记者 某某", Kind.ASIDE),
        ("田间的收获 本报通讯员 某某 摄", Kind.ASIDE),
        ("(下转3版)", Kind.ASIDE),
    ],
)
def test_kinds_of_lines(line: str, kind: Kind) -> None:
    assert flows(f"前面的一段话。\n\n{line}\n\n后面的一段话。")[1][0] is kind


def test_short_lines_with_nothing_below_them_are_a_list() -> None:
    assert {kind for kind, _ in flows("苹果\n\n香蕉\n\n梨\n\n桃\n\n李")} == {Kind.BODY}
    assert flows("正文在上面。\n\n末行")[-1][0] is Kind.BODY


def test_a_paragraph_wrapped_by_hand_is_one() -> None:
    wrapped = "The first line of a paragraph that\nis wrapped by hand and ends\nhere. Another sentence."
    assert reading_text(wrapped) == wrapped.replace("\n", " ")


def test_reading_text_joins_what_a_line_break_cuts() -> None:
    assert reading_text("先说一句。保障民生急\n\n需和重点领域。\n\n下一段。") == (
        "先说一句。保障民生急需和重点领域。\n下一段。"
    )


@given(TEXTS)
def test_reading_text_differs_in_white_space_only(text: str) -> None:
    assert "".join(reading_text(text).split()) == "".join(text.split())


@given(TEXTS, st.data())
def test_a_character_is_found_again_in_the_reading_text(text: str, data: st.DataObject) -> None:
    words = [offset for offset, character in enumerate(text) if not character.isspace()]
    if words:
        offset = data.draw(st.sampled_from(words))
        reading = reading_text(text)
        assert reading[reading_offset(text, reading, offset)] == text[offset]


@given(st.lists(st.sampled_from(["标题", "一句话。", "还没说完", "# h", "\n", "\n\n\n", "- x", " ", "> q", "a b."])))
def test_flows_cover_all_but_white_space_without_overlap(lines: list[str]) -> None:
    text = "\n".join(lines)
    spans = sorted((span.start, span.end) for flow in read_layout(text) for span in flow.spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("第一句。第二句！第三句？", ["第一句。", "第二句！", "第三句？"]),
        ("他说：“走吧。”然后走了。", ["他说：“走吧。”", "然后走了。"]),
        ("累计投入资金14。24亿元，项目649个。下一句。", ["累计投入资金14。24亿元，项目649个。", "下一句。"]),
        ("共有项目20。2025年又有3个。", ["共有项目20。", "2025年又有3个。"]),
        ("增长到5。3月又降了。", ["增长到5。", "3月又降了。"]),
        ("等等……后来好了。", ["等等……", "后来好了。"]),
        ("It rose by 3.5 per cent. Dr. J. Smith of the U.S. agreed, e.g. in May.", None),
        ("He left. She stayed!", ["He left.", "She stayed!"]),
        ("没有标点的一行", ["没有标点的一行"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str] | None) -> None:
    found = [text[start:end] for start, end in sentence_bounds(text)]
    wanted = (
        ["It rose by 3.5 per cent.", "Dr. J. Smith of the U.S. agreed, e.g. in May."]
        if sentences is None
        else sentences
    )
    assert found == wanted
