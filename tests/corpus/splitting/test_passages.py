"""Whatever the text: passages cover it, fit their limits, quote exactly, and none is a bare heading."""

import re
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document, make_document
from corpus.passage import Passage, cite, passage_id_of
from corpus.splitting.layout import read_layout
from corpus.splitting.lines import Kind
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.splitting.search_text import normalise
from tests.corpus.test_document import TEXTS

SENTENCES = st.sampled_from(
    [
        "短句。",
        "一个长一些的句子，带着逗号和数字14。24亿元。",
        "无标点" * 30,
        "An English sentence. ",
        "还没说完的半句",
        "“引语。”",
    ]
)
LINES = st.one_of(
    st.lists(SENTENCES, max_size=12).map("".join),
    st.sampled_from(
        [
            "# 标题",
            "## 小标题",
            "一个标题",
            "题\n====",
            "一个题\nand more\n---",
            "一、要求",
            "",
            "",
            "\n",
            "\f",
            "短行",
            "hyphen-",
        ]
    ),
    st.sampled_from(["- 项", "| 甲 | 乙 |", "| --- | --- |", "——某人", "图片说明。", "— 3 —", "👩‍👩‍👧‍👦" * 9]),
)
ARTICLES = st.lists(LINES, max_size=30).map("\n".join)


def count(texts: object) -> list[int]:
    return [len(text.encode()) // 3 + 4 for text in texts]  # type: ignore[attr-defined]


def split(text: str, limit: int = 120, target: int = 100, tokens: int = 100) -> tuple[Document, list[Passage]]:
    document = make_document(text, source="a.md")
    return document, make_splitter(SplitterSettings(limit, target), count, tokens)(document)


@settings(max_examples=400)
@given(st.one_of(ARTICLES, TEXTS))
def test_passages_cover_the_text_exactly_once(text: str) -> None:
    document, passages = split(text)
    assert all(first.end <= second.start for first, second in pairwise(passages))
    quotes = [cite(passage, document, "[1]").quote for passage in passages]
    assert "".join("".join(quote.split()) for quote in quotes) == "".join(document.text.split())
    assert all(quote and quote == quote.strip() for quote in quotes)


@settings(max_examples=400)
@given(st.one_of(ARTICLES, TEXTS))
def test_passages_fit_both_limits(text: str) -> None:
    _, passages = split(text)
    assert all(0 < passage.end - passage.start <= 120 for passage in passages)
    assert all(tokens <= 100 for tokens in count([passage.search_text for passage in passages]))


@settings(max_examples=400)
@given(ARTICLES)
def test_no_passage_is_a_bare_heading(text: str) -> None:
    document, passages = split(text)
    headings = {span for flow in read_layout(document.text) if flow.kind is Kind.HEADING for span in flow.spans}
    for passage in passages:
        assert not any(span.start == passage.start and span.end == passage.end for span in headings)


@given(ARTICLES)
def test_sentences_lie_in_their_passage_in_order(text: str) -> None:
    _, passages = split(text)
    for passage in passages:
        bounds = [
            passage.start,
            *(offset for span in passage.sentences for offset in (span.start, span.end)),
            passage.end,
        ]
        assert bounds == sorted(bounds)


@given(ARTICLES)
def test_ids_are_unique_and_follow_from_the_words(text: str) -> None:
    document, passages = split(text)
    assert len({passage.passage_id for passage in passages}) == len(passages)
    for passage in passages:
        quote = document.text[passage.start : passage.end]
        assert passage.passage_id in {passage_id_of(document.document_id, quote, n) for n in range(len(passages))}


def test_an_edit_above_does_not_rename_what_is_below() -> None:
    below = "## 二\n\n这一节没有改。" + "它有很多句子。" * 20
    ids = {passage.passage_id for passage in split("## 一\n\n旧的。\n\n" + below)[1]}
    edited = {passage.passage_id for passage in split("## 一\n\n新的，而且更长。\n\n" + below)[1]}
    assert len(ids & edited) == len(ids) - 1


def test_the_misused_decimal_point_is_part_of_a_number() -> None:
    _, (passage,) = split("累计投入资金14。24亿元,援建项目649个。下一句。")
    assert len(passage.sentences) == 2
    assert "14.24亿元" in passage.search_text


def test_a_sentence_over_blank_lines_and_a_caption_is_whole_where_it_is_searched() -> None:
    text = "开头的一句话先说完。两地首先保障民生急\n\n\n\n新建的操场。\n\n\n\n需和重点领域。再说一句。"
    document, (passage,) = split(text)
    assert "保障民生急需和重点领域。" in passage.search_text
    assert "新建的操场。" in passage.search_text
    assert document.text[passage.start : passage.end] == text


def test_a_section_begins_a_passage_and_names_it() -> None:
    _, passages = split("# 题\n\n引子。\n\n## 甲\n\n甲的事。\n\n## 乙\n\n### 丙\n\n丙的事。")
    assert [passage.section for passage in passages] == [("题",), ("题", "甲"), ("题", "乙", "丙")]
    assert passages[2].search_text == "乙 丙 丙的事。"


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("# Opening times #", "Opening times"),
        ("# Opening times ###", "Opening times"),
        ("# Written in C#", "Written in C#"),
        ("Opening times\nand prices\n===", "Opening times and prices"),
        ("开放时间\n与票价\n===", "开放时间与票价"),
    ],
)
def test_a_section_is_called_what_its_whole_heading_says(heading: str, section: str) -> None:
    _, passages = split(f"{heading}\n\nThe pier opens at nine.")
    assert {passage.section for passage in passages} == {(section,)}


