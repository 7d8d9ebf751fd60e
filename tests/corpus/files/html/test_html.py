"""Web pages: what they say is kept, what is around it is not, and what they say of themselves is read where labelled.

The pages in `pages/` are written by hand after what Chinese authorities, papers and others publish.
"""

import re
import socket
from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.folders.metadata import Metadata
from corpus.files.html.page import read
from corpus.splitting.layout import read_layout
from corpus.splitting.lines import Kind

PAGES = Path(__file__).parent / "pages"
KEPT = {
    "agency.html": ["86名渔民", "“过去凭经验，现在凭仪器。”", "48学时", "2310人次"],
    "announcement.html": ["## 停水通知", "9时至17时停水。"],
    "blog.html": [
        "# Tide tables for beginners",
        "lists high and low water",
        "## Reading the columns",
        "| 04:12 | 5.3 |",
        "Grey Point, 1 September",
        "## Springs and neaps",
    ],
    "bureau.html": ["共108天。", "| 拖网 | 212 |", "5万元以下罚款。", "涉及渔船："],
    "cards.html": ["### 怎么去", "船程45分钟", "### 住哪里", "床位410张", "蚵仔煎、海蛎饼。", "0870-7654321"],
    "feature.html": [
        "staffed by three keepers. Each",
        "## Food and pay",
        "- flour, twice a month",
        "  - in barrels of 40 gallons",
        "> “We never ran out of tea,” said Tom Hale.",
        "It was electrified in 1958.\nThe last keeper left in 1961.",
        "light.on()\n  light.off()",
    ],
    "manual.html": ["Set `rate` to", "rate = 40", "1 to 90", "## Limits\n", "95 °C", "below 60", "| HP-40 | 31 |"],
    "news.html": [
        "# 海湾县渔港改造工程全面完工",
        "新增泊位36个，可停靠渔船420艘。",
        "改造后的海湾渔港。林小渔 摄",
        "\n\n一、投资与规模\n\n",
        "| 2022年 | 8.64 | 24 |",
        "- 冷库三座，总库容9000吨",
        "“港口好了，人也要跟上。”",
    ],
    "notice.html": ["各航标管理站：", "\n一、检查范围。全县27座灯塔", "3.5万元", "\n海湾县航标处\n2022年3月15日"],
    "questions.html": ["每千瓦补助5000元", "10月31日前", "| 船龄 | 系数 |", "| 10年以上 | 1.0 |", "二〇二〇年四月"],
    "report.xhtml": ["# 珊瑚监测年报", "37.5%", "样带18条，每条长50米。"],
    "service.html": [
        "船长12米以上",
        "收费吗？\n:   不收费。",
        "申请表一式两份",
        "#### 流程",
        "申请 → 受理 → 审核 → 发证",
        "《渔业船舶登记办法》 第五条",
    ],
    "statistics.html": [
        "## 一、综合",
        "### （一）人口",
        "表1 2022年年末人口数及其构成",
        "| 指标 | 人数（万人） | 比重（%） |",  # a heading of two rows is repeated in the second
        "| 其中：城镇 | 14.9 | 47.0 |",
        "2. 淡水产品2.3万吨。",
        "注：[1]本公报",
    ],
    "tides.html": ["不规则半日潮。\n平均潮差为3.2米", "站长为李水清。"],
    "timetable.html": ["| 航线 | 首班 | 末班 | 票价 |", "| 海湾—青屿 | 07:15 | 17:30 | 25元 |"],
}
DROPPED = {
    "agency.html": ["时政", "新渔港背后", "All Rights"],
    "announcement.html": ["首页", "自来水公司"],
    "blog.html": ["Skip to", "About", "Share this", "Splicing", "WordPress", "Very useful", "Filed", "Knots"],
    "bureau.html": ["机构设置", "当前位置", "局领导", "访问量", "相关文章", "补贴发放", "版权所有"],
    "cards.html": ["首页", "青屿旅游", "返回顶部"],
    "feature.html": ["Sport", "cookies", "storms", "grandfather", "©"],
    "manual.html": ["Table of Contents", "Sphinx", "¶"],
    "news.html": ["无障碍", "政务公开", "您的位置", "浏览次数", "分享到", "上一篇", "招标", "备案号", "_hmt", "float"],
    "notice.html": ["机构概况", "点击", "技术支持"],
    "questions.html": ["登录", "政策法规"],
    "statistics.html": ["统计数据", "Copyright"],
}
SAID = {
    "agency.html": Metadata("两地渔民同上一堂课", "海湾新闻网", "2024-03-11"),
    "blog.html": Metadata("Tide tables for beginners", None, "2022-09-01", "https://notes.example/tides/"),
    "bureau.html": Metadata("县渔业局公布休渔期安排-海湾县渔业局", "县渔业局", "2023-04-06"),
    "feature.html": Metadata(
        "How the lighthouse keepers lived", "The Bay Daily", "2024-05-06", "https://bay.example/keepers", "Ann Reader"
    ),
    "manual.html": Metadata("Configuring the pump"),
    "news.html": Metadata(
        "海湾县渔港改造工程全面完工",
        "海湾日报",
        "2023-04-06",
        "http://www.haiwan.example/art/2023/4/6/art_101_2001.html",
        "林小渔",
    ),
    "notice.html": Metadata("关于做好2022年度灯塔维护工作的通知", "航标处", "2022-03-15"),
    "questions.html": Metadata("渔业补贴政策问答", author="渔政科"),  # 日期 alone may be any day
    "statistics.html": Metadata("海湾县2022年国民经济和社会发展统计公报"),  # the days in its text are not its own
}


