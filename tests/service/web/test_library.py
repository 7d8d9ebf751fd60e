"""The page of the documents: what there is, found by title and language, page by page, and deleted for good."""

import re

import pytest

from tests.service.web.page_fixtures import FAILED, Page, browser, chromium, expect, server, visit
from tests.service.web.writing_fixtures import TOKEN, Fake, Open, document, opened

__all__ = ["browser", "chromium", "opened", "server", "visit"]


@pytest.fixture
def fake() -> Fake:
    chinese = document(0, title="海湾渔港改造通报", language="zh", publisher="海湾日报", published="2024-05-06")
    return Fake([chinese, *(document(number) for number in range(1, 121))])


def titles(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".document h2").all_inner_texts()]


def test_a_document_says_what_it_is(opened: Open) -> None:
    page = opened("/library")
    first = page.locator(".document").first
    expect(first.locator("h2")).to_have_text("海湾渔港改造通报")
    expect(first).to_contain_text("海湾日报")
    expect(first).to_contain_text("6 May 2024")
    expect(first).to_contain_text("report-0.md · Chinese · 1,200 characters · 4 passages")
    expect(first.get_by_role("link", name="海湾渔港改造通报", exact=True)).to_have_attribute(
        "href", "source?document=d_0000"
    )
    first.get_by_role("link", name="Ask it: 海湾渔港改造通报").click()
    expect(page.locator(".chip")).to_have_text("Document: 海湾渔港改造通报")


def test_pages_follow_each_other_and_the_way_back_is_open(opened: Open) -> None:
    page = opened("/library")
    expect(page.locator("#status")).to_have_text("50 documents on this page, and more on the next")
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".document h2").first).to_have_text("Report no. 50")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".document h2").first).to_have_text("Report no. 100")
    expect(page.locator("#status")).to_have_text("21 documents")
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)
    page.reload()
    expect(page.locator(".document h2").first).to_have_text("Report no. 100")
    page.go_back()
    expect(page.locator(".document h2").first).to_have_text("Report no. 50")
    page.get_by_role("link", name="First page").click()
    expect(page.locator(".document h2").first).to_have_text("海湾渔港改造通报")


def test_what_is_typed_is_searched_for_and_is_in_the_address(opened: Open) -> None:
    page = opened("/library")
    field = page.get_by_label("Title or file")
    field.press_sequentially("no. 11")
    expect(page.locator("#status")).to_have_text("11 documents")
    expect(field).to_be_focused()
    assert "q=no.+11" in page.url
    field.fill("no such title")
    expect(page.locator("#status")).to_have_text("No document matches")
    field.fill("")
    expect(page.locator(".document")).to_have_count(50)
    page.get_by_label("Language").select_option(label="Chinese")
    expect(page.locator("#status")).to_have_text("One document")
    page.reload()
    expect(page.locator("#status")).to_have_text("One document")
    expect(page.get_by_label("Language")).to_have_value("zh")
    page.go_back()
    expect(page.locator(".document")).to_have_count(50)
    expect(page.get_by_label("Language")).to_have_value("")


def test_a_document_is_deleted_when_that_was_said_twice(opened: Open, fake: Fake) -> None:
    page = opened("/library?q=no. 12")
    expect(page.locator(".document")).to_have_count(2)
    button = page.get_by_role("button", name="Delete: Report no. 12", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete “Report no. 12”?")
    expect(dialog).to_contain_text("This cannot be undone.")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    assert fake.seen == []
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("“Report no. 12” has been deleted.")
    assert [each[:2] for each in fake.seen] == [("DELETE", "documents/d_0012")]
    assert titles(page) == ["Report no. 120"]
    expect(page.get_by_role("link", name="Report no. 120", exact=True)).to_be_focused()


def test_the_last_document_leaves_an_invitation(opened: Open, fake: Fake) -> None:
    fake.documents["default"] = [document(1)]
    page = opened("/library")
    page.get_by_role("button", name="Delete: Report no. 1").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".empty")).to_contain_text("No document yet: drop files here")
    expect(page.get_by_label("Title or file")).to_be_hidden()


