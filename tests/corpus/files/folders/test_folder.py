"""Files and folders become documents with what is known about them; what cannot be read is told, not lost."""

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus.document import Document
from corpus.errors import NotFound
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped, find_files
from tests.conftest import ROOT


def read(*paths: Path) -> tuple[dict[str, Document], dict[str, Skipped]]:
    documents, skipped = {}, {}
    for found in read_documents(paths):
        if isinstance(found, Skipped):
            skipped[found.source] = found
        else:
            documents[found[1].source] = found[1]
    return documents, skipped


def test_a_folder_with_metadata_front_matter_and_subfolders(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_bytes("甲说了一件事。\r\n".encode("gb18030"))
    (tmp_path / "sub" / "b.md").write_text("---\ntitle: 乙\npublished: 2026-04-16\ntags: [x, y]\n---\n\n正文。\n")
    (tmp_path / "documents.toml").write_text(
        '["a.txt"]\ntitle = "甲"\npublished = 2023-01-02\nauthor = "某"\nissue = 3\n'
    )
    documents, skipped = read(tmp_path)
    assert not skipped
    assert documents["a.txt"].title == "甲"
    assert documents["a.txt"].published == "2023-01-02"
    assert documents["a.txt"].metadata == {"issue": 3}
    assert documents["a.txt"].text == "甲说了一件事。\n"
    assert documents["sub/b.md"].title == "乙"
    assert documents["sub/b.md"].published == "2026-04-16"
    assert documents["sub/b.md"].metadata == {"tags": ["x", "y"]}
    assert documents["sub/b.md"].text == "\n正文。\n"


def test_a_single_file_takes_its_metadata_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("文。")
    (tmp_path / "documents.toml").write_text('["a.txt"]\ntitle = "甲"\n')
    documents, _ = read(tmp_path / "a.txt")
    assert documents["a.txt"].title == "甲"


def test_what_is_passed_over_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("好。")
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2\3")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "image.png").write_bytes(b"x")
    (tmp_path / ".hidden.txt").write_text("x")
    documents, skipped = read(tmp_path)
    assert list(documents) == ["good.txt"]
    assert {name: each.failed for name, each in skipped.items()} == {
        "binary.txt": True,
        "empty.txt": True,
        "image.png": False,
    }


def test_what_programs_keep_for_themselves_is_not_told(tmp_path: Path) -> None:
    (tmp_path / "lease.txt").write_text("The lease ends in May.")
    for name in ("~$lease.docx", ".lease.txt.swp", ".DS_Store"):
        (tmp_path / name).write_bytes(b"\x05owner")
    documents, skipped = read(tmp_path)
    assert (list(documents), skipped) == (["lease.txt"], {})


def test_a_listed_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "documents.toml").write_text('["gone.txt"]\ntitle = "x"\n')
    (tmp_path / "here.txt").write_text("x.")
    assert read(tmp_path)[1]["gone.txt"].failed


def test_the_readme_of_a_listed_folder_is_about_the_folder(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("About this folder.")
    assert "README.md" in read(tmp_path)[0]
    (tmp_path / "documents.toml").write_text("")
    assert "README.md" in read(tmp_path)[1]
    assert "README.md" in read(tmp_path / "README.md")[0]


def test_a_path_that_does_not_exist_is_no_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        list(find_files([tmp_path / "nowhere"]))


def test_links_out_of_the_folder_and_special_files_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    assert read(folder)[0] == {}


def test_names_and_links_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text("text.")
    documents, skipped = read(tmp_path)
    assert not documents
    assert all(each.failed for each in skipped.values())
    assert len(skipped) == 2


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO])
def test_a_path_that_cannot_be_looked_at_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    stat = Path.stat

    def refuse(self: Path, **options: bool) -> os.stat_result:
        if self.name == "closed.txt":
            raise OSError(number, os.strerror(number), str(self))
        return stat(self, **options)

    (good := tmp_path / "good.txt").write_text("text.")
    monkeypatch.setattr(Path, "stat", refuse)
    documents, skipped = read(tmp_path / "closed.txt", good)
    assert list(documents) == ["good.txt"]
    assert skipped["closed.txt"].failed
    assert os.strerror(number) in skipped["closed.txt"].reason


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root may become another user")
def test_what_another_user_may_not_look_into_is_told() -> None:
    """In a process of its own, which has no rights: permissions say nothing to root."""
    with TemporaryDirectory() as scratch:
        _look_as_another_user(Path(scratch))


def _look_as_another_user(tmp_path: Path) -> None:
    for name in ("open", "closed", "unlisted", "unentered"):
        (folder := tmp_path / "files" / name).mkdir(parents=True)
        (folder / "a.txt").write_text("text.")
    for name, mode in (("closed", 0), ("unlisted", 0o311), ("unentered", 0o644)):
        (tmp_path / "files" / name).chmod(mode)
    tmp_path.chmod(0o755)
    script = (
        "import os, sys, json; from pathlib import Path; from corpus.files.folders.folder import Skipped, find_files;"
        "os.setgroups([]); os.setgid(65534); os.setuid(65534); found = find_files([Path(sys.argv[1])]);"
        "print(json.dumps([[each.source, each.failed] if isinstance(each, Skipped) else each.source"
        " for each in found]))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "files")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [["closed", True], "open/a.txt", ["unentered/a.txt", True], ["unlisted", True]]


def test_folders_may_be_deeper_than_functions_may_call_each_other(tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(1_100):
            Path("d").mkdir()
            os.chdir("d")
        Path("a.txt").write_text("text.")
        documents, skipped = read(tmp_path)
        Path("a.txt").unlink()
        for _ in range(1_100):  # pytest, which removes the folders of earlier runs, could not
            os.chdir("..")
            Path("d").rmdir()
    finally:
        os.chdir(before)
    assert not skipped
    assert [source.count("/") for source in documents] == [1_100]


ODD = ("/dev/zero", "/dev/null", "/proc/self/mem", "/proc/self/environ", "pipe.txt", "to-zero.txt", "sparse.txt")


@pytest.mark.parametrize("name", ODD)
def test_a_path_to_what_is_no_document_is_told(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "to-zero.txt").symlink_to("/dev/zero")
    with (tmp_path / "sparse.txt").open("wb") as file:
        file.truncate(10**12)
    if not (path := tmp_path / name).exists():
        pytest.skip("this system has no such thing")
    documents, (told,) = read(path)[0], read(path)[1].values()
    assert not documents
    assert re.search(r"no regular file|without ending is not read|1,000,000,000,000 bytes are more", told.reason)
