"""A person and a real service: a PDF is added, read, asked, seen as it was printed, and gone when it is deleted."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.corpus.files.file_makers import column, make_pdf
from tests.server_fixtures import Server, serving
from tests.service.web.page_fixtures import (
    FAILED,
    Browser,
    Page,
    Visit,
    ask,
    browser,
    chromium,
    expect,
    marked,
    results,
    visit,
    wait_for_answer,
)
from tests.service_fixtures import READ_KEY, WRITE_KEY

__all__ = ["browser", "chromium", "visit"]

QUESTION = "How many geese does the warden of the marsh count?"
ANSWER = "The warden of the marsh counts 41 geese at dawn."
PAGES = (
    "Yearbook of the marsh. This page tells of the weather and the tides, and of nothing else at all.",
    f"{ANSWER} In the evening nobody counts them.",
    "The third page lists the names of the boats, from the Albatross to the Wren.",
)


@pytest.fixture(scope="module")
def living(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service without documents, which can be written with the key that it prints."""
    with serving(tmp_path_factory.mktemp("living") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def yearbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "yearbook.pdf"
    return make_pdf(path, [column(text) for text in PAGES], title="Yearbook of the marsh")


def add(page: Page, *paths: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add files").click()
    chooser.value.set_files(paths)


def yellow(page: Page) -> int:
    """Return how many pixels of the printed page are marked."""
    script = """() => {
        const { width, height } = document.querySelector("canvas");
        const copy = new OffscreenCanvas(width, height).getContext("2d");
        copy.drawImage(document.querySelector("canvas"), 0, 0);
        const pixels = copy.getImageData(0, 0, width, height).data;
        let count = 0;
        for (let at = 0; at < pixels.length; at += 4) if (pixels[at] - pixels[at + 2] > 60) count++;
        return count;
    }"""
    count: int = page.evaluate(script)
    return count


def test_a_document_lives_from_its_upload_to_its_end(visit: Visit, living: Server, yearbook: Path) -> None:
    assert living.write_url is not None
    page = visit(living.write_url)
    expect(page.locator(".empty")).to_contain_text("No document yet: drop files here")
    assert "#" not in page.url
    add(page, yearbook)
    row = page.locator(".upload")
    expect(row).to_contain_text(re.compile(r"Ready · 3 pages · \S+ passages?"))
    expect(page.locator(".library")).to_contain_text("Yearbook of the marsh")
    row.get_by_role("link", name="Ask it").click()
    ask(page, QUESTION)
    expect(page.locator(".result").first).to_contain_text("41 geese")
    expect(page.locator(".result .dateline").first).to_contain_text("p. 2")
    page.locator(".answer").get_by_role("link").click()
    assert "41geese" in marked(page)
    picture = page.get_by_role("img", name="Page 2 of 3 of “Yearbook of the marsh”")
    expect(picture).to_have_accessible_name(re.compile("The quote is marked.$"))
    assert yellow(page) > 500
    expect(page.locator(".page-tools [role=status]")).to_have_text("Page 2 of 3")
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_role("img", name="Page 3 of 3")).to_be_visible()
    expect(page.locator(".page-frame")).to_have_attribute("aria-busy", "false")
    assert yellow(page) == 0
    assert "page=3" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Original file").click()
    assert download.value.path().read_bytes() == yearbook.read_bytes()
    assert download.value.suggested_filename == "yearbook.pdf"
    page.get_by_role("link", name="Documents").click()
    page.get_by_role("button", name="Delete: Yearbook of the marsh").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.locator(".empty")).to_be_visible()
    page.locator(".wordmark").click()
    page.locator("#recent a").first.click()
    page.wait_for_selector("#status .notice")
    assert results(page) == []
    expect(page.locator("#status")).to_contain_text("Nothing here answers this")


