"""Files that are chosen or dropped: sent, followed until they can be asked, and what stands in the way."""

import json
import re

import pytest

from corpus.files.formats import REGISTRY, suffixes
from tests.server_fixtures import Server
from tests.service.web.page_fixtures import FAILED, browser, chromium, expect, server, visit
from tests.service.web.writing_fixtures import TOKEN, Fake, Open, choose, document, drop, opened

__all__ = ["browser", "chromium", "opened", "server", "visit"]


@pytest.fixture
def fake() -> Fake:
    return Fake()


def test_the_key_of_an_address_is_taken_out_of_it(opened: Open, server: Server) -> None:
    page = opened("/?q=geese&collection=default", f"#write={TOKEN}", expected=FAILED)
    expect(page).to_have_url(f"{server.url}/?q=geese&collection=default")
    assert page.evaluate("Object.values(sessionStorage)") == [TOKEN]
    assert TOKEN not in page.evaluate("JSON.stringify([{...localStorage}, history.state, document.cookie])")


def test_a_file_is_followed_until_it_can_be_asked(opened: Open, fake: Fake) -> None:
    page = opened()
    expect(page.locator(".empty")).to_contain_text("No document yet: drop files here")
    choose(page, "geese.txt")
    row = page.locator(".upload")
    expect(row).to_contain_text("In the queue")
    assert b"Forty-one geese." in fake.bodies[0]
    fake.jobs["j1"].update(state="reading")
    expect(row).to_contain_text("Being read")
    fake.jobs["j1"].update(state="embedding", passages=3, total=8)
    expect(row).to_contain_text("3 of 8 passages")
    assert row.get_by_role("progressbar").evaluate("each => each.value") == 3 / 8
    fake.documents["default"] = [document(1, title="Geese")]
    fake.jobs["j1"].update(state="done", passages=8, pages=2, documents=["d_0001"])
    expect(row).to_contain_text("Ready · 2 pages · 8 passages")
    expect(row.get_by_role("progressbar")).to_be_hidden()
    expect(page.get_by_role("status").filter(has_text="geese.txt can be asked now.")).to_have_count(1)
    expect(page.locator(".library")).to_contain_text("Geese")  # without being asked for
    row.get_by_role("link", name="Ask it").click()
    expect(page.locator(".chip")).to_have_text("Document: Geese")


def test_several_files_each_have_an_end_of_their_own(opened: Open, fake: Fake) -> None:
    fake.refuse = [(413, {"error": "the body has 30000000 bytes; 20000000 are read"})]
    page = opened(expected=FAILED)
    choose(page, "large.txt", "good.txt", "bad.pdf")
    expect(page.locator(".upload")).to_have_count(3)
    expect(page.locator(".upload").first).to_contain_text("This file is too large.")
    expect(page.locator(".upload").nth(2)).to_contain_text("In the queue")
    fake.jobs["j1"].update(state="done", passages=1, documents=["d_0001"])
    fake.jobs["j2"].update(state="failed", reason="bad.pdf: it needs a password")
    expect(page.locator(".upload").nth(1)).to_contain_text("Ready · One passage")
    expect(page.locator(".upload").nth(2)).to_contain_text("it needs a password")
    page.get_by_role("button", name="Clear finished").click()
    expect(page.locator(".upload")).to_have_count(0)
    expect(page.get_by_role("button", name="Add files")).to_be_focused()


def test_more_files_than_there_are_connections_all_end(opened: Open, fake: Fake) -> None:
    page = opened()
    choose(page, *(f"{number}.txt" for number in range(9)))
    expect(page.locator(".upload[data-state=queued]")).to_have_count(9)
    for job in fake.jobs.values():
        job.update(state="done", passages=1, documents=["d_0001"])
    expect(page.locator(".upload[data-state=done]")).to_have_count(9)


def test_a_file_can_be_cancelled_and_sent_again(opened: Open, fake: Fake) -> None:
    page = opened()
    choose(page, "geese.txt")
    expect(page.locator(".upload")).to_contain_text("In the queue")
    page.get_by_role("button", name="Cancel: geese.txt").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".upload")).to_contain_text("Cancelled")
    assert fake.seen[-1][:2] == ("DELETE", "jobs/j1")
    expect(page.get_by_role("button", name="Try again: geese.txt")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".upload")).to_contain_text("In the queue")
    assert len(fake.bodies) == 2


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (415, "cannot be read"),
        (422, "cannot be read"),
        (507, "disk is full"),
        (500, "went wrong"),
        (404, "no such coll"),
    ],
)
def test_a_refusal_is_told_in_words(opened: Open, fake: Fake, status: int, told: str) -> None:
    fake.refuse = [(status, {"error": "what the service says"})]
    page = opened(expected=FAILED)
    choose(page, "geese.txt")
    expect(page.locator(".upload")).to_contain_text(told)
    expect(page.locator(".upload")).to_contain_text("what the service says")


def test_a_service_without_room_is_asked_again(opened: Open, fake: Fake) -> None:
    fake.refuse = [(503, {"error": "too much is waiting"})]
    page = opened(expected=FAILED)
    choose(page, "geese.txt")
    expect(page.locator(".upload")).to_contain_text("In the queue")


def test_a_service_that_is_gone_is_told_and_the_file_kept(opened: Open, fake: Fake) -> None:
    page = opened(expected=FAILED)
    page.wait_for_load_state("networkidle")
    page.route("**/v1/documents?*", lambda route: route.abort("connectionrefused"))
    choose(page, "geese.txt")
    expect(page.locator(".upload")).to_contain_text("The service cannot be reached.")
    page.unroute("**/v1/documents?*")
    page.get_by_role("button", name="Try again: geese.txt").click()
    expect(page.locator(".upload")).to_contain_text("In the queue")


