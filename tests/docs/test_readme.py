"""The README tells what is there."""

import re

from index.models.hashing import HashEncoder
from service.app import create_app
from service.settings import Settings, read_settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"`WHEREFROM_([A-Z_]+)`", README))
    assert named
    assert named <= {name.upper() for name in Settings.model_fields}


def test_every_route_is_in_the_documentation() -> None:
    paths = create_app(read_settings(), lambda name: HashEncoder()).openapi()["paths"]
    assert paths
    api = (ROOT / "docs" / "api.md").read_text("utf-8")
    for path in paths:
        assert f"`GET {path}`" in api or f"`POST {path}`" in api


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), {ROOT / "README.md"}
    while waiting:
        page = waiting.pop()
        reached.add(page)
        links = re.findall(r"\]\((?!https?:)([^)#]+\.md)", page.read_text("utf-8"))
        waiting |= {(page.parent / link).resolve() for link in links} - reached
    assert set((ROOT / "docs").glob("*.md")) <= reached


def test_the_first_commands_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
