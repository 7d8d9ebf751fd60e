"""Files and folders that are dropped on the page."""

import pytest

from tests.service.web.page_fixtures import browser, chromium, expect, server, visit
from tests.service.web.writing_fixtures import Fake, Open, drop, opened

__all__ = ["browser", "chromium", "opened", "server", "visit"]


@pytest.fixture
def fake() -> Fake:
    return Fake()


def test_files_can_be_dropped_anywhere(opened: Open, fake: Fake) -> None:
    page = opened()
    drop(page, "geese.txt", end="dragover")
    expect(page.locator("#veil")).to_be_visible()
    expect(page.locator("#veil")).to_be_hidden()  # they were held elsewhere
    drop(page, "geese.txt", "ducks.txt")
    expect(page.locator("#veil")).to_be_hidden()
    expect(page.locator(".upload")).to_have_count(2)
    expect(page.locator(".upload").last).to_contain_text("In the queue")


def test_a_folder_is_dropped_with_all_that_is_in_it(opened: Open, fake: Fake) -> None:
    page = opened()
    page.evaluate(
        """() => {
            const file = (path) => {
                const name = path.split("/").at(-1);
                return { name, fullPath: path, file: (done) => done(new File(["Geese."], name)) };
            };
            const folder = (path, inside) => {
                const batches = [inside, []];
                const createReader = () => ({ readEntries: (done) => done(batches.shift()) });
                return { name: path.split("/").at(-1), fullPath: path, isDirectory: true, createReader };
            };
            const inside = [file("/marsh/a/notes.md"), file("/marsh/a/.hidden")];
            const others = [file("/marsh/notes.md"), folder("/marsh/a", inside), folder("/marsh/.git", [])];
            const entry = folder("/marsh", others);
            const items = [{ kind: "file", webkitGetAsEntry: () => entry }, { kind: "string" }];
            dispatchEvent(Object.assign(new Event("drop"), { dataTransfer: { types: ["Files"], items } }));
        }"""
    )
    expect(page.locator(".upload[data-state=queued] .name")).to_have_text(["marsh/notes.md", "marsh/a/notes.md"])
    assert [job["source"] for job in fake.jobs.values()] == ["marsh/notes.md", "marsh/a/notes.md"]


def test_a_name_that_deceives_is_shown_as_what_it_is(opened: Open, fake: Fake) -> None:
    page = opened()
    drop(page, "<img src=x onerror=window.pwned=1>\u202efdp.txt")
    expect(page.locator(".upload .name")).to_contain_text("<img src=x onerror=window.pwned=1>")
    expect(page.locator(".upload .control")).to_have_attribute("data-code", "U+202E")
    assert page.evaluate("window.pwned") is None