def read_page(tmp_path: Path, page: str | bytes) -> Extract:
    path = tmp_path / "page.html"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return read(path)


@pytest.mark.parametrize("name", KEPT)
def test_what_a_page_says_is_kept(name: str) -> None:
    text = read(PAGES / name).text
    for wanted in KEPT[name]:
        assert wanted in text


@pytest.mark.parametrize("name", DROPPED)
def test_what_is_around_it_is_not(name: str) -> None:
    text = read(PAGES / name).text
    for unwanted in DROPPED[name]:
        assert unwanted not in text


@pytest.mark.parametrize("name", SAID)
def test_what_a_page_says_of_itself(name: str) -> None:
    assert read(PAGES / name).metadata == SAID[name]


def test_every_page_is_read_the_same_way_twice() -> None:
    for path in PAGES.iterdir():
        assert read(path) == read(path)


def test_headings_become_sections() -> None:
    text = read(PAGES / "statistics.html").text
    headings = [flow.spans[0].of(text) for flow in read_layout(text) if flow.kind is Kind.HEADING]
    marked = [heading for heading in headings if heading.startswith("#")]
    assert marked == ["# 海湾县2022年国民经济和社会发展统计公报", "## 一、综合", "### （一）人口", "## 二、农业和渔业"]


# Encodings

CHINESE = "<html><head>{}</head><body><p>海湾渔港新增泊位三十六个，可以停靠渔船。</p></body></html>"


@pytest.mark.parametrize(
    ("declaration", "encoding"),
    [
        ('<meta charset="gbk">', "gbk"),
        ("<meta charset=gb2312>", "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=gb2312">', "gbk"),
        ('<meta charset="big5">', "big5"),
        ('<meta charset="gb2312">', "utf-8"),  # a lie that the bytes betray
        ('<meta charset="no-such">', "gb18030"),
        ('<meta charset="rot13">', "utf-8"),
        ("", "gb18030"),
        ("", "utf-16"),
        ("", "utf-8-sig"),
    ],
)
def test_encodings(tmp_path: Path, declaration: str, encoding: str) -> None:
    page = CHINESE.format(declaration)
    if encoding == "big5":
        page = page.replace("个", "個").replace("渔", "漁").replace("湾", "灣").replace("以", "以")
    text = read_page(tmp_path, page.encode(encoding)).text
    assert text in ("海湾渔港新增泊位三十六个，可以停靠渔船。", "海灣漁港新增泊位三十六個，可以停靠漁船。")


def test_other_encodings_are_read_where_they_are_declared(tmp_path: Path) -> None:
    for encoding, word in (("shift_jis", "漁港の灯台"), ("windows-1251", "Маяк"), ("iso-8859-1", "Kälte")):
        page = f'<html><head><meta charset="{encoding}"></head><body>{word}</body></html>'
        assert read_page(tmp_path, page.encode(encoding)).text == word


def test_a_page_in_no_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        read_page(tmp_path, b"<html><body><p>\xff\xfe\xfa\x81\x00\x01</p></body></html>")


# Nothing is run, nothing is fetched, nothing is made up


def test_the_few_control_characters_that_browsers_show_nothing_of_are_left_out(tmp_path: Path) -> None:
    page = CHINESE.format("").replace("泊位", "泊\x07位\0") + "<p>" + "渔船进港后要先报告。" * 40
    assert "海湾渔港新增泊位三十六个" in read_page(tmp_path, page).text
    with pytest.raises(UnreadableFile, match=r"U\+0000"):
        read_page(tmp_path, page.replace("渔", "渔\0"))


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a page must not reach for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    page = (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://127.0.0.1:9/x.dtd">'
        '<html><head><base href="http://127.0.0.1:9/"><link rel="stylesheet" href="http://127.0.0.1:9/a.css">'
        '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/"></head><body><script src="http://127.0.0.1:9/">'
        '</script><iframe src="http://127.0.0.1:9/"></iframe><img src="http://127.0.0.1:9/"><p>Text.</p></body></html>'
    )
    assert read_page(tmp_path, page).text == "Text."


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="PubDate" content="soon">',
        '<meta name="PubDate" content="2023-02-30">',
        '<link rel="canonical" href="javascript:alert(1)"><meta property="og:url" content="/relative">',
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": [}</script>',
        '<script type="application/ld+json">' + "[" * 5000 + "</script>",
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": [], "publisher": 5}</script>',
    ],
)
def test_metadata_that_are_no_use_are_none(tmp_path: Path, head: str) -> None:
    page = f"<html><head>{head}</head><body><p>资金来源：县财政。时间：2020年1月1日。</p></body></html>"
    assert read_page(tmp_path, page).metadata == Metadata()


