"""The page that shows a document: what it marks is the quote, code point by code point, whatever stands before it."""

from itertools import accumulate
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import (
    FAILED,
    QUESTIONS,
    Page,
    Route,
    Visit,
    answer_of,
    asked,
    browser,
    chromium,
    expect,
    marked,
    seen_quote,
    server,
    tab,
    visit,
    wait_for_answer,
)

__all__ = ["browser", "chromium", "server", "tab", "visit"]


def address_of(server: Server, citation: dict[str, Any], **other: object) -> str:
    place = {"document": citation["document_id"], "start": citation["start"], "end": citation["end"]}
    return f"{server.url}/source?{httpx2.QueryParams(place | other)}"


def first_citation(server: Server, source: str) -> dict[str, Any]:
    citation: dict[str, Any] = answer_of(server, QUESTIONS[source], source=source)["results"][0]["citation"]
    return citation


@pytest.mark.parametrize("source", QUESTIONS)
def test_what_is_marked_is_the_quote(visit: Visit, server: Server, source: str) -> None:
    page = visit(server.url)
    citations = [each["citation"] for each in answer_of(server, QUESTIONS[source], k=50, source=source)["results"]]
    assert source != "emoji.txt" or max(citation["start"] for citation in citations) > 0
    for citation in citations:
        page.goto(address_of(server, citation))
        assert marked(page) == seen_quote(server, citation)
        if source.endswith(".txt"):
            assert page.evaluate("document.querySelector('#quote').textContent") == citation["quote"]
            document = httpx2.get(f"{server.url}/v1/documents/{citation['document_id']}").json()
            assert page.evaluate("document.querySelector('article').textContent") == document["text"]
            assert page.locator("mark").count() == 1


def test_a_quote_from_the_middle_of_marked_up_words_is_marked_where_it_stands(visit: Visit, server: Server) -> None:
    citation = first_citation(server, "ledger.md")
    text = httpx2.get(f"{server.url}/v1/documents/{citation['document_id']}").json()["text"]
    page = visit(server.url)
    for first, last, expected in [
        ("nd** by", "says [the *o", "ndbythequay,saystheo"),
        ("mn | | **5", "51", "mn51"),
        ("e it in the", "led", "eitintheled"),
        ("ilver", "ver co", "ilverco"),
        ("= sum", "**no", "=sum(crates)#**no"),
        ("🐟 The", "🐟 T", "🐟T"),
    ]:
        start = text.index(first)
        page.goto(address_of(server, citation, start=start, end=text.index(last, start) + len(last)))
        assert marked(page) == expected
        assert page.locator("#quote").count() == 1
        expect(page.locator("#quote")).to_be_in_viewport()


def test_a_document_that_is_too_long_to_be_set_is_shown_as_it_is_written(visit: Visit, server: Server) -> None:
    citation = first_citation(server, "ledger.md")
    page = visit(server.url)

    def fulfil(route: Route) -> None:
        route.fulfill(json=route.fetch().json() | {"layout": None})

    page.route("**/v1/documents/*?layout=true", fulfil)
    page.goto(address_of(server, citation))
    page.wait_for_selector("#quote")
    assert page.evaluate("document.querySelector('#quote').textContent") == citation["quote"]


def test_the_links_of_an_answer_lead_to_the_quotes(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["emoji.txt"], k=3))
    for number, result in enumerate(answer_of(server, QUESTIONS["emoji.txt"], k=3)["results"]):
        wait_for_answer(page)
        page.locator(".result .open").nth(number).click()
        assert marked(page) == seen_quote(server, result["citation"])
        page.go_back()


def test_the_links_that_platforms_get_lead_to_the_quotes(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    for question in (QUESTIONS["emoji.txt"], QUESTIONS["harbour.md"]):
        found = answer_of(server, question, k=3)["results"]
        linked = httpx2.post(f"{server.url}/open-webui/search", json={"query": question, "count": 3}).json()
        for result, platform in zip(found, linked, strict=True):
            if result["citation"]["url"] is None:
                page.goto(platform["link"])
                assert marked(page) == seen_quote(server, result["citation"])
                assert page.locator(".notice").count() == 0


def test_the_quote_is_in_sight_and_can_be_copied(visit: Visit, server: Server) -> None:
    citation = first_citation(server, "harbour.md")
    page = visit(address_of(server, citation), viewport={"width": 800, "height": 300})
    expect(page.locator("#quote")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.get_by_role("link", name="Go to the quote").click()
    expect(page.locator("#quote")).to_be_in_viewport()
    page.get_by_role("button", name="Copy: Quote").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == citation["quote"]


def test_a_document_says_what_is_known_of_it(visit: Visit, server: Server) -> None:
    page = visit(address_of(server, first_citation(server, "library.md")))
    about = page.locator(".about")
    expect(about.locator("h1")).to_have_text("The travelling library")
    expect(about).to_contain_text("By A. Reader")
    expect(about).to_contain_text("English")
    link = about.get_by_role("link", name="https://example.org/library")
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert page.title() == "The travelling library – wherefrom"
    expect(page.locator("article")).to_have_attribute("lang", "en")


def test_a_document_that_has_changed_says_so(visit: Visit, server: Server) -> None:
    citation = first_citation(server, "library.md")
    page = visit(address_of(server, citation, sha256=citation["document_sha256"]))
    page.wait_for_selector("#quote")
    assert page.locator(".notice").count() == 0
    page.goto(address_of(server, citation, sha256="0" * 64))
    expect(page.locator(".notice")).to_contain_text("has changed since it was quoted")


@pytest.mark.parametrize(
    "place",
    [
        {"start": "-1"}, {"start": "x"}, {"start": "5", "end": "5"}, {"start": "9", "end": "3"}, {"end": "100000"},
        {"start": "1e1"}, {"end": ""}, {"end": "9" * 400},
    ],
)  # fmt: skip
def test_a_place_that_is_none_marks_nothing(visit: Visit, server: Server, place: dict[str, str]) -> None:
    page = visit(address_of(server, first_citation(server, "library.md"), **place))
    expect(page.locator(".notice")).to_contain_text("names no place")
    expect(page.locator("article")).to_contain_text("6200 books")
    assert page.locator("mark").count() == 0


def test_a_document_that_is_not_there(visit: Visit, server: Server) -> None:
    page = visit(f"{server.url}/source?document=d_none&start=0&end=1", expected=FAILED)
    expect(page.locator("#problem")).to_contain_text("There is no such document.")
    page.goto(f"{server.url}/source")
    expect(page.locator("#problem")).to_contain_text("names no document")


def call(tab: Page, function: str, *arguments: object) -> Any:
    """Call a function of assets/text.js."""
    script = "async ([name, given]) => (await import('/assets/text.js'))[name](...given)"
    return tab.evaluate(script, [function, list(arguments)])


TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("🚢𠮷\u200d\u0301\n\r\u2028\x85 "), max_size=30
)


@settings(max_examples=60)
@given(text=TEXT, bounds=st.tuples(st.integers(0, 32), st.integers(0, 32)))
def test_texts_are_cut_as_python_cuts_them(tab: Page, text: str, bounds: tuple[int, int]) -> None:
    start, end = sorted(bounds)
    assert call(tab, "cut", text, start, end) == [text[:start], text[start:end], text[end:]]
    assert call(tab, "lengthOf", text) == len(text)
    units = [*accumulate((len(character.encode("utf-16-le")) // 2 for character in text), initial=0)]
    assert list(call(tab, "unitsOf", text))[: len(text) + 1] == units
