"""The page for operators: what is typed in it does what it says, on the database of these tests."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.store.sqlite import Store
from index.oceanbase.address import read_address
from index.oceanbase.connecting import Database
from tests.copying_fixtures import held
from tests.docs.examples import EXAMPLES, NOT_TRIED, named, typed
from tests.docs.working_copy import SERVES, WorkingCopy
from tests.service_fixtures import make_index

PAGE = "docs/cluster.md"
TOLD = "127.0.0.1:2881"  # where the page has the database
BLOCKS = [each for each in EXAMPLES if each.page == PAGE]
STEPS = [
    step.code
    for each in BLOCKS
    if each.language == "console"
    for step in typed(each)
    if not named(NOT_TRIED, step.code)
]
NAMES = {name for code in STEPS for name in re.findall(rf"{TOLD}/(\w+)", code)}
# What must come out, by what is typed.
PRINTED = {
    r"wherefrom ask": r"14,809 rural workers",
    r"wherefrom index corpus/documents --store": r"9 added",
    r"wherefrom status": r"documents +9\b",
    r"wherefrom verify": r"all is as it was stored",
    r"wherefrom backup": r"monday\.tar\.gz is written",
}


@pytest.fixture
def here(database: Database) -> Iterator[str]:
    """Where the database is, without any of those that the page makes."""

    def clear() -> None:
        for name in NAMES:
            database.alone(f"DROP DATABASE IF EXISTS {name}")

    clear()
    yield f"{database.address.host}:{database.address.port}"
    clear()


@pytest.mark.model
@pytest.mark.timeout(900)  # a dozen processes, most of which load the model
def test_what_is_typed_does_what_is_told(here: str, model_cache: Path, tmp_path: Path) -> None:
    assert NAMES == {"wherefrom", "moved"}
    assert any(SERVES.search(code) for code in STEPS)
    folder = tmp_path / "wherefrom"
    with WorkingCopy(folder, "", make_index(tmp_path), model_cache) as copy:
        for code in STEPS:
            printed = copy.type(code.replace(TOLD, here))
            for pattern in named(PRINTED, code):
                assert re.search(PRINTED[pattern], printed), (code, printed)
    with Store.open(folder / "data") as own, Store.open(folder / "back") as back:
        assert held(back) == held(own), "what was moved there and back is what it was"


def test_a_user_may_be_made_as_the_page_says(database: Database) -> None:
    (statements,) = [each.code for each in BLOCKS if each.language == "sql"]
    statements = statements.replace("wherefrom", "told_by_the_page").replace("…", "a-password")
    address = database.address
    try:
        for statement in filter(None, map(str.strip, statements.split(";"))):
            database.alone(statement)
        user = read_address(
            f"oceanbase://told_by_the_page@{address.host}:{address.port}/told_by_the_page", "a-password"
        )
        theirs = Database(user)
        theirs.prepare()
        assert theirs.check() > 0
        theirs.close()
    finally:
        database.alone("DROP DATABASE IF EXISTS told_by_the_page")
        database.alone("DROP USER IF EXISTS told_by_the_page")
