"""`wherefrom index`: what becomes of files and folders, good and bad, and what is told of them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from corpus.files.formats import what_is_read
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import load_encoder
from tests.command_fixtures import Command
from tests.conftest import ROOT
from tests.index.test_upgrading import old_store
from tests.service_fixtures import FILES, OtherEncoder, write_files


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return write_files(tmp_path / "files")


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {each["source"]: each["outcome"] for each in report["documents"]}


def test_files_are_added_then_unchanged_then_updated(wherefrom: Command, files: Path) -> None:
    assert wherefrom("index", files).succeeded().out.splitlines()[0] == "3 added"
    assert wherefrom("index", files).succeeded().out.splitlines()[0] == "3 unchanged"
    (files / "library.md").write_text("The library has closed.")
    (files / "new.txt").write_text("A new file.")
    done = wherefrom("index", files).succeeded()
    assert done.out.splitlines()[0] == "1 added, 1 updated, 2 unchanged"
    assert done.out.splitlines()[1].startswith("the index holds 4 documents in ")
    assert done.err == ""


@pytest.mark.parametrize("workers", [(), ("--workers", "1")])
def test_what_was_left_out_of_web_pages_is_told(wherefrom: Command, tmp_path: Path, workers: tuple[str, ...]) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "half.html").write_text('<nav><a href="/">abcdefghij</a></nav><p>klmno pqrst</p>')
    (folder / "note.md").write_text("The slip is closed.")
    done = wherefrom("index", folder, "--model", "hash", *workers).succeeded()
    assert "left out as menus and the like: 50% of 1 web page" in done.out
    report = json.loads(wherefrom("index", folder, "--json", *workers).succeeded().out)
    assert {each["source"]: each["left_out"] for each in report["documents"]} == {"half.html": 0.5, "note.md": None}


def test_the_report_as_json(wherefrom: Command, files: Path) -> None:
    (files / "photo.png").write_bytes(b"\x89PNG")
    report = json.loads(wherefrom("index", files, "--json").succeeded().out)
    assert list(report) == [
        "documents",
        "skipped",
        "unknown",
        "ignored",
        "warnings",
        "removed",
        "prune_refused",
        "index",
    ]
    assert outcomes(report) == dict.fromkeys(FILES, "added")
    assert all(each["passages"] > 0 and each["document_id"].startswith("d_") for each in report["documents"])
    (skipped,) = report["skipped"]
    assert 'save it as PDF, the words of whose pictures are read where "wherefrom[ocr]"' in skipped.pop("reason")
    assert skipped == {"source": "photo.png", "failed": False, "unknown": True}
    assert report["unknown"] == [{"ending": ".png", "files": 1, "names": ["photo.png"]}]
    assert report["index"]["documents"] == 3
    assert report["index"]["passages"] == sum(each["passages"] for each in report["documents"])


def test_what_is_gone_stays_until_it_is_pruned(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files).succeeded()
    (files / "library.md").unlink()
    assert "holds 3 documents" in wherefrom("index", files).succeeded().out
    done = wherefrom("index", files, "--prune").succeeded()
    assert done.out.splitlines()[0] == "2 unchanged, 1 removed"
    assert "holds 2 documents" in done.out
    for file in files.iterdir():
        file.unlink()
    report = json.loads(wherefrom("index", files, "--prune", "--force", "--json").succeeded().out)
    assert len(report["removed"]) == 2
    assert report["index"]["documents"] == 0


def test_a_rebuild_needs_no_files(wherefrom: Command, files: Path) -> None:
    before = json.loads(wherefrom("index", files, "--json").succeeded().out)
    for file in files.iterdir():
        file.unlink()
    after = json.loads(wherefrom("index", "--rebuild", "--json").succeeded().out)
    assert outcomes(after) == dict.fromkeys(FILES, "updated")
    assert after["index"] == before["index"]


def test_another_model_is_refused_until_the_index_is_rebuilt(
    wherefrom: Command, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(choice: ModelChoice, cache_dir: Path, **options: Any) -> Encoder:
        return OtherEncoder() if choice.name == "other" else load_encoder(choice, cache_dir, **options)

    monkeypatch.setattr("service.cli.common.load_encoder", load)
    monkeypatch.delenv("WHEREFROM_MODEL")
    wherefrom("index", files, "--model", "hash").succeeded()
    for command in (["ask", "x"], ["index", files]):
        wherefrom(*command, "--model", "other").failed(1, "name=hash, now it is name=other; run: wherefrom index --reb")
        wherefrom(*command).succeeded()
    wherefrom("index", "--rebuild", "--model", "other").succeeded()
    wherefrom("ask", "x", "--model", "hash").failed(1, "--rebuild")
    assert json.loads(wherefrom("ask", "x", "--json").succeeded().out)["index"]["model"] == "other"
    wherefrom("verify").succeeded()


def test_two_files_of_one_name_are_two_documents(wherefrom: Command, tmp_path: Path) -> None:
    for number in (1, 2):
        write_files(tmp_path / f"folder{number}", {"notes.txt": f"These are the notes of folder {number}."})
    wherefrom("index", tmp_path / "folder1").succeeded()
    done = wherefrom("index", tmp_path / "folder2", tmp_path / "folder1").succeeded()
    assert done.out.splitlines()[0] == "1 added, 1 unchanged"
    assert "holds 2 documents" in done.out
    answer = json.loads(wherefrom("ask", "notes", "--json").succeeded().out)
    assert len({result["document_id"] for result in answer["results"]}) == 2


def test_chinese_of_another_encoding_is_read(wherefrom: Command, tmp_path: Path) -> None:
    text = "海湾渔港的灯塔建于一九三一年，由三名守塔人轮流看守，每人八小时。"
    (tmp_path / "gb.txt").write_bytes(text.encode("gb18030"))
    (tmp_path / "big5.txt").write_bytes("海灣漁港的燈塔由三名守塔人輪流看守，這是他們的工作。".encode("big5"))
    wherefrom("index", tmp_path / "gb.txt", tmp_path / "big5.txt").succeeded()
    results = json.loads(wherefrom("ask", "灯塔建于哪一年", "--json").succeeded().out)["results"]
    assert results[0]["citation"]["quote"] == text
    assert "燈塔" in results[1]["citation"]["quote"]


# What cannot be indexed


def test_nothing_to_index_makes_no_index(wherefrom: Command, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    wherefrom("index", folder).failed(1, f"no documents found; {what_is_read()}")
    wherefrom("index", tmp_path / "nowhere").failed(1, f"{tmp_path / 'nowhere'}: no such file or folder")
    wherefrom("index").failed(2, "index needs a PATH")
    wherefrom("index", folder, "--prune").failed(1, "no index here")
    wherefrom("index", "--rebuild").failed(1, "no index here")
    assert not wherefrom.data_dir.exists()


def test_files_of_unknown_kinds_alone_are_no_success_and_are_told_by_kind(wherefrom: Command, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", {f"{number}.PNG": "x" for number in range(5)})
    write_files(files, {"a.png": "x", "LICENSE": "x", "song.mp3": "x"})
    done = wherefrom("index", files).failed(
        1,
        "no documents found, only 8 files of kinds that are not read (.png: 0.PNG, 1.PNG, 2.PNG and 3 more; "
        "without ending: LICENSE; .mp3: song.mp3); wherefrom reads text, Markdown, ",
    )
    assert done.out.splitlines() == [
        "skipped 0.PNG, 1.PNG, 2.PNG and 3 more: .png is not read",
        "skipped LICENSE: a name without ending is not read",
        "skipped song.mp3: .mp3 is not read",
    ]
    report = json.loads(wherefrom("index", files, "--json").failed(1, "only 8 files").out)
    assert [(each["ending"], each["files"]) for each in report["unknown"]] == [(".png", 6), ("", 1), (".mp3", 1)]
    assert all(each["unknown"] and not each["failed"] for each in report["skipped"])
    assert not wherefrom.data_dir.exists()


def test_of_many_unknown_kinds_the_most_frequent_are_told(wherefrom: Command, tmp_path: Path) -> None:
    files = write_files(tmp_path / "files", {f"x.k{number}": "x" for number in range(20)})
    done = wherefrom("index", files).failed(1, "(.k0: x.k0; .k1: x.k1; .k10: x.k10; ")
    assert "; and 12 other kinds); wherefrom reads" in done.err


def test_a_missing_path_beside_a_good_one_changes_nothing(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files, files / "none.txt").failed(1, "no such file or folder")
    assert not wherefrom.data_dir.exists()


BAD_FILES = {
    "every byte": (bytes(range(256)), "0x80 at offset 128 (line 2) is no UTF-8"),
    "zeros": (bytes(1000), "U+0000 at offset 0"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(200, 256)) * 9, "no UTF-8"),
    "half a character": ("海".encode()[:-1], "no UTF-8"),
    "nothing": (b"", "the file is empty"),
    "spaces": (b" \n\t\n", "the file is empty"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_is_no_text_is_skipped_and_the_others_are_not(wherefrom: Command, files: Path, name: str) -> None:
    content, reason = BAD_FILES[name]
    (files / "bad.txt").write_bytes(content)
    done = wherefrom("index", files).failed(1, "1 file could not be read")
    assert done.out.splitlines()[0] == "3 added"
    (told,) = [line for line in done.out.splitlines() if line.startswith("skipped ")]
    assert told.startswith("skipped bad.txt: ")
    assert reason in told
    wherefrom("verify").succeeded()


def test_a_file_that_became_unreadable_keeps_its_version(wherefrom: Command, files: Path) -> None:
    wherefrom("index", files).succeeded()
    (files / "lighthouse.txt").write_bytes(bytes(range(256)))
    assert "holds 3 documents" in wherefrom("index", files, "--prune").failed(1, "1 file").out
    assert "paraffin" in wherefrom("ask", "How much paraffin?").succeeded().out


def test_a_file_without_permission_is_skipped(wherefrom: Command, files: Path) -> None:
    (files / "lighthouse.txt").chmod(0)
    if os.access(files / "lighthouse.txt", os.R_OK):
        pytest.skip("nothing is unreadable to this user")
    (skipped,) = json.loads(wherefrom("index", files, "--json").failed(1, "1 file").out)["skipped"]
    assert (skipped["source"], skipped["failed"]) == ("lighthouse.txt", True)
    assert "Permission denied" in skipped["reason"]


def test_pipes_and_links_that_lead_nowhere_hold_nothing_up(wherefrom: Command, files: Path) -> None:
    os.mkfifo(files / "pipe.txt")
    (files / "loop.txt").symlink_to("loop.txt")
    (files / "gone.txt").symlink_to("nowhere.txt")
    (files / "circle").symlink_to(files, target_is_directory=True)
    (files / "folder.txt").mkdir()
    # A process of its own, for one that waits for a pipe waits for ever.
    command = [sys.executable, "-m", "service.cli.main", "index", str(files), "--json"]
    done = subprocess.run(
        command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False
    )
    assert "Traceback" not in done.stderr
    assert outcomes(json.loads(done.stdout)) == dict.fromkeys(FILES, "added")


BAD_METADATA = {
    "no TOML": "x = 1\n[",
    "no table": 'title = "x"\n',
    "a number for a title": '["library.md"]\ntitle = 5.5\n',
    "no date": '["library.md"]\npublished = "soon"\n',
}


@pytest.mark.parametrize("name", BAD_METADATA)
def test_metadata_that_are_wrong_are_told(wherefrom: Command, files: Path, name: str) -> None:
    (files / "documents.toml").write_text(BAD_METADATA[name])
    (files / "library.md").write_text("The travelling library owns 6200 books.")
    done = wherefrom("index", files)
    assert done.code in (1, 2)
    assert len(done.err.splitlines()) == 1
    assert "documents.toml" in done.err + done.out or "library.md: published is 'soon'" in done.out


def test_names_of_files_cannot_act_on_the_terminal(wherefrom: Command, files: Path) -> None:
    (files / "\x1b[31mred\nline\u202e.txt").write_bytes(bytes(range(256)))
    done = wherefrom("index", files).failed(1, "1 file")
    assert "skipped [31mred line.txt: " in done.out
    assert not {"\x1b", "\u202e"} & set(done.out + done.err)


def test_a_person_sees_how_far_it_is(files: Path, tmp_path: Path) -> None:
    watched, terminal = os.openpty()
    command = [sys.executable, "-m", "service.cli.main", "index", str(files), "--data-dir", str(tmp_path / "data")]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "WHEREFROM_MODEL": "hash", "TERM": "xterm"}
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=terminal, text=True, timeout=60, check=False
    )
    os.close(terminal)
    seen = os.read(watched, 100_000).decode()
    os.close(watched)
    assert "loading hash" in seen
    assert "indexing: 3 of 3 files, 4 passages" in seen
    assert done.stdout.splitlines()[0] == "3 added"
    assert "\x1b" not in done.stdout


def test_an_index_of_an_older_version_is_upgraded(wherefrom: Command, tmp_path: Path) -> None:
    old = str(old_store(tmp_path / "old", 4))
    wherefrom("ask", "船工", "--data-dir", old).failed(1, "--upgrade")
    done = wherefrom("index", "--upgrade", "--data-dir", old).succeeded()
    assert "4 updated" in done.out
    assert "ferry.md" in wherefrom("ask", "船工共有多少名", "--data-dir", old).succeeded().out
    again = wherefrom("index", "--upgrade", "--data-dir", old).succeeded()
    assert "updated" not in again.out
