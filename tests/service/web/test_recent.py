"""Questions asked before: kept in the browser, offered while the field is empty, and forgotten when wanted."""

import json

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import (
    FAILED,
    Page,
    Visit,
    ask,
    browser,
    chromium,
    expect,
    server,
    visit,
    wait_for_answer,
)

__all__ = ["browser", "chromium", "server", "visit"]

FIRST, SECOND = "How many books does the library own?", "泊位新增多少"


def kept(page: Page) -> list[list[str]]:
    pairs: list[list[str]] = json.loads(page.evaluate("localStorage.getItem('recent')"))
    return pairs


def two_questions(visit: Visit, server: Server) -> Page:
    page = visit(server.url)
    expect(page.locator("#recent")).to_be_hidden()  # there is none yet
    for question in (FIRST, SECOND, FIRST):
        ask(page, question)
    return page


def test_recent_questions_are_offered_while_the_field_is_empty(visit: Visit, server: Server) -> None:
    page = two_questions(visit, server)
    expect(page.locator("#recent")).to_be_hidden()
    before = page.locator(".result").first.bounding_box()
    page.locator("#q").fill("")
    expect(page.locator("#recent a")).to_have_text([FIRST, SECOND])
    assert page.locator(".result").first.bounding_box() == before  # nothing moves
    page.locator("#q").press_sequentially("x")
    expect(page.locator("#recent")).to_be_hidden()
    page.locator("#q").fill("")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#recent a").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"{SECOND} – wherefrom")
    wait_for_answer(page)
    assert [question for question, _ in kept(page)] == [SECOND, FIRST]
    page.goto(server.url)
    expect(page.locator("#recent a")).to_have_text([SECOND, FIRST])


def test_they_go_away_where_the_reader_goes_elsewhere(visit: Visit, server: Server) -> None:
    page = two_questions(visit, server)
    page.locator("#q").fill("")
    expect(page.locator("#recent")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#recent")).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    page.locator("#q").fill("x")
    page.locator("#q").fill("")
    expect(page.locator("#recent")).to_be_visible()
    page.locator("h2 a").last.focus()
    expect(page.locator("#recent")).to_be_hidden()


def test_they_are_forgotten_one_by_one_and_all_at_once(visit: Visit, server: Server) -> None:
    page = two_questions(visit, server)
    page.goto(server.url)
    page.get_by_role("button", name=f"Forget the question: {FIRST}").click()
    expect(page.locator("#recent a")).to_have_text([SECOND])
    expect(page.get_by_role("button", name=f"Forget the question: {SECOND}")).to_be_focused()
    page.get_by_role("button", name="Forget all").click()
    expect(page.locator("#recent")).to_be_hidden()
    expect(page.locator("#q")).to_be_focused()
    assert kept(page) == []


def test_no_more_are_kept_than_can_be_looked_through(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    page.evaluate(
        "localStorage.setItem('recent', JSON.stringify(Array.from({length: 20}, (_, n) => [`old ${n}`, 'default'])))"
    )
    ask(page, FIRST)
    questions = [question for question, _ in kept(page)]
    assert (len(questions), questions[0], questions[-1]) == (20, FIRST, "old 18")


def test_what_something_else_has_kept_does_no_harm(visit: Visit, server: Server) -> None:
    page = visit(server.url)
    for other in ("{", "null", "[1, [2, 3], ['<img src=x onerror=window.pwned=1>', 'default']]", '{"a": 1}'):
        page.evaluate("text => localStorage.setItem('recent', text)", other.replace("'", '"'))
        page.reload()
        page.wait_for_selector(".library")
    assert page.evaluate("window.pwned") is None
    ask(page, SECOND)
    assert kept(page)[0] == [SECOND, "default"]


def test_a_question_that_cannot_be_asked_is_not_kept(visit: Visit, server: Server) -> None:
    page = visit(f"{server.url}/?q={'x' * 2049}", expected=FAILED)
    expect(page.locator("#problem")).to_contain_text("2049 characters")
    assert page.evaluate("localStorage.getItem('recent')") is None
