"""Other words for a text's words can be searched for; quotes and offsets stay as they are."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.files.folder import Skipped
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.splitting.synonyms import (
    FILE_LIMIT,
    MOST_ADDED,
    SYNONYMS_FILE,
    Synonyms,
    parse_synonyms,
    synonyms_within,
    with_synonyms,
)
from corpus.store.sqlite import Store
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.syncing import index_paths
from index.verify import verify
from index.writer import Indexer, rebuild
from tests.command_fixtures import Command
from tests.store_fixtures import state

WORDS = st.text(alphabet="协做作财产业", min_size=1, max_size=3)
RULES = st.dictionaries(WORDS, st.lists(WORDS, max_size=2).map(tuple), max_size=6)
TEXTS = st.text(alphabet="协做作财产业。\n", max_size=60)


@pytest.mark.parametrize(
    ("lines", "text", "searched"),
    [
        ("协做, 协作", "两地协做，协作共赢", "两地协做(协作)，协作(协做)共赢"),
        ("协做 => 协作", "协做，协作", "协做(协作)，协作"),
        ("甲, 乙, 丙", "乙", "乙(甲, 丙)"),
        ("甲，乙", "乙", "乙(甲)"),
        ("甲 => 乙\n甲 => 丙", "甲", "甲(乙, 丙)"),
        ("# 甲, 乙\n\n  #丙, 丁\n＃戊, 己", "甲丙戊", "甲丙戊"),
        ("财产 => 产业\n农财产 => 农业", "农财产和财产", "农财产(农业)和财产(产业)"),
        ("取 => 与\n争取 => 争取", "闵行取保山争取", "闵行取(与)保山争取"),
        ("取 => 与\n争取 => 争取", "争取", "争取"),
        ("甲 => 乙\n乙 => 丙", "甲", "甲(乙)"),
        ("甲 => 乙", "甲，甲，甲", "甲(乙)，甲，甲"),
        ("car, automobile", "Cars, a scar and a CAR.", "Cars, a scar and a CAR(automobile)."),
        ("SCA => 精品咖啡协会", "SCA杯测，ISCA", "SCA(精品咖啡协会)杯测，ISCA"),
        ("5g => fifth generation", "15g 5G网", "15g 5G(fifth generation)网"),
        ("rock \\, roll, rock", "rock , roll", "rock , roll(rock)"),
        ("ＡＢＣ, 甲", "abc", "abc(甲)"),
    ],
)
def test_other_words_are_written_after_the_first_place_of_a_word(lines: str, text: str, searched: str) -> None:
    read = parse_synonyms(lines)
    assert not read.mistakes
    assert with_synonyms(text, read.synonyms) == searched


@given(RULES, TEXTS)
def test_the_longest_word_counts_and_what_is_added_is_left_alone(rules: Synonyms, text: str) -> None:
    told = set()

    def added(match: re.Match[str]) -> str:
        if match[0] in told or not rules[match[0]]:
            return match[0]
        told.add(match[0])
        return f"{match[0]}({', '.join(rules[match[0]])})"

    pattern = "|".join(map(re.escape, sorted(rules, key=len, reverse=True)))
    assert with_synonyms(text, rules) == (re.sub(pattern, added, text) if rules else text)


@given(RULES, TEXTS)
def test_passages_keep_their_quotes_and_offsets(rules: Synonyms, text: str) -> None:
    split = make_splitter(SplitterSettings(20, 16), lambda texts: [len(text) for text in texts], 100)
    plain = make_document(text, source="a.txt")
    document = replace(plain, synonyms=synonyms_within(text, rules))
    before, after = split(plain), split(document)
    assert [replace(passage, search_text="") for passage in before] == [
        replace(passage, search_text="") for passage in after
    ]
    # All that is there to be found is kept for the document.
    assert [passage.search_text for passage in after] == [
        with_synonyms(passage.search_text, rules) for passage in before
    ]


def test_a_text_does_not_grow_without_end() -> None:
    rules = {word: ("很长" * 12,) for word in "甲乙丙丁戊己庚辛壬癸"}
    text = "甲乙丙丁戊己庚辛壬癸"
    assert MOST_ADDED - 30 < len(with_synonyms(text, rules)) - len(text) <= MOST_ADDED


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("alone", "'alone' stands alone"),
        ("a, , b", "a word is missing"),
        ("a, b,", "a word is missing"),
        ("=> b", "a word is missing"),
        ("a =>", "a word is missing"),
        ("a => b => c", "more than once"),
        ("a, ……", "no letter or digit"),
        ("a, " + "b" * 51, "has 51 characters; a word has at most 50"),
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


@pytest.fixture
def wherefrom(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    return Command(monkeypatch, capsys, tmp_path / "data")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "协做, 协作\n产业\n".encode(),
            "line 2: '产业' stands alone; write two words with a comma or => between them; the other lines hold",
        ),
        (bytes(range(256)), "neither UTF-8"),
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
