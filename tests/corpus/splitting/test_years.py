"""Years that are not written in four digits, or only hinted at, can be searched for; quotes stay as they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.splitting.relative_years import HINTS
from corpus.splitting.years import CENTURY, with_years
from index.filters.making import make_condition
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Query
from index.ranking.years import years_of
from tests.index_fixtures import index_documents

# Chinese words across whose border stand the characters of 去年 and the like.
OTHER_WORDS = (
    "目前年利率 当前年利率 税前年薪 世界上年发电量 网上年检 日本年轻人 日本年金 外来年轻人口 本年级 文明年度 线上年会 "
    "节前年货 基本年金 资本年回报率 近来年轻人 原来年级 历史上年代 失去年轻人 近三年级 逝去年华 说明年限 证明年龄 "
    "声明年份 如今年轻人 至今年产 当今年轻人 发明年代 迄今年均 古今年画 减去年费 将来年金 大明年间 他今年轻 版本年号"
).split()


@pytest.mark.parametrize(
    ("text", "published", "searched"),
    [
        ("去年有80个园区。", "2023", "去年(2022年)有80个园区。"),
        ("今年2月", "2023-05", "今年(2023年)2月"),
        ("前年和本年", "2023-05-06", "前年(2021年)和本年(2023年)"),
        ("Last year it rose.", "2023", "Last year(2022年) it rose."),
        ("近五年来互访", "2026", "近五年来(2021年至2026年)互访"),
        ("近10年", "2026", "近10年(2016年至2026年)"),
        ("去年（2022年）已说明", "2023", "去年（2022年）已说明"),
        ("去年有80个园区。", None, "去年有80个园区。"),
        ("2022年", "2023", "2022年"),
        (
            "以上年龄的人，上年纪，过去年份，近年来年均，last years",
            "2023",
            "以上年龄的人，上年纪，过去年份，近年来年均，last years",
        ),
        ("大前年，一昨年", "2023", "大前年(2020年)，一昨年(2021年)"),
        ("他三年前来过", "2023", "他三年前(2020年)来过"),
        ("the year before last, two years ago", "2023", "the year before last(2021年), two years ago(2021年)"),
        ("民国二十六年迁校", None, "民国二十六年(1937年)迁校"),
        ("二〇二三年开港", None, "二〇二三年(2023年)开港"),
        ("民国二十六年（1937年）迁校", None, "民国二十六年（1937年）迁校"),
    ],
)
def test_years_are_written_after_the_words(text: str, published: str | None, searched: str) -> None:
    assert with_years(text, published) == searched


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("im letzten Jahr", -1),
        ("vor zwei Jahren", -2),
        ("nächstes Jahr", 1),
        ("l'année dernière", -1),
        ("il y a deux ans", -2),
        ("el año pasado", -1),
        ("este año", 0),
        ("hace tres años", -3),
        ("no ano passado", -1),
        ("due anni fa", -2),
        ("l'anno scorso", -1),
        ("в прошлом году", -1),
        ("два года назад", -2),
        ("العام الماضي", -1),
        ("هذا العام", 0),
        ("năm ngoái", -1),
        ("昨年の売上", -1),
        ("작년에", -1),
        ("올해는", 0),
        ("ปีที่แล้ว", -1),
        ("पिछले साल", -1),
        ("geçen yıl", -1),
        ("w zeszłym roku", -1),
    ],
)
def test_last_year_in_many_languages(text: str, offset: int) -> None:
    assert years_of(with_years(text, "2019-02-03")) == {2019 + offset}


@pytest.mark.parametrize("text", OTHER_WORDS)
def test_words_that_run_over_a_year_are_none(text: str) -> None:
    assert with_years(text, "2023") == text


@pytest.mark.parametrize(
    "text",
    [
        "in the last year of his life",
        "her last year at school",
        "the last three years of the war",
        "the last year before the flood",
        "next year of the series",
        "im letzten Jahr des Krieges",
        "im letzten Jahr seiner Amtszeit",
        "in den letzten drei Jahren der Republik",
        "la dernière année de la guerre",
        "les trois dernières années d'un règne",
        "el último año de la obra",
        "los últimos dos años del reinado",
        "gli ultimi due anni della guerra",
        "последние три года жизни",
    ],
)
def test_the_last_year_of_something_is_of_no_day(text: str) -> None:
    assert with_years(text, "2023") == text


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Last year, of all mills, one closed", 2022),
        ("Es war letztes Jahr der größte Hafen", 2022),
        ("im letzten Jahr stieg es", 2022),
        ("seit letztem Jahr", 2022),
        ("au cours de l'année dernière", 2022),
        ("比上年增长", 2022),
        ("较上年同期", 2022),
        ("公司上年度亏损", 2022),
        ("去年年底", 2022),
        ("截至今年1月", 2023),
        ("今年以来", 2023),
        ("今年会更热", 2023),
        ("，本年度", 2023),
        ("与前年相比", 2021),
        ("到明年底", 2024),
        ("港口去年吞吐量", 2022),
        ("来年播种", 2024),
        ("私は来年行く", 2024),
    ],
)
def test_years_stay_years_beside_other_words(text: str, year: int) -> None:
    assert years_of(with_years(text, "2023")) == {year}


def test_a_year_that_is_only_hinted_at_is_found_and_not_quoted(tmp_path: Path) -> None:
    text = "去年两地共建园区80个。"
    index_documents(tmp_path, [make_document(text, source="a.txt", published="2023")])
    with open_index(tmp_path, lambda name: HashEncoder()) as index:

        def found(year: int) -> list[str]:
            results = index.searcher.search(Query("园区", filters=make_condition(mentions_year=year))).results
            return [result.citation.quote for result in results]

        assert found(2022) == [text]
        assert found(2023) == found(202) == []


HAN = "〇一二三四五六七八九"


def in_han(number: int, zero: str = "〇") -> str:
    return "".join(HAN[int(digit)] for digit in str(number)).replace("〇", zero)


def han_count(number: int) -> str:
    """Return a number below a hundred with its units."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{HAN[tens]}十") + (HAN[ones] if ones else "")


