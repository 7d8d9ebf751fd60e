"""Suites with expectations: what is found of them in suites of our own whose figures are known."""

from pathlib import Path

import pytest

from corpus.files.sandbox import Extractor
from eval.formats import commonmark, encodings, mammoth, pandoc, readability, trafilatura
from eval.formats.suites import Suite
from eval.formats.words import overlap, words_of
from tests.eval.formats.suite_makers import (
    SPEC,
    write_chardet,
    write_commonmark,
    write_mammoth,
    write_pandoc,
    write_readability,
    write_trafilatura,
)


@pytest.mark.parametrize(
    ("native", "text"),
    [
        ('[Para [Str "a",Emph [Str "b"],Space,Str "c"]]', "ab c"),
        ('[CodeBlock ("x",["y"],[("k","v")]) "code \\"quoted\\"\\nline"]', 'code "quoted"\nline'),
        ('[Para [Code ("",[],[]) "f",Str "x"]]', "fx"),
        ('[Para [Math InlineMath "x^2"]]', "x^2"),
        ('[Para [Link ("",[],[]) [Str "here"] ("http://example.org/Str","Str \\"no\\"")]]', "here"),
        ('[Para [Str "\\233t\\233",Str "\\20108\\&3"]]', "été二3"),
        (
            '[Plain [Str "a"],([Str "b"],[]),([Str "c"],[[CodeBlock ("",[],[]) "d",Plain [Str "e"]]])]',
            "a b c d e",
        ),
        ('[Para [Str "th",Span ("",["mark"],[("k","v")]) [Str "i"],Str "rd"]]', "third"),
        ('Pandoc (Meta {unMeta = fromList [("a}",MetaInlines [Str "no"])]})\n[Para [Str "yes"]]', "yes"),
        ('[Header 1 ("an-id",[],[]) [Str "One"],Plain [Str "two"]]', "One two"),
    ],
)
def test_the_text_of_a_native_tree(native: str, text: str) -> None:
    assert words_of(pandoc.native_text(native)) == words_of(text)


def test_words_are_counted_in_any_order_case_and_width() -> None:
    assert words_of("Two cranes; TWO quays.") == {"two": 2, "cranes": 1, "quays": 1}
    assert words_of("港口 ＡＢ12") == {"港": 1, "口": 1, "ab12": 1}
    found = overlap(words_of("a b c d"), words_of("d c x"))
    assert (found.common, found.expected, found.found) == (2, 4, 3)
    assert (found.recall, found.precision) == (1 / 2, 2 / 3)
    nothing = overlap(words_of(""), words_of(""))
    assert (nothing.recall, nothing.precision) == (1, 1)


def test_words_of_pandoc(tmp_path: Path) -> None:
    with Extractor() as extractor:
        (found,) = pandoc.measure(Suite("pandoc", write_pandoc(tmp_path)), extractor)
    assert found.rows == [("DOCX", 3, 1, 7, 6 / 7, 1.0, 1)]
    assert [each.file for each in found.worst] == ["test/docx/no.docx", "test/docx/part.docx"]
    assert found.worst[1].what == "recall 0.667, lost: tall"


def test_words_of_mammoth(tmp_path: Path) -> None:
    with Extractor() as extractor:
        (found,) = mammoth.measure(Suite("mammoth", write_mammoth(tmp_path)), extractor)
    assert found.rows == [("DOCX", 2, 0, 4, 3 / 4, 1.0, 1)]
    assert [(each.file, each.what) for each in found.worst] == [("two.docx", "lost: hidden")]


def test_encodings_of_chardet(tmp_path: Path) -> None:
    with Extractor() as extractor:
        (found,) = encodings.measure(Suite("chardet", write_chardet(tmp_path)), extractor)
    assert {row[0]: row[1:] for row in found.rows} == {
        "utf-8": (1, 1, 0, 0, 0),
        "GB2312": (1, 1, 0, 0, 0),
        "ascii": (1, 0, 1, 0, 0),
        "Big5": (1, 0, 0, 0, 1),
        "EUC-TW": (1, 0, 0, 1, 0),
        "all": (5, 2, 1, 1, 1),
    }


def test_a_text_in_the_wrong_letters_is_not_the_same() -> None:
    assert encodings.is_same("Größe und Maß", "Größe und Maß")
    assert not encodings.is_same("Größe", "Gröàe")
    assert not encodings.is_same("Größe", "Gre")
    assert encodings.codec_of("windows-1250-croatian") == "cp1250"
    assert encodings.codec_of("iso-8859-2-czech") == "iso8859-2"
    assert encodings.codec_of("EUC-TW") is None


def test_headings_of_commonmark(tmp_path: Path) -> None:
    with Extractor() as extractor:
        (found,) = commonmark.measure(Suite("commonmark", write_commonmark(tmp_path)), extractor)
    assert found.rows[0][:4] == ("spec.txt", 3, 3, 0)


def test_headings_in_code_are_none() -> None:
    sections = [("Blocks",), ("Blocks", "Fenced code"), ("Lines",)]
    assert [section for _, section in commonmark.headings(SPEC)] == sections
    longer = SPEC.replace("```", "`````").replace("# no heading", "````\n# none\n````` x\n# none\n~~~~~")
    assert [section for _, section in commonmark.headings(longer)] == sections


def test_words_of_readability(tmp_path: Path) -> None:
    with Extractor() as extractor:
        (found,) = readability.measure(Suite("readability", write_readability(tmp_path)), extractor)
    name, pages, recall, precision, *_, titles, of = found.rows[0]
    assert (name, pages, precision, titles, of) == ("HTML", 2, 1.0, 1, 2)
    assert 0.95 < float(recall) < 1
    assert [each.file for each in found.worst] == ["part", "whole"]
    assert found.worst[0].what.endswith("lost: unheard")


def test_marks_of_trafilatura(tmp_path: Path) -> None:
    with Extractor() as extractor:
        (found,) = trafilatura.measure(Suite("trafilatura", write_trafilatura(tmp_path)), extractor)
    rows = {row["set"]: row for row in found.as_json()["rows"]}  # type: ignore[attr-defined]
    judged = ("pages", "kept", "to keep", "left in", "to leave out", "titles right", "titles", "days right", "days")
    assert [rows["cache"][each] for each in judged] == [1, 2, 2, 0, 1, 1, 1, 1, 1]
    assert [rows["eval"][each] for each in judged] == [1, 0, 1, 1, 1, 0, 0, 0, 0]
    assert (rows["all"]["authors"], rows["all"]["authors right"]) == (2, 1)
    assert [(each.file, each.what) for each in found.worst] == [
        ("tests/eval/b.html", "lost: No such words; left in: a third is to be built")
    ]