def test_passages_of_a_section_are_about_equally_long() -> None:
    _, passages = split("一个二十个字左右的句子用来填满这一节。" * 13, limit=120, target=100, tokens=500)
    lengths = [passage.end - passage.start for passage in passages]
    assert max(lengths) - min(lengths) <= 20


@given(lengths=st.lists(st.integers(10, 60), min_size=1, max_size=9))
def test_no_other_passages_of_a_paragraph_are_nearer_to_the_target(lengths: list[int]) -> None:
    document, passages = split(" ".join("长" * length + "。" for length in lengths), target=90, tokens=500)
    ends = [match.end() for match in re.finditer("。", document.text)]
    ways = (sorted({*cut, ends[-1]}) for count in range(len(ends)) for cut in combinations(ends[:-1], count))
    sizes = [[end - start - (start > 0) for start, end in pairwise([0, *way])] for way in ways]
    costs = [sum((size / 90 - 1) ** 2 + 0.1 for size in each) for each in sizes if max(each) <= 120]
    assert sum(((each.end - each.start) / 90 - 1) ** 2 + 0.1 for each in passages) == pytest.approx(min(costs))


def test_a_heading_goes_with_a_sentence_as_long_as_a_passage() -> None:
    _, passages = split("# 标题\n\n" + "长" * 130)
    assert passages[0].search_text.startswith("标题 长")


def test_a_megabyte_without_a_full_stop_is_cut() -> None:
    _, passages = split("无标点" * 350_000, limit=400, target=340, tokens=512)
    assert len(passages) >= 350_000 * 3 // 400


# A third of a megabyte each: what a text may look like must not decide how long its splitting takes.
@pytest.mark.parametrize("line", ["a\n", "云。", "词语\n", "word another\n", "1,2,3\n", "# h\n", "一句话。\n\n"])
def test_many_short_lines_are_cut_in_seconds(line: str) -> None:
    _, passages = split(line * (300_000 // len(line)), limit=400, target=340, tokens=512)
    assert passages


def test_marks_and_numbers_of_lists_are_no_sentences() -> None:
    document, (passage,) = split("| port | boats |\n|---|---|\n| Alba | 420 |\n\n1. First do this.\n2. Then do that.")
    sentences = [span.of(document.text) for span in passage.sentences]
    assert "1. First do this." in sentences
    assert "2. Then do that." in sentences
    assert all(any(map(str.isalnum, sentence)) for sentence in sentences)


def test_comments_in_code_are_no_headings() -> None:
    _, passages = split("# Use\n\nRun this:\n\n```bash\n# update the index\napt-get update\n```\n\nThen go on.")
    assert {passage.section for passage in passages} == {("Use",)}


def test_a_heading_far_above_its_text_does_not_cut_it_to_letters() -> None:
    _, passages = split("# H\n" + "\n" * 420 + "Body sentence one two three.", limit=400)
    assert passages[-1].search_text == "Body sentence one two three."


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("ＡＢＣ１２３", "ABC123"),
        ("**141.08亿元**", "141.08亿元"),
        ("| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "甲 乙 1 2"),
        ("# 题\n> 引\n- 项", "题 引 项"),
        ("14。24亿元", "14.24亿元"),
        ("共20。2025年", "共20。2025年"),
    ],
)
def test_search_text(text: str, searched: str) -> None:
    assert normalise(text) == searched


def test_the_head_of_a_table_is_searched_and_never_the_answer() -> None:
    text = "# 投资\n\n| 年度 | 投资（亿元） |\n| --- | --- |\n| 2021年 | 5.60 |\n| 2022年 | 8.64 |\n\n见上表。"
    document, (passage,) = split(text)
    assert [span.of(document.text) for span in passage.sentences] == [
        "| 2021年 | 5.60 |",
        "| 2022年 | 8.64 |",
        "见上表。",
    ]
    assert "年度 投资(亿元)" in passage.search_text


def test_words_that_a_line_end_parts_are_searched_whole() -> None:
    text = "The lamp of the lighthouse burned fourteen litres of paraf-\nfin a night, as a well-known book says."
    document, (passage,) = split(text)
    assert "litres of paraffin a night, as a well-known" in passage.search_text
    assert [span.of(text) for span in passage.sentences] == [text]
    assert cite(passage, document, "[1]").quote == text
