"""Files and folders become documents with what is known about them; what cannot be read is told, not lost."""

import os
from pathlib import Path

import pytest

from corpus.document import Document
from corpus.errors import NotFound
from corpus.files.folder import Skipped, find_files, read_documents


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
