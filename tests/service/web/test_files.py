"""The page's files as the service sends them: their headers, what they may load, and that nothing is missing."""

import json
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from corpus.files.formats import REGISTRY, suffixes
from service.http.page import DOCS, FORMATS, PAGES, WEB
from tests.conftest import ROOT
from tests.http_fixtures import Serving
from tests.service_fixtures import READ_KEY, make_index, settings_of, unservable

FILES = sorted(path for path in WEB.rglob("*") if path.is_file())
ADDRESSES = [*PAGES, *(f"/assets/{path.name}" for path in sorted((WEB / "assets").iterdir()))]
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

# What is left out falls back to default-src, but for the last four, which have no such fallback.
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'",
    "img-src": "'self'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
}  # fmt: skip
DOCS_POLICY = {name: rule for name, rule in POLICY.items() if name != "require-trusted-types-for"} | {
    "style-src": "'self' 'unsafe-inline'", "img-src": "'self' data: blob:", "form-action": "'none'"
}  # fmt: skip


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with Serving(settings_of(make_index(tmp_path_factory.mktemp("page")), read_keys=READ_KEY)) as client:
        yield client


class Tags(HTMLParser):
    """The tags of a page, and what they refer to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_file_keeps_everything_foreign_out(keyed: TestClient, address: str) -> None:
    response = keyed.get(address)
    assert response.status_code == 200
    directives = dict(part.split(maxsplit=1) for part in response.headers["content-security-policy"].split("; "))
    assert directives == (DOCS_POLICY if address == "/docs" else POLICY)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    name = PAGES.get(address, address)
    assert response.headers["content-type"].split(";")[0] == TYPES[Path(name).suffix]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_file_is_sent_again_only_when_it_has_changed(keyed: TestClient, address: str) -> None:
    first = keyed.get(address)
    assert first.headers["cache-control"] == "no-cache"
    again = keyed.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert keyed.get(address, headers={"If-None-Match": '"another"'}).content == first.content
    head = keyed.head(address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


@pytest.mark.parametrize("path", ["/assets/", "/assets/none.js", "/assets/%2e%2e/index.html"])
def test_nothing_else_is_sent(keyed: TestClient, path: str) -> None:
    response = keyed.get(path)
    assert (response.status_code, response.json()["error_type"]) == (404, "NotFound")


@pytest.mark.parametrize("address", ADDRESSES)
def test_files_are_only_read(keyed: TestClient, address: str) -> None:
    assert keyed.post(address).status_code == 405


def test_the_page_answers_while_the_index_is_not_there(tmp_path: Path) -> None:
    with Serving(settings_of(unservable(tmp_path))) as client:
        assert client.get("/readyz").status_code == 503
        assert all(client.get(address).status_code == 200 for address in ADDRESSES)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_no_file_names_an_address_elsewhere(file: Path) -> None:
    named = set(re.findall(r"(?:https?:|[\"'(=])//[\w.-]+\.[a-z]+[^\s\"'`)]*|data:[a-z]", file.read_text("utf-8")))
    assert named <= {"http://www.w3.org/2000/svg"}  # a name, which nobody fetches


@pytest.mark.parametrize("page", PAGES.values())
def test_a_page_has_no_script_or_style_inside_and_refers_to_what_is_there(page: str) -> None:
    tags = Tags((WEB / page).read_text("utf-8"))
    assert "style" not in tags.names
    assert not [name for name, _ in tags.attributes if name == "style" or name.startswith("on")]
    sources = [value for name, value in tags.attributes if name in ("src", "href") and value.startswith("assets/")]
    assert {Path(source).suffix for source in sources} == {".js", ".svg"} | ({".css"} if page != DOCS else set())
    assert all((WEB / source).is_file() for source in sources)
    assert "noscript" in tags.names


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_or_code_of_text(script: Path) -> None:
    text = script.read_text("utf-8")
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|\beval\b|new Function|\.on\w+ ="
    )
    assert not re.search(forbidden, text)
    for imported in re.findall(r"from \"(.+?)\"", text):
        assert (script.parent / imported).is_file() or imported == f"./{Path(FORMATS).name}", imported


def test_the_page_is_told_what_is_read(keyed: TestClient) -> None:
    response = keyed.get(FORMATS)
    assert response.headers["content-type"].split(";")[0] == TYPES[".js"]
    assert response.headers["content-security-policy"] == keyed.get("/").headers["content-security-policy"]
    endings, names = re.findall(r"export const \w+ = (\[.*\]);\n", response.text)
    assert json.loads(endings) == suffixes()
    assert json.loads(names) == [each.name for each in REGISTRY]


def sentences(language: str) -> dict[str, str]:
    table = (WEB / "assets" / f"{language}.js").read_text("utf-8")
    return dict(re.findall(r"^  (\w+): \"(.*)\",$", table, re.MULTILINE))


def test_both_languages_say_the_same() -> None:
    english, chinese = sentences("english"), sentences("chinese")
    assert english
    assert list(english) == list(chinese)
    for name, sentence in english.items():
        assert set(re.findall(r"\{\w+\}", sentence)) == set(re.findall(r"\{\w+\}", chinese[name])), name


def test_every_sentence_is_used_and_every_one_used_is_there() -> None:
    tables = ("english.js", "chinese.js")
    texts = "".join(path.read_text("utf-8") for path in FILES if path.name not in tables)
    asked = set(re.findall(r"\bt\(\"(\w+)\"|data-[a-z-]+=\"(\w+)\"", texts))
    assert {name for pair in asked for name in pair if name} <= set(sentences("english"))
    unused = [name for name in sentences("english") if not re.search(rf"[\"(.]{name}\b", texts)]
    assert unused == []


def test_every_file_is_in_the_package() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"][
        "service"
    ]
    for file in FILES:
        name = file.relative_to(WEB.parent).as_posix()
        assert any(fnmatch(name, pattern) and name.count("/") == pattern.count("/") for pattern in patterns), name