def test_without_a_key_the_control_says_what_to_do(opened: Open, fake: Fake) -> None:
    page = opened(fragment="", expected=FAILED)
    page.get_by_role("button", name="Add files").click()
    needed = page.locator("#uploads .needed")
    expect(needed).to_contain_text("takes a key that may write")
    expect(needed).to_contain_text("#write=")
    expect(page.get_by_label("Write key")).to_be_focused()
    drop(page, "geese.txt")  # and what is dropped is kept until there is a key
    expect(page.locator(".upload")).to_contain_text("Waiting")
    page.get_by_label("Write key").fill("a-key-that-is-wrong")
    page.keyboard.press("Enter")
    expect(needed).to_contain_text("This key may not write here.")
    expect(needed).to_contain_text("set WHEREFROM_WRITE_KEYS")
    page.get_by_label("Write key").fill(TOKEN)
    page.keyboard.press("Enter")
    expect(page.locator(".upload")).to_contain_text("In the queue")
    expect(needed).to_be_empty()


def test_an_address_with_a_key_opens_what_is_open_already(opened: Open, fake: Fake, server: Server) -> None:
    page = opened(fragment="", expected=FAILED)
    drop(page, "geese.txt")
    expect(page.get_by_label("Write key")).to_be_visible()
    page.goto(f"{server.url}/#write={TOKEN}")  # nothing is loaded again
    expect(page.locator(".upload")).to_contain_text("In the queue")


def test_what_runs_already_is_shown_when_the_page_is_opened(opened: Open, fake: Fake) -> None:
    fake.jobs = {
        "j1": fake.job("j1", "old.txt", state="done"),
        "j2": fake.job("j2", "running.txt", state="embedding", passages=1, total=4),
    }
    page = opened()
    expect(page.locator(".upload")).to_have_count(1)
    expect(page.locator(".upload")).to_contain_text("running.txt")
    expect(page.locator(".upload")).to_contain_text("1 of 4 passages")


def test_a_reader_hears_of_each_end_and_not_of_each_step(opened: Open, fake: Fake) -> None:
    page = opened()
    page.evaluate(
        """() => {
            window.heard = [];
            const told = document.querySelector("#uploads .told");
            new MutationObserver(() => heard.push(told.textContent)).observe(told, { childList: true });
        }"""
    )
    choose(page, "geese.txt")
    for passages in range(3):
        expect(page.locator(".upload")).to_contain_text(["In the queue", "1 of 4", "2 of 4"][passages])
        fake.jobs["j1"].update(state="embedding", passages=passages + 1, total=4)
    fake.jobs["j1"].update(state="done", passages=4, documents=["d_0001"])
    expect(page.locator(".upload")).to_contain_text("Ready")
    heard = page.evaluate("heard")
    assert heard == ["geese.txt is being added.", "geese.txt can be asked now."], json.dumps(heard)


def test_an_upload_speaks_the_language_of_the_page(opened: Open, fake: Fake) -> None:
    page = opened()
    choose(page, "geese.txt")
    expect(page.locator(".upload")).to_contain_text("In the queue")
    page.get_by_role("button", name="中文").click()
    expect(page.locator(".upload")).to_contain_text("排队中")
    expect(page.get_by_role("button", name="取消：geese.txt")).to_be_visible()


def test_a_text_that_does_not_show_its_encoding_is_sent_again_with_one(opened: Open, fake: Fake) -> None:
    page = opened()
    choose(page, "names.txt")
    row = page.locator(".upload")
    expect(row).to_contain_text("In the queue")
    reason = "byte 0xF8 at offset 1 (line 1) is no UTF-8, and nothing strong tells another encoding; "
    fake.jobs["j1"].update(state="failed", reason=f"{reason}save it as UTF-8, or name its encoding")
    expect(row.locator(".detail")).to_have_text(
        "Its encoding cannot be told for certain. Save it as UTF-8, or name its encoding."
    )
    page.get_by_role("button", name="中文").click()
    expect(row.locator(".detail")).to_contain_text("无法识别文字编码")
    row.get_by_label("指明编码：names.txt").select_option("windows-1252")
    expect(row).to_contain_text("排队中")
    assert b'name="encoding"' not in fake.bodies[0]
    assert re.search(rb'name="encoding"\s+windows-1252', fake.bodies[1])


def test_the_picker_offers_what_is_read(opened: Open, fake: Fake) -> None:
    page = opened()
    assert page.locator("#uploads input[type=file]").evaluate("each => each.accept.split(',')") == suffixes()
    expect(page.locator(".empty")).to_contain_text(f"What is read: {', '.join(each.name for each in REGISTRY)}.")


def test_what_is_left_out_of_a_file_is_told_and_an_archive_leads_to_all_it_holds(opened: Open, fake: Fake) -> None:
    page = opened()
    choose(page, "minutes.zip")
    expect(page.locator(".upload")).to_contain_text("In the queue")
    reason = "minutes.zip/song.mp3: .mp3 is not read"
    fake.jobs["j1"].update(state="done", passages=12, documents=["d_0001", "d_0002", "d_0003"], reason=reason)
    row = page.locator(".upload")
    expect(row).to_contain_text("Ready · 3 documents to ask · 12 passages")
    expect(row.locator(".reason")).to_have_text(reason)
    expect(row.get_by_role("link")).to_have_text(["All documents"])
    expect(row.get_by_role("link")).to_have_attribute("href", "library")
