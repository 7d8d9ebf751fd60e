"""A line break that a column made is undone, in whatever script; one that the writer made stays."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import make_document
from corpus.passage import Span
from corpus.splitting.hidden import without_hidden
from corpus.splitting.layout import Layout, read_layout, reading_text
from corpus.splitting.lines import Kind
from corpus.splitting.passages import SplitterSettings, make_splitter
from tests.corpus.test_document import TEXTS

SPLIT = make_splitter(SplitterSettings(), lambda texts: [len(text) // 2 + 4 for text in texts], 512)

WRITTEN = {
    "address, German": (
        "Wasserstraßen- und Schifffahrtsamt Nordkai\nAm Eisenbahndock 3\n26725 Emden\n\nLotsenhaus\nMolenweg 7"
    ),
    "address, French": (
        "Bureau des douanes du port de commerce\n12, rue du Port\n44100 Nantes\n\nStation de pilotage\n7, quai Nord"
    ),
    "address, Chinese": "海湾市港口区防波堤路七号\n海关大楼三层\n邮编 123456\n电话 0871 234567",
    "records, Arabic": "الاسم: أحمد منصور\nالمدينة: الإسكندرية\nالوظيفة: مدير الميناء\nالهاتف: 0123456789",
    "records, Russian": "Начальник порта: Иванов Пётр\nДиспетчер: Сидорова Анна\nТелефон: 123-45-67",
    "records, Korean": "이름: 김민수\n주소: 부산광역시 항구로 12\n전화: 051-123-4567",
    "form, Japanese": "氏名：山田太郎\n住所：海湾県北港市防波堤町七丁目\n電話：012-345-6789\n職業：港湾技師",
    "form with wide spaces": (
        "氏名　山田太郎\n住所　海湾県北港市防波堤町七丁目十二番地\n職業　港湾技師\n備考　特になし"
    ),
    "contract": (
        "甲方：海湾港务公司\n\n乙方：山城运输公司\n\n金额：人民币三万元整\n\n期限：自签字之日起两年，期满可续。"
    ),
    "timetable": (
        "07:15 Harbour pier to Mole island, daily except Sunday\n08:40 Mole island to Harbour pier, daily except Sunday"
    ),
    "log": ("[2031-05-01 01:10] INFO pump started\n[2031-05-01 01:12] WARN pressure low in the third northern chamber"),
    "log without times": (
        "ERROR disk full on node seven of the northern cluster in rack four\nWARN writing again on node eight"
    ),
    "phone list": (
        "Anna Schmidt 030 1234567\nJo Li 040 222333\nMaria del Carmen Ruiz 091 5556677\nHarbour office 0221 998877"
    ),
    "e-mail": (
        "From: Harbour Office\nTo: all pilots and tug masters of the northern roads\nSubject: Closing of the fairway"
    ),
    "transcript": (
        "A: Is the pilot on board by now\nB: Not yet, he comes with the tender at eight\nA: Then we wait outside"
    ),
    "menu": "Soup of the day 4.50\nGrilled fish with potatoes and salad 12.00\nApple cake 3.20",
    "table of contents": "Introduction ........ 1\nThe harbour and its basins ........ 12\nIndex ........ 99",
    "settings": "host=harbour.example\nport=8000\nlog_level=debug",
    "fields": "Anna;Alvor;north pier;free\nBert;Benton;south pier;taken\nCleo;Carrick;mole;free",
    "ingredients": (
        "250 g plain flour, sifted twice\n4 large eggs at room temperature\na pinch of sea salt flakes\nbutter"
    ),
    "list of long items": (
        "北港区冷藏仓库三座共六千吨\n南港区水产交易大厅一处\n西港区渔民新村住房八十套\n东港区检测站两个"
    ),
    "list of clauses": "冷库三座，六千吨\n交易大厅一处，两千平米\n渔民新村住房，八十套\n检测站两个，设备齐全",
    "people": "Harbour master Peter Brand\n\nDeputy harbour master Ines Falk\n\nSecretary of the board Olga Stern",
    "status": "一号泵 正常 压力792\n二号泵 停机 压力0\n三号泵 正常 压力801",
    "verse, English": (
        "The grey gulls wheel above the silent pier\nAnd salt winds carry all the fishers' song\nUntil it ends."
    ),
    "verse, German": (
        "Die Möwen kreisen über grauen Wogen\nUnd leise singt der Wind im alten Mast\nDer Abend kommt hergezogen."
    ),
    "verse, Chinese": "朝看潮水连天去，\n暮听渔歌入港来。\n灯塔一星明远岸，\n归舟万里载云开。",
    "verse without marks": "我在防波堤上等待一艘船归来\n它带着远方的盐和星光\n而你在灯塔下数着潮水的来去",
}
BROKEN = {
    "72 columns": (
        "The harbour board met on Monday evening to consider the state of the\n"
        "northern mole, which the storm of last winter had damaged in several\n"
        "places. The engineer reported that the outer wall would have to be\n"
        "rebuilt."
    ),
    "names at line ends": (
        "On the second day the delegates of the Harbour Board travelled to\n"
        "Alvor, where the mayor and the director of the Northern Fisheries\n"
        "Institute showed them the new quay. After that they went on to\n"
        "Benton."
    ),
    "German nouns": (
        "Der Hafenausschuss trat am Montag zusammen, um über den Zustand der\n"
        "Nordmole zu beraten, die der Sturm des letzten Winters an mehreren\n"
        "Stellen beschädigt hatte. Der Ingenieur berichtete von der äußeren\n"
        "Mauer."
    ),
    "a narrow column": (
        "Der Hafenausschuss trat am\n"
        "Montag zusammen, um über\n"
        "den Zustand der Nordmole zu\n"
        "beraten, der seit dem Sturm\n"
        "schlecht ist."
    ),
    "Chinese, 33 characters": (
        "海湾市港务委员会星期一晚上开会，讨论北防波堤的状况。去年冬天的\n"
        "风暴使它多处受损。工程师报告说，外墙有四十米长的一段需要重建，五\n"
        "月就可以动工。"
    ),
    "Chinese, 12 characters": (
        "海湾市港务委员会星期一晚\n上开会，讨论北防波堤的状\n况。去年冬天的风暴使它多\n处受损。"
    ),
    "numbers at line ends": (
        "二〇三一年，海湾港全年吞吐量达到\n218.7万吨，比上年增长12.5%，其中\n集装箱15.3万标箱。全港新建泊位\n36个。"
    ),
    "Japanese": (
        "港湾委員会は月曜日の夜に会合を開き、北防波堤の状態につい\n"
        "て話し合った。昨年の冬の嵐で何か所も壊れたためである。"
    ),
    "Arabic": (
        "اجتمع مجلس الميناء مساء يوم الاثنين للنظر في حالة الرصيف الشمالي\nالذي تضرر في عدة أماكن بسبب عاصفة الشتاء."
    ),
    "Russian": (
        "Портовый совет собрался в понедельник вечером, чтобы обсудить\n"
        "состояние северного мола, который шторм повредил."
    ),
    "Korean": (
        "항만 위원회는 월요일 저녁에 모여 북쪽 방파제의 상태를 논의했다. 지난\n"
        "겨울 폭풍으로 여러 곳이 부서졌기 때문이다."
    ),
    "words parted": (
        "The engineer of the harbour re-\nported that the wall would have to be re-\nbuilt over forty metres."
    ),
    "numbers at both beginnings": ("2031年，海湾渔港完成扩建，新增泊位四十个，可停靠渔船\n\n420艘。费用由市里承担。"),
    "over a blank line": (
        "工程师报告说，外墙有四十米长的一段需要重建，布兰德先生问灯塔是否继\n\n续开放，没有人知道答案。"
    ),
    "over a blank line, English": (
        "The engineer reported that the outer wall would have to be rebuilt over\n\na length of forty metres."
    ),
    "what a speaker says": (
        "A: The outer wall will have to be rebuilt over a length of forty\nmetres, and the work could begin in May."
    ),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_what_the_writer_put_on_lines_stays_there(text: str) -> None:
    lines = [line for line in text.split("\n") if line]
    assert reading_text(text).split("\n") == lines
    assert [span.of(text) for passage in SPLIT(make_document(text, source="a.txt")) for span in passage.sentences] in (
        lines,
        lines[1:],  # the first may be a heading
    ), "what is marked as the answer is a line"


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_what_a_column_broke_is_whole(text: str) -> None:
    assert "\n" not in reading_text(text)


ENGLISH = [
    "The harbour board met on Monday evening to consider the state of the northern mole.",
    "Mr Brand asked whether the lighthouse, which has burned for ninety years, would remain open to visitors in June.",
    "Nobody knew.",
    "It has 36 berths for 420 boats, and the Fisheries Institute of Alvor (founded in 1931) pays half of it.",
    "In spring the divers found that two of the older piers had moved by a hand since they were last measured.",
]
CHINESE = [
    "海湾市港务委员会星期一晚上开会，讨论北防波堤在冬天的风暴以后的状况。",
    "工程师报告说，外墙有四十米长的一段需要重建，五月就可以动工，费用大约三百万元。",
    "没有人反对。",
    "渔业公司、合作社和港务局各派一名代表，每月检查一次工程的进度，并且向全市公布检查的结果。",
]


@given(st.permutations(ENGLISH), st.integers(50, 90))
def test_english_wrapped_at_any_width_is_whole_again(sentences: list[str], width: int) -> None:
    lines = textwrap.wrap(" ".join(sentences), width)
    assert all(line.endswith(".") for line in reading_text("\n".join(lines)).split("\n")), "a paragraph may end there"


@given(st.permutations(CHINESE), st.integers(14, 40))
def test_chinese_set_in_columns_of_any_width_is_whole_again(sentences: list[str], width: int) -> None:
    text = "".join(sentences)
    lines = [text[start : start + width] for start in range(0, len(text), width)]
    assert all(line.endswith("。") for line in reading_text("\n".join(lines)).split("\n")), "a paragraph may end there"


def test_labelled_lines_are_no_headings() -> None:
    text = "甲方：海湾港务公司\n\n乙方：山城运输公司\n\n金额：三万元\n\n双方应按时履约。"
    assert {flow.kind for flow in read_layout(text)} == {Kind.BODY}
    assert read_layout("专题：灯塔\n\n这里说的是灯塔的历史。")[0].kind is Kind.HEADING


def test_a_passage_is_read_by_what_stands_around_it_in_its_document() -> None:
    words = "".join(f"第{number}号泊位{number % 7}月完工，检验合格以后交给渔业公司使用。" for number in range(40))
    column = "\n".join(words[start : start + 15] for start in range(0, len(words), 15))
    passages = SPLIT(make_document(column, source="a.txt"))
    assert len(passages) > 1
    lines = [line for passage in passages for line in passage.text.split("\n")[:-1]]
    assert all(line.endswith("。") for line in lines), "where a sentence ends, a paragraph may"


def test_short_lines_are_words_apart_in_what_is_searched() -> None:
    (passage,) = SPLIT(make_document("苹果\n香蕉\n甲方：海湾港务公司\n乙方：山城公司", source="a.txt"))
    assert passage.search_text == "苹果 香蕉 甲方:海湾港务公司 乙方:山城公司"


@given(TEXTS, st.data())
def test_the_reading_of_any_stretch_differs_in_white_space_and_what_nobody_sees(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    assert "".join(Layout(text).reading(span).split()) == "".join(without_hidden(span.of(text)).split())
