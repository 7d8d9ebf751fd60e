"""What the page makes of an answer: Markdown as what it means, the best sentence above, marks that do not flatter."""

import re
from typing import Any

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
    marked,
    results,
    server,
    visit,
    wait_for_answer,
)

__all__ = ["browser", "chromium", "server", "visit"]


def test_what_does_not_answer_says_so_and_is_toned_down(visit: Visit, server: Server) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer.update(answerable=False, no_answer_reason="no passage is near enough to the question")

    page = altered(visit, server, change)
    assert page.locator("#status .notice .title").inner_text() == "Nothing here answers this"
    assert "No passage is near enough" in page.locator("#status").inner_text()
    assert page.locator(".result.weak").count() == len(results(page)) > 0
    assert page.locator(".answer").count() == 0
    assert yellow(page) == 0


def yellow(page: Page) -> int:
    """Return how many marks have a background."""
    background = "all => all.filter(each => getComputedStyle(each).backgroundColor !== 'rgba(0, 0, 0, 0)').length"
    count: int = page.locator("mark").evaluate_all(background)
    return count


def test_the_answering_sentence_stands_above_with_where_it_is_from(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["ledger.md"]))
    wait_for_answer(page)
    answer = page.locator(".answer")
    expect(answer.locator("blockquote")).to_have_text(
        "The keeper of the scales earns nine silver coins a week, as ever before."
    )
    assert answer.locator("strong").inner_text() == "nine"
    assert answer.locator("em").inner_text() == "week"
    answer.get_by_role("link", name="Ledger of the weighing house").click()
    assert marked(page) == "Thekeeperofthescalesearnsninesilvercoinsaweek,aseverbefore."
    page.goto(asked(server, QUESTIONS["harbour.md"]))
    wait_for_answer(page)
    assert page.locator(".answer .publisher").inner_text() == "海湾日报"
    assert page.locator(".answer time").inner_text() == "6 May 2024"


def test_a_row_that_answers_stands_above_with_the_names_of_its_columns(visit: Visit, server: Server) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer["results"] = [each for each in answer["results"] if "Autumn" in each["citation"]["quote"]]
        (result,) = answer["results"]
        start = result["citation"]["start"] + result["citation"]["quote"].index("| Autumn")
        result["best_highlight"] = {"start": start, "end": start + len("| Autumn | | **518** `ok` |")}
        result["highlights"] = [result["best_highlight"]]

    page = altered(visit, server, change, QUESTIONS["ledger.md"])
    assert page.locator(".result mark").all_inner_texts() == ["Autumn", "518", " ", "ok"]
    assert page.locator(".answer th").all_inner_texts() == ["Season", "Weather", "Crates weighed"]
    assert page.locator(".answer td").all_inner_texts() == ["Autumn", "", "518 ok"]


def test_rows_from_the_middle_of_a_table_have_the_names_of_its_columns_above(visit: Visit, server: Server) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer["results"] = [each for each in answer["results"] if "Autumn" in each["citation"]["quote"]]
        (result,) = answer["results"]
        (table,) = (each for each in result["layout"] if each["kind"] == "table")
        result["layout"] = [{**table, "blocks": [each for each in table["blocks"] if each["kind"] != "head"]}]
        start = result["citation"]["start"] + result["citation"]["quote"].index("| Autumn")
        result["best_highlight"] = {"start": start, "end": start + len("| Autumn | | **518** `ok` |")}
        result["citation"]["table_header"] = {"start": 0, "end": 1, "quote": r"| Season |  | a \| <b>b</b> |"}

    page = altered(visit, server, change, QUESTIONS["ledger.md"])
    for place in (".answer", ".result"):
        assert page.locator(f"{place} th").all_inner_texts() == ["Season", "", "a | <b>b</b>"]


def test_a_heading_that_is_the_name_of_the_sheet_is_told_once(visit: Visit, server: Server) -> None:
    def change(answer: dict[str, Any]) -> None:
        answer["results"] = answer["results"][:1]
        answer["results"][0]["citation"] |= {"sheet": "Vehicles", "section": ["Harbour", "Vehicles"]}

    page = altered(visit, server, change, QUESTIONS["ledger.md"])
    assert page.locator(".result .section").all_inner_texts() == ["Harbour"]
    assert "sheet “Vehicles”" in page.locator(".result .dateline").inner_text()


def test_only_what_answers_best_is_yellow(visit: Visit, server: Server) -> None:
    def change(answer: dict[str, Any]) -> None:
        first, second, third = answer["results"][:3]
        first["score"], second["score"], third["score"] = 0.8, 0.5, 0.3
        answer["results"] = [first, second, third]
        whole = first["citation"]
        best = first["best_highlight"]
        first["highlights"].insert(0, {"start": whole["start"], "end": best["start"]})

    page = altered(visit, server, change)
    assert page.locator(".result.weak").count() == 1
    first, second, third = page.locator(".result").all()
    assert first.locator("mark.second").count() > 0
    assert yellow(page) == first.locator("mark:not(.second)").count() + second.locator("mark:not(.second)").count()
    assert third.locator("mark").count() > 0


@pytest.mark.parametrize(("milliseconds", "told"), [(0.04, "less than 1 ms"), (3.26, "3.3 ms"), (241.7, "242 ms")])
def test_the_time_is_told_as_it_was(visit: Visit, server: Server, milliseconds: float, told: str) -> None:
    page = altered(visit, server, lambda answer: answer["timings_ms"].update(total=milliseconds))
    assert page.locator(".summary").inner_text().endswith(f"· {told}")


def test_markdown_is_set_as_what_it_means(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["ledger.md"], k=20, source="ledger.md"))
    wait_for_answer(page)
    content = page.locator("#content")
    assert "**" not in (content.text_content() or "").replace("# **not** bold", "")
    assert content.locator("li[value='4']").count() == 1
    assert content.locator(".results th").all_inner_texts() == ["Season", "Weather", "Crates weighed"]
    assert content.locator(".results pre").inner_text().endswith("total = sum(crates)  # **not** bold")
    assert content.locator(".picture").inner_text() == "the brass scales"
    assert content.locator(".results blockquote li li").first.inner_text().startswith("note it in the ledger")
    assert content.locator(".results blockquote blockquote").first.inner_text().startswith("The sea gives, <img src=x")


def test_only_addresses_of_the_web_can_be_followed_and_say_where_they_lead(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["ledger.md"], k=20, source="ledger.md"))
    wait_for_answer(page)
    links = page.locator(".results blockquote a")
    assert links.evaluate_all("all => all.map(each => each.href)") == ["https://register.example/scales"]
    assert links.get_attribute("rel") == "noopener noreferrer"
    assert links.text_content() == "the old register"
    shown = links.locator(".host").evaluate("each => getComputedStyle(each, '::after').content")
    assert re.sub(r'"( ")?', "", shown) == " (register.example)"


def test_a_line_runs_in_the_direction_of_its_words(visit: Visit, server: Server) -> None:
    page = visit(asked(server, QUESTIONS["arabic.md"]))
    wait_for_answer(page)
    assert (
        page.locator(".result mark").first.evaluate("each => getComputedStyle(each.closest('blockquote')).direction")
        == "rtl"
    )
    assert page.locator(".answer strong").inner_text() == "اثنين وأربعين قاربا"