def test_what_cannot_be_read_says_why(visit: Visit, living: Server, tmp_path: Path, yearbook: Path) -> None:
    assert living.write_url is not None
    unknown, empty, false = (tmp_path / name for name in ("song.mp3", "empty.txt", "false.pdf"))
    unknown.write_bytes(b"ID3")
    empty.write_bytes(b"")
    false.write_bytes(b"no PDF at all")
    locked = make_pdf(tmp_path / "locked.pdf", [column(ANSWER)], password="marsh")
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 20_100_000)
    page = visit(living.write_url, expected=FAILED)
    add(page, unknown, empty, false, locked, large)
    failed = page.locator(".upload[data-state=failed] .reason")
    expect(failed).to_contain_text(
        [".mp3 is not read", "the file is empty", "it is no PDF", "locked by a password", "This file is too large."]
    )
    page.get_by_role("button", name="中文").click()
    expect(failed).to_contain_text(["不支持这种文件", "文件是空的", "与扩展名不符", "请去掉密码", "文件太大"])


def test_keys_that_are_set_are_asked_for_and_collections_kept_apart(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text(ANSWER, "utf-8")
    keys = {"WHEREFROM_READ_KEYS": READ_KEY, "WHEREFROM_WRITE_KEYS": WRITE_KEY}
    with serving(tmp_path / "data", **keys) as server:
        page = visit(f"{server.url}/library", expected=FAILED)
        page.get_by_label("Read key").fill(READ_KEY)
        page.keyboard.press("Enter")
        expect(page.locator(".empty")).to_be_visible()
        page.get_by_role("button", name="Add files").click()
        page.get_by_label("Write key").fill(READ_KEY)
        page.keyboard.press("Enter")
        add(page, notes)
        expect(page.locator("#uploads .needed")).to_contain_text("This key may not write here.")
        page.get_by_label("Write key").fill(WRITE_KEY)
        page.keyboard.press("Enter")
        expect(page.locator(".upload")).to_contain_text("Ready")
        expect(page.locator(".document")).to_have_count(1)
        page.get_by_text("Manage collections").click()
        page.get_by_label("New collection").fill("marsh")
        page.keyboard.press("Enter")
        expect(page.locator(".empty")).to_be_visible()
        page.goto(f"{server.url}/?collection=marsh")
        page.locator("#q").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#status .notice")).to_contain_text("There is no document here yet.")
        assert results(page) == []
        page.get_by_role("combobox", name="Collection").select_option("default")
        expect(page.locator(".result").first).to_contain_text("41 geese")
        page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_nobody_is_kept_out_of_writing(visit: Visit, living: Server, yearbook: Path, scheme: str, locale: str) -> None:
    assert living.write_url is not None
    narrow = {"width": 320, "height": 700}
    page = visit(living.write_url, color_scheme=scheme, locale=locale, viewport=narrow, reduced_motion="reduce")
    page.locator("input[type=file]").set_input_files(yearbook)
    page.wait_for_selector(".upload[data-state=done]")
    fits(page)
    page.goto(f"{living.url}/library")
    page.locator("#manage summary").click()
    page.wait_for_selector(".document")
    fits(page)
    page.locator(".document button").first.click()
    fits(page)
    page.keyboard.press("Escape")
    page.locator(".document h2 a").first.click()
    page.wait_for_selector(".page-frame[aria-busy=false]")
    fits(page)
    page.goto(f"{living.url}/?q=geese")
    wait_for_answer(page)
    page.locator("#q").fill("")
    page.wait_for_selector("#recent a")
    fits(page)


def fits(page: Page) -> None:
    """See that nothing is wider than the page, and that axe-core finds nothing that would keep people out."""
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    pytest.importorskip("axe_playwright_python", reason="axe-playwright-python, which carries axe-core, is missing")
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run().then(found => found.violations)")
    grave = [each for each in found if each["impact"] in ("serious", "critical")]
    assert [f"{each['id']}: {json.dumps(each['nodes'][0]['html'])}" for each in grave] == []
