"""What the tests of the page in a browser share: Chromium, a served corpus that is hard to show, and a watched tab."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed; it drives the browser")
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright  # noqa: E402

from tests.server_fixtures import Server, serving  # noqa: E402
from tests.service_fixtures import FILES, make_index, without_space  # noqa: E402

__all__ = ["Browser", "Page", "Route", "expect"]

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE_MS = 10_000
FAILED = "Failed to load resource"  # what Chromium says in the console of every error of HTTP

Visit = Callable[..., Page]

# Before and in the quote there are characters beyond the basic plane, and such as join others to one.
EMOJI = """🚢🐟👩🏽‍🌾 日记 𠮷野家

🌊🌊🌊 早上出海。𠀋字很少见。

## 集市 🧺

👨‍👩‍👧‍👦 一家四口在码头卖了 37 筐鱼。🐟🐟 晚上回家。
"""
# Front matter is all a document can say of itself, so all of it is hostile here.
HOSTILE = """---
title: "<img src=x onerror=window.pwned=1> The <b>bold</b> title"
publisher: "</p><script>window.pwned=2</script>"
published: 2025-02-03
url: "javascript:window.pwned=3"
author: "<svg onload=window.pwned=4>"
---
# <script>window.pwned=5</script> Markup

The smuggler hid 58 crates <img src=x onerror="window.pwned=6"> under the floor. ${window.pwned=7} {{7*7}}

The invoice says \u202egnp.exe\u202c and \u200b\u200b\u200bnothing else of the cargo.
"""
REPRINT = (
    "---\ntitle: {}\npublisher: {}\npublished: {}\n---\nThe bakery at Mill Lane bakes 340 loaves before sunrise.\n"
)
# Everything that Markdown can set, markup of other kinds, and addresses that lead nowhere good; nobody published it.
LEDGER = """# Ledger of the weighing house

🐟🐟 The scales **stand** by the quay, says [the *old* register](https://register.example/scales "1931").

| Season | Weather | Crates weighed |
|---|---|---:|
| Spring | rain | 412 |
| Autumn | | **518** `ok` |

3. weigh the crate
   - note it in the
     ledger
     - page by page
4. ![the brass scales](scales.png) ring the bell

> The sea gives, <img src=x onerror="window.pwned=10"> and takes.

```python
total = sum(crates)  # **not** bold
```

The keeper of the scales earns **nine** `silver coins` a
*week*, as ever before.

The rest is [run](javascript:window.pwned=11) <script>window.pwned=12</script> &lt;b&gt;.
"""
SCALES = "How much does the keeper of the scales earn a week?"
ARABIC = """# سجل الميناء

يبلغ عدد القوارب في الميناء **اثنين وأربعين قاربا**، كما كتب الحارس.
"""
PAGE_FILES = FILES | {
    "ledger.md": LEDGER,
    "arabic.md": ARABIC,
    "emoji.txt": EMOJI,
    "hostile.md": HOSTILE,
    "first.md": REPRINT.format("Early bread", "Morning Post", "2024-01-02"),
    "second.md": REPRINT.format("Bread, early", "Evening Post", "2024-01-03"),
}
# Each finds a document of its own first.
QUESTIONS = {
    "harbour.md": "海湾渔港改造新增了多少泊位",
    "lighthouse.txt": "How much paraffin did the lamp of the lighthouse burn?",
    "library.md": "How many books does the travelling library own?",
    "emoji.txt": "一家四口在码头卖了多少筐鱼",
    "hostile.md": "How many crates did the smuggler hide under the floor?",
    "ledger.md": SCALES,
    "arabic.md": "كم عدد القوارب في الميناء",
}


@pytest.fixture(scope="module")
def chromium() -> str:
    """Where the system's Chromium is."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(NAMES)} is on the PATH; on Debian: apt-get install chromium")
    return path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window, and no longer than for a file of tests: others need an event loop of their own."""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A process that serves the corpus, if there is a browser to look at it."""
    with serving(make_index(tmp_path_factory.mktemp("page"), PAGE_FILES)) as server:
        yield server


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a tab; when the test is over, nothing may have failed in any tab but what was expected to."""
    with watching(browser) as visit:
        yield visit


@pytest.fixture(scope="module")
def tab(browser: Browser, server: Server) -> Iterator[Page]:
    """A tab in which the page's own functions can be called."""
    with watching(browser) as visit:
        yield visit(server.url)


@contextmanager
def watching(browser: Browser) -> Iterator[Visit]:
    contexts, trouble = [], []

    def visit(address: str, *, expected: str = "", **options: Any) -> Page:
        context = browser.new_context(**({"locale": "en-GB", "viewport": {"width": 1200, "height": 900}} | options))
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()

        def watch(message: str) -> None:
            if not expected or expected not in message:
                trouble.append(message)

        page.on("console", lambda message: watch(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: watch(f"error: {error}"))
        page.on("dialog", lambda dialog: watch(f"dialog: {dialog.message}"))
        page.goto(address)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert trouble == []


def asked(server: Server, question: str, **more: str | int) -> str:
    """Return the address of a question."""
    return f"{server.url}/?{httpx2.QueryParams({'q': question, **more})}"


def answer_of(server: Server, question: str, **more: str | int) -> dict[str, Any]:
    """Ask the service itself."""
    answer: dict[str, Any] = httpx2.get(f"{server.url}/v1/search", params={"q": question, **more}).json()
    return answer


def seen(blocks: Iterable[dict[str, Any]], text: str, start: int, end: int, offset: int = 0) -> str:
    """Return what is seen of a range of a document, without white space; its text is given from an offset on."""
    words = ""
    for block in blocks:
        for piece in block.get("pieces", ()):
            words += text[max(piece["start"], start) - offset : max(min(piece["end"], end), start) - offset]
        words += seen(block.get("blocks", ()), text, start, end, offset)
    return without_space(words)


def marked(page: Page) -> str:
    """Return what the page marks, without white space."""
    page.wait_for_selector("#quote")
    return without_space(page.locator("mark").all_text_contents())


def seen_quote(server: Server, citation: dict[str, Any]) -> str:
    """Return what is seen of a quote in its document."""
    address = f"{server.url}/v1/documents/{citation['document_id']}"
    document = httpx2.get(address, params={"layout": "true"}).json()
    whole = [{"pieces": [{"start": 0, "end": len(document["text"])}]}]
    return seen(document["layout"] or whole, document["text"], citation["start"], citation["end"])


def wait_for_answer(page: Page) -> None:
    page.wait_for_selector("#content[aria-busy=false] > *")


def ask(page: Page, question: str) -> None:
    page.locator("#q").fill(question)
    page.keyboard.press("Enter")
    expect(page).to_have_title(f"{question} – wherefrom")
    wait_for_answer(page)


def results(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".result h2").all_inner_texts()]


def altered(
    visit: Visit,
    server: Server,
    change: Callable[[dict[str, Any]], None],
    question: str = QUESTIONS["lighthouse.txt"],
    **options: Any,
) -> Page:
    """Show an answer of the service that was changed on its way."""
    page = visit(server.url, **options)

    def fulfil(route: Route) -> None:
        answer = route.fetch().json()
        change(answer)
        route.fulfill(json=answer)

    page.route("**/v1/search?*", fulfil)
    ask(page, question)
    return page
