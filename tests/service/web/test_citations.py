"""References as the page writes them: by the rules of each form, whatever is known of a document, and copied whole."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import Entry, parse_string

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import (
    QUESTIONS,
    Page,
    Visit,
    answer_of,
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

SOURCE: dict[str, Any] = {
    "document_id": "d_0a1b2c3d",
    "source": "harbour.md",
    "title": "海湾渔港改造通报",
    "author": "周文",
    "publisher": "海湾日报",
    "published": "2024-05-06",
    "url": None,
    "section": ["海湾渔港改造通报", "渔民培训"],
    "page": None,
    "start": 41,
    "end": 83,
    "accessed": "2026-11-22",
}
URL = "https://example.org/a_(b)?c=d%20e&f=g#h"
BARE: dict[str, object] = {"author": None, "publisher": None, "published": None, "section": []}


def written(tab: Page, form: str, **known: object) -> str:
    script = "async ([form, source]) => (await import('/assets/citations.js'))[form](source)"
    text: str = tab.evaluate(script, [form, SOURCE | known])
    return text


GBT7714 = [
    ({}, "周文. 海湾渔港改造通报[N]. 海湾日报, 2024-05-06."),
    ({"page": 3}, "周文. 海湾渔港改造通报[N]. 海湾日报, 2024-05-06(3)."),
    ({"author": None, "published": "2024-05"}, "海湾渔港改造通报[N]. 海湾日报, 2024-05."),
    ({"published": None}, "周文. 海湾渔港改造通报[N]. 海湾日报."),
    ({"url": URL}, f"周文. 海湾渔港改造通报[EB/OL]. 海湾日报, 2024(2024-05-06)[2026-11-22]. {URL}."),
    ({"url": URL, "publisher": None}, f"周文. 海湾渔港改造通报[EB/OL]. (2024-05-06)[2026-11-22]. {URL}."),
    ({"url": URL, "published": "2024"}, f"周文. 海湾渔港改造通报[EB/OL]. 海湾日报, 2024[2026-11-22]. {URL}."),
    ({"url": URL, **BARE}, f"海湾渔港改造通报[EB/OL]. [2026-11-22]. {URL}."),
    ({"url": URL, **BARE, "page": 2}, f"海湾渔港改造通报[EB/OL]. [2026-11-22]: 2. {URL}."),
    ({**BARE, "published": "2024"}, "海湾渔港改造通报[Z]. 2024."),
    (BARE, "海湾渔港改造通报[Z]."),
    ({**BARE, "title": "一\n二\t三\u2028四"}, "一 二 三 四[Z]."),
]


@pytest.mark.parametrize(("known", "expected"), GBT7714)
def test_gbt7714(tab: Page, known: dict[str, object], expected: str) -> None:
    assert written(tab, "gbt7714", **known) == expected


PLAIN = [
    (
        {"url": URL, "page": 3},
        "周文. 海湾渔港改造通报. 海湾日报, 6 May 2024, p. 3. Section “渔民培训”, harbour.md, characters 41–83. "
        f"Accessed 22 November 2026. {URL}",
    ),
    (
        {"published": "2024-05", "author": "A. Reader", "section": []},
        "A. Reader. 海湾渔港改造通报. 海湾日报, May 2024. harbour.md, characters 41–83.",
    ),
    ({"published": "0987", **BARE, "title": "What is left?"}, "What is left? harbour.md, characters 41–83."),
    ({**BARE, "published": "0987"}, "海湾渔港改造通报. 987. harbour.md, characters 41–83."),
]


@pytest.mark.parametrize(("known", "expected"), PLAIN)
def test_plain_text(tab: Page, known: dict[str, object], expected: str) -> None:
    assert written(tab, "plain", **known) == expected


def test_plain_text_speaks_the_language_of_the_page(visit: Visit, server: Server) -> None:
    page = visit(server.url, locale="zh-CN")
    expected = "周文. 海湾渔港改造通报. 海湾日报, 2024年5月6日. “渔民培训”一节, harbour.md, 第 41–83 字符."
    assert written(page, "plain") == expected


def entry_of(tab: Page, **known: object) -> Entry:
    (entry,) = parse_string(written(tab, "bibtex", **known), "bibtex").entries.values()
    return entry


def test_bibtex(tab: Page) -> None:
    text = written(tab, "bibtex", url=URL, page=3)
    assert text.startswith("@misc{d_0a1b2c3d_41,\n  author = {{周文}},\n  title = {{海湾渔港改造通报}},\n")
    assert "\n  month = may,\n" in text  # a name that styles know, not a text
    assert dict(entry_of(tab, url=URL, page=3).fields) == {
        "title": "{海湾渔港改造通报}",
        "howpublished": "海湾日报",
        "year": "2024",
        "month": "May",
        "day": "6",
        "pages": "3",
        "url": URL,
        "urldate": "2026-11-22",
        "note": "harbour.md, characters 41–83",
    }


def test_bibtex_of_what_little_is_known(tab: Page) -> None:
    assert set(entry_of(tab, **BARE).fields) == {"title", "note"}
    assert set(entry_of(tab, **BARE | {"published": "2024"}).fields) == {"title", "year", "note"}
    assert written(tab, "bibtex", document_id="a{b}, c 云").startswith("@misc{abc_41,")


LATEX = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\$": "$", r"\&": "&", r"\#": "#", r"\%": "%", r"\_": "_",
}  # fmt: skip
TITLES = st.text(st.sampled_from("\\{}$&#%_^~\"'@,=*[]()<>`|!? .aé云🚢\n\t"), min_size=1).filter(str.strip)


def unescaped(latex: str) -> str:
    marks = "|".join(re.escape(mark) for mark in LATEX)
    assert not re.search(r"[\\{}$&#%_^~]", re.sub(marks, "", latex)), "a special character is not escaped"
    return re.sub(marks, lambda match: LATEX[match[0]], latex)


@settings(max_examples=60)
@given(title=TITLES)
def test_bibtex_can_hold_any_title(tab: Page, title: str) -> None:
    shown = " ".join(title.split())
    entry = entry_of(tab, title=title, publisher=title, author=title)
    assert unescaped(entry.fields["title"][1:-1]) == shown
    assert unescaped(entry.fields["howpublished"]) == shown
    assert len(entry.persons["author"]) == 1


@settings(max_examples=60)
@given(title=TITLES)
def test_markdown_reads_as_the_plain_text_does(tab: Page, title: str) -> None:
    for url in (None, URL):
        html = MarkdownIt().render(written(tab, "markdown", author=title, title=title, url=url))
        text = re.sub(r"<[^<>]*>", "", html)
        for entity, mark in {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&amp;": "&"}.items():
            text = text.replace(entity, mark)
        assert text.strip() == written(tab, "plain", author=title, title=title, url=url).removesuffix(f" {url}")
        assert html.count("<a href=") == bool(url)
        assert html.count("<em>") == (not url)


def test_everything_can_be_copied_and_says_so(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["library.md"]))
    wait_for_answer(page)
    page.locator(".origin button").first.click()
    panel = page.locator(".panel").first
    panel.locator("pre").first.wait_for()
    copied = {}
    for form in panel.locator(".form").all():
        form.get_by_role("button").click()
        expect(form.get_by_role("status")).to_have_text("Copied")
        copied[form.locator("pre").get_attribute("aria-label")] = page.evaluate("navigator.clipboard.readText()")
        assert form.locator("pre").text_content() == page.evaluate("navigator.clipboard.readText()")
    assert list(copied) == ["Quote", "Plain text", "Markdown", "BibTeX", "GB/T 7714"]
    citation = answer_of(server, QUESTIONS["library.md"])["results"][0]["citation"]
    assert copied["Quote"] == citation["quote"]
    assert copied["Plain text"].startswith("A. Reader. The travelling library. 2023. library.md, characters ")
    assert "[EB/OL]. 2023[" in copied["GB/T 7714"]


def test_where_the_clipboard_is_closed_the_text_is_selected(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["library.md"]))
    wait_for_answer(page)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.evaluate("document.execCommand = () => false")
    page.locator(".origin button").first.click()
    form = page.locator(".panel").first.locator(".form").nth(3)
    form.get_by_role("button").click()
    expect(form.get_by_role("status")).to_contain_text("Ctrl+C")
    assert page.evaluate("getSelection().toString()") == form.locator("pre").text_content()
