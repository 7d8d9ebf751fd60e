"""Every example of every page is tried as it is written, with the model that comes inside, and shows what it says.

An example of no known kind fails. What is not tried stands in two tables of `examples.py`.
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from corpus.files.folders.metadata import DECODED, FIELDS, METADATA_FILE, read_folder_metadata
from corpus.files.folders.synonym_file import parse_synonyms
from tests.conftest import ROOT
from tests.docs.examples import (
    DATA,
    ELSEWHERE,
    EXAMPLES,
    NOT_TRIED,
    PROGRAMS,
    SHELL,
    Example,
    examples,
    is_elsewhere,
    is_entry,
    named,
    steps,
    typed,
)
from tests.docs.working_copy import WorkingCopy, own
from tests.server_fixtures import Server, environment, wherefrom

TYPED = list(dict.fromkeys(each.page for each in examples(*SHELL) if steps(each.page)))
QUICK_STARTS = ["docs/quick-start.md", "docs/quick-start.zh.md"]
SCORE = re.compile(r"\b[01]\.\d\d+$", re.MULTILINE)
TOLERANCE = 0.02  # of a score, whose last digits are the processor's
# What must come out, by what is asked or typed.
TOLD = {
    r"how many Yunnan workers|2022年有多少": r"14,?809|^\[1\] Labour cooperation between Shanghai and Yunnan",
    r"Liegeplätze|QUESTION": r"36 new berths",
    r"How many new berths": r"新增泊位36个",
    r"Sommermarkt|夏季集市的摊位": r"30 crowns|30元",
    r"wherefrom backup copy": r"copy\.tar is written",
    r"闵行区和保山市": r"1997年",
    r"wherefrom index (notes|FOLDER)": r"1 (added|updated)",
    r"index --prune notes": r"1 removed",
    r"documents list": r"harbour\.md",
    r"wherefrom status": r"10",
    r"wherefrom verify": r"all is as it was stored",
    r"readyz": r"ready",
    r"eval run": r"starter\.jsonl",
    r"client\.put_many": r"36 new berths.*\nsomebody has changed it.*\n1 201\n2 204\n3 text is",
    r"client\.upload": r"\['d_\w+'\]\ntide\.exe: failed: ",
}
REFUSED = re.compile(r"Nothing here answers|\"answerable\": ?false")


def test_every_example_is_of_a_known_kind() -> None:
    for each in EXAMPLES:
        known = each.language in SHELL | PROGRAMS | DATA or is_elsewhere(each)
        assert known, f"{each}: nothing tries {each.language!r}; say in examples.py what does"


def test_nothing_is_left_out_that_is_not_there() -> None:
    code = [f"{each.page} {each.language}\n{each.code}" for each in EXAMPLES]
    assert {pattern for text in code for pattern in named(ELSEWHERE, text)} == set(ELSEWHERE)
    commands = [step.code for each in EXAMPLES if each.language in SHELL for step in typed(each)]
    assert {pattern for text in commands for pattern in named(NOT_TRIED, text)} == set(NOT_TRIED)
    assert all((ROOT / file).exists() for file in ELSEWHERE.values())


def assert_told(code: str, printed: str) -> None:
    """Check that what is asked is answered, and not refused."""
    for pattern in named(TOLD, code):
        assert re.search(TOLD[pattern], printed), (code, printed)
    assert not REFUSED.search(printed), (code, printed)


def assert_printed(shown: str, printed: str) -> None:
    """Check that lines begin what was printed, but for the last digits of scores."""
    lines = printed.splitlines()[: len(shown.splitlines())]
    assert [SCORE.sub("…", line) for line in lines] == [SCORE.sub("…", line) for line in shown.splitlines()]
    scores, expected = (
        [float(each) for each in SCORE.findall("\n".join(text))] for text in (lines, shown.splitlines())
    )
    assert scores == pytest.approx(expected, abs=TOLERANCE)


def assert_shortened(shown: Any, found: Any) -> None:
    """Check that all that an example shows is in an answer; `…` stands for what it leaves out of a text."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            assert_shortened(value, found[name])
    elif isinstance(shown, list):
        assert len(shown) <= len(found)
        for value, of_answer in zip(shown, found, strict=False):
            assert_shortened(value, of_answer)
    elif isinstance(shown, float):
        assert found == pytest.approx(shown, abs=TOLERANCE)
    elif isinstance(shown, str):
        assert re.fullmatch(".*".join(map(re.escape, shown.split("…"))), found, re.DOTALL), (shown, found)
    else:
        assert found == shown


@pytest.mark.model
@pytest.mark.parametrize("page", TYPED)
def test_what_is_typed_does_what_is_told(working_copy: WorkingCopy, page: str) -> None:
    for step in steps(page):
        printed = working_copy.type(step.code)
        assert_told(step.code, printed)
        if step.shown.startswith("{"):
            assert_shortened(json.loads(step.shown), json.loads(printed))
        else:
            assert_printed(step.shown, printed)


@pytest.mark.model
@pytest.mark.parametrize("example", examples("python"), ids=str)
def test_a_program_runs(starter: Server, starter_dir: Path, tmp_path: Path, example: Example) -> None:
    (tmp_path / "data").symlink_to(starter_dir)
    command = [sys.executable, "-W", "error", "-c", own(example.code, starter.url)]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if "print(" in example.code:
        assert_told(example.code, done.stdout)


@pytest.mark.model
@pytest.mark.parametrize("example", examples("javascript"), ids=str)
def test_a_program_for_node_runs(starter: Server, example: Example) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; it runs the examples in JavaScript")
    command = [node, "--input-type=module", "--eval", own(example.code, starter.url)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("example", [each for each in examples("json") if is_entry(each)], ids=str)
def test_an_entry_starts_a_command_that_is_there(example: Example) -> None:
    (entry,) = json.loads(example.code)["mcpServers"].values()
    name, *options = entry["args"]
    assert entry["command"] == "wherefrom"
    assert options[0] in wherefrom(name, "--help")


@pytest.mark.parametrize("example", examples("toml"), ids=str)
def test_metadata_are_read_as_they_are_written(tmp_path: Path, example: Example) -> None:
    (tmp_path / METADATA_FILE).write_text(example.code, "utf-8")
    read = read_folder_metadata(tmp_path)
    assert read is not None
    for name, said in tomllib.loads(example.code).items():
        found = {field: getattr(read[name], field) for field in FIELDS if field in said}
        found |= {field: getattr(read[name].decoding, field) for field in DECODED if field in said}
        assert found | dict(read[name].other) == said


@pytest.mark.parametrize("example", examples("text"), ids=str)
def test_a_file_is_one_of_those_that_are_read(example: Example) -> None:
    if example.page == "docs/synonyms.md":
        read = parse_synonyms(example.code)
        assert read.synonyms
        assert not read.mistakes
    else:
        questions = (ROOT / "eval" / "starter.jsonl").read_text("utf-8").splitlines()
        assert set(example.code.splitlines()) <= set(questions)


def test_no_language_has_steps_of_its_own() -> None:
    """But for what is asked and what documents say, in quotes, and how many passages are wanted."""
    english, chinese = (
        {re.sub(r"\"[^\"]*\"|'[^']*'|-k \d", "…", step.code) for step in steps(page)} for page in QUICK_STARTS
    )
    assert chinese <= english