def test_a_key_that_may_not_delete_is_told_so(opened: Open, fake: Fake) -> None:
    page = opened("/library", fragment="#write=a-key-of-yesterday", expected=FAILED)
    page.get_by_role("button", name="Delete: Report no. 1", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator("#uploads .needed")).to_contain_text("This key may not write here.")
    page.get_by_label("Write key").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("“Report no. 1” has been deleted.")


def test_who_may_not_write_is_offered_no_deleting(opened: Open) -> None:
    page = opened("/library", fragment="")
    expect(page.locator(".document")).to_have_count(50)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    expect(page.locator("#manage")).to_be_hidden()
    expect(page.locator("#collections")).to_be_hidden()


def test_collections_are_made_chosen_and_deleted(opened: Open, fake: Fake) -> None:
    page = opened("/library", expected=FAILED)
    page.get_by_text("Manage collections").click()
    name = page.get_by_label("New collection")
    name.fill("Board minutes!")
    page.keyboard.press("Enter")
    expect(page.locator("#create .hint")).to_contain_text("Letters a–z")
    expect(page.locator("#create .hint")).to_have_class("hint wrong")
    name.fill("default")
    page.keyboard.press("Enter")
    expect(page.locator("#create .hint")).to_contain_text("of this name already")
    name.fill("board-minutes")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/library\?collection=board-minutes$"))
    expect(page.locator("#create .hint")).to_have_text("The collection board-minutes has been made.")
    expect(page.locator("#create .hint")).to_have_class("hint")
    expect(page.locator(".empty")).to_be_visible()
    chooser = page.get_by_role("combobox", name="Collection")
    expect(chooser).to_have_value("board-minutes")
    page.get_by_role("button", name="Delete: board-minutes").click()
    page.keyboard.type("board")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("board-minutes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".document")).to_have_count(50)
    assert set(fake.documents) == {"default"}
    expect(page.locator("#manage summary")).to_be_focused()


def test_the_address_holds_the_collection_and_everything_stays_in_it(opened: Open, fake: Fake) -> None:
    fake.documents["board"] = [document(7, title="Minutes of May")]
    page = opened("/library", expected=FAILED)  # the fake answers no questions
    page.get_by_role("combobox", name="Collection").focus()
    page.get_by_role("combobox", name="Collection").select_option("board")
    expect(page.locator(".document h2")).to_have_text(["Minutes of May"])
    expect(page.get_by_role("combobox", name="Collection")).to_be_focused()
    assert page.locator(".document h2 a").get_attribute("href") == "source?document=d_0007&collection=board"
    page.get_by_label("Title or file").press_sequentially("may")
    expect(page).to_have_url(re.compile(r"\?q=may\&collection=board$"))
    page.get_by_role("link", name="Ask it").click()
    expect(page.locator(".chip")).to_have_text("Document: Minutes of May")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").fill("geese")
    with page.expect_request("**/v1/search?*"):
        page.keyboard.press("Enter")
    assert "collection=board" in asked[0]
    page.locator(".wordmark").click()
    expect(page).to_have_url(re.compile(r"/\?collection=board$"))
    expect(page.locator(".library")).to_contain_text("Minutes of May")
    page.get_by_role("combobox", name="Collection").select_option("default")
    expect(page.locator(".count")).to_contain_text("121 documents to ask")
    page.go_back()
    expect(page.locator(".library")).to_contain_text("Minutes of May")


def test_a_collection_that_is_not_there_says_so(opened: Open) -> None:
    for path in ("/library", "/"):
        page = opened(f"{path}?collection=none", expected=FAILED)
        expect(page.locator("#problem")).to_contain_text("There is no such collection.")
        page.get_by_role("link", name="Go to the default collection").click()
        expect(page.locator(".library")).to_be_visible()
