"""Archives are read as the folders that they were packed from, and nothing of them leads elsewhere."""

import shutil
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Document
from corpus.errors import UnreadableFile
from corpus.files import archive, members
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from tests.corpus.files.archive_makers import linked, locked, named_in, read_one, zipped

QUAY, CRANE = "The quay is 300 metres long.", "The crane lifts 40 tonnes."


def test_files_are_named_by_their_archive(tmp_path: Path) -> None:
    documents, skipped = read_one(
        tmp_path / "port.zip", zipped({"a/quay.txt": QUAY, "crane.md": f"# Crane\n\n{CRANE}"})
    )
    assert {source: each.text for source, each in documents.items()} == {
        "port.zip/a/quay.txt": QUAY,
        "port.zip/crane.md": f"# Crane\n\n{CRANE}",
    }
    assert not skipped


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_to_pack(tmp_path: Path, how: int) -> None:
    documents, skipped = read_one(tmp_path / "port.zip", zipped({"quay.txt": QUAY}, how))
    assert [each.text for each in documents.values()] == [QUAY]
    assert not skipped


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("gb18030", ["年度报告/第一章.txt", "年度报告/第二章.txt"]),
        ("cp950", ["年度報告/第一章.txt", "會議記錄.txt"]),
        ("gb18030", ["档案/制度/食堂采购细则.txt", "档案/船员名册.csv"]),
        ("gb18030", ["合同.txt"]),
        ("cp932", ["新しい書類/記録.txt"]),
        ("cp949", ["새 문서/계약서.txt"]),
        ("cp437", ["Maße ┌─┐.txt"]),
        ("utf-8", ["年度报告.txt", "Übersicht.txt", "отчёт.txt"]),
        ("cp437", ["Übersicht.txt", "Señales y tarifas.txt"]),
    ],
)
def test_names_without_a_mark_are_told_by_their_bytes(tmp_path: Path, encoding: str, names: list[str]) -> None:
    documents, skipped = read_one(tmp_path / "old.zip", named_in(encoding, dict.fromkeys(names, QUAY)))
    assert sorted(documents) == sorted(f"old.zip/{name}" for name in names)
    assert not skipped


def test_names_with_backslashes_are_paths(tmp_path: Path) -> None:
    documents, _ = read_one(tmp_path / "net.zip", zipped({"port\\quay.txt": QUAY}))
    assert list(documents) == ["net.zip/port/quay.txt"]


