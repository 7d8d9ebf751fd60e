"""Exact terms: one form however they are written, found in passages generously and in questions strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms.asked import MOST_ASKED, asked_terms
from index.terms.identifiers import NAMED, TOUCHED, exact_terms
from index.terms.terms import passage_terms, read_question

ARTICLES = (
    "第{han}条", "第{number}条", "第{han}條", "第 {number} 条", "Article {number}", "ARTICLE {number}", "Art. {number}",
    "§ {number}", "§{number}", "Artikel {number}", "статья {number}", "Статье {number}", "artículo {number}",
    "artigo {number}", "المادة {number}", "제{number}조", "Điều {number}", "Pasal {number}", "madde {number}",
    "άρθρο {number}", "{number} §", "{number}. §", "Section {number}",
)  # fmt: skip
TENS = " 一 二 三 四 五 六 七 八 九".split(" ")


def han(number: int) -> str:
    """Return a number below a thousand as laws write it."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    zero = "零" if hundreds and not tens and ones else ""
    ten = f"{TENS[tens] if tens > 1 or hundreds else ''}十" if tens else ""
    return (f"{TENS[hundreds]}百" if hundreds else "") + zero + ten + TENS[ones]


def forms(question: str) -> list[str]:
    return [each.form for each in asked_terms(question)]


@given(number=st.integers(1, 999), written=st.sampled_from(ARTICLES))
def test_an_article_is_one_term_in_any_language(number: int, written: str) -> None:
    text = written.format(number=number, han=han(number))
    assert forms(f"{text}?") == [f"§{number}"]
    assert f"{NAMED}§{number}" in set(exact_terms(f"{text}: …"))


@given(number=st.integers(1, 999), other=st.integers(1, 999), written=st.sampled_from(ARTICLES))
def test_no_article_is_found_in_another(number: int, other: int, written: str) -> None:
    terms = set(exact_terms(f"{written.format(number=number, han=han(number))} …"))
    assert terms.isdisjoint({f"{mark}§{other}" for mark in (NAMED, TOUCHED)}) or number == other


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("第二百二十条", "§220"),
        ("第二十条之一", "§20.1"),
        ("第20条の2", "§20.2"),
        ("제20조의2", "§20.2"),
        ("статья 20.1", "§20.1"),
        ("§ 20a", "§20a"),
        ("article 20 bis", "§20bis"),
        ("Article 20(3)", "§20"),
        ("Articles 20-22", "§20"),
        ("article L. 20-4", "§20.4"),
        ("Article XX", "§20"),
        ("المادة ٢٠", "§20"),
        ("第２０条", "§20"),
        ("第百二十条", "§120"),
        ("第二百三条", "§203"),
        ("第百条", "§100"),
        ("憲法九条とは", "§9"),
        ("刑法232条", "§232"),
    ],
)
def test_an_inserted_article_is_one_of_its_own(text: str, form: str) -> None:
    assert forms(text) == [form]


@pytest.mark.parametrize(
    ("passage", "begins"),
    [
        ("第七条 船员应当", True),
        ("由船东承担。第七条 船员应当", True),
        ("由船东承担。第七条【船员】应当", True),
        ("依照第七条处罚", False),
        ("由船东承担。第七条规定的费用", False),
        ("由船东承担。第七条第二款", False),
        ("Article 7 Crew", True),
        ("The owner pays. Article 7. Crew", True),
        ("CHAPTER II\nArticle 7 Crew", True),
        ("as Article 7 says", False),
        ("The owner pays. Article 7 applies to crews.", False),
        ("Der Eigner zahlt. § 7 Besatzung", True),
        ("nach § 7 haftet", False),
        ("Владелец платит. Статья 7. Экипаж", True),
        ("согласно статье 7", False),
    ],
)
def test_where_an_article_begins_is_told_from_where_it_is_referred_to(passage: str, begins: bool) -> None:
    assert set(exact_terms(passage)) == {(NAMED if begins else TOUCHED) + "§7"}


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Where is KX-2041-B?", "| kx2041b | shelf 4 |"),
        ("KX–2041–B在哪里", "型号ＫＸ－２０４１－Ｂ"),
        ("Fehler E-017?", "E017: kein Öl"),
        ("цена КТ-315Б", "Транзистор КТ315Б"),
        ("SB0018的责任人", "SB 0018，王师傅"),
        ("¿Quién usa el SB0018?", "SB0018-based"),
        ("дата покупки SB0018-го", "SB0018"),
        ("call +86 571 8888 6666", "电话：0571-88886666"),
        ("Rufnummer (030) 1234 5678", "+49 30 12345678 oder Fax"),
        ("is v2.10.3 out?", "Version 2.10.3 of May"),
        ("what changed in version 2.4", "v2.4: faster"),
        ("who reads www.example.org/a/?", "https://example.org/a"),
        ("who is Ann.Lee@example.org", "ann.lee@example.org"),
        ("请打开Config.YAML看看", "the file config.yaml"),
        ("MAX_RETRY_COUNT", "max_retry_count = 3"),
        ("分机5632是谁的", "| 5632 | 5633 |"),
        ("whose extension is 2033", "ext. 2033"),
        ("agent 007", "agent 007"),
        ("رقم ٤٤٨٨١٢", "448812"),
        ("订单448812到了吗", "448812"),
        ("ISO 9001", "nach ISO 9001 geprüft"),
        ("C座499室", "C座499室"),
        ("call 139 1234 5678", "13912345678"),
        ("谁的电话是139-1234-5678", "| 13912345678 |"),
        ("139 1234 5678是谁", "客服电话139-1234-5678转2"),
        ("who answers (415) 555-0142", "415-555-0142"),
        ("(415) 555-0142", "4155550142"),
        ("0571-88886666", "王师傅 12 0571-88886666 东港"),
    ],
)
def test_a_code_is_one_term_however_it_is_written(question: str, passage: str) -> None:
    (asked,) = asked_terms(question)
    assert asked.named in set(exact_terms(passage))


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("SB001", "SB0018"),
        ("SB0018", "SB001 SB00180 ASB0018 SB018"),
        ("E-017", "E-17 E-0170 CE-017"),
        ("number 0042", "42 00420 10042"),
        ("v1.2.3", "v1.2 v1.2.30 11.2.3"),
        ("room 499", "4990 1499 499,000"),
        ("1-23-456-789", "12-34-56-780"),
    ],
)
def test_a_code_is_not_another_that_is_like_it(question: str, passage: str) -> None:
    (asked,) = asked_terms(question)
    assert {asked.named, asked.touched}.isdisjoint(exact_terms(passage))


