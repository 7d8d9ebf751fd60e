"""Words of other languages than English meet the Chinese ones: names, words by their sound, words of dictionaries."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import StoreDamaged
from corpus.language import detect_language
from index.terms import installed
from index.terms.cldr import names
from index.terms.dictionary import Translation
from index.terms.foreign import translations, words
from index.terms.make_readings import table
from index.terms.readings import words_read
from index.terms.snowball import LONGEST_WORD, phrase_of, placed_stems, stems
from index.terms.terms import LETTERS, PAIR, passage_terms, question_terms, read_question
from tests.index.terms.dictd_files import write_dictd

HAN = re.compile("[\u3400-\u9fff]+")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of dictionaries; what a test uses of it is not used by the next."""
    yield tmp_path / "dictionaries"
    installed.use(tmp_path / "none")


def install(folder: Path, name: str, *entries: tuple[str, str]) -> installed.Pair:
    files = write_dictd(folder.parent, name, entries)
    pair = installed.pair_of(files.index)
    installed.install(files, pair, folder)
    installed.use(folder)
    return pair


def chinese(question: str, language: str) -> list[set[str]]:
    """What each word of a question may be in Chinese, by all but the English dictionary."""
    found = [
        {word for word in each.shares if HAN.fullmatch(word)}
        for each in words(question, language, installed.dictionaries(language))
    ]
    return [of_word for of_word in found if of_word]


def found_by(question: str) -> set[str]:
    """The pairs of characters that a question looks for as translations."""
    return {part for found in read_question(question).synonyms for word in found for part in word}


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("Welche Flüsse hat Deutschland?", "德国"),
        ("Wer baute die deutschen Eisenbahnen?", "德国"),
        ("Quand l'Allemagne a-t-elle construit ce pont ?", "德国"),
        ("Ngoại thương của Tây Ban Nha là bao nhiêu?", "班牙"),
        ("Сколько рек во Франции?", "法国"),
        ("ما هي أطول الأنهار في ألمانيا؟", "德国"),
        ("독일의 강은 몇 개입니까?", "德国"),
        ("ドイツの川はいくつありますか", "德国"),
        ("アメリカの川はいくつありますか", "美国"),
        ("¿Cuántos ríos tiene Moscú?", "莫斯"),
        ("상하이에는 다리가 몇 개 있습니까?", "上海"),
        ("Які річки має Німеччина?", "德国"),
    ],
)
def test_names_of_countries_and_cities_are_found_in_their_forms(question: str, pair: str) -> None:
    assert PAIR + pair in found_by(question)


def test_names_are_looked_for_in_english_as_well() -> None:
    assert LETTERS + "germany" in found_by("Welche Flüsse hat Deutschland?")
    assert {LETTERS + "south", LETTERS + "africa"} <= found_by("Wie groß ist Südafrika?")
    assert {LETTERS + "cote", LETTERS + "ivoire"} <= found_by("столица Кот-д’Ивуара")
    assert LETTERS + "germany" not in found_by("Which rivers does Germany have?")  # it is a word of the question


@pytest.mark.parametrize("question", ["德国有多少条河流？", "上海的人口", "", "?", "2023", "ここはどこですか"])
def test_questions_without_words_to_look_up_have_none(question: str) -> None:
    assert read_question(question).synonyms == []


def test_a_name_of_several_words_is_one_name() -> None:
    (found,) = words("Wie groß ist Südafrika?", "de", ())
    assert found == Translation(13, 22, {"南非": 1.0, "South Africa": 1.0})
    assert {"新西兰"} in chinese("ngoại thương của New Zealand", "vi")
    assert not names("ja").keys() & {"", "アメリカ サモア"}  # アメリカ領サモア is not in katakana alone


def test_one_thing_counts_once_however_it_is_found() -> None:
    for question in ("Thượng Hải ở đâu?", "Wer baute Shanghai?", "Where is Shanghai?"):
        assert [(PAIR + "上海",) in found for found in read_question(question).synonyms].count(True) == 1


@pytest.mark.parametrize(
    ("question", "pair"),
    [
        ("Cơ quan nào phụ trách giáo dục?", "教育"),
        ("Các trường đại học ở Vân Nam", "大学"),
        ("Các trường đại học ở Vân Nam", "云南"),
        (unicodedata.normalize("NFD", "nông nghiệp của tỉnh"), "农业"),
        ("교육 제도는 언제 바뀌었습니까?", "教育"),
        ("운남성의 농업", "农业"),
        ("북경대학교는 어디에 있습니까?", "北京"),
    ],
)
def test_words_that_came_from_chinese_are_told_by_their_sound(question: str, pair: str) -> None:
    assert PAIR + pair in found_by(question)


def test_a_vietnamese_name_need_not_be_in_a_dictionary() -> None:
    assert [(each.start, each.end) for each in words_read("ở Hải Ngọc", "vi") if "海玉" in each.shares] == [(2, 10)]
    assert not any("海玉" in each.shares for each in words_read("ở hải ngọc", "vi"))
    assert not list(words_read("Giáo, dục", "vi"))  # no word goes across a comma