def eras(year: int) -> list[str]:
    """Return a year by the eras that had it."""
    counts = {
        "民国": (year - 1911, 99),
        "明治": (year - 1867, 45),
        "大正": (year - 1911, 15),
        "昭和": (year - 1925, 64),
        "平成": (year - 1988, 31),
        "令和": (year - 2018, 99),
    }
    counted = {era: count for era, (count, longest) in counts.items() if 1 <= count <= longest}
    return [
        f"{era}{written}年"
        for era, count in counted.items()
        for written in ("元" if count == 1 else count, han_count(count))
    ]


@pytest.mark.parametrize("year", range(1900, 2101))
def test_every_year_is_read_in_every_notation(year: int) -> None:
    thai = str(year + 543)
    notations = [f"{year}年", f"In {year}, ", f"FY{year}", f"พ.ศ. {thai}", f"ปี {thai}", *eras(year)]
    notations += [f"{in_han(year, zero)}年" for zero in "〇○零◯0OoＯ０"]
    notations += [
        str(year).translate({48 + digit: start + digit for digit in range(10)}) for start in (0x660, 0xFF10, 0x966)
    ]
    if CENTURY + 1900 <= year < CENTURY + 2000:
        short = f"{year % 100:02}"
        notations += [
            f"FY{short}",
            f"FY '{short}",
            f"'{short} was",
            f"since ’{short}.",
            f"{short}年5月",
            f"{short}年底",
        ]
        notations += [f"在{short}年的洪水"] if year % 100 // 10 in (0, 5, 6, 7, 8, 9) and year % 10 else []
    if year < 2100:
        assert [text for text in notations if years_of(text) != {year}] == []
        assert [text for text in notations if years_of(with_years(text, None)) != {year}] == []
    else:
        assert not any(map(years_of, notations))


@pytest.mark.parametrize(
    "text",
    [
        "用了98年",
        "98年来",
        "98年间",
        "一共98年",
        "98年的历史",
        "第98年",
        "历时95年",
        "产权为75年",
        "创办85年",
        "保修期55年",
        "为期55年",
        "大桥建成65年",
        "距今65年",
        "诞生95年",
        "75年老店",
        "六五年级",
        "fiscal 12 months",
        "a fiscal year 12 months long",
        "twenty thirty-minute lessons",
        "twenty fifty-litre barrels",
        "98",
        "七八年",
        "三五年",
        "一千五百年",
        "五千年",
        "十年",
        "'20 boats' is what he said",
        "5'11 tall",
        "30°15'20\"",
        "section 98",
        "二十年前",
        "哪一年前往俄国",
        "三年前后",
        "COVID-19",
        "二百二十三人",
        "房间一二三四",
        "twenty people",
        "nineteen boats",
        "ninety-eight",
    ],
)
def test_what_is_no_year_is_none(text: str) -> None:
    assert with_years(text, "2023") == text
    assert not years_of(text)


@given(
    st.text("〇一二十百千万亿○零0oO年前去近'’98FY(（）) 民国昭和元twenyhrag上世纪代", max_size=40),
    st.sampled_from([None, "2023"]),
)
def test_any_text_keeps_its_words(text: str, day: str | None) -> None:
    written = with_years(text, day)
    assert len(written) >= len(text)
    rest = iter(written)
    assert all(character in rest for character in text)
    years_of(written)


@given(st.data())
def test_no_hint_is_overlooked(data: st.DataObject) -> None:
    pattern, _ = data.draw(st.sampled_from(HINTS))
    text = data.draw(st.from_regex(pattern))
    assert with_years(text, "2023") != text or not pattern.search(text)
