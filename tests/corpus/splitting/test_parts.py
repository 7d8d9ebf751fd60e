"""Where passages of sheets, slides and chapters stand."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, make_document
from corpus.parts import Part, PartKind
from corpus.passage import Citation, Span, cite
from corpus.splitting.passages import SplitterSettings, make_splitter

HEAD = ("| place | boats |", "| --- | --- |")


def sheets(*numbered: list[int]) -> Document:
    """Return a workbook of sheets whose first row names columns and whose other rows have the numbers given."""
    text, parts = "", []
    for number, rows in enumerate(numbered):
        lines = [*HEAD, *(f"| harbour {row} of {number} | {row * 7} |" for row in rows)]
        text += "\n".join(lines) + "\n\f"
        parts.append(Part(PartKind.SHEET, f"S{number}", rows=((0, 1), *((2 + at, row) for at, row in enumerate(rows)))))
    return make_document(text, source="harbours.xlsx", parts=parts)


def citations(document: Document, words: str) -> list[Citation]:
    """Return a citation of each passage with words in it, those highlighted."""
    passages = make_splitter(SplitterSettings(), lambda texts: [len(text) for text in texts], 1000)(document)
    found = [(passage, document.text.find(words, passage.start, passage.end)) for passage in passages]
    return [cite(passage, document, "[1]", [Span(at, at + len(words))]) for passage, at in found if at >= 0]


@given(st.lists(st.sets(st.integers(2, 500), min_size=1, max_size=40), min_size=1, max_size=4))
def test_each_row_is_cited_by_its_sheet_and_its_number_there(numbers: list[set[int]]) -> None:
    numbered = [sorted(each) for each in numbers]
    document = sheets(*numbered)
    for number, rows in enumerate(numbered):
        for row in rows:
            (citation,) = citations(document, f"| harbour {row} of {number} |")
            assert (citation.sheet, citation.row, citation.page) == (f"S{number}", row, None)


def test_rows_that_count_up_need_one_mark() -> None:
    text = "\n".join([*HEAD, *(f"| harbour {row} | {row} |" for row in range(5, 200))]) + "\n\f"
    document = make_document(text, source="a.xlsx", parts=[Part(PartKind.SHEET, "all", rows=((0, 4), (2, 5)))])
    for row in (5, 6, 99, 199):
        (citation,) = citations(document, f"| harbour {row} |")
        assert citation.row == row


def test_a_sheet_without_a_name_is_told_by_its_rows_alone() -> None:
    text = "\n".join([*HEAD, "| harbour 4 | 7 |"]) + "\n\f"
    document = make_document(text, source="a.csv", parts=[Part(PartKind.SHEET, rows=((0, 1), (2, 2)))])
    (citation,) = citations(document, "| harbour 4 |")
    assert (citation.sheet, citation.row) == (None, 2)


def test_a_passage_without_highlights_is_cited_by_its_first_row() -> None:
    document = sheets(list(range(3, 60)))
    passages = make_splitter(SplitterSettings(), lambda texts: [len(text) for text in texts], 1000)(document)
    first, second = (cite(passage, document, "[1]") for passage in passages[:2])
    assert first.row == 1
    assert second.quote.startswith(f"| harbour {second.row} of 0 |")


def test_slides_and_chapters_are_no_pages() -> None:
    text = "The pier opened in May.\n\fThe lock is older than the pier.\n\f"
    slides = make_document(text, source="a.pptx", parts=[Part(PartKind.SLIDE, "Pier"), Part(PartKind.SLIDE)])
    book = make_document(text, source="a.epub", parts=[Part(PartKind.PART, "The pier"), Part(PartKind.PART)])
    (slide,), (chapter,) = citations(slides, "older"), citations(book, "older")
    assert (slide.slide, slide.page, slide.part, slide.sheet, slide.row) == (2, None, None, None, None)
    assert (chapter.part, chapter.page, chapter.slide) == ("2", None, None)
    assert citations(book, "May")[0].part == "The pier"


def test_the_least_sure_page_of_a_passage_is_told() -> None:
    text = "The pier opened in\n\fMay of that year.\n\f"
    document = make_document(text, source="a.pdf", parts=[Part(ocr=0.9), Part(label="ii", ocr=0.6)])
    (citation,) = citations(document, "The pier")
    assert (citation.ocr, citation.page) == (0.6, 1)


def test_columns_at_the_top_of_each_sheet_are_no_running_header() -> None:
    document = sheets([2, 3], [2, 3], [2, 3])
    found = citations(document, "| place | boats |")
    assert [each.sheet for each in found] == ["S0", "S1", "S2"]
