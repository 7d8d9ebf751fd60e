"""Which years a text names, and what a question that names one prefers and is told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.splitting.years import with_years
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.ranking.signals import LEXICAL_WEIGHT
from index.ranking.years import LONGEST, AskedYears, asked_years, years_of
from tests.index_fixtures import index_documents


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022年有多少人", {2022}),
        ("from 2016 till today, not ２０２０", {2016, 2020}),
        ("14,809 people, 2022.5 tonnes, 12022, 20221", set()),
        ("in 2035.", {2035}),
        ("据统计，2022年，", {2022}),
        ("3000 people", set()),
        ("1911年", {1911}),
        ("", set()),
        ("售价2000元，重1500公斤，行程1998 km，€1999，$2010，2023万人", set()),
        ("1450 rpm, 1200 m, ₹1999, 1600 руб., 1800円", set()),
        ("2019年老人的人数，2020年历史最高，2021 yıl sonu", {2019, 2020, 2021}),
        ("2008元旦，2019米兰展，2015円安", {2008, 2019, 2015}),
        ("في عام ٢٠٢٣", {2023}),
        ("वर्ष २०१९ में", {2019}),
        ("ใน พ.ศ. ๒๕๖๓", {2020}),
        ("ในปี 2019 และปี ๒๕๖๔", {2019, 2021}),
        ("FY2021 and FY19", {2021, 2019}),
        ("二〇〇八年和二零一二年", {2008, 2012}),
    ],
)
def test_years_are_read_in_any_digits(text: str, years: set[int]) -> None:
    assert years_of(text) == years


@pytest.mark.parametrize(
    "text",
    [
        "2017—2019年",
        "2017-2019",
        "2017–19",
        "2017-19",
        "2017/19",
        "2017年至2019年",
        "2017 到 2019 年",
        "from 2017 to 2019",
        "between 2017 and 2019",
        "von 2017 bis 2019",
        "zwischen 2017 und 2019",
        "entre 2017 et 2019",
        "de 2017 a 2019",
        "с 2017 по 2019 год",
        "từ 2017 đến 2019",
        "من 2017 إلى 2019",
        "2017年から2019年まで",
        "2017년부터 2019년까지",
        "二〇一七年至二〇一九年",
        "二〇一七年(2017年)至二〇一九年(2019年)",
        "平成二十九年から令和元年まで",
        "FY17–FY19",
        "'17–'19",
    ],
)
def test_a_range_names_the_years_between(text: str) -> None:
    assert years_of(text) == {2017, 2018, 2019}


@given(st.integers(1000, 2099), st.integers(1000, 2099))
def test_a_range_that_is_too_long_or_runs_backwards_names_its_ends(first: int, last: int) -> None:
    between = range(first, last + 1) if last - first <= LONGEST else ()
    assert years_of(f"{first}–{last}") == {first, last, *between}


def test_a_telephone_number_is_no_range() -> None:
    assert 2000 not in years_of("021-1998-2003")


def test_a_month_after_a_hyphen_is_no_range() -> None:
    assert years_of("2019-12") == years_of("2019-05-21") == {2019}
    assert years_of("2011-12赛季") == years_of("FY2011/12") == {2011, 2012}
    assert years_of("2009–12") == {2009, 2010, 2011, 2012}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("上世纪七十年代", 1970),
        ("二十世纪七十年代", 1970),
        ("20世纪70年代", 1970),
        ("70年代", 1970),
        ("七十年代", 1970),
        ("1970年代", 1970),
        ("in the 1970s", 1970),
        ("the '70s", 1970),
        ("the late 70s", 1970),
        ("the Seventies", 1970),
        ("die 1970er Jahre", 1970),
        ("in den 70er Jahren", 1970),
        ("die Siebzigerjahre", 1970),
        ("les années 70", 1970),
        ("los años 70", 1970),
        ("década de 1970", 1970),
        ("в 1970-х годах", 1970),
        ("1970년대", 1970),
        ("في السبعينيات", 1970),
        ("những năm 1970", 1970),
        ("十九世纪六十年代", 1860),
        ("本世纪10年代", 2010),
        ("二〇一〇年代", 2010),
    ],
)
def test_a_decade_names_its_ten_years(text: str, first: int) -> None:
    assert years_of(text) == set(range(first, first + 10))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("上世纪五六十年代", 1950),
        ("二十世纪六七十年代", 1960),
        ("七八十年代", 1970),
        ("八、九十年代", 1980),
        ("上个世纪60、70年代", 1960),
        ("20世纪七十和八十年代", 1970),
        ("十九世纪三四十年代", 1830),
    ],
)
def test_joined_decades_are_both(text: str, first: int) -> None:
    assert years_of(text) == set(range(first, first + 20))


def test_the_1700s_are_a_century_and_the_2000s_a_decade() -> None:
    assert years_of("in the 1700s") == set(range(1700, 1800))
    assert years_of("in the 2000s") == years_of("本世纪00年代") == set(range(2000, 2010))


def test_the_twenties_are_of_two_centuries_and_of_none_where_someone_is_in_them() -> None:
    assert years_of("the twenties") == {*range(1920, 1930), *range(2020, 2030)}
    assert years_of("a man in his twenties, in the seventies of his life") == set(range(1970, 1980))


def missed(question: str, searched: str, named: set[int], published: str | None = None) -> bool:
    return asked_years(question, searched).are_missed(named, published, "")


def test_a_passage_speaks_of_the_years_it_names_and_of_its_own() -> None:
    assert not missed("2022年", "2022年", {2022})
    assert not missed("2022年", "2022年", set(), "2022-05")
    assert missed("2022年", "2022年", {2021}, "2023")
    assert missed("2022年", "2022年", set())
    assert not missed("the 1990s", "the 1990s", {1995})
    assert not missed("多少", "多少", {2021})


def test_what_may_be_of_any_year_is_not_held_against_last_year() -> None:
    assert not missed("去年", "去年(2022年)", set())
    assert missed("去年", "去年(2022年)", {2021})
    assert missed("去年", "去年(2022年)", set(), "2021")
    assert missed("去年和2020年", "去年(2022年)和2020年", set())
    assert not missed("去年有1500人吗", "去年(2022年)有1500人吗", set())


@pytest.mark.parametrize(
    "question",
    [
        "Which mills were built before 1900?",
        "Who ruled after the year 1990?",
        "What has changed since May 2010?",
        "Which towns grew since the 1980s?",
        "Welche Mühlen wurden vor 1970 gebaut?",
        "Was gilt seit dem 1. Mai 2015?",
        "Quels ponts ont été construits avant 1950 ?",
        "Que s'est-il passé après l'an 1200 ?",
        "¿Qué iglesias se construyeron antes de 1800?",
        "¿Quién gobernó después del año 1990?",
        "Что построили до 1917 года?",
        "Что открыли после 2000 года?",
        "ما الذي بني قبل عام 1950؟",
        "ماذا حدث بعد ٢٠١٠؟",
        "2020年以后建了哪些桥",
        "2023年以前的规定",
        "2023年5月1日之前有哪些规定",
        "二〇一〇年以来的变化",
        "1990年起由谁管理",
        "2018年之后谁当馆长",
        "民国二十六年以前的书院",
        "2015年以降の変化",
        "2015년 이후에 무엇이 바뀌었나",
        "2010 yılından önce kim yönetti?",
        "去年以来有什么变化",
        "What has changed since last year?",
        "What was signed before May 1, 1990?",
        "Which halls are older than 1900?",
        "Which mill has more than 1500 workers?",
        "¿Qué fábrica tiene más de 1500 obreros?",
        "哪家工厂超过1500人",
        "早于1900年的教堂",
        "1990年及以前的规定",
        "上世纪八十年代以前的房子",
        "What has changed since the nineties?",
        "Was hat sich seit den 90er Jahren geändert?",
        "Vilka kyrkor byggdes före 1900?",
        "Τι χτίστηκε πριν το 1900;",
        "Mi épült 1900 előtt?",
        "ก่อนปี พ.ศ. 2540",
    ],
)
def test_a_bound_is_not_asked_for(question: str) -> None:
    assert asked_years(question, with_years(question, "2023")).years == frozenset()


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("desde 2017 hasta 2019", {2017, 2018, 2019}),
        ("von 2017 bis 2019", {2017, 2018, 2019}),
        ("from 2017 until 2019", {2017, 2018, 2019}),
        ("2017年から2019年まで", {2017, 2018, 2019}),
        ("2017년부터 2019년까지", {2017, 2018, 2019}),
        ("Was it rebuilt in 1955 or before 1900?", {1955, 1900}),
        ("von Mai 2017 bis Juli 2019", {2017, 2019}),
        ("2019年前三季度的收入", {2019}),
        ("2021年后勤工作", {2021}),
        ("2019년 전국 대회", {2019}),
        ("a hobby 1990 club", {1990}),
    ],
)
def test_what_is_no_bound_is_asked_for(question: str, years: set[int]) -> None:
    assert asked_years(question, question).years == years


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which mill has 1500-1600 workers?", "The mill has 1,550 workers."),
        ("Which mill has 1500 workers?", "The mill has 1,500 workers."),
        ("Which town has 2000 people?", "Two thousand people live in the town."),
        ("Which pump turns at 1450 rpm?", "It turns 1,450 times a minute."),
        ("哪条隧道长1200米？", "隧道长一千二百米。"),
        ("哪个村有1300人", "全村1.3千人。"),
        ("社員1500人の会社はどこですか", "社員は1,500人です。"),
        ("Welches Werk baut 1200 Räder am Tag?", "Das Werk baut 1.200 Räder am Tag."),
        ("¿Qué hotel tiene 1800 habitaciones?", "El hotel tiene 1.800 habitaciones."),
        ("¿Qué pueblo tiene 1500 casas?", "El pueblo tiene mil quinientas casas."),
        ("2000年历史的古城", "城有两千年历史。"),
        ("Quelle salle a 1400 places ?", "La salle a 1\u202f400 places."),
        ("Сколько стоит билет за 1200 рублей?", "Билет стоит 1 200 рублей."),
        ("أي مصنع فيه 1800 عامل؟", "في المصنع ١٬٨٠٠ عامل."),
        ("В каком городе 1500 жителей?", "В городе 1,5 тыс. жителей."),
        ("哪座桥长1200米", "大桥长1.2公里。"),
        ("树龄1500年的银杏在哪", "这棵银杏的树龄是一千五百年。"),
        ("Which oak is 1000 years old?", "The oak has stood for a thousand years."),
        ("Welche Eiche ist 1000 Jahre alt?", "Die Eiche ist tausend Jahre alt."),
        ("किस गाँव में 1600 लोग हैं?", "गाँव में १,६०० लोग हैं।"),
    ],
)
def test_a_count_is_not_missed_as_a_year(question: str, text: str) -> None:
    years = asked_years(question, question)
    assert not years.are_missed(years_of(text), None, text)
    assert years.are_missed(set(), None, "In 1987 it had 987 of them.") or not years.years


def test_a_year_that_can_be_no_count_is_missed_by_one() -> None:
    assert asked_years("2000年的人口", "2000年的人口").are_missed(set(), None, "有两千人")
    assert not asked_years("2000人", "2000人").are_missed(set(), None, "有两千人")


def test_a_passage_that_counts_as_many_is_an_answer(tmp_path: Path) -> None:
    documents = [
        make_document("The mill has 1,500 workers.", source="a.txt"),
        make_document("雨很大。", source="b.txt"),
    ]
    index_documents(tmp_path, documents)
    with open_index(tmp_path, lambda name: HashEncoder()) as index:
        assert index.searcher.search(Query("The mill has 1500 workers?")).answerable
        told = index.searcher.search(Query("The mill has 1600 workers?")).no_answer_reason
        assert told == "the best passage does not speak of 1600"


def test_years_are_told_in_words() -> None:
    assert str(AskedYears(frozenset({2016, 2019, 2020, 2021}), True)) == "2016 or 2019 to 2021"


TEXTS = {
    "old.txt": "二〇二一年到上海工作的云南人有一万人。",
    "new.txt": "二〇二二年到上海工作的云南人有两万人。",
}


def test_a_question_with_a_year_prefers_passages_about_it(tmp_path: Path) -> None:
    index_documents(tmp_path, [make_document(text, source=source) for source, text in TEXTS.items()])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:
        for year, source in (("2021", "old.txt"), ("2022", "new.txt"), ("二零二一", "old.txt"), ("二○二二", "new.txt")):
            result = index.searcher.search(Query(f"{year}年到上海工作的云南人有多少"))
            assert result.results[0].citation.source == source
            assert result.answerable
        for question, told in {"2035年": "2035", "2034—2036年": "2034 to 2036", "昭和50年": "1975"}.items():
            result = index.searcher.search(Query(f"{question}到上海工作的云南人有多少"))
            assert not result.answerable
            assert result.no_answer_reason == f"the best passage does not speak of {told}"
            assert len(result.results) == 2


@pytest.mark.parametrize(
    "question",
    [
        "去年到上海工作的云南人有多少",
        "How many workers came last year?",
        "Wie viele kamen letztes Jahr?",
        "¿Cuántos llegaron el año pasado?",
        "Combien sont venus l'année dernière ?",
        "Сколько приехало в прошлом году?",
        "كم عاملا جاء العام الماضي؟",
        "Năm ngoái có bao nhiêu người?",
        "昨年は何人でしたか",
    ],
)
def test_last_year_is_counted_from_the_day_of_the_question(question: str, tmp_path: Path) -> None:
    index_documents(tmp_path, [make_document(text, source=source) for source, text in TEXTS.items()])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:

        def reason(year: int) -> str | None:
            return index.searcher.search(Query(question, today=date(year, 6, 1))).no_answer_reason

        unlikely = "no passage is near enough to the question"
        assert reason(2036) in ("the best passage does not speak of 2035", unlikely)
        assert reason(2022) in (None, "the best passage does not speak of 2021", unlikely)
        scores = {
            year: {
                each.citation.source: each.scores["rerank"] - each.scores["lexical"] * LEXICAL_WEIGHT
                for each in index.searcher.search(Query(question, today=date(year, 6, 1))).results
            }
            for year in (2022, 2023)
        }
        gaps = [scores[year]["old.txt"] - scores[year]["new.txt"] for year in (2022, 2023)]
        assert gaps[0] > gaps[1]


def test_the_day_is_todays_where_none_is_given(tmp_path: Path) -> None:
    index_documents(tmp_path, [make_document("去年的港口", source="a.txt", published="1990")])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:
        given = index.searcher.search(Query("去年的港口", today=date.today()))
        assert replace(index.searcher.search(Query("去年的港口")), timings_ms=given.timings_ms) == given
        assert given.no_answer_reason == f"the best passage does not speak of {date.today().year - 1}"
        assert index.searcher.search(Query("去年的港口", today=date(1990, 1, 1))).answerable
