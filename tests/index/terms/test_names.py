"""Names: those of lists are terms of their own, those of prose are left to other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.names import MOST_ASKED, asked_names, names
from index.terms.phrases import holds, quoted

CREW = "郑霞,东港,拖船 孙军明,西港,渡轮 吴芳,南港,驳船"
PILOTS = "Name Station Vidra Radberg North Lasel Tondahl South Marbo Selfeld East Tonia Marnes North"


def test_a_list_has_its_entries_as_names() -> None:
    assert set(names(CREW)) >= {"=郑霞", "=孙军明", "=吴芳"}
    assert set(names(PILOTS)) >= {"=vidra radberg", "=marbo selfeld"}


@pytest.mark.parametrize(
    "prose",
    [
        "",
        "郑霞,东港",
        "郑霞在东港的拖船上工作了二十年,后来,她到西港,当了渡轮的船长,目前,住在南港,今年,她要退休了。",
        "In 1857 John Sail gave Mary Boat and Ann Rope of North Harbour a ship that they sold to Ben Oar, Tom Hull, "
        "Kim Deck and Leo Mast the next day, for nobody wanted to be out at sea with it in such bad weather.",
        "Der Hafen hat einen Leuchtturm, den die Stadt im Jahr der großen Flut neben dem alten Speicher bauen ließ.",
    ],
)
def test_prose_has_no_names(prose: str) -> None:
    assert list(names(prose)) == []


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("郑霞的分机号", "=郑霞"),
        ("孙军明在哪里", "=孙军明"),
        ("where is vidra radberg?", "=vidra radberg"),
        ("Vidra Radberg的分机", "=vidra radberg"),
        ("Wo ist VIDRA RADBERG?", "=vidra radberg"),
        ("Где Иван Петров?", "=иван петров"),
    ],
)
def test_a_question_may_name_whom_it_asks_about(question: str, name: str) -> None:
    assert name in asked_names(question)


@given(st.text(max_size=3000))
def test_any_text_can_be_asked(text: str) -> None:
    assert len(asked_names(text)) <= MOST_ASKED
    assert all(form.startswith("=") for form in names(text))


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ('who said "all at sea"?', ["all at sea"]),
        ("谁说过“船到桥头”和「自然直」", ["船到桥头", "自然直"]),
        ("qui a dit « tout est bien »", [" tout est bien "]),
        ("wer sagte „alles gut“?", ["alles gut"]),
        ('the 6\'2" sailor\'s "friend"', []),
        ("what is a “ship”", []),
        ("", []),
    ],
)
def test_what_is_quoted_is_told(question: str, phrases: list[str]) -> None:
    assert list(quoted(question)) == phrases


@pytest.mark.parametrize(
    ("text", "phrase", "held"),
    [
        ("He was ALL, at sea.", "all at sea", True),
        ("overall at seaside", "all at sea", False),
        ("船到橋頭，自然直", "船到桥头自然直", True),
        ("船自然直到桥头", "船到桥头自然直", False),
        ("用iPhone拍照", "iphone拍照", True),
    ],
)
def test_a_phrase_is_held_word_for_word(text: str, phrase: str, held: bool) -> None:
    assert holds(text, phrase) is held
