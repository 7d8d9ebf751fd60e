"""A question in the words of Chinese passages."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.dictionary import Translation
from index.terms.gloss import LONGEST, NO_GLOSS, gloss

TEXTS = [
    "临沧的灯塔建于1908年，守塔人住在塔下。",
    "港口每年四月开放，渡船票价为三十元。",
    "李明华是渡口的第一位医生。",
    "他来自德国。",
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who was the first doctor of the ferry?", {"医生", "谁"}),
        ("How many lighthouses are there in Lincang?", {"灯塔", "临沧", "多少"}),
        ("When was the lighthouse built? In 1908?", {"灯塔", "1908", "什么时候"}),
        ("What time does the doctor come, and how?", {"医生", "什么"}),
        ("Does the harbour open in April?", {"港口", "开放", "四月"}),
        ("Where did Li Minghua live?", {"李明华", "哪里"}),
        ("Wie viele Hospital-Zimmer hat Lincang?", {"Zimmer", "临沧", "多少"}),
        ("¿Por qué cerró el hotel de Lincang?", {"cerró", "临沧", "为什么"}),
        ("Где в Линьцане маяк?", {"临沧", "маяк"}),
        ("Quand les médecins d’Allemagne arrivent-ils ?", {"德国", "arrivent"}),
        ("Bến cảng ở Đức mở vào tháng 4?", {"德国", "4"}),
        ("독일에서 온 의사는 누구입니까?", {"德国", "누구"}),
        ("من هو الطبيب من ألمَانِيا؟", {"德国"}),
    ],
)
def test_a_gloss_has_the_words_of_the_passages(question: str, expected: set[str]) -> None:
    found = gloss(question, TEXTS)
    assert all(word in found.text for word in expected), found
    assert 0 < found.coverage <= 1


def test_words_keep_the_order_of_the_question() -> None:
    text = gloss("Which lighthouse has a keeper named Zzyzx in Lincang?", TEXTS).text
    assert text.index("灯塔") < text.index("Zzyzx") < text.index("临沧") < text.index("哪个")


def test_of_all_translations_the_one_that_passages_have_is_taken() -> None:
    def look_up(question: str, language: str) -> Iterator[Translation]:
        assert language == "en"
        yield Translation(4, 10, {"船工": 1.0, "守塔人": 0.7, "医生": 0.3})

    assert gloss("The keeper of the tower", TEXTS, look_up).text.startswith("守塔人")
    assert "守塔人" not in gloss("The keeper of the tower", ["别的事情"], look_up).text


def test_coverage_is_the_share_of_words_in_chinese() -> None:
    def look_up(question: str, language: str) -> Iterator[Translation]:
        yield Translation(0, 6, {"守塔人": 0.6})

    assert gloss("keeper Zzyzx", TEXTS, look_up).coverage == 0.3
    assert gloss("lighthouse Zzyzx", TEXTS).coverage == 0.5
    assert gloss("the lighthouse", TEXTS).coverage == 1.0
    assert gloss("the lighthouse 1908", TEXTS).coverage == 1.0, "numbers are the same in both"


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("灯塔建于哪一年？", TEXTS),
        ("Lincang 的灯塔在哪里", TEXTS),
        ("Где находится маяк?", TEXTS),
        ("ドイツの医者はだれですか", TEXTS),
        ("Where is the lighthouse?", ["The lighthouse (灯塔) stands on a rock by the harbour."]),
        ("Where is the lighthouse?", ["The lighthouse stands on a rock."]),
        ("Where is the lighthouse?", []),
        ("Zzyzx Qwrt", TEXTS),
        ("", TEXTS),
    ],
)
def test_there_is_no_gloss_where_it_would_say_nothing_new(question: str, texts: list[str]) -> None:
    assert gloss(question, texts) == NO_GLOSS


@given(
    st.text(max_size=300) | st.text(alphabet="LincagWho 19.%'the May", max_size=600),
    st.lists(st.text(max_size=60) | st.text(alphabet="临沧灯塔 a\n", max_size=60), max_size=4),
)
def test_any_question_has_a_short_gloss_or_none(question: str, texts: list[str]) -> None:
    found = gloss(question, texts)
    assert len(found.text) <= LONGEST and found.text == found.text.strip()
    assert 0 <= found.coverage <= 1 and bool(found.text) == bool(found.coverage)


@pytest.mark.parametrize(
    ("question", "texts"),
    [("灯塔建于哪一年？", TEXTS), ("Where is the lighthouse?", ["It stands on a rock (灯塔) by the sea."])],
)
def test_nothing_is_looked_up_for_chinese_questions_or_other_passages(question: str, texts: list[str]) -> None:
    def look_up(question: str, language: str) -> Iterator[Translation]:
        raise AssertionError("a dictionary was loaded")

    assert gloss(question, texts, look_up) == NO_GLOSS
