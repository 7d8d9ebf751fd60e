"""`documents.toml` and `synonyms.txt`: read inside the folder only, never quoted; their mistakes cost little."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.folders.metadata import FILE_LIMIT, METADATA_FILE
from corpus.files.folders.synonym_file import SYNONYMS_FILE
from corpus.store.sqlite import Store
from tests.command_fixtures import Command, documents
from tests.conftest import ROOT

SECRET = "hunter2"
TITLED = '["a.txt"]\ntitle = "The first"\n["b.txt"]\ntitle = "The second"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "other").mkdir(parents=True)
    (folder / "a.txt").write_text("两地真情协做，财产兴旺。")
    (folder / "b.txt").write_text("The ferry sails at noon.")
    (folder / "other" / "c.txt").write_text("The lighthouse is lit at dusk.")
    (folder / METADATA_FILE).write_text(TITLED)
    (folder / SYNONYMS_FILE).write_text("协做, 协作\n")
    return folder


def titles(wherefrom: Command) -> dict[str, str]:
    listed = wherefrom("documents", "list", "--json").succeeded().out
    return {each["source"]: each["title"] for each in json.loads(listed)["documents"]}


def skipped(*paths: Path) -> dict[str, str]:
    return {each.source: each.reason for each in read_documents(paths) if isinstance(each, Skipped)}


def make_special(path: Path, kind: str, away: Path) -> None:
    """Put something else in the place of a side file."""
    path.unlink()
    if kind == "link out":
        (away / "secrets").write_text(f"{SECRET}\n")
        path.symlink_to(away / "secrets")
    elif kind == "link to a device":
        path.symlink_to("/dev/zero")
    elif kind == "link to nowhere":
        path.symlink_to("nowhere")
    elif kind == "link in a circle":
        path.symlink_to(path.name)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "huge":
        with path.open("wb") as file:
            file.truncate(1 << 40)  # it takes no room on the disk
    else:
        path.write_bytes(bytes(range(256)))


SPECIAL = {
    "link out": "leads out of the folder",
    "link to a device": "leads out of the folder",
    "link to nowhere": "leads nowhere",
    "link in a circle": "leads nowhere",
    "pipe": "no regular file",
    "folder": "no regular file",
    "huge": "bytes are more than",
    "no text": "no UTF-8",
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_metadata_that_cannot_be_read_cost_their_folder_only(
    wherefrom: Command, folder: Path, tmp_path: Path, kind: str
) -> None:
    wherefrom("index", folder).succeeded()
    (folder / "a.txt").write_text("协做 changed.")
    (folder / "other" / "d.txt").write_text("A new file.")
    make_special(folder / METADATA_FILE, kind, tmp_path)
    done = wherefrom("index", folder).failed(1, "2 files could not be read")
    out = " ".join(done.out.split())
    assert out.startswith("1 added, 1 unchanged ")
    for name in ("a.txt", "b.txt"):
        assert f"skipped {name}: {METADATA_FILE}: " in out
    assert SPECIAL[kind] in out
    assert SECRET not in done.out + done.err
    known = titles(wherefrom)
    assert (known["a.txt"], known["b.txt"]) == ("The first", "The second")
    assert set(known) == {"a.txt", "b.txt", "other/c.txt", "other/d.txt"}


@pytest.mark.parametrize("kind", SPECIAL)
def test_synonyms_that_cannot_be_read_cost_nothing(wherefrom: Command, folder: Path, tmp_path: Path, kind: str) -> None:
    wherefrom("index", folder).succeeded()
    make_special(folder / SYNONYMS_FILE, kind, tmp_path)
    (folder / "new.txt").write_text("A new file, 协做.")
    done = wherefrom("index", folder).failed(1, "1 file could not be read")
    out = " ".join(done.out.split())
    assert out.startswith("1 added, 3 unchanged ")  # and so the synonyms of before still hold
    assert f"skipped {SYNONYMS_FILE}: " in out
    assert SPECIAL[kind] in out
    assert SECRET not in done.out + done.err
    (folder / "a.txt").write_text("两地协做。")
    assert "1 updated" in wherefrom("index", folder).out
    assert "两地协做(协作)" in searched(wherefrom)


def searched(wherefrom: Command) -> str:
    with Store.open(wherefrom.data_dir) as store, store.reading() as reader:
        return "\n".join(reader.search_texts(reader.keys()).values())


def test_a_pipe_in_their_place_holds_nothing_up(folder: Path, tmp_path: Path) -> None:
    for name in (METADATA_FILE, SYNONYMS_FILE):
        make_special(folder / name, "pipe", tmp_path)
    # A process of its own, for one that waits for a pipe waits for ever.
    command = [sys.executable, "-m", "service.cli.main", "index", str(folder)]
    variables = os.environ | {"PYTHONPATH": str(ROOT), "WHEREFROM_MODEL": "hash"}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "1 added")


def test_a_link_within_the_folder_is_followed(wherefrom: Command, folder: Path) -> None:
    for name, text in ((METADATA_FILE, '["c.txt"]\ntitle = "The third"\n'), (SYNONYMS_FILE, "lit, lighted\n")):
        (folder / f"shared-{name}").write_text(text)
        (folder / "other" / name).symlink_to(f"../shared-{name}")
    (folder / f"shared-{SYNONYMS_FILE}").rename(folder / ".shared")
    (folder / "other" / SYNONYMS_FILE).unlink()
    (folder / "other" / SYNONYMS_FILE).symlink_to("../.shared")
    wherefrom("index", folder).succeeded()
    assert titles(wherefrom)["other/c.txt"] == "The third"
    assert "lit(lighted)" in searched(wherefrom)


WHOLE = {
    f'["a.txt"]\ntitle = "{SECRET}\n': "line 2, column ",
    f"[{SECRET}]\nx = 1\n[{SECRET}]\n": "line 3, column ",
    f"{SECRET} = ": "end of document",
    f"password = '{SECRET}'": "names no file",
    f"{SECRET} = 1": "names no file",
    f"x = {'9' * 5000}": "is no TOML",
    f"x = {'[' * 3000}": "is no TOML",
    f"['a.txt'.{SECRET}]\n['a.txt']\n['a.txt'.{SECRET}]": "line 3, column ",
}


@pytest.mark.parametrize("toml", WHOLE)
def test_metadata_that_are_no_toml_are_told_by_place(folder: Path, toml: str) -> None:
    (folder / METADATA_FILE).write_text(toml)
    told = skipped(folder)
    assert sorted(told) == ["a.txt", "b.txt"]
    assert all(reason.startswith(f"{METADATA_FILE}: ") and WHOLE[toml] in reason for reason in told.values())
    assert SECRET not in str(told)
    assert skipped(folder / "a.txt") == {"a.txt": told["a.txt"]}


ENTRIES: dict[str, str] = {
    f'["a.txt"]\ntitle = ["{SECRET}"]': "title is no text",
    '["a.txt"]\ntitle = 5.5': "title is no text",
    '["a.txt"]\npublished = true': "published is no text",
    f'["a.txt"]\npublished = "{SECRET}"': "published is no date",
    '["a.txt"]\npublished = "2026-02-30"': "published is no date",
    f'"a.txt" = "{SECRET}"': "it is no table",
    '["a.txt"]\nkey = "\\u0000"': "NUL",
}


@pytest.mark.parametrize("toml", ENTRIES)
def test_a_mistake_about_one_file_costs_that_file_only(wherefrom: Command, folder: Path, toml: str) -> None:
    wherefrom("index", folder).succeeded()
    (folder / METADATA_FILE).write_text(f'{toml}\n["b.txt"]\ntitle = "Another title"\n')
    done = wherefrom("index", folder).failed(1, "1 file could not be read")
    out = " ".join(done.out.split())
    assert out.startswith("1 updated, 1 unchanged ")
    assert f"skipped a.txt: {METADATA_FILE}: " in out and ENTRIES[toml] in out
    assert SECRET not in done.out + done.err
    assert titles(wherefrom) == {
        "a.txt": "The first", "b.txt": "Another title", "other/c.txt": "The lighthouse is lit at dusk.",
    }  # fmt: skip


NAMES: dict[str, str | None] = {
    "gone.txt": "gone.txt",
    SECRET: None,
    f"../{SECRET}.txt": None,
    f"/{SECRET}.txt": None,
    "/etc/passwd": None,
    f"other/{SECRET}.txt": None,
    "a\\u0000.txt": None,
    "x" * 5000: None,
    "x" * 5000 + ".txt": None,
    "": None,
    "..": None,
}


@pytest.mark.parametrize("name", NAMES)
def test_names_of_no_file_are_told(folder: Path, name: str) -> None:
    (folder / METADATA_FILE).write_text(f'{TITLED}["{name}"]\ntitle = "{SECRET}"\n')
    ((source, reason),) = skipped(folder).items()
    if NAMES[name]:
        assert (source, reason) == (name, f"{METADATA_FILE} lists it, but it is not there")
    else:
        assert source == METADATA_FILE
        assert "name no file beside it: 1" in reason
    assert SECRET not in source + reason


def test_lines_of_synonyms_are_told_by_number(folder: Path) -> None:
    lines = [SECRET, f"{SECRET} => a => b", f"{SECRET}, ,", "…", SECRET * 20 + ", b"]
    (folder / SYNONYMS_FILE).write_text("\n".join(lines))
    told = skipped(folder)[SYNONYMS_FILE]
    assert SECRET not in told
    assert all(f"line {number}: " in told for number in range(1, 6))


def test_as_many_metadata_as_are_read_at_most(folder: Path) -> None:
    line = "# a comment that says nothing\n"
    (folder / METADATA_FILE).write_text(TITLED + line * ((FILE_LIMIT - len(TITLED)) // len(line)))
    assert skipped(folder) == {}
    (folder / METADATA_FILE).write_text("#" * (FILE_LIMIT + 1))
    assert sorted(skipped(folder)) == ["a.txt", "b.txt"]


def test_a_document_of_a_folder_whose_metadata_cannot_be_read_is_not_pruned(wherefrom: Command, folder: Path) -> None:
    wherefrom("index", folder).succeeded()
    (folder / METADATA_FILE).write_text("[")
    wherefrom("index", "--prune", folder).failed(1, "2 files could not be read")
    assert len(documents(wherefrom)) == 3