def test_a_telephone_number_in_one_piece_is_found_in_groups() -> None:
    (asked,) = asked_terms("whose number is 13912345678")
    assert asked.touched in set(exact_terms("139 1234 5678"))


def test_a_part_of_a_code_is_touched_and_not_named() -> None:
    terms = set(exact_terms("KX-2041-B, SB0018, 3.2.17"))
    assert terms >= {TOUCHED + "kx2041", TOUCHED + "0018", TOUCHED + "3.2"}
    assert terms.isdisjoint({NAMED + "kx2041", NAMED + "0018", NAMED + "3.2"})


@pytest.mark.parametrize(
    "question",
    [
        "What happened in 1998?",
        "how many of the 14,809 workers left",
        "来沪就业的14809人去了哪里",
        "3.5 km or 50 %",
        "5 reasons for well-known twenty-first century things",
        "the 1980s, the 21st, a 24-yard line, 3rd-and-9",
        "1970er-Jahre, 60-Hertz-Strom und 20-prozentig",
        "10-й год, 1980-х",
        "from 1620-21 to 2001-02",
        "on 2023-05-01, 05.01.2023 or 1998/7/18 at 10:30",
        "10,000 € und 1.234.567 Einwohner",
        "花了20000元买5G手机",
        "16GB, 220V, 5km, 10am",
        "中国的第一条铁路、第二条地铁和第2条线",
        "contemporary art 1945",
        "an article I wrote",
        "第二条围巾半价吗",
        "再买第3条毛巾便宜吗",
        "做菜的方法三条",
        "1 000 000 Einwohner und 12 045 Häuser",
        "0 000 000",
        "3141592653589793" * 20,
        "where can I order 500 screws in case 300 people come",
        "state of the art 5G",
        "",
        "?!",
    ],
)
def test_what_says_how_many_or_when_is_no_exact_term(question: str) -> None:
    assert forms(question) == []


@pytest.mark.parametrize(
    ("question", "certain"),
    [
        ("SB9999", True),
        ("KX-2041-B", True),
        ("第九十九条", True),
        ("x@example.org", True),
        ("分机5632", True),
        ("Section 9", False),
        ("H2O", False),
        ("COVID-19", False),
        ("Windows2000", False),
        ("5445 boats", False),
        ("more than 300000", False),
        ("Paragraph 9", False),
        ("see https://example.org/a and say who pays", False),
        ("wir sind da.In welchem Jahr", False),
        ("order 4455 now", False),
        ("order number 4455 now", True),
        ("违反第二条处罚多少", True),
        ("劳动法第二条适用范围", True),
    ],
)
def test_what_may_be_called_otherwise_need_not_be_there(question: str, certain: bool) -> None:
    assert [each.certain for each in asked_terms(question)] == [certain]


@given(st.text(max_size=80))
def test_any_text_has_terms_and_a_question_few(text: str) -> None:
    assert all(term[0] in (NAMED, TOUCHED) and len(term) > 1 for term in exact_terms(text))
    assert len(asked_terms(text)) <= MOST_ASKED


def test_what_is_asked_exactly_is_among_the_terms_of_both() -> None:
    question = read_question("Who keeps SB0018?")
    assert [each.written for each in question.exact] == ["SB0018"]
    assert NAMED + "sb0018" in question.terms
    assert passage_terms("SB0018 SB0018")[NAMED + "sb0018"] == 2


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("### 2.1 Cold start", "§2.1"),
        ("2.1. Cold start", "§2.1"),
        ("1.2.3 总则", "§1.2.3"),
        ("A\n04.10 Start", "§4.10"),
        ("2 Cold start", None),
        ("2.1", None),
        ("of 2.1 metres", None),
        ("2.1 % of all", None),
    ],
)
def test_a_line_that_begins_with_the_number_of_a_section_names_it(line: str, named: str | None) -> None:
    found = {term for term in exact_terms(line) if "§" in term}
    assert found == ({NAMED + named} if named else set())
