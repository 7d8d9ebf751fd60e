"""The README is short, and begins with what to type."""

import re

from corpus.files.kind import CONTAINER_LIMIT, TEXT_LIMIT
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
LONGEST = 60  # lines


def test_the_readme_is_read_in_a_minute() -> None:
    assert len(README.splitlines()) <= LONGEST


def test_it_begins_with_what_to_type() -> None:
    heading, fence, run, test, *_ = [line for line in README.splitlines() if line]
    assert (heading, fence, run.split()[:2], test.split()[:2]) == (
        "# wherefrom", "```sh", ["make", "run"], ["make", "test"]
    )  # fmt: skip
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_it_says_how_large_files_may_be() -> None:
    sizes = [int(each) * 10**6 for each in re.findall(r"of up to (\d+) MB", README)]
    assert sizes == [TEXT_LIMIT, CONTAINER_LIMIT]