def test_sounds_are_those_of_unihan() -> None:
    unihan = ["# a comment", "U+4E0A\tkVietnamese\tthượng", "U+570B\tkVietnamese\tquốc", "U+4E0A\tkHangul\t상:0E 샹:1"]
    unihan += ["U+4E0A\tkMandarin\tshàng", "U+3400\tkVietnamese\tkhâu"]  # 㐀 is in no word
    assert list(table(unihan)) == ["ko 상 上", "ko 샹 上", "vi quốc 国", "vi thượng 上"]


def test_traditional_and_japanese_forms_of_characters_meet_simplified_ones() -> None:
    for question, passage in (("廣東省的氣候", "广东省的气候"), ("广东省的气候", "廣東省的氣候")):
        assert set(question_terms(question)) == set(passage_terms(passage))
    japanese, chinese = question_terms("広島の気候と経済の対策は何ですか"), passage_terms("广岛的气候与经济对策")
    assert {PAIR + pair for pair in ("广岛", "气候", "经济", "对策")} <= set(japanese) & set(chinese)
    assert set(passage_terms("広島の気候")) <= set(japanese)  # what a Japanese passage has
    assert PAIR + "芸芸" in question_terms("芸芸众生")  # a Chinese character that is another one's Japanese form


def test_a_dictionary_that_is_installed_translates_by_way_of_english(folder: Path) -> None:
    question = "Warum sind die Brücken gesperrt?"
    assert not {PAIR + "桥梁"} & found_by(question)
    install(folder, "freedict-deu-eng", ("brücke", "Brücke /bʁʏkə/ <fem>\nbridge <n>\n   Synonym: {Steg}\n"))
    assert {PAIR + "桥梁", LETTERS + "bridge"} <= found_by(question)
    assert not {PAIR + "桥梁"} & found_by("Quelles sont les brücken ?")
    installed.use(folder.parent / "none")
    assert not {PAIR + "桥梁"} & found_by(question)


def test_a_dictionary_into_chinese_needs_no_english_and_one_from_english_is_read_backwards(folder: Path) -> None:
    assert install(folder, "fra-zho", ("pont", "pont /pɔ̃/\n1. 橋樑; 桥 (建筑)\n")).language == "fr"
    assert list(words("Où sont les ponts ?", "fr", installed.dictionaries("fr"))) == [
        Translation(12, 17, {"桥梁": 1.0})
    ]
    assert install(folder, "eng-rus", ("bridge", "bridge\nмост, мостик\n")).language == "ru"
    assert "桥梁" in chinese("Где мосты?", "ru")[0]


def test_two_dictionaries_of_a_language_add_up(folder: Path) -> None:
    install(folder, "deu-eng", ("brücke", "Brücke\nbridge\n"))
    install(folder, "deu-zho", ("brücke", "Brücke\n大桥\n"))
    assert [{"桥梁", "大桥"} <= found for found in chinese("Brücke", "de")] == [True]


def test_of_an_english_meaning_the_content_words_are_looked_for(folder: Path) -> None:
    install(folder, "deu-eng", ("turm", "Turm\na tower; to the Bell-Tower; one of the towers of this old town\n"))
    found = set().union(*read_question("Wer baute den Turm?").synonyms)
    english = {word for word in found if word[0].startswith(LETTERS)}
    assert english == {(LETTERS + "tower",), (LETTERS + "bell", LETTERS + "tower")}


def test_a_damaged_dictionary_is_told_by_name(folder: Path) -> None:
    pair = install(folder, "deu-eng", ("brücke", "Brücke\nbridge\n"))
    (folder / f"{pair}{installed.ENDING}").write_bytes(b"no database" * 1000)
    installed.use(folder)
    with pytest.raises(StoreDamaged, match=r"de-en\.sqlite: no longer a dictionary .*--remove de-en"):
        read_question("Warum sind die Brücken gesperrt?")


def test_stems_are_alike_for_the_forms_of_a_word_and_bounded() -> None:
    assert stems("Ponts", "fr") == stems("pont", "fr")
    assert stems("ألمَانِيا", "ar") == stems("ألمانيا", "ar")
    assert stems("서울에서", "ko") == ["서울"]
    assert stems("x" * 100_000, "de") == ["x" * LONGEST_WORD]
    assert phrase_of("アメリカ領サモア", "ja") == "" != phrase_of("スリ・ランカ", "ja")


@pytest.mark.parametrize(
    "question", ["ألمَانِيا", "في ألمانِيا", "İstanbul", "Straße nach İstanbul", "ﬁn de Côte d’Ivoire"]
)
def test_words_are_told_where_they_stand(question: str) -> None:
    question = unicodedata.normalize("NFKC", question)
    stemmed, places = placed_stems(question, "ar")
    assert stemmed == stems(question, "ar")
    assert [stems(question[start:end], "ar") for start, end in places] == [[stem] for stem in stemmed]


@given(st.text(max_size=60), st.sampled_from(["de", "ar", "ja", "ko", "vi", "ru", "th", "zh", "und", "xx"]))
def test_any_text_in_any_language_has_its_translations_inside(text: str, language: str) -> None:
    text = unicodedata.normalize("NFKC", text)
    for each in translations(text, language):
        assert 0 <= each.start < each.end <= len(text)
        assert each.shares and all(0 < share <= 1 for share in each.shares.values())
    assert all(len(word) >= 2 for found in chinese(text, language) for word in found)
    assert detect_language(text) != "zh" or read_question(text).synonyms == []