@pytest.mark.parametrize(
    "text",
    [
        "主办单位：海湾县渔业局",
        "打印机采购项目中标公告",
        "位置：海湾县滨海路1号",
        "该视频的阅读量：三万次。",
        "Copyright law of the islands",
        "附件：渔船登记表.doc",
        "技术支持：0870-1234567",
    ],
)
def test_lines_that_a_text_might_have_as_well_stay(tmp_path: Path, text: str) -> None:
    assert text in read_page(tmp_path, f"<div><p>第一段话。</p><p>{text}</p><div>{text}</div></div>").text


def test_a_form_around_the_whole_page_is_no_form(tmp_path: Path) -> None:
    page = '<form id="aspnetForm"><input value="x"><select><option>全部</option></select><p>正文。</p></form>'
    assert read_page(tmp_path, page).text == "正文。"


def test_a_list_of_links_is_a_text_where_there_is_no_other(tmp_path: Path) -> None:
    page = '<body><ul><li><a href="1">渔业补贴办法</a></li><li><a href="2">休渔期安排</a></li></ul></body>'
    assert read_page(tmp_path, page).text == "- 渔业补贴办法\n- 休渔期安排"


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no text"):
        read_page(tmp_path, "<html><body><script>write('x')</script></body></html>")


def test_cells_over_several_rows_are_in_each(tmp_path: Path) -> None:
    page = """<table><tr><th>年</th><th>岛</th><th>人</th></tr>
    <tr><td rowspan="2">2022年</td><td>白沙</td><td>30</td></tr><tr><td>青屿</td><td>12</td></tr>
    <tr><td rowspan=99999999 colspan=99999999>2023年</td></tr><tr><td>x</td></tr></table>"""
    lines = read_page(tmp_path, page).text.split("\n")
    assert lines[2:4] == ["| 2022年 | 白沙 | 30 |", "| 2022年 | 青屿 | 12 |"]
    assert len(lines[-1]) < 1000


def test_a_web_page_has_no_pages(tmp_path: Path) -> None:
    assert read_page(tmp_path, "<p>one\ftwo</p><pre>three\ffour</pre>").text == "one\ntwo\n\n```\nthree\nfour\n```"


def test_raised_and_lowered_numbers_stay_so(tmp_path: Path) -> None:
    page = (
        "<p>面积10<sup>2</sup>公顷，10<sup>-3</sup>，CO<sub>2</sub>，见注<sup><a>[1]</a></sup>，第1<sup>st</sup>。</p>"
    )
    assert read_page(tmp_path, page).text == "面积10²公顷，10⁻³，CO₂，见注[1]，第1st。"


def test_line_breaks_of_the_source_are_none(tmp_path: Path) -> None:
    page = "<p>海湾渔港\n  新增泊位。</p><p>two\nwords</p>"
    assert read_page(tmp_path, page).text == "海湾渔港新增泊位。\n\ntwo words"


def test_marks_left_open_are_no_depth_but_elements_are(tmp_path: Path) -> None:
    assert len(re.findall("话", read_page(tmp_path, "<font><b><p>一段话。</p>" * 400).text)) == 400
    with pytest.raises(UnreadableFile, match="nested more than 250 deep"):
        read_page(tmp_path, "<div>" * 20_000 + "text")
