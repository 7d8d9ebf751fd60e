"""Other words for a text's words can be searched for; quotes and offsets stay as they are."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.files.folders.synonym_file import parse_synonyms
from corpus.splitting.passages import SplitterSettings, make_splitter
from corpus.splitting.synonyms import MOST_ADDED, Synonyms, synonyms_within, with_synonyms

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
