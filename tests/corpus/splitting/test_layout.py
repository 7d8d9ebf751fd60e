"""Lines of newspaper columns find together, headings and captions are told apart, and nothing moves."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.splitting.hidden import hidden_places, without_hidden
from corpus.splitting.layout import read_layout, reading_offset, reading_text
from corpus.splitting.lines import Kind
from corpus.splitting.sentences import sentence_bounds
from tests.corpus.test_document import TEXTS

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
        ("> Harbour.", Kind.BODY),
        ("> The quay is open to all who\n> ask.", Kind.BODY),
        ("> The quay is open to all who have a\n> ticket", Kind.BODY),
        ("> Quay\n> The quay is open to all who have a ticket.", Kind.BODY),
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


def test_short_lines_in_a_row_are_a_list_without_marks() -> None:
    items = ["冷库三座", "交易大厅一处", "渔民新村住房", "检测站两个"]
    text = "配套项目有以下几个，都已经按照计划完工了：\n" + "\n".join(items) + "\n后面是另一段正文，说的是别的事情。"
    assert [span for _, span in flows(text)][1:-1] == items
    assert len(flows("Flour\nOil\nTea and sugar\nSalt")) == 4
    columns = "协作进入了新的一年\n两地把资金投向最需要\n的地方，首先保障民生急\n需和重点领域。"
    assert len(flows(columns)) == 1


@pytest.mark.parametrize(
    ("text", "heading", "level"),
    [
        ("前文。\n\nThe harbour\n===========\n\nText.", "The harbour", 1),
        ("前文。\n\nSize\n----\nText.", "Size", 2),
        ("前一段话到此为止。\n一、总体要求\n到年底完工。", "一、总体要求", 12),
        ("前一段话到此为止。\n第二章 管理\n到年底完工。", "第二章 管理", 11),
        ("前一段话到此为止。\n（三）保障措施\n到年底完工。", "（三）保障措施", 13),
    ],
)
def test_older_and_numbered_headings(text: str, heading: str, level: int) -> None:
    found = [(flow.spans[0].of(text), flow.level) for flow in read_layout(text) if flow.kind is Kind.HEADING]
    assert found == [(heading, level)]


@pytest.mark.parametrize(
    "text",
    [
        "A line of prose.\n---\nMore prose.",
        "前文。\n\n一句完整的话。\n====\n后文。",
        "first line\nsecond line\n---\nText.",
        "一、检查范围。全县27座灯塔。\n二、经费安排。每座3.5万元。",
        "目录\n一、总则\n二、管理\n三、保障\n四、附则\n正文从这里开始。",
    ],
)
def test_lines_that_only_look_like_such_headings(text: str) -> None:
    assert not [flow for flow in read_layout(text) if flow.kind is Kind.HEADING and flow.level != 10]


def test_numbered_headings_nest() -> None:
    text = "渔业规划\n\n第一章 总则\n一、目标\n（一）渔港\n泊位增加。\n（二）渔船\n渔船更新。\n二、措施\n资金到位。"
    levels = {flow.spans[0].of(text): flow.level for flow in read_layout(text) if flow.level}
    assert levels["第一章 总则"] < levels["一、目标"] < levels["（一）渔港"]
    assert levels["二、措施"] < levels["（二）渔船"]


def test_a_word_that_a_line_end_parts_is_joined() -> None:
    assert reading_text("The lamp burned litres of paraf-\nfin in those years.") == (
        "The lamp burned litres of paraf-fin in those years."
    )
    assert reading_text("It was open in the years 2019 -\n2020 only.").endswith("2019 - 2020 only.")


def test_reading_text_joins_what_a_line_break_cuts() -> None:
    assert reading_text("先说一句。保障民生急\n\n需和重点领域。\n\n下一段。") == (
        "先说一句。保障民生急需和重点领域。\n下一段。"
    )


@given(TEXTS)
def test_reading_text_differs_in_white_space_and_the_unseen_only(text: str) -> None:
    assert "".join(reading_text(text).split()) == "".join(without_hidden(text).split())


@given(TEXTS, st.data())
def test_a_character_is_found_again_in_the_reading_text(text: str, data: st.DataObject) -> None:
    hidden = hidden_places(text)
    words = [offset for offset, character in enumerate(text) if not character.isspace() and offset not in hidden]
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
