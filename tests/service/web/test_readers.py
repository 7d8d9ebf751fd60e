"""The page for every reader: by keyboard, on a phone, in the dark, in two languages, and undeceived."""

import json
import re
from importlib.resources import files

import pytest

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import (
    QUESTIONS,
    Page,
    Visit,
    altered,
    asked,
    browser,
    chromium,
    expect,
    server,
    tab,
    visit,
    wait_for_answer,
)

__all__ = ["browser", "chromium", "server", "tab", "visit"]

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
GRAVE = ("serious", "critical")


def test_the_keyboard_is_enough(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    page.wait_for_selector(".library")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type(QUESTIONS["library.md"])
    page.keyboard.press("Enter")
    wait_for_answer(page)
    page.locator(".result a").first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".result .open").first).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel = page.locator(".panel").first
    expect(panel).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.get_by_role("button", name="Cite").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("1/2")
    assert page.locator("#q").input_value() == "1/2"


def test_the_enter_that_ends_a_composition_does_not_ask(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    page.wait_for_selector(".library")
    page.locator("#q").fill("泊位")
    page.locator("#q").dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert page.url == f"{server.url}/"


def test_the_page_speaks_two_languages(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["library.md"]), locale="zh-CN")
    wait_for_answer(page)
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator(".open").first.inner_text() == "查看原文"
    page.locator("#q").fill("half a quest")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator(".open").first.inner_text() == "Read in the document"
    assert page.locator("#q").input_value() == "half a quest"
    page.goto(server.url)  # and it is remembered
    expect(page.locator(".count")).to_have_text("9 documents to ask")
    assert page.get_by_role("button", name="Ask").inner_text() == "Ask"


def test_nothing_that_a_document_or_a_question_says_is_executed(visit: Visit, server: Server) -> None:
    question = "crates smuggler <img src=x onerror=window.pwned=8> <script>window.pwned=9</script>"
    page = visit(asked(server, question, source="hostile.md"))
    wait_for_answer(page)
    result = page.locator(".result").first
    assert result.locator("h2").text_content() == "<img src=x onerror=window.pwned=1> The <b>bold</b> title"
    assert '<img src=x onerror="window.pwned=6">' in (page.locator("#content").text_content() or "")
    assert page.locator("#content img, #content script, #content svg, #content b").count() == 0
    result.get_by_role("button", name="Cite").click()
    expect(result.locator(".panel")).to_contain_text("<svg onload=window.pwned=4>")
    page.locator(".result .open").first.click()
    page.wait_for_selector("#quote")
    assert page.locator("#content img, #content script, #content svg").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    assert "javascript:window.pwned=3" in (page.locator(".about").text_content() or "")
    assert page.evaluate("window.pwned") is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f 👩\u200d🌾 ❤\ufe0f می\u200cخواهم", []),
        ("a\U000e0041\U000e0042b", ["U+E0041 ×2"]),
        ("x\u3164y\u2061\u2062z\x07", ["U+3164", "U+2061 ×2", "U+0007"]),
        ("😀\ufe01\ufe02", ["U+FE01 ×2"]),
    ],
)
def test_what_hides_is_told_from_what_is_seen(tab: Page, text: str, codes: list[str]) -> None:
    script = """async (text) => {
        const { el, shown } = await import("/assets/dom.js");
        const element = el("p", {}, shown(text));
        return [element.textContent, [...element.querySelectorAll(".control")].map((each) => each.dataset.code)];
    }"""
    assert tab.evaluate(script, text) == [text, codes]


def test_characters_that_deceive_are_shown_as_what_they_are(visit: Visit, server: Server) -> None:
    page = visit(asked(server, "What does the invoice say of the cargo?", source="hostile.md"))
    wait_for_answer(page)
    codes = page.locator(".result .control").evaluate_all("all => all.map(each => each.dataset.code)")
    assert set(codes) == {"U+202E", "U+202C", "U+200B ×3"}
    width = page.evaluate(
        """() => {
            const [control] = document.querySelectorAll(".control");
            const after = document.createRange();
            after.selectNodeContents(control.nextSibling);
            return [control.getBoundingClientRect().right, after.getBoundingClientRect().left];
        }"""
    )
    assert width[0] <= width[1] + 1  # what follows stands where it would stand without


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_a_phone_shows_everything_without_scrolling_sideways(
    visit: Visit, server: Server, scheme: str, locale: str
) -> None:
    page = visit(asked(server, QUESTIONS["harbour.md"]), color_scheme=scheme, locale=locale, **PHONE)
    wait_for_answer(page)
    for step in ("#filters summary", ".origin button", ".result .open"):
        page.locator(step).first.click()
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, step
    page.goto(server.url)
    page.wait_for_selector(".library")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_dark_is_dark_and_light_is_light(visit: Visit, server: Server) -> None:
    def brightness(scheme: str) -> int:
        page = visit(server.url, color_scheme=scheme)
        colour: str = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)))

    assert brightness("dark") < 150 < 600 < brightness("light")


def serious(page: Page) -> list[str]:
    """Return what axe-core finds that would keep people out."""
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run().then(found => found.violations)")
    return [f"{each['id']}: {json.dumps(each['nodes'][0]['html'])}" for each in found if each["impact"] in GRAVE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out(visit: Visit, server: Server, scheme: str) -> None:
    pytest.importorskip(
        "axe_playwright_python", reason="axe-playwright-python, which carries axe-core, is not installed"
    )
    page = visit(server.url, color_scheme=scheme)
    page.wait_for_selector(".library")
    page.locator("#filters summary").click()
    assert serious(page) == []
    page.goto(asked(server, QUESTIONS["lighthouse.txt"], language="en", context_sentences=1))
    wait_for_answer(page)
    page.locator(".origin button").first.click()
    page.locator(".panel pre").first.wait_for()
    assert serious(page) == []
    page.locator(".result .open").first.click()
    page.wait_for_selector("#quote")
    assert serious(page) == []


def test_weak_results_can_be_read_by_everyone(visit: Visit, server: Server) -> None:
    pytest.importorskip(
        "axe_playwright_python", reason="axe-playwright-python, which carries axe-core, is not installed"
    )
    for scheme in ("light", "dark"):
        page = altered(visit, server, lambda answer: answer.update(answerable=False), color_scheme=scheme)
        assert serious(page) == []
