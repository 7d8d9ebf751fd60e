"""The page in Chromium, against a real server: answers and their sources, filters, and the address that holds them."""

import re
from typing import Any

import pytest

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import (
    QUESTIONS,
    Page,
    Visit,
    altered,
    answer_of,
    ask,
    asked,
    browser,
    chromium,
    expect,
    results,
    seen,
    server,
    visit,
    wait_for_answer,
)
from tests.service_fixtures import without_space

__all__ = ["browser", "chromium", "server", "visit"]


@pytest.mark.parametrize("source", QUESTIONS)
def test_a_question_is_answered_with_the_answering_sentence_marked(visit: Visit, server: Server, source: str) -> None:
    page = visit(server.url)
    ask(page, QUESTIONS[source])
    answer = answer_of(server, QUESTIONS[source], layout="true")
    assert len(results(page)) == len(answer["results"])
    for shown, result in zip(page.locator(".result").all(), answer["results"], strict=True):
        citation = result["citation"]
        assert shown.locator("h2").text_content() == citation["title"]
        assert citation["source"] in (shown.locator(".file").text_content() or "")
        text = result["layout"], citation["quote"]
        offset = citation["start"]
        sentences = [seen(*text, span["start"], span["end"], offset) for span in result["highlights"]]
        assert without_space(shown.locator("mark").all_text_contents()) == "".join(sentences)
        best = seen(*text, result["best_highlight"]["start"], result["best_highlight"]["end"], offset)
        assert without_space(shown.locator("mark:not(.second)").all_text_contents()) == best
        passage = without_space(shown.locator("blockquote").first.text_content() or "")
        assert seen(*text, offset, citation["end"], offset).endswith(passage.replace("(register.example)", ""))
    assert answer["results"][0]["citation"]["source"] == source


def test_a_result_says_where_it_is_from(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    ask(page, QUESTIONS["harbour.md"])
    first = page.locator(".result").first
    assert first.locator(".publisher").inner_text() == "海湾日报"
    assert first.locator("time").inner_text() == "6 May 2024"
    assert first.locator(".section").inner_text() == "渔港改造 🚢"
    assert first.locator("blockquote").get_attribute("lang") == "zh"
    assert "渔港改造" not in first.locator("blockquote").inner_text().split("\n")[0]  # said above already


def test_a_page_number_is_told_where_there_is_one(visit: Visit, server: Server) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer["results"][0]["citation"]["page"] = 3

    page = altered(visit, server, change)
    assert "p. 3" in page.locator(".dateline").first.inner_text()


def test_context_is_shown_around_the_passage(visit: Visit, server: Server) -> None:
    question = "How many hours did each keeper stand watch?"
    page = visit(asked(server, question, context_sentences=2))
    wait_for_answer(page)
    context = answer_of(server, question, context_sentences=2)["results"][0]["context"]
    shown = page.locator(".result").first.locator(".context").all_text_contents()
    assert shown == [part.strip() for part in (context["before"], context["after"]) if part.strip()]


def test_reprints_are_folded_into_one_result(visit: Visit, server: Server) -> None:
    page = visit(asked(server, "How many loaves does the bakery at Mill Lane bake?"))
    wait_for_answer(page)
    assert sum(title in ("Early bread", "Bread, early") for title in results(page)) == 1
    folded = page.locator(".also").first
    assert not folded.locator("li").is_visible()
    folded.locator("summary").click()
    assert {folded.locator("li a").inner_text(), results(page)[0]} == {"Early bread", "Bread, early"}
    folded.locator("li a").click()
    expect(page.locator("#quote")).to_contain_text("340 loaves")


def test_filters_that_leave_nothing(visit: Visit, server: Server) -> None:
    page = visit(asked(server, "泊位", published_after="2031"))
    page.wait_for_selector("#status .notice")
    assert "No document passes the filters." in page.locator("#status").inner_text()
    assert results(page) == []
    page.get_by_role("button", name="Remove the filter").click()
    page.wait_for_selector(".result")
    assert "published_after" not in page.url


def test_a_bound_that_nothing_reaches(visit: Visit, server: Server) -> None:
    page = visit(asked(server, "泊位", min_confidence=1))
    page.wait_for_selector("#status .notice")
    assert "No passage is as likely as asked for" in page.locator("#status").inner_text()


def test_filters_are_in_the_address_and_do_what_they_say(visit: Visit, server: Server) -> None:
    page = visit(asked(server, "how many", k=20))
    wait_for_answer(page)
    page.locator("#filters summary").click()
    page.locator("#filters [name=language]").select_option("en")
    expect(page).to_have_url(re.compile("language=en"))
    page.get_by_label("Published from").fill("2023")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("published_after=2023"))
    page.get_by_label("Published until").fill("2023-12")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("published_before=2023-12"))
    expect(page.locator(".result h2")).to_have_text(["The travelling library"])
    assert page.locator(".chip").count() == 3
    page.reload()
    expect(page.locator(".result h2")).to_have_text(["The travelling library"])
    assert page.locator("#filters [name=published_after]").input_value() == "2023"
    assert page.locator("#filters [name=k]").input_value() == "20"


def test_filters_that_the_form_has_no_room_for_are_kept(visit: Visit, server: Server) -> None:
    sources = ["library.md", "lighthouse.txt"]
    page = visit(f"{asked(server, 'how many')}&source={sources[0]}&source={sources[1]}&utm_source=elsewhere")
    wait_for_answer(page)
    assert {text.split(" ·")[0] for text in page.locator(".file").all_inner_texts()} == set(sources)
    ask(page, "how much")
    assert page.url.count("&source=") == 2
    assert "utm_source" not in page.url


def test_an_address_can_be_shared_and_the_way_back_is_open(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    ask(page, QUESTIONS["library.md"])
    address, first = page.url, results(page)
    ask(page, QUESTIONS["lighthouse.txt"])
    assert results(page) != first
    page.go_back()
    expect(page.locator(".result h2").first).to_have_text(first[0])
    assert (page.url, page.locator("#q").input_value()) == (address, QUESTIONS["library.md"])
    page.go_back()
    page.wait_for_selector(".library")
    page.go_forward()
    expect(page.locator(".result h2").first).to_have_text(first[0])
    assert results(visit_again(visit, address)) == first
    page.reload()
    wait_for_answer(page)
    assert results(page) == first


def visit_again(visit: Visit, address: str) -> Page:
    page = visit(address)
    wait_for_answer(page)
    return page


def test_the_way_back_from_a_document_leads_to_the_same_place(visit: Visit, server: Server) -> None:
    page = visit(asked(server, "how many", k=50), viewport={"width": 900, "height": 500})
    wait_for_answer(page)
    link = page.locator(".result .open").nth(3)
    link.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 0
    link.click()
    page.wait_for_selector("#quote")
    page.get_by_role("button", name="Back").click()
    wait_for_answer(page)
    page.wait_for_function("before => Math.abs(scrollY - before) < 2", arg=before)


def test_home_tells_what_there_is_to_ask(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    assert page.locator(".count").inner_text() == "9 documents to ask"
    expect(page.locator("h1")).to_have_css("overflow", "visible")  # or the feet of its letters are cut off
    page.get_by_role("link", name="The travelling library").click()
    expect(page.locator("article")).to_contain_text("6200 books")
    assert page.locator("mark").count() == 0
    page.get_by_role("link", name="Ask this document").click()
    expect(page.locator(".chip")).to_have_text("Document: The travelling library")
    ask(page, "how many")
    assert set(results(page)) == {"The travelling library"}
