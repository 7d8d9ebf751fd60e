"""Numbers of lists and headings stand in the text as Word shows them: restarts, chapters, scripts, styles."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus.files.office.docx_makers import definition, level, list_of, numbered, paragraph, starts_at, text_of

CHAPTERS = definition(level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "(%3)"))


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("decimal", "%1.", "2. 乙"),
        ("chineseCounting", "第%1条", "第二条 乙"),
        ("japaneseCounting", "第%1章", "第二章 乙"),
        ("chineseLegalSimplified", "%1、", "贰、 乙"),
        ("upperRoman", "%1.", "II. 乙"),
        ("lowerRoman", "(%1)", "(ii) 乙"),
        ("upperLetter", "附件%1：", "附件B： 乙"),
        ("decimalZero", "%1", "02 乙"),
        ("decimalEnclosedCircle", "%1", "② 乙"),
        ("ideographTraditional", "%1.", "乙. 乙"),
        ("bullet", "\uf0b7", "- 乙"),
        ("bullet", "☐", "☐ 乙"),
        ("none", "", "甲\n\n乙"),
        ("none", "Appendix", "Appendix 乙"),
        ("unheard-of", "%1.", "2. 乙"),
    ],
)
def test_a_number_is_written_as_the_list_writes_it(tmp_path: Path, form: str, text: str, expected: str) -> None:
    numbering = definition(level(0, form, text)) + list_of()
    assert text_of(tmp_path, numbered("甲") + numbered("乙"), numbering=numbering).endswith(expected)


def test_levels_count_within_each_other(tmp_path: Path) -> None:
    body = "".join(numbered(name, depth) for name, depth in zip("abcdefg", (0, 1, 1, 2, 2, 0, 1), strict=True))
    text = text_of(tmp_path, body, numbering=CHAPTERS + list_of())
    assert text == "1 a\n  1.1 b\n  1.2 c\n    (a) d\n    (b) e\n2 f\n  2.1 g"


def test_a_level_above_that_has_no_paragraph_counts_as_its_first(tmp_path: Path) -> None:
    body = numbered("a", 1) + numbered("b", 0)
    assert text_of(tmp_path, body, numbering=CHAPTERS + list_of()) == "  1.1 a\n1 b"


def test_lists_of_one_definition_go_on_unless_one_says_where_it_starts(tmp_path: Path) -> None:
    numbering = CHAPTERS + list_of(1) + list_of(2) + list_of(3, overrides=starts_at(7))
    body = "".join(numbered(name, 0, number) for name, number in zip("abcdefg", (1, 1, 2, 3, 3, 1, 3), strict=True))
    assert text_of(tmp_path, body, numbering=numbering) == "1 a\n2 b\n3 c\n7 d\n8 e\n9 f\n10 g"


def test_text_between_items_does_not_end_a_list(tmp_path: Path) -> None:
    body = numbered("a") + paragraph("Between.") + numbered("b")
    assert text_of(tmp_path, body, numbering=CHAPTERS + list_of()) == "1 a\n\nBetween.\n\n2 b"


def test_a_level_that_never_restarts_goes_on(tmp_path: Path) -> None:
    articles = level(1, "decimal", "Article %2", more='<w:lvlRestart w:val="0"/>')
    body = "".join(numbered(name, depth) for name, depth in zip("abcd", (0, 1, 0, 1), strict=True))
    text = text_of(tmp_path, body, numbering=definition(level(0, "upperRoman", "%1"), articles) + list_of())
    assert text == "I a\n  Article 1 b\nII c\n  Article 2 d"


def test_a_level_may_write_the_numbers_of_all_in_digits(tmp_path: Path) -> None:
    legal = level(1, "decimal", "%1.%2", more="<w:isLgl/>")
    numbering = definition(level(0, "chineseCounting", "第%1章"), legal) + list_of()
    assert text_of(tmp_path, numbered("甲") + numbered("乙", 1), numbering=numbering) == "第一章 甲\n  1.1 乙"


def test_what_stands_after_a_number_is_kept_or_left_out(tmp_path: Path) -> None:
    numbering = definition(level(0, "chineseCounting", "%1、", more='<w:suff w:val="nothing"/>')) + list_of()
    assert text_of(tmp_path, numbered("总则"), numbering=numbering) == "一、总则"


STYLES = """<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>
</w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/><w:pPr>
<w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Plain"><w:name w:val="unnumbered"/><w:basedOn w:val="H1"/><w:pPr><w:numPr>
<w:numId w:val="0"/></w:numPr></w:pPr></w:style>
<w:style w:type="numbering" w:styleId="Outline"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>"""


def styled(text: str, style: str) -> str:
    return paragraph(text, f'<w:pStyle w:val="{style}"/>')


def test_headings_are_numbered_by_their_styles(tmp_path: Path) -> None:
    levels = (
        level(depth, "decimal", text, more=f'<w:pStyle w:val="H{depth + 1}"/>')
        for depth, text in enumerate(("Chapter %1", "%1.%2"))
    )
    body = (
        styled("One", "H1") + styled("Part", "H2") + styled("Preface", "Plain") + styled("Two", "H1") + paragraph("x")
    )
    text = text_of(tmp_path, body, numbering=definition(*levels) + list_of(), styles=STYLES)
    assert text == "# Chapter 1 One\n\n## 1.1 Part\n\n# Preface\n\n# Chapter 2 Two\n\nx"


def test_a_list_may_stand_for_a_style_of_lists(tmp_path: Path) -> None:
    linked = definition(number=5, more='<w:numStyleLink w:val="Outline"/>') + list_of(9, 5)
    numbering = definition(level(0, "upperLetter", "%1)"), more='<w:styleLink w:val="Outline"/>') + list_of() + linked
    body = numbered("a", number=9) + numbered("b", number=9)
    assert text_of(tmp_path, body, numbering=numbering, styles=STYLES) == "A) a\nB) b"


def test_newer_forms_stand_beside_what_older_programs_do(tmp_path: Path) -> None:
    form = """<w:lvl w:ilvl="0"><w:start w:val="7"/><mc:AlternateContent
    xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="w14">
    <w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback><w:numFmt w:val="decimal"/>
    </mc:Fallback></mc:AlternateContent><w:lvlText w:val="No. %1"/></w:lvl>"""
    assert text_of(tmp_path, numbered("a"), numbering=definition(form) + list_of()) == "No. 007 a"


@pytest.mark.parametrize(
    "numbering",
    [
        "",
        list_of(1, 77),
        definition(number=0) + list_of(),
        definition(number=0, more='<w:numStyleLink w:val="Outline"/>') + list_of(),
        definition(level(0, "decimal", "%1.").replace('w:ilvl="0"', 'w:ilvl="x"')) + list_of(),
    ],
)
def test_a_list_that_is_not_defined_has_no_numbers(tmp_path: Path, numbering: str) -> None:
    assert text_of(tmp_path, numbered("a") + numbered("b"), numbering=numbering, styles=STYLES) == "a\n\nb"


class Counter:
    """What each level has come to, kept in the plainest way."""

    def __init__(self, starts: list[int]) -> None:
        self.starts = starts
        self.past: list[int] = []

    def restart(self) -> None:
        self.past = []

    def next(self, depth: int) -> str:
        """Return 2.1.3 for the next paragraph of a depth: how many of it since the last of a lesser one."""
        since: list[int] = []
        for other in reversed(self.past):
            if other < depth:
                break
            since.append(other)
        self.past.append(depth)
        numbers = [self.starts[above] + max(self._count(above) - 1, 0) for above in range(depth)]
        return ".".join(map(str, [*numbers, self.starts[depth] + since.count(depth)]))

    def _count(self, depth: int) -> int:
        below = [place for place, other in enumerate(self.past[:-1]) if other < depth]
        return self.past[below[-1] + 1 if below else 0 : -1].count(depth)


@given(
    starts=st.lists(st.integers(0, 12), min_size=4, max_size=4),
    depths=st.lists(st.one_of(st.integers(0, 3), st.none()), min_size=1, max_size=40),
)
def test_any_list_counts_as_a_plain_counter_does(starts: list[int], depths: list[int | None]) -> None:
    """`None` is where another list of the definition starts anew, on all levels."""
    texts = (".".join(f"%{above + 1}" for above in range(depth + 1)) for depth in range(4))
    levels = [level(depth, "decimal", text, start=starts[depth]) for depth, text in enumerate(texts)]
    anew = "".join(starts_at(start, depth) for depth, start in enumerate(starts))
    numbering, body, expected, number = definition(*levels) + list_of(1), "", [], 1
    counter = Counter(starts)
    for depth in depths:
        if depth is None:
            number += 1
            numbering += list_of(number, overrides=anew)
            body += numbered("new", 0, number)
            counter.restart()
            depth = 0
        else:
            body += numbered("new", depth, number)
        expected.append("  " * depth + f"{counter.next(depth)} new")
    outermost = min((len(line) - len(line.lstrip()) for line in expected), default=0)
    with TemporaryDirectory() as folder:
        assert text_of(Path(folder), body, numbering=numbering) == "\n".join(line[outermost:] for line in expected)
