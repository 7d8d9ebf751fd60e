"""What is asked for exactly comes first, is answered, and is said to be missing where nothing names it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.document import Document, make_document
from index.answer import SearchResult
from index.filters.making import make_condition
from index.models.hashing import HashEncoder
from index.opening import open_index
from index.query import Method, Query
from index.ranking.confidence import shipped_records
from index.ranking.exact import AS_LIKELY_AS_NOT, FEW, NO_MATCHES, ExactMatches, find_exact
from index.searcher import Searcher
from index.terms.asked import Exact
from index.terms.terms import LexicalQuestion, read_question
from tests.index_fixtures import index_documents

BOATS = "渡轮 拖船 驳船 帆船 游艇 快艇".split()
HARBOURS = "东港 西港 南港 北港".split()
LEDGER = "| 编号 | 船型 | 停泊 | 年份 |\n|---|---|---|---|\n" + "".join(
    f"| HB{number:04} | {BOATS[number % 6]} | {HARBOURS[number % 4]} | {1990 + number % 30} |\n"
    for number in range(160)
)
RULES = "# 港口管理办法\n\n" + "\n\n".join(
    f"第{numeral}条　{subject}的管理，由港务局负责，接受社会监督。依照第四条备案。"
    for numeral, subject in zip(
        "一二三四五六七八九十", "停泊 装卸 引航 备案 消防 收费 检修 供水 照明 信号".split(), strict=True
    )
)
HARBOUR_ACT = "# Harbour Act\n\n" + "\n\n".join(
    f"Article {number}. {subject}\n\nThe harbour office keeps a list of this. Whoever breaks Article 3 pays."
    for number, subject in enumerate("Berths Cargo Pilots Lights Fees Water Repairs Signals".split(), start=1)
)
MANUAL = "# Boat manual\n\n" + "\n\n".join(
    f"## {chapter} {name}\n\n"
    + "\n\n".join(
        f"### {chapter}.{part} {name} of {what}\n\nMind the {what} well."
        for part, what in enumerate(("ropes", "sails", "lamps"), start=1)
    )
    for chapter, name in enumerate(("Care", "Repair", "Storage"), start=1)
)
LETTERS = "# 来信\n\n" + "\n\n".join(
    f"老船长在信里写道：{said}。那年冬天港口结了冰，船都停在码头边。"
    for said in ("船到桥头自然直", "桥头的船自然要直", "自然的船直到桥头", "到了桥头船就直了")
)


SURNAMES, GIVEN = "赵钱孙李周吴", "明霞芳强静丽军平"
CREW = "# 船员名册\n\n" + "".join(
    f"{SURNAMES[n % 6]}{GIVEN[n % 8]}{GIVEN[n // 6 % 8] if n % 3 else ''}，"
    f"{HARBOURS[n % 4]}，{BOATS[n % 5]}，{300 + n}号舱\n"
    for n in range(96)
)
FIRST, LAST = (
    "Vidra Lasel Marbo Tonia Kossa Pelun".split(),
    "Radberg Selfeld Tondahl Marnes Kolvik Lunholm Sabakk".split(),
)
STATIONS = "North South East".split()
PILOTS = "| Name | Station | Boat |\n|---|---|---|\n" + "".join(
    f"| {FIRST[n % 6]} {LAST[n * 5 % 7]} | {STATIONS[n % 3]} | {('Heron', 'Tern', 'Gull')[n // 7 % 3]} |\n"
    for n in range(42)
)
PROSE = "The lights of the harbour were mended in spring. Vidra Radberg, who is no pilot, paid for all of them."


@contextmanager
def indexed(folder: Path, *documents: Document) -> Iterator[Searcher]:
    index_documents(folder, list(documents))
    with open_index(folder, lambda name: HashEncoder()) as opened:
        record = shipped_records()["multilingual-e5-small"]  # of another model, which refuses what it is given here
        yield Searcher(opened.truth, opened.index, HashEncoder(), record=record)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    with indexed(
        tmp_path_factory.mktemp("exact"),
        make_document(LEDGER, source="ledger.md"),
        make_document(RULES, source="rules.txt"),
        make_document(HARBOUR_ACT, source="act.md"),
        make_document(LETTERS, source="HB7777.txt"),
        make_document(MANUAL, source="manual.md"),
    ) as found:
        yield found


def first(result: SearchResult) -> str:
    return result.results[0].citation.quote


@pytest.mark.parametrize("number", [0, 7, 70, 77, 107, 159])
@pytest.mark.parametrize(
    "question", ["{}停泊在哪里", "Where is {} berthed?", "من يملك {}؟", "{}", "Wo liegt das Boot {}?"]
)
def test_the_row_of_a_code_comes_first(searcher: Searcher, question: str, number: int) -> None:
    code = f"HB{number:04}"
    result = searcher.search(Query(question.format(code)))
    assert f"| {code} |" in first(result)
    assert result.answerable
    assert result.confidence >= AS_LIKELY_AS_NOT


def test_a_code_is_found_however_it_is_written(searcher: Searcher) -> None:
    for written in ("hb0077", "HB-0077", "ＨＢ００７７", "HB 0077"):
        assert "| HB0077 |" in first(searcher.search(Query(f"{written}是什么船")))


@pytest.mark.parametrize(
    "question", ["第七条", "第7条规定了什么", "What does Article 7 say?", "Was sagt § 7?", "что в статье 7", "المادة 7"]
)
def test_an_article_comes_first_where_it_begins(searcher: Searcher, question: str) -> None:
    for name, begins in (("rules.txt", "第七条　"), ("act.md", "Article 7.")):
        result = searcher.search(Query(question, filters=make_condition(source=(name,))))
        assert begins in first(result)
        assert result.answerable


@pytest.mark.parametrize(
    ("question", "heading"),
    [("What does section 2.3 say?", "### 2.3 Repair of lamps"), ("clause 3.1", "### 3.1 Storage of ropes")],
)
def test_a_section_that_is_headed_by_its_number_alone_is_found(searcher: Searcher, question: str, heading: str) -> None:
    result = searcher.search(Query(question))
    assert heading in first(result)
    assert result.answerable


def test_an_article_that_all_refer_to_is_found_where_it_stands(searcher: Searcher) -> None:
    result = searcher.search(Query("违反第四条怎么办", filters=make_condition(source=("rules.txt",))))
    assert "第四条　" in first(result)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("HB9999停泊在哪里", "HB9999"),
        ("Where is KX-2041-B?", "KX-2041-B"),
        ("第九十九条规定了什么", "第九十九条"),
        ("Who is ann@example.org?", "ann@example.org"),
        ("HB0077 or HB9999?", "HB9999"),
    ],
)
def test_what_nothing_names_is_said(searcher: Searcher, question: str, named: str) -> None:
    result = searcher.search(Query(question))
    assert (result.answerable, result.no_answer_reason) == (False, f"no document names {named}")


@pytest.mark.parametrize(
    "question",
    ["谁有H2O", "Section 99", "section 7.9", "HB7777.txt里老船长的来信写了什么", "老船长的来信HB7777", "1998年的船"],
)
def test_what_may_be_called_otherwise_or_is_a_document_is_not_said_to_be_missing(
    searcher: Searcher, question: str
) -> None:
    reason = searcher.search(Query(question)).no_answer_reason or ""
    assert not reason.startswith("no document names")


def test_what_the_filters_leave_out_is_not_named(searcher: Searcher) -> None:
    result = searcher.search(Query("HB0077停泊在哪里", filters=make_condition(source=("act.md",))))
    assert result.no_answer_reason == "no document names HB0077"


@pytest.mark.parametrize(
    "quoted", ["“船到桥头自然直”", '"船到桥头自然直"', "「船到橋頭自然直」", "『船到桥头自然直』", "«船到桥头自然直»"]
)
def test_a_quoted_phrase_is_found_word_for_word(searcher: Searcher, quoted: str) -> None:
    assert "船到桥头自然直" in first(searcher.search(Query(f"谁说过{quoted}")))


def test_a_quoted_phrase_that_nobody_wrote_is_no_reason_to_refuse(searcher: Searcher) -> None:
    reason = searcher.search(Query("谁说过“船桥自然头”")).no_answer_reason or ""
    assert not reason.startswith("no document names")


def test_what_is_in_many_passages_decides_nothing(tmp_path: Path) -> None:
    lines = (f"第{number}艘船用KX-2041-B发动机，船名海燕{number}，停在码头。" for number in range(FEW + 10))
    documents = [make_document(line, source=f"{number}.txt") for number, line in enumerate(lines)]
    with indexed(
        tmp_path, *documents, make_document("海燕最好的船是哪艘，由船长决定。", source="best.txt")
    ) as searcher:
        result = searcher.search(Query("KX-2041-B海燕最好的船是哪艘，由谁决定"))
    assert result.results[0].citation.source == "best.txt"
    assert result.no_answer_reason != "no document names KX-2041-B"


def test_words_that_do_not_count_decide_nothing(searcher: Searcher) -> None:
    result = searcher.search(Query("HB9999停泊在哪里", method=Method.DENSE))
    assert result.no_answer_reason is None


def test_the_passage_with_most_of_what_is_asked_comes_first(tmp_path: Path) -> None:
    texts = ("HB0001 and KX-100 are old.", "HB0001 is here.", "KX-100 is there.", "Boats are here and there.")
    documents = [make_document(text, source=f"{number}.txt") for number, text in enumerate(texts)]
    with indexed(tmp_path, *documents) as searcher:
        found = searcher.search(Query("KX-100 and HB0001")).results
    assert found[0].citation.source == "0.txt"
    assert found[-1].citation.source == "3.txt"


def test_nothing_is_looked_up_where_nothing_is_asked_exactly() -> None:
    def find(words: LexicalQuestion, k: int) -> list[int]:
        asked.append(words)
        return []

    asked: list[LexicalQuestion] = []
    matches = find_exact(None, read_question("why?"), "why?", find)  # type: ignore[arg-type] # nothing is read
    assert (matches, asked) == (NO_MATCHES, [])


def test_a_document_may_be_named_so_itself() -> None:
    facts = make_document("text", source="HB7777.md").facts
    assert ExactMatches({}, [Exact("hb7777", "HB7777")], frozenset()).unnamed([facts]) == ""
    assert ExactMatches({}, [Exact("hb777", "HB777")], frozenset()).unnamed([facts]) == "HB777"


@pytest.fixture(scope="module")
def directories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    documents = [
        make_document(CREW, source="crew.txt"),
        make_document(PILOTS, source="pilots.md"),
        make_document(PROSE, source="lights.txt"),
    ]
    with indexed(tmp_path_factory.mktemp("names"), *documents) as found:
        yield found


@pytest.mark.parametrize("question", ["{}住几号舱", "{}", "Which cabin has {}?", "请问{}在哪个港"])
@pytest.mark.parametrize("place", [0, 1, 40, 95])
def test_who_is_in_a_list_is_found_by_the_whole_name(directories: Searcher, question: str, place: int) -> None:
    name = CREW.split("\n")[2 + place].split("，")[0]
    entries = first(directories.search(Query(question.format(name)))).split("\n")
    assert any(entry.startswith(f"{name}，") for entry in entries)


@pytest.mark.parametrize(
    "question", ["Which boat has {}?", "{}", "{}的船叫什么", "Welches Boot fährt {}?", "boat of {}"]
)
@pytest.mark.parametrize("place", [1, 20, 41])
def test_two_words_side_by_side_are_a_name(directories: Searcher, question: str, place: int) -> None:
    name = f"{FIRST[place % 6]} {LAST[place * 5 % 7]}"
    for written in (name, name.lower(), name.upper()):
        assert f"| {name} |" in first(directories.search(Query(question.format(written))))


def test_prose_that_names_someone_of_a_list_is_not_behind_it(directories: Searcher) -> None:
    result = directories.search(Query("who paid for the lights of the harbour, was it Vidra Radberg?"))
    assert result.results[0].citation.source == "lights.txt"


def test_of_several_laws_the_one_that_is_named_comes_first(tmp_path: Path) -> None:
    names = ("港口条例", "渔业条例", "灯塔条例")
    documents = [
        make_document(f"{name}\n\n第一条　为了管理，制定本条例。\n\n第二条　由主管部门负责。", source=f"{name}.txt")
        for name in names
    ]
    with indexed(tmp_path, *documents) as searcher:
        for name in names:
            (result, *_) = searcher.search(Query(f"{name}第二条")).results
            assert result.citation.source == f"{name}.txt"
            assert "第二条" in result.citation.quote


@pytest.mark.parametrize("question", ["§ 12", "00731", "007-31-55"])
def test_what_has_no_words_beside_it_is_found_in_all_documents_that_have_it(tmp_path: Path, question: str) -> None:
    texts = (
        "§ 12 Boats lie left. Post box 00731, telephone 007-31-55.",
        "§ 12 Fees are ten. Post box 00731, 007-31-55.",
    )
    documents = [make_document(text, source=f"{number}.txt") for number, text in enumerate(texts)]
    with indexed(tmp_path, *documents) as searcher:
        result = searcher.search(Query(question))
    assert {each.citation.source for each in result.results} == {"0.txt", "1.txt"}
    assert result.no_answer_reason != f"no document names {question}"
