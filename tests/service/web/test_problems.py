"""What stands between a question and its answer: keys, a server that is gone or not ready, what cannot be asked."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server_fixtures import Server, serving
from tests.service.web.page_fixtures import (
    FAILED,
    QUESTIONS,
    Browser,
    Route,
    Visit,
    ask,
    asked,
    browser,
    chromium,
    expect,
    results,
    server,
    visit,
    wait_for_answer,
)
from tests.service_fixtures import READ_KEY, make_index

__all__ = ["browser", "chromium", "server", "visit"]


@pytest.fixture(scope="module")
def keyed(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(make_index(tmp_path_factory.mktemp("keyed")), WHEREFROM_READ_KEYS=READ_KEY) as server:
        yield server


def test_a_key_is_asked_for_and_kept_in_the_tab_only(visit: Visit, keyed: Server) -> None:
    page = visit(asked(keyed, "泊位"), expected=FAILED)
    expect(page.locator("#problem")).to_contain_text("These documents need a key.")
    expect(page.get_by_label("Read key")).to_be_focused()
    page.keyboard.type("a-key-that-is-wrong, ключ")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("This key does not open these documents.")
    page.keyboard.type(f" {READ_KEY} ")
    page.keyboard.press("Enter")
    wait_for_answer(page)
    assert page.locator("#problem").inner_text() == ""
    assert results(page)
    page.locator(".result .open").first.click()
    page.wait_for_selector("#quote")  # asked for once only
    assert READ_KEY not in page.url
    assert READ_KEY not in page.evaluate("JSON.stringify([{...localStorage}, document.cookie])")
    assert page.evaluate("sessionStorage.getItem('key')") == READ_KEY


def test_the_server_is_gone_and_comes_back(visit: Visit, server: Server) -> None:
    page = visit(server.url, expected=FAILED)
    page.wait_for_selector(".library")
    page.route("**/v1/**", lambda route: route.abort("connectionrefused"))
    page.locator("#q").fill(QUESTIONS["library.md"])
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("The service cannot be reached.")
    expect(page.locator(".library")).to_be_hidden()
    again = page.get_by_role("button", name="Try again")
    again.click()
    expect(again).to_be_visible()
    page.unroute("**/v1/**")
    again.click()
    wait_for_answer(page)
    expect(page.locator("#problem")).to_be_empty()
    assert results(page)[0] == "The travelling library"


def test_a_service_that_is_not_ready_is_asked_again(visit: Visit, server: Server) -> None:
    page = visit(server.url, expected=FAILED)
    page.wait_for_selector(".library")
    refusals = 2

    def refuse(route: Route) -> None:
        nonlocal refusals
        refusals -= 1
        if refusals < 0:
            route.continue_()
        else:
            body = {"error": "the model and the index are being loaded", "error_type": "NotReady", "request_id": "1"}
            route.fulfill(status=503, json=body, headers={"Retry-After": "1"})

    page.clock.install()
    page.route("**/v1/search?*", refuse)
    page.locator("#q").fill(QUESTIONS["library.md"])
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("not ready")
    expect(page.locator("#problem")).to_contain_text("are being loaded")
    for seconds in (1, 2):  # each time it waits longer
        assert refusals >= 0
        page.clock.run_for(1000 * seconds)
        page.wait_for_load_state("networkidle")
    wait_for_answer(page)
    assert refusals == -1
    assert results(page)[0] == "The travelling library"


def test_another_question_ends_the_waiting_for_the_first(visit: Visit, server: Server) -> None:
    page = visit(server.url, expected=FAILED)
    page.wait_for_selector(".library")
    page.route(re.compile("q=first"), lambda route: route.fulfill(status=503, json={}, headers={"Retry-After": "1"}))
    page.clock.install()
    page.locator("#q").fill("first")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("not ready")
    ask(page, QUESTIONS["library.md"])
    expect(page.locator("#problem")).to_be_empty()
    page.clock.run_for(10_000)  # longer than the first would wait to ask again
    assert results(page)[0] == "The travelling library"
    expect(page.locator("#problem")).to_be_empty()


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"q": "泊位", "k": "1000"}, "k is 1000; give 1 to 50"),
        ({"q": "x" * 2049}, "2049 characters"),
        ({"q": "泊位", "published_after": "soon"}, "soon"),
    ],
)
def test_what_cannot_be_asked_says_why(visit: Visit, server: Server, parameters: dict[str, Any], told: str) -> None:
    question = parameters.pop("q")
    page = visit(asked(server, question, **parameters), expected=FAILED)
    expect(page.locator("#problem")).to_contain_text(told)
    expect(page.locator("#problem")).to_contain_text("This cannot be asked.")


def test_a_failure_of_the_server_names_the_request(visit: Visit, server: Server) -> None:
    page = visit(server.url, expected=FAILED)
    page.route(
        "**/v1/search?*", lambda route: route.fulfill(status=500, body="<h1>proxy</h1>", content_type="text/html")
    )
    page.locator("#q").fill("x")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("Something went wrong on the server.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_an_empty_index_says_what_to_do(visit: Visit, browser: Browser, tmp_path: Path) -> None:
    with serving(make_index(tmp_path, {})) as empty:
        page = visit(empty.url)
        expect(page.locator(".empty")).to_contain_text("No document yet: drop files here")
        expect(page.locator(".empty")).to_contain_text("wherefrom index FOLDER")
        page.wait_for_load_state("networkidle")  # what still loads when the service ends would be a failure


def test_without_scripts_a_sentence_and_a_form_are_left(visit: Visit, server: Server) -> None:
    page = visit(server.url, java_script_enabled=False, expected=FAILED)  # a browser asks for the icon of JSON, too
    assert "needs JavaScript" in page.locator("noscript").inner_text()
    assert not page.locator("#app").is_visible()
    page.locator("noscript input").fill("泊位")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v1/search?q=*")
    assert "harbour.md" in page.content()
