"""What the pages name is there: links and their places, files, routes, settings, options, fields."""

import re
from pathlib import Path

import pytest
from starlette.routing import Route

from index.filters.names import NAMES
from index.models.hashing import HashEncoder
from service.app import create_app
from service.platforms.mcp_tools import TOOLS
from service.settings import Settings, read_settings
from tests.conftest import ROOT
from tests.docs.examples import PAGES
from wherefrom import Options

# The first part of a path that is one of this repository.
OURS = "|".join(("corpus", "index", "service", "client", "eval", "tests", "docs", "deploy"))
# Ours, that of the tests, the key with which `python -m eval` asks a service, and those of other programs.
VARIABLES = {f"WHEREFROM_{name.upper()}" for name in Settings.model_fields} | {
    "WHEREFROM_KEY", "SCHEMATHESIS_HOOKS", "HF_HUB_OFFLINE", "GLIBC_TUNABLES", "OTEL_EXPORTER_OTLP_ENDPOINT",
    "WATCHFILES_FORCE_POLLING", "WHEREFROM_TEST_STORE",
}  # fmt: skip


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def test_what_can_be_asked_for_is_all_told() -> None:
    for name in Options.__annotations__:
        assert f"`{name}`" in page("client")
    for tool, described in TOOLS.items():
        assert f"`{tool}`" in page("mcp")
        assert described.answer.model_fields
    for names in NAMES.values():
        assert any(f"`{name}`" in page("dify") for name in names)


def anchors(page: Path) -> set[str]:
    """Return what links may name in a page: its headings in small letters, words joined by hyphens."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    for link, place in re.findall(r"\]\(\s*(?!https?:)([^)#]*)#?([^)]*)\)", path.read_text("utf-8")):
        page = path.parent / link if link else path
        assert page.exists(), link
        assert not place or place in anchors(page), f"{link}#{place}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_are_there(path: Path) -> None:
    for name in re.findall(rf"`((?:{OURS})/[\w./-]*)`", path.read_text("utf-8")):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_names_no_variable_that_is_not_there(path: Path) -> None:
    named = set(re.findall(r"\b(?:WHEREFROM_[A-Z_]+|[A-Z]+(?:_[A-Z]+)+(?==))", path.read_text("utf-8")))
    assert named <= VARIABLES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_setting_may_have_the_value_it_is_given(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in re.findall(r"\b(WHEREFROM_[A-Z_]+)=([^\s`]+)", path.read_text("utf-8")):
        monkeypatch.setenv(name, value)
        found = getattr(read_settings(), name.removeprefix("WHEREFROM_").lower())
        assert (str(found).lower() if isinstance(found, bool) else str(found)) == value


def routes_in(path: Path) -> set[str]:
    return set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", path.read_text("utf-8")))


def test_every_route_is_told_and_no_other() -> None:
    app = create_app(read_settings(), lambda name: HashEncoder())
    described = {f"{method.upper()} {path}" for path, methods in app.openapi()["paths"].items() for method in methods}
    page = {f"GET {route.path}" for route in app.routes if isinstance(route, Route)}
    assert described
    assert described <= routes_in(ROOT / "docs" / "api.md")
    for path in PAGES:
        assert routes_in(path) <= described | page | {"GET /metrics", "POST /mcp"}, path


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), {ROOT / "README.md"}
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = re.findall(r"\]\((?!https?:)([^)#]+\.md)", page.read_text("utf-8"))
        waiting |= {(page.parent / link).resolve() for link in links} - reached
    assert set(ROOT.glob("docs/*.md")) <= reached
