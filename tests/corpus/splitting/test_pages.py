"""A form feed ends a page: offsets tell pages, sentences run over them, headers and footers stand aside."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.parts import Part
from corpus.passage import Page, cite
from corpus.splitting.layout import read_layout
from corpus.splitting.lines import Kind
from corpus.splitting.pages import page_at, page_starts, running_lines
from corpus.splitting.passages import SplitterSettings, make_splitter

SPLIT = make_splitter(SplitterSettings(limit=60, target=40), lambda texts: [len(text) for text in texts], 512)
SUBJECTS = ["港口泊位已经建成", "冷库容量还在扩大", "渔民培训每年两期", "灯塔检查按季进行", "休渔期有补贴可领"]
HEADED = "\f".join(
    f"海湾县渔业年报 {2020 + n}\n完了以后，{subject}，按计划向前推进，\n"
    f"到年底要验收。明年的{subject}，但是还没有\n— {n} —\n"
    for n, subject in enumerate(SUBJECTS)
)


@given(st.lists(st.text("ab \n", max_size=9), min_size=1, max_size=9), st.data())
def test_every_character_is_on_the_page_it_was_written_on(pages: list[str], data: st.DataObject) -> None:
    text = "".join(page + "\f" for page in pages)
    starts = page_starts(text)
    number = data.draw(st.integers(1, len(pages)))
    begins = [0, *accumulate(len(page) + 1 for page in pages)][number - 1]
    for offset in range(begins, begins + len(pages[number - 1])):
        assert page_at(starts, offset) == number == 1 + text.count("\f", 0, offset)


def test_a_text_without_form_feeds_has_no_pages() -> None:
    assert page_at(page_starts("no pages"), 3) is None
    assert all(not passage.pages for passage in SPLIT(make_document("一句话。\n\n又一句。", source="a.txt")))


def test_a_sentence_over_a_page_break_is_one_and_is_cited_where_it_begins() -> None:
    text = "第一页说的话。\n我们首先保障民生的紧急需求，优先安排资金保障民生急\n\f需和重点领域需求。第二页说的话。\n\f"
    document = make_document(text, source="a.pdf")
    passages = SPLIT(document)
    sentences = [span.of(text) for passage in passages for span in passage.sentences]
    assert "我们首先保障民生的紧急需求，优先安排资金保障民生急\n\f需和重点领域需求。" in sentences
    for passage in passages:
        citation = cite(passage, document, "[1]")
        assert citation.page == 1 + text.count("\f", 0, citation.start)
    assert "民生急需和重点领域需求" in "".join(passage.search_text for passage in passages)
    assert [page.number for passage in passages for page in passage.pages] == [1, 2]


def test_a_citation_names_the_page_of_what_answers() -> None:
    text = "第一页说的是渔港。\n— 1 —\n\f第二页说的是灯塔。\n— 2 —\n\f第三页说的是冷库。\n— 3 —\n\f"
    document = make_document(text, source="a.pdf", parts=(Part(label="iv"), Part(), Part(label="1")))
    (passage,) = SPLIT(document)
    assert passage.pages == (Page(0, 1, "iv"), Page(text.index("第二"), 2), Page(text.index("第三"), 3, "1"))
    assert [span.of(text)[:3] for span in passage.sentences] == ["第一页", "第二页", "第三页"], "no footer answers"
    cited = [cite(passage, document, "[1]", [span]) for span in passage.sentences]
    assert [(each.page, each.page_label) for each in cited] == [(1, "iv"), (2, None), (3, "1")]
    assert cite(passage, document, "[1]").page == 1


def test_a_page_with_nothing_but_a_footer_is_not_cited() -> None:
    text = "— 1 —\n\f灯塔建于一九二一年。\n— 2 —\n\f"
    document = make_document(text, source="a.pdf")
    (passage,) = SPLIT(document)
    assert text[passage.start] == "—"
    assert cite(passage, document, "[1]").page == 2


@given(st.lists(st.sampled_from(["一句话。", "还没说完", "标题", "— 7 —", "", "Prose. More.", "| a |"]), max_size=30))
def test_every_word_that_may_answer_has_the_page_it_was_written_on(lines: list[str]) -> None:
    text = "\n\f".join(lines) + "\f"
    document = make_document(text, source="a.pdf", parts=[Part(label=str(number)) for number in range(len(lines) + 1)])
    for passage in SPLIT(document):
        for span in passage.sentences:
            citation = cite(passage, document, "[1]", [span])
            assert citation.page == 1 + text.count("\f", 0, span.start)
            assert citation.page_label == str(citation.page - 1)


def test_headers_and_footers_stand_aside_and_sentences_run_past_them() -> None:
    running = running_lines(HEADED)
    assert {HEADED[offset : offset + 4] for offset in running} == {"海湾县渔", "— 0 ", "— 1 ", "— 2 ", "— 3 ", "— 4 "}
    flows = read_layout(HEADED)
    assert sum(flow.kind is Kind.RUNNING for flow in flows) == len(running) == 10
    (body,) = [flow for flow in flows if flow.kind is Kind.BODY]
    text = "".join(span.of(HEADED) for span in body.spans)
    assert "但是还没有完了以后" in text
    assert "年报" not in text


def test_lines_that_repeat_within_pages_or_on_two_pages_are_text() -> None:
    assert not running_lines("同样的一行字\n别的\n" * 9)
    assert not running_lines("同样的一行字\n甲。\f同样的一行字\n乙。")
    assert not running_lines("同样的一句话。\f" * 9)


def test_page_numbers_are_told_in_the_usual_forms() -> None:
    for number in ("3", "- 3 -", "— 3 —", "第3页", "第 3 页 共 12 页", "Page 3 of 12", "3/12", "·3·"):
        assert running_lines(f"一句话。\n{number}\n\f又一句话。\n")
    for text in ("3万元", "2022年", "表3", "第3条"):
        assert not running_lines(f"一句话。\n{text}\n\f又一句话。\n")
