"""Two texts are the same words only where nothing that matters differs, in whatever language."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.ranking.harmless import same_wording
from index.ranking.wording import wording_of
from tests.index.ranking.twin_fixtures import FOLDER, HELD_OUT, Twins, contradictions, reprints


def same(one: str, other: str) -> bool:
    answers = {same_wording(wording_of(one), wording_of(other)), same_wording(wording_of(other), wording_of(one))}
    assert len(answers) == 1, (one, other)
    return answers.pop()


def mistaken(twins: Iterable[Twins], folded: bool) -> dict[tuple[str, str], int]:
    """How many pairs of each language and kind are not taken for what they are."""
    return dict(Counter((language, kind) for language, kind, one, other in twins if same(one, other) is not folded))


@pytest.mark.parametrize("folder", [FOLDER, HELD_OUT])
def test_what_contradicts_is_never_the_same(folder: Path) -> None:
    assert mistaken(contradictions(folder), folded=False) == {}


@pytest.mark.parametrize("folder", [FOLDER, HELD_OUT])
def test_reprints_are_the_same(folder: Path) -> None:
    assert mistaken(reprints(folder), folded=True) == {}


LEAFLET = "每次服用一片，每日两次，饭后服用。请放在儿童不能接触的地方。"
BREAD = "The bakery at Mill Lane bakes 340 loaves before sunrise, and sells them by eight."


@pytest.mark.parametrize(
    ("text", "head", "other", "folded"),
    [
        (BREAD, "Early bread, Mill Lane", "Mill Lane: bread, early", True),
        (BREAD, "Mill Lane bakes before sunrise", "The bakery sells 340 loaves", True),
        (BREAD, "The bakery at Mill Lane", "", True),
        (BREAD, "Loaves", "", True),
        (BREAD, "Loaves", "Bakery", False),  # labels
        (BREAD, "Bread from Coral Ltd", "Bread from Harbour Ltd", False),
        (BREAD, "The bakery sells 340 loaves", "The bakery sells 430 loaves", False),
        (BREAD, "Loaves that are sold by eight", "Loaves that are not sold by eight", False),
        (LEAFLET, "布洛芬片使用说明", "氯雷他定片使用说明", False),
        (LEAFLET, "布洛芬片使用说明", "", False),
        (LEAFLET, "请放在儿童不能接触的地方", "每次服用一片每日两次饭后服用", True),
    ],
)
def test_another_headline_does_not_part_what_it_repeats(text: str, head: str, other: str, folded: bool) -> None:
    assert same_wording(wording_of(text, head), wording_of(text, other)) is folded
    assert same_wording(wording_of(text, other), wording_of(text, head)) is folded


def test_given_synonyms_stand_for_each_other_but_not_for_what_else_was_given() -> None:
    given = (("boat", ("vessel", "rowing boat")), ("协作", ("合作",)))
    one = wording_of("The boat is 协作 here.", synonyms=given)
    assert same_wording(one, wording_of("The vessel is 合作 here."))
    assert same_wording(wording_of("The rowing boat is 协作 here."), one)
    assert not same_wording(one, wording_of("The barge is 协作 here."))
    assert not same_wording(wording_of("A vessel.", synonyms=given), wording_of("A rowing boat.", synonyms=given))


@pytest.mark.parametrize("other", ["2024-05", None])
def test_last_year_is_another_year_in_another_year(other: str | None) -> None:
    one, again = (wording_of("茶叶产量比去年多。", published=date) for date in ("2023", other))
    assert same_wording(one, again) is (other is None)


@pytest.mark.parametrize(
    ("one", "other", "folded"),
    [
        ("LEEDS (AP) - The mayor resigned.", "LEITH (AP) - The mayor resigned.", False),
        ("LEEDS (AP) - The mayor resigned.", "LEEDS (Reuters) — The mayor resigned.", True),
        ("Dose (adults) - 5 mg a day.", "Dose (children) - 5 mg a day.", False),
        ("The seller (Coral): pays at once.", "The seller (Kelp): pays at once.", False),
        ("烟台讯 市长辞职。", "邢台讯 市长辞职。", False),
        ("作者可以转载：全文。", "作者不得转载：全文。", False),
        ("文件在此。可编辑：是。", "文件在此。可编辑：否。", False),
        ("新华社西安3月5日电 市长辞职。", "本报讯（记者 张三） 市长辞职。", True),
        ("新华社西安3月5日电 市长辞职。", "新华社西宁3月5日电 市长辞职。", False),
        ("We bake. The newsletter appears on Monday.", "We bake. The newsletter appears on Friday.", False),
        ("We bake. © Morning Post", "We bake. © Evening Post", True),
        ("It costs 14,809 €.", "It costs 14\u202f809 €.", False),  # which may be a decimal comma
        ("It costs 14'809 €.", "It costs 14\u202f809 €.", True),
        ("It costs 14.809 €.", "It costs 14,809 €.", False),
        ("Class A members pay.", "Class E members pay.", False),
        ("The clerk re-signed on Monday.", "The clerk resigned on Monday.", False),
        ("Seven twenty-four hour shifts.", "Seven twenty four-hour shifts.", False),
        ("They came every day.", "They came everyday.", False),
        ("The bird looked scared.", "The bird looked scarred.", False),
        ("We were planning the boards.", "We were planing the boards.", False),
        ("She made a complaint.", "She made a compliant.", False),
        ("Er trank in Maßen.", "Er trank in Massen.", False),
        ("Frau Hoffmann zahlt.", "Frau Hofmann zahlt.", False),
        ("The key in the jar on the shelf.", "The key on the jar in the shelf.", False),
        ("They talked about the table.", "They talked around the table.", False),
        ("Der Käufer zahlt den Händler.", "Den Käufer zahlt der Händler.", False),
        ("犬が猫を追う。", "犬を猫が追う。", False),
        ("犬は猫が好き。", "犬が猫は好き。", False),
        ("かがみを拾う。", "かみを拾う。", False),
        ("管理人是王和平。", "管理人是王平。", False),
        ("Está en Lima.", "Está Lima.", False),
        ("Take this pill, not that one.", "Take that pill, not this one.", False),
        ("此药为儿童准备。", "此药是儿童准备。", False),
        ("He is not able to pay.", "He is notable to pay.", False),
        ("Ｔｈｅ ﬁrst bóat", "The first bóat", True),
        ("", "", True),
        ("", "A word.", False),
        ("ใกล้", "ไกล", False),
        ("हिन्दी", "हिन्दू", False),
        ("كَتَبَ الولدُ", "كتب الولد", True),
    ],
)
def test_what_parts_two_texts(one: str, other: str, folded: bool) -> None:
    assert same(one, other) is folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Four of our boats", "For of or boats"),
        ("Mrs Grey rows.", "Mrs Gray rows."),
        ("Give .5 mg at noon.", "Give 5 mg at noon."),
        ("Es hat –5 Grad.", "Es hat 5 Grad."),
        ("Es hat −5 Grad.", "Es hat 5 Grad."),
        ("- 5 Grad am Morgen", "5 Grad am Morgen"),
        ("TIEFSTWERT (Kiel) -5 Grad", "5 Grad"),
        ("气温–8度。", "气温8度。"),
        ("本季度▲500万円。", "本季度500万円。"),
        ("Result: (1,250) euros", "Result: 1,250 euros"),
        ("Result ($1,250)", "Result, $1,250"),
        ("About 10⁵ germs a drop.", "About 105 germs a drop."),
        ("About xⁿ germs a drop.", "About xn germs a drop."),
        ("Take 2½ spoons.", "Take 21/2 spoons."),
        ("Steps ①②", "Steps 12"),
        ("Es wiegt 1,125 kg.", "Es wiegt 1125 kg."),
        ("房间5，300人等候。", "房间5300人等候。"),
        ("A hull of 6' length.", 'A hull of 6" length.'),
        ("From 5-8 people.", "From 5 8 people."),
        ("Owed: 1,250- EUR", "Owed: 1,250 EUR"),
        ("> 5 mg a day", "5 mg a day"),
        ("The lake ↑ and the river ↓.", "The lake ↓ and the river ↑."),
        ("甲店◎，乙店△。", "甲店△，乙店◎。"),
        ("The guests say 👍 to it.", "The guests say 👎 to it."),
        ("Written in C# by us.", "Written in C by us."),
        ("Written in C++ by us.", "Written in C by us."),
        ("Ask the R&D office.", "Ask the RD office."),
        ("Ask Hill & Son.", "Ask Hill Son."),
        ("Up to 3 mg/kg.", "Up to 3 mg kg."),
        ("Ergebnis: –€5 Mio", "Ergebnis: €5 Mio"),
        ("So y = -x holds.", "So y = x holds."),
        ("Raise it: 2**3", "Raise it: 23"),
        ("Room 5! is a product", "Room 5 is a product"),
        ("We liked it :)", "We liked it :("),
        ("Take 5 * 3 pills.", "Take 5 3 pills."),
        ("No. Dogs are allowed.", "No dogs are allowed."),
        ("No: dogs are allowed.", "No dogs are allowed."),
        ("No — dogs are allowed.", "No dogs are allowed."),
        ("Nein! Hunde dürfen hinein.", "Nein Hunde dürfen hinein."),
        ("不。可以进来。", "不可以进来。"),
        ("No, se paga.", "No se paga."),
        ("Помиловать нельзя, продать.", "Помиловать, нельзя продать."),
        ("不，能进。", "不能进。"),
        ("Is he gone?", "Is he gone."),
        ("Έφυγε;", "Έφυγε."),
        ("走了吗？他来。", "走了吗。他来。"),
        ("ذهب؟", "ذهب"),
    ],
)
def test_signs_symbols_and_marks_part_two_texts(one: str, other: str) -> None:
    assert not same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Dogs” are let in – at noon – by us", "'Dogs' are let in — at noon—by us."),
        ("「犬」は入れる（昼のみ）", "『犬』は入れる(昼のみ)。"),
        ("甲、乙，丙；丁。", "甲，乙,丙。丁！"),
        ("出席14,809人，占５％。", "出席 14809 人,占5%"),
        ("Es waren 1,250,400 Leute da.", "Es waren 1250400 Leute da."),
        ("From 5–8 people; −3 °C.", "From 5-8 people. -3 ℃!"),
        ("Give .5 mg.", "Give 0.5 mg."),
        ("A *fine* and **big** room of 40 m².", "A fine and big room of 40 m2."),
        ("- Bring a coat\n- Bring bread", "Bring a coat\nBring bread"),
        ("CO₂ and H₂O", "CO2 & H2O"),
        ("The neighbours organised a coloured Theatre", "The neighbors organized a colored Theater"),
        ("Mister Hill keeps 5 per cent.", "Mr. Hill keeps 5 percent."),
        ("周一和礼拜天开放。", "星期一和星期日开放。"),
    ],
)
def test_quotes_dashes_widths_and_spaces_part_no_texts(one: str, other: str) -> None:
    assert same(one, other)


@given(st.lists(st.sampled_from([*"的了和a甲乙", "the", "and", "few", "boat", "12"]), max_size=12), st.data())
def test_who_is_the_same_is_so_both_ways_and_a_word_more_parts(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    assert same(text, text)
    same(text, " ".join(data.draw(st.permutations(words))))
    place = data.draw(st.integers(0, len(words)))
    assert not same(text, " ".join([*words[:place], "not", *words[place:]]))


def test_a_text_made_of_changes_is_not_searched_for_long() -> None:
    assert not same("的 " * 400 + "甲", "了 " * 399 + "乙")
