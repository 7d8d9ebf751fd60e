"""The interactive documentation in Chromium: it asks the service, and does nothing that its policy forbids."""

from tests.server_fixtures import Server
from tests.service.web.page_fixtures import Visit, browser, chromium, expect, server, visit

__all__ = ["browser", "chromium", "server", "visit"]


def test_the_documentation_asks_the_service(visit: Visit, server: Server) -> None:
    page = visit(f"{server.url}/docs")
    operation = page.locator("#operations-search-search_by_url_v1_search_get")
    operation.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("tr[data-param-name=q] input").first.fill("How many villages does the library visit?")
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(operation.locator(".live-responses-table .highlight-code").first).to_contain_text("travelling library")


def test_no_other_site_may_frame_it(visit: Visit, server: Server) -> None:
    page = visit("data:text/html,<p>elsewhere</p>", expected="")
    page.set_content(f"<iframe src='{server.url}/docs'></iframe>")
    frame = page.frames[-1]
    assert "swagger" not in frame.content()
