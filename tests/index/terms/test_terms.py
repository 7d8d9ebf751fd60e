"""What is counted: the same thing said in another form, script or spelling meets itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin.constants import PHRASES_DICT

from index.terms.pinyin import pair_sound, spelled_pairs, syllables
from index.terms.terms import PAIR, SOUND, VALUE, passage_terms, question_terms, read_question, sounds_of


def shared(question: str, passage: str) -> set[str]:
    terms = set(passage_terms(passage))
    return set(question_terms(question)) & (terms | set(sounds_of(terms).values()))


@pytest.mark.parametrize(
    ("question", "passage", "term"),
    [
        ("Where is Lincang?", "临沧在云南。", SOUND + "lincang"),
        ("XISHUANGBANNA corn", "西双版纳的玉米", SOUND + "banna"),
        ("Pu'er tea", "普洱茶", SOUND + "puer"),
        ("Lüliang und Luliang", "吕梁", SOUND + "luliang"),
        ("Сколько жителей Баошаня?", "保山的居民", SOUND + "baoshan"),
        ("ярмарка в Сюаньвэе", "宣威的招聘会", SOUND + "xuanwei"),
        ("Nộ Giang (Nujiang)", "怒江州", SOUND + "nujiang"),
        ("Xi Jinping", "习近平", SOUND + "xijin"),
        ("迪慶州人民醫院", "迪庆州人民医院", PAIR + "医院"),
        ("ＳＣＡ cup", "sca杯测", "wsca"),
        ("14,809 workers", "来沪就业14809人", VALUE + "14809"),
        ("１４８０９人", "来沪就业14809人", VALUE + "14809"),
        ("14800 workers", "吸纳劳动力1.48万人", VALUE + "14800"),
        ("65.204 million yuan", "6520。4万元", VALUE + "65204000"),
        ("1.424 billion", "14。24亿元", VALUE + "1424000000"),
        ("Café", "CAFE", "wcafe"),
    ],
)
def test_forms_of_one_thing_share_a_term(question: str, passage: str, term: str) -> None:
    assert term in shared(question, passage)


@pytest.mark.parametrize(
    ("question", "passage"), [("education", "教育"), ("14809", "14808"), ("2.5 tonnes", "25吨"), ("strength", "力量")]
)
def test_different_things_share_none(question: str, passage: str) -> None:
    assert not shared(question, passage)


def test_words_that_are_no_pinyin_have_no_sound() -> None:
    assert list(spelled_pairs("strength through knowledge")) == []
    assert list(spelled_pairs("")) == []


def test_a_syllable_for_every_character() -> None:
    assert syllables("临沧") == ["lin", "cang"]
    assert len(syllables("龘𠀀女")) == 3


@given(st.one_of(st.text("\u4e00重行长乐都佛龘", min_size=2, max_size=2), st.sampled_from(sorted(PHRASES_DICT))))
def test_a_pair_sounds_as_if_it_were_read_as_a_text(han: str) -> None:
    assert pair_sound(han[:2]) == "".join(syllables(han[:2]))


def test_questions_in_latin_script_have_synonyms() -> None:
    assert read_question("how many schools are there").synonyms
    assert read_question("lighthouse").synonyms and read_question("ticket price").synonyms
    assert read_question("hospital").synonyms[0] in read_question("Wo ist das Hospital?").synonyms
    assert ("c塔",) in read_question("the tower").synonyms[0], "a word of one character is that character"
    assert read_question("有多少学校").synonyms == read_question("上海有多少 hospital").synonyms == []
