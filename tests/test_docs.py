"""The README tells what is there."""

import re

from index.hash_encoder import HashEncoder
from service.app import create_app
from service.settings import Settings, read_settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    named = set(re.findall(r"`WHEREFROM_([A-Z_]+)`", README))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_route_is_in_the_readme() -> None:
    paths = create_app(read_settings(), lambda name: HashEncoder()).openapi()["paths"]
    assert paths
    for path in paths:
        assert path in README


def test_the_first_commands_are_those_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