@pytest.mark.parametrize(
    "name", ["../../quay.txt", "/etc/quay.txt", "C:\\quay.txt", "a/../../quay.txt", "\\\\host\\quay.txt"]
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    documents, skipped = read_one(tmp_path / "port.zip", zipped({name: QUAY, "crane.txt": CRANE}))
    assert list(documents) == ["port.zip/crane.txt"]
    ((_, reason),) = skipped.items()
    assert "leads out of the archive" in reason
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["port.zip"]


def test_names_that_cannot_be(tmp_path: Path) -> None:
    files = {
        f"{'n' * 300}.txt": QUAY,
        "un\u202eseen.txt": QUAY,
        "a.txt": QUAY,
        "a.txt/b.txt": CRANE,
        "crane.txt": CRANE,
    }
    documents, skipped = read_one(tmp_path / "port.zip", zipped(files))
    assert list(documents) == ["port.zip/a.txt", "port.zip/crane.txt"]
    assert len(skipped) == 3


def test_links_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The key is under the mat.")
    documents, skipped = read_one(tmp_path / "port.zip", linked("quay.txt", str(secret)))
    assert not documents
    assert "it is a link" in skipped["port.zip/quay.txt"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_files_of_a_name_neither_is_taken(tmp_path: Path) -> None:
    documents, skipped = read_one(
        tmp_path / "port.zip", zipped([("quay.txt", QUAY), ("quay.txt", CRANE), ("b.txt", QUAY)])
    )
    assert list(documents) == ["port.zip/b.txt"]
    assert "several files in it have this name" in skipped["port.zip/quay.txt"]


def test_what_a_password_locks_is_told(tmp_path: Path) -> None:
    whole = zipped({"quay.txt": QUAY, "crane.txt": CRANE})
    documents, skipped = read_one(tmp_path / "port.zip", locked(whole, "quay.txt"))
    assert list(documents) == ["port.zip/crane.txt"]
    assert "locked by a password" in skipped["port.zip/quay.txt"]
    documents, skipped = read_one(tmp_path / "port.zip", locked(whole))
    assert not documents
    assert list(skipped) == ["port.zip"]
    assert "locked by a password" in skipped["port.zip"]


def test_kinds_that_are_not_read_are_told_once_with_their_number(tmp_path: Path) -> None:
    files = {"quay.txt": QUAY, "a.exe": "x", "b.exe": "x", "c.dll": "x", "Makefile.": "x", ".git/config.txt": "x"}
    documents, skipped = read_one(tmp_path / "port.zip", zipped(files))
    assert list(documents) == ["port.zip/quay.txt"]
    assert skipped == {"port.zip": "files in it that are not read: 4 (2 .exe, 1 .dll, 1 without ending)"}


def test_side_files_in_an_archive_are_those_of_its_folders(tmp_path: Path) -> None:
    said = '["quay.txt"]\ntitle = "The long quay"\npublished = "2024-05-06"\n'
    files = {"port/quay.txt": QUAY, "port/documents.toml": said, "port/synonyms.txt": "quay, pier\n", "README": "x"}
    documents, _ = read_one(tmp_path / "port.zip", zipped(files))
    (document,) = documents.values()
    assert (document.title, document.published, dict(document.synonyms)) == (
        "The long quay",
        "2024-05-06",
        {"quay": ("pier",)},
    )


def test_what_is_said_of_an_archive_holds_for_its_files_but_for_the_title(tmp_path: Path) -> None:
    said = '["port.zip"]\ntitle = "Papers"\npublisher = "The port"\npublished = "2024"\nberth = "7"\n'
    (tmp_path / "documents.toml").write_text(said)
    inner = '["quay.txt"]\npublished = "2025"\n'
    content = zipped({"quay.txt": QUAY, "crane.txt": CRANE, "documents.toml": inner})
    documents, _ = read_one(tmp_path / "port.zip", content)
    quay, crane = documents["port.zip/quay.txt"], documents["port.zip/crane.txt"]
    assert (quay.title, quay.publisher, quay.published, quay.metadata) == (QUAY, "The port", "2025", {"berth": "7"})
    assert (crane.publisher, crane.published) == ("The port", "2024")


def of_version(version: int) -> bytes:
    """Return a ZIP that says that it takes a later version of the format to unpack it."""
    whole = zipped({"quay.txt": QUAY})
    return whole.replace(b"PK\1\2\x14\3\x14", b"PK\1\2\x14\3" + bytes([version]))


def nested(depth: int, files: dict[str, str]) -> bytes:
    content = zipped(files)
    for _ in range(depth - 1):
        content = zipped({"in.zip": content, "beside.txt": CRANE})
    return content


def test_archives_in_archives(tmp_path: Path) -> None:
    documents, skipped = read_one(tmp_path / "a.zip", nested(3, {"quay.txt": QUAY}))
    assert sorted(documents) == ["a.zip/beside.txt", "a.zip/in.zip/beside.txt", "a.zip/in.zip/in.zip/quay.txt"]
    assert not skipped
    documents, skipped = read_one(tmp_path / "a.zip", nested(4, {"quay.txt": QUAY}))
    assert len(documents) == 3
    assert list(skipped) == ["a.zip/in.zip/in.zip/in.zip"]
    assert "packed in more than 2 others" in skipped["a.zip/in.zip/in.zip/in.zip"]


def test_bounds_of_all_that_is_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    inner = zipped({f"{number}.txt": QUAY for number in range(2)})
    documents, skipped = read_one(tmp_path / "a.zip", zipped({"in.zip": inner, "too.zip": inner}))
    assert sorted(documents) == []
    assert set(skipped) == {"a.zip/in.zip", "a.zip/too.zip"}


def test_a_member_that_is_damaged_costs_itself_only(tmp_path: Path) -> None:
    whole = zipped({"crane.txt": CRANE, "quay.txt": QUAY}, zipfile.ZIP_STORED)
    documents, skipped = read_one(tmp_path / "port.zip", whole.replace(b"300 metres", b"900 metres"))
    assert list(documents) == ["port.zip/crane.txt"]
    assert "damaged in the archive" in skipped["port.zip/quay.txt"]


@pytest.mark.parametrize(
    "content", [b"PK\3\4 and no more", of_version(99), zipped({"quay.txt": QUAY})[:-30], b"PK\3\4" + bytes(500)]
)
def test_what_is_no_archive(tmp_path: Path, content: bytes) -> None:
    documents, skipped = read_one(tmp_path / "port.zip", content)
    assert not documents
    assert list(skipped) == ["port.zip"]


def test_an_empty_archive_is_told(tmp_path: Path) -> None:
    documents, skipped = read_one(tmp_path / "port.zip", zipped({}))
    assert not documents
    assert "empty" in skipped["port.zip"]


def test_bombs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents, skipped = read_one(tmp_path / "a.zip", zipped({"a.txt": bytes(15_000_000), "quay.txt": QUAY}))
    assert list(documents) == ["a.zip/quay.txt"]
    assert "200 times" in skipped["a.zip/a.txt"]
    monkeypatch.setattr(archive, "MOST_FILES", 2)
    with TemporaryDirectory() as folder, pytest.raises(UnreadableFile, match="3 files, more than the 2"):
        (tmp_path / "many.zip").write_bytes(zipped({f"{number}.txt": QUAY for number in range(3)}))
        archive.read(tmp_path / "many.zip", Path(folder))


TREES = st.dictionaries(
    st.sampled_from(
        ["quay.txt", "deep/crane.md", "deep/河.txt", "deep/er/quay.txt", "x.bin", "deep/.hidden.txt", "README.md"]
    ),
    st.sampled_from([QUAY, f"# Crane\n\n{CRANE}", "河很长。\n\n2019年种了两万棵树。", "  \n", ""]),
    min_size=1,
)
SIDE = st.dictionaries(
    st.sampled_from(["documents.toml", "deep/documents.toml", "deep/synonyms.txt"]),
    st.sampled_from(
        ['["crane.md"]\ntitle = "C"\n', '["quay.txt"]\npublished = "no day"\n', "no TOML [", "crane, hoist\n"]
    ),
)


def told(path: Path) -> tuple[list[object], set[tuple[str, str]]]:
    documents: list[object] = []
    skipped = set()
    for found in read_documents([path]):
        if isinstance(found, Skipped):
            skipped.add((found.source, found.reason) if found.failed else ("", ""))
        else:
            document: Document = found[1]
            documents.append((document.source, document.text, document.title, document.published, document.synonyms))
    return documents, skipped - {("", "")}


@settings(max_examples=10, deadline=None)
@given(TREES, SIDE)
def test_an_archive_is_read_as_the_folder_that_it_was_packed_from(tree: dict[str, str], side: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        unpacked, packed = Path(folder, "unpacked"), Path(folder, "packed")
        packed.mkdir()
        for name, text in (tree | side).items():
            path = unpacked / "port.zip" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        shutil.make_archive(str(packed / "port"), "zip", unpacked / "port.zip")
        documents, skipped = told(unpacked)
        own = ("port.zip", "the file is empty; nothing can be found in it")  # which no folder says
        assert told(packed) == (documents, skipped) or told(packed) == (documents, skipped | {own})
