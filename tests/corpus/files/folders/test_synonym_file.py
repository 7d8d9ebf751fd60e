"""What a `synonyms.txt` says, line by line, and what a folder that has one finds by it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.files.folders.folder import Skipped
from corpus.files.folders.synonym_file import FILE_LIMIT, SYNONYMS_FILE, parse_synonyms
from corpus.splitting.synonyms import with_synonyms
from corpus.store.sqlite import Store
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.syncing import index_paths
from index.verify import verify
from index.writer import Indexer, rebuild
from tests.command_fixtures import Command
from tests.store_fixtures import state


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("alone", "a word stands alone"),
        ("a, , b", "a word is missing"),
        ("a, b,", "a word is missing"),
        ("=> b", "a word is missing"),
        ("a =>", "a word is missing"),
        ("a => b => c", "more than once"),
        ("a, ……", "no letter or digit"),
        ("a, " + "b" * 51, "a word has 51 characters; it has at most 50"),
        (", ".join(f"w{n}" for n in range(21)), "more than 20 words"),
    ],
)
def test_a_line_with_a_mistake_is_told_and_the_others_hold(line: str, reason: str) -> None:
    read = parse_synonyms(f"甲, 乙\n{line}\r\n丙, 丁")
    (mistake,) = read.mistakes
    assert mistake.startswith("line 2: ") and reason in mistake
    assert sorted(read.synonyms) == ["丁", "丙", "乙", "甲"]


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    read = parse_synonyms(text)
    assert all(others == tuple(dict.fromkeys(others)) for others in read.synonyms.values())
    with_synonyms(text, read.synonyms)


def test_of_many_mistakes_some_are_told() -> None:
    assert parse_synonyms("x\n" * 9).mistakes[-1] == "and 4 more lines"


# A folder with a list


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("两地心手相牵，真情协做，财产兴旺。")
    (folder / "b.txt").write_text("山村的茶园在二〇〇三年建成。")
    return folder


def index(data_dir: Path, folder: Path) -> dict[str, str]:
    with Store.open(data_dir, create=True) as store:
        events = list(index_paths(store, Indexer(store, HashEncoder()), [folder]))
        assert not list(verify(store, data_dir))
    return {e.source if isinstance(e, Skipped) else e.document.source: getattr(e, "outcome", "skipped") for e in events}  # type: ignore[union-attr]


def searched(data_dir: Path) -> Sequence[str]:
    with Store.open(data_dir) as store, store.reading() as reader:
        return list(reader.search_texts(reader.keys()).values())


def test_documents_are_indexed_again_when_a_synonym_of_theirs_changes(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert index(data, folder) == {"a.txt": "added", "b.txt": "added"}
    (folder / SYNONYMS_FILE).write_text("协做, 协作\n")
    assert index(data, folder) == {"a.txt": "updated", "b.txt": "unchanged"}
    assert any("协做(协作)" in text for text in searched(data))
    (folder / SYNONYMS_FILE).write_text("# 改\n协做, 协作\n别的, 其他\n")
    assert index(data, folder) == {"a.txt": "unchanged", "b.txt": "unchanged"}
    (folder / SYNONYMS_FILE).unlink()
    assert index(data, folder) == {"a.txt": "updated", "b.txt": "unchanged"}
    assert not any("协作" in text for text in searched(data))


def test_a_rebuild_keeps_the_synonyms_and_the_state_names_them(folder: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    index(data, folder)
    with Store.open(data) as store:
        without = state(store).corpus_digest
    (folder / SYNONYMS_FILE).write_text("协做, 协作\n")
    index(data, folder)
    before = sorted(searched(data))
    with Store.open(data) as store:
        digest = state(store).corpus_digest
        list(rebuild(store, HashEncoder()))
        assert state(store).corpus_digest == digest != without
    assert sorted(searched(data)) == before


def test_the_other_word_finds_the_passage_and_is_not_quoted(folder: Path, tmp_path: Path) -> None:
    (folder / SYNONYMS_FILE).write_text("财产 => 产业\n")
    index(tmp_path / "data", folder)
    with open_index(tmp_path / "data", lambda name: HashEncoder()) as opened:
        best = opened.searcher.search(Query("产业")).results[0]
    assert best.citation.quote == best.text == (folder / "a.txt").read_text()
    assert best.scores["lexical"] > 0


def test_a_list_holds_for_its_folder_alone(folder: Path, tmp_path: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / SYNONYMS_FILE).write_text("协做, 协作\n")
    (folder / "sub" / "c.txt").write_text("协做")
    index(tmp_path / "data", folder)
    assert sum("协作" in text for text in searched(tmp_path / "data")) == 1


def test_one_file_takes_the_list_of_its_folder_and_the_list_is_no_document(folder: Path, tmp_path: Path) -> None:
    (folder / SYNONYMS_FILE).write_text("协做, 协作\n")
    assert index(tmp_path / "data", folder / "a.txt") == {"a.txt": "added"}
    assert any("协做(协作)" in text for text in searched(tmp_path / "data"))
    assert index(tmp_path / "data", folder / SYNONYMS_FILE) == {SYNONYMS_FILE: "skipped"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "协做, 协作\n产业\n".encode(),
            "line 2: a word stands alone; write two words with a comma or => between them; the other lines hold",
        ),
        (bytes(range(256)), "no UTF-8"),
        (b"a, b\n" * (FILE_LIMIT // 5 + 1), "bytes are more than 1,000,000"),
    ],
)
def test_a_bad_list_is_told_and_the_documents_are_indexed(
    wherefrom: Command, folder: Path, content: bytes, reason: str
) -> None:
    (folder / SYNONYMS_FILE).write_bytes(content)
    done = wherefrom("index", folder).failed(1, "1 file could not be read")
    assert done.out.splitlines()[0] == "2 added"
    told = " ".join(done.out.split())
    assert told.count("skipped synonyms.txt: ") == 1
    assert reason in told
    wherefrom("verify").succeeded()


def test_a_bad_list_is_told_once_for_all_files_of_its_folder(wherefrom: Command, folder: Path) -> None:
    (folder / SYNONYMS_FILE).write_text("产业\n")
    done = wherefrom("index", *sorted(folder.iterdir())).failed(1, "1 file could not be read")
    assert done.out.count("skipped synonyms.txt: line 1") == 1
    assert done.out.splitlines()[0] == "2 added"


def test_lists_of_editors_for_windows_are_read(wherefrom: Command, folder: Path) -> None:
    (folder / SYNONYMS_FILE).write_bytes("协做，协作\r\n# 注\r\n".encode("gb18030"))
    wherefrom("index", folder).succeeded()
    assert any("协做(协作)" in text for text in searched(wherefrom.data_dir))
