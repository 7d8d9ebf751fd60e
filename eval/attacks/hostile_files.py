"""Files that are made to cost, as `python -m eval attack-files` reads them; each is made when it is written."""

from collections.abc import Callable

from eval.attacks import hostile_archives as zips
from eval.attacks import hostile_containers as boxes
from eval.attacks import hostile_pdfs as pdfs
from eval.attacks.hostile import READ, Hostile, text
from eval.attacks.hostile_formats import FORMATS


def _html(start: str, times: int, inside: str = "A line of text.") -> Callable[[], bytes]:
    return lambda: f"<html><body>{start * times}{inside}".encode()


def _docx(inside: str, times: int, closing: str = "") -> Callable[[], bytes]:
    return lambda: zips.docx(inside * times + closing * times)


def _other_text(name: str, part: str) -> Callable[[], bytes]:
    """Return a DOCX whose relations name a part of any name as its text."""
    relations = {"_rels/.rels": zips.relations(("officeDocument", name))}
    return lambda: zips.docx(more=relations | {name: zips.body(part)})


CELL = "<w:tbl><w:tr><w:tc>"
CELL_END = "<w:p/></w:tc></w:tr></w:tbl>"
NOTES = f'<w:footnotes xmlns:w="{zips.WORD}"><w:footnote w:id="1"><w:p><w:r><w:t>{"x" * 100_000}</w:t></w:r></w:p>'
STYLES = (
    f'<w:styles xmlns:w="{zips.WORD}"><w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    '<w:style w:type="numbering" w:styleId="n"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    "</w:styles>"
)
NUMBERING = (
    f'<w:numbering xmlns:w="{zips.WORD}"><w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="n"/></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
)
NUMBERED = '<w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
LINK = '<w:p><w:hyperlink r:id="rId0"><w:r><w:t>x</w:t></w:r></w:hyperlink></w:p>'

PAGES = (
    Hostile("nested-div.html", _html("<div>", 50_000)),
    Hostile("nested-bold.html", _html("<b>", 50_000)),
    Hostile("nested-tables.html", _html("<table><tr><td>", 10_000)),
    Hostile("nested-lists.html", _html("<ul><li>", 20_000)),
    Hostile("nested-svg.html", _html("<svg>", 50_000)),
    Hostile("nested-raised.html", _html("<sup>1", 1_990), None),
    Hostile("unclosed-paragraphs.html", _html("<p>", 1_200_000)),
    Hostile("unclosed-items.xhtml", _html("<li>", 1_200_000)),
    Hostile("wide-and-deep.html", _html("<div>", 240, "<i>x</i>" * 300_000)),
    Hostile("attributes.html", lambda: b"<p " + b"".join(b"a%d=1 " % n for n in range(1_000_000)) + b">A line."),
    Hostile("classes.html", lambda: b"<p class='" + b"a " * 1_000_000 + b"'>A line.", READ),
    Hostile("comments.html", _html("<!--", 1_000_000), None),
    Hostile("cdata.html", _html("<![CDATA[", 500_000), None),
    Hostile("brackets.html", _html("<", 2_000_000), None),
    Hostile("entities.html", _html("&amp;", 1_000_000), READ),
    Hostile("declarations.html", _html("<?xml ", 500_000), None),
    Hostile("white.html", lambda: b" " * 10_000_000 + b"<p>A line.", READ),
    Hostile("laughs.xhtml", lambda: f"<?xml version='1.0'?>{zips.laughs()}<html><p>&e9;</p></html>".encode(), None),
    Hostile("outside.xhtml", lambda: b"<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>&x;</p>", None),
    Hostile("spans.html", _html("<tr>" + "<td rowspan=100 colspan=100>x" * 200, 1, "<tr>" * 100), None),
    Hostile("numbered.html", lambda: b"<ol>" + b"<li>x" * 20_000, None),
    Hostile("selectors.html", lambda: b"<style>" + b"a>b~c+d{}" * 500_000 + b"</style><p>A line.", READ),
    Hostile("styled.html", lambda: b"<p style='" + b"display " * 500_000 + b"'>A line.", READ),
    Hostile("json.html", lambda: b'<script type="application/ld+json">' + b"[" * 1_000_000 + b"</script>A line.", READ),
    Hostile("named.docx", _html("<p>", 3)),
)
DOCUMENTS = (
    Hostile("empty-paragraphs.docx", _docx("<w:p/>", 6_700_000)),
    Hostile("runs.docx", _docx("<w:p><w:r/></w:p>", 1_100_000)),
    Hostile("nested.docx", _docx("<w:sdt>", 50_000)),
    Hostile("nested-tables.docx", _docx(CELL, 10_000, CELL_END)),
    Hostile("spaces.docx", _docx(" " * 1_000_000, 190)),
    Hostile("other-name.docx", _other_text("word/media/a.png", "<w:p/>" * 6_700_000)),
    Hostile("other-name-deep.docx", _other_text("word/text", "<w:sdt>" * 50_000)),
    Hostile("laughs.docx", lambda: zips.docx("&e9;", declared=zips.laughs())),
    Hostile(
        "quadratic.docx", lambda: zips.docx("&a;" * 50_000, declared=f'<!DOCTYPE w [<!ENTITY a "{"a" * 50_000}">]>')
    ),
    Hostile("laughs-other.docx", lambda: zips.docx(more={"word/styles.xml": zips.laughs() + "<w>&e9;</w>"})),
    Hostile("laughs-wide.docx", lambda: zips.docx(more={zips.BODY: zips.body("&e9;", zips.laughs()).encode("utf-16")})),
    Hostile(
        "outside.docx", lambda: zips.docx("&x;", declared='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    ),
    Hostile("picture-laughs.docx", _other_text("a.svg", zips.laughs() + "<svg>&e9;</svg>")),
    Hostile(
        "relations.docx", lambda: zips.docx(more={zips.RELATIONS: zips.relations(*[("hyperlink", "a")] * 200_000)})
    ),
    Hostile(
        "circle.docx", lambda: zips.docx(more={"_rels/.rels": zips.relations(("officeDocument", "_rels/.rels"))}), None
    ),
    Hostile("missing.docx", lambda: zips.docx(more={zips.RELATIONS: zips.relations(("styles", "gone.xml"))}), READ),
    Hostile("styles.docx", lambda: zips.docx(NUMBERED, {"word/styles.xml": STYLES, "word/numbering.xml": NUMBERING})),
    Hostile(
        "notes.docx",
        lambda: zips.docx(
            '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' * 5_000,
            {"word/footnotes.xml": NOTES + "</w:footnote></w:footnotes>"},
        ),
        READ,
    ),
    Hostile(
        "links.docx",
        lambda: zips.docx(LINK * 2_000, {zips.RELATIONS: zips.relations(("hyperlink", "http://" + "x" * 1_000_000))}),
        READ,
    ),
    Hostile("attribute.docx", lambda: zips.docx(f'<w:p w:x="{"x" * 190_000_000}"/>')),
    Hostile("attributes.docx", lambda: zips.docx("<w:p " + " ".join(f'a{n}=""' for n in range(500_000)) + "/>")),
    Hostile("parts.docx", lambda: zips.docx(more={f"word/{n}.xml": "<a/>" for n in range(12_000)})),
    Hostile("listed.docx", lambda: zips.listed_often(300_000)),
    Hostile("long-names.docx", lambda: zips.listed_often(1_500, 60_000)),
    Hostile("bomb.docx", lambda: zips.docx(" " * 900_000_000)),
    Hostile("flat.docx", zips.overlapping, None),
    Hostile("lying.docx", lambda: zips.lying(100_000_000)),
    Hostile("nested-zip.docx", lambda: zips.docx(more={zips.BODY: zips.docx()})),
    Hostile("outside-names.docx", lambda: zips.docx(more={"../../etc/passwd": "x", "/etc/passwd": "x"}), READ),
    Hostile("twice.docx", zips.twice),
    Hostile("locked.docx", zips.locked),
    Hostile("ole.docx", lambda: zips.OLE),
    Hostile("no-text.docx", lambda: zips.zipped({"a.xml": "<a/>"})),
)
PRINTS = (
    Hostile("pages.pdf", lambda: pdfs.pdf(pdfs.stream(pdfs.TEXT, b""), kids=50_000)),
    Hostile("says-many.pdf", lambda: pdfs.pdf(pdfs.stream(pdfs.TEXT, b""), count=2_000_000_000), None),
    Hostile("circle.pdf", pdfs.circle_of_pages),
    Hostile("deep-pages.pdf", lambda: pdfs.deep_pages(50_000)),
    Hostile("circle-of-forms.pdf", pdfs.circle_of_forms),
    Hostile("laughing-forms.pdf", lambda: pdfs.forms(9, 10)),
    Hostile("laughing-pages.pdf", lambda: pdfs.forms(5, 10), None),
    Hostile("bomb.pdf", lambda: pdfs.pdf(pdfs.stream(pdfs.packed(b" " * 1_000_000, 700)))),
    Hostile("drawing-bomb.pdf", lambda: pdfs.pdf(pdfs.stream(pdfs.packed(pdfs.TEXT * 10_000, 100)))),
    Hostile(
        "nested-bomb.pdf",
        lambda: pdfs.pdf(
            pdfs.stream(pdfs.packed(pdfs.packed(b" " * 1_000_000, 900)), b"/Filter[/FlateDecode/FlateDecode]")
        ),
    ),
    Hostile(
        "picture-bomb.pdf",
        lambda: pdfs.pdf(pdfs.stream(pdfs.packed(b" " * 1_000_000, 300), b"/Filter/FlateDecode/Subtype/Image")),
    ),
    Hostile("brackets.pdf", lambda: pdfs.pdf(pdfs.stream(b"[" * 500_000, b""))),
    Hostile("dictionaries.pdf", lambda: pdfs.raw_pdf([pdfs.CATALOGUE, b"<</A" * 200_000])),
    Hostile("huge-page.pdf", lambda: pdfs.pdf(pdfs.stream(pdfs.TEXT, b""), box=b"0 0 1e30 1e30"), READ),
    Hostile("no-page.pdf", lambda: pdfs.pdf(pdfs.stream(pdfs.TEXT, b""), box=b"0 0 0 0"), READ),
    Hostile("saved.pdf", lambda: pdfs.pdf(pdfs.stream(b"q " * 500_000 + pdfs.TEXT, b"")), None),
    Hostile("locked.pdf", pdfs.locked),
    Hostile("zip.pdf", lambda: zips.docx() + b"%PDF-1.7"),
    Hostile("no-more.pdf", lambda: b"%PDF-1.7 and no more"),
)
TEXTS = (
    Hostile("nul.txt", text(b"\0")),
    Hostile("halves.txt", lambda: b"\xff\xfe" + b"\0\xd8" * 9_000_000),
    Hostile("four-bytes.txt", text(b"\x81\x30\x81\x30")),
    Hostile("rare.txt", text("\u4e02\u4e04".encode("gb18030"))),
    Hostile("no-bytes.txt", text(b"\xff")),
    Hostile("front-matter.md", lambda: b"---\n" + b"a: b\n" * 2_000_000 + b"---\nA line.", READ),
    Hostile("front-matter-deep.md", lambda: b"---\na: " + b"[" * 1_000_000 + b"\n---\nA line.", READ),
    Hostile("front-matter-white.md", lambda: b"---\na: x" + b" " * 5_000_000 + b"y\n---\nA line.", READ),
    Hostile("front-matter-aliases.md", lambda: b"---\na: &a [x, x]\nb: [*a, *a]\n---\nA line.", READ),
    Hostile("zip.txt", zips.docx),
)
FILES_IN_FILES = (
    Hostile("bomb.zip", lambda: zips.zipped({"line.txt": " " * 15_000_000})),
    Hostile("small-bombs.zip", lambda: zips.zipped({f"{number}.txt": " " * 5_000_000 for number in range(60)})),
    Hostile("overlapping.zip", boxes.overlapping),
    Hostile("lying.zip", boxes.lying),
    Hostile("listed-often.zip", lambda: boxes.listed(100_000)),
    Hostile("many.zip", lambda: boxes.many((f"{number}.bin", b"") for number in range(10_001))),
    Hostile("many-read.zip", lambda: boxes.many((f"{number}.txt", b"") for number in range(3_000))),
    Hostile("tree.zip", boxes.tree),
    Hostile("long-names.zip", lambda: boxes.many((f"{'n' * 60_000}{number}.txt", b"") for number in range(100))),
    Hostile("deep-names.zip", lambda: boxes.many((f"{'n/' * 30_000}{number}.txt", b"") for number in range(100))),
    Hostile(
        "names-that-lead-out.zip", lambda: boxes.many((f"../{number}/x.txt", boxes.LINE) for number in range(5_000))
    ),
    Hostile("links.zip", boxes.links, READ),
    Hostile("pdfs.zip", lambda: zips.zipped({f"{number}.pdf": b"%PDF-1.7" + b"<<" * 50_000 for number in range(50)})),
    Hostile("parts.eml", lambda: boxes.parts(10_000)),
    Hostile("in-each-other.eml", lambda: boxes.in_each_other(1_900)),
    Hostile("forwarded.eml", lambda: boxes.forwarded(1_900), None),
    Hostile("bombs.eml", boxes.with_bombs, READ),
    Hostile("header.eml", lambda: boxes.HEAD + b"To: " + b"a@b.c, <" * 100_000 + b"\r\n\r\nA line.", READ),
    Hostile("words.eml", lambda: boxes.HEAD + b"Cc: " + b"=?utf-8?Q?a?= " * 60_000 + b"\r\n\r\nA line.", READ),
    Hostile("headers.eml", lambda: boxes.HEAD + b"X-A: b\r\n" * 1_000_000 + b"\r\nA line."),
    Hostile(
        "parameters.eml",
        lambda: boxes.mail(b"A line.", b"Content-Type: text/plain" + b"; a=b" * 500_000 + b"\r\n"),
        None,
    ),
    Hostile("no-boundary.eml", lambda: boxes.mail(b"--\r\n" * 3_000_000, b"Content-Type: multipart/mixed\r\n"), None),
    Hostile(
        "flowed.eml", lambda: boxes.mail(b"a \r\n" * 2_000_000, b"Content-Type: text/plain; format=flowed\r\n"), None
    ),
    Hostile("page.eml", lambda: boxes.mail(b"<b>" * 5_000_000, b"Content-Type: text/html\r\n"), READ),
    Hostile("no-mail.eml", text(b"\0")),
    Hostile("no-mail.msg", lambda: zips.OLE),
)
HOSTILE = (*FORMATS, *PAGES, *DOCUMENTS, *PRINTS, *TEXTS, *FILES_IN_FILES)
# Those that take a third of a second or more to make and to read.
SLOW = frozenset(
    (
        "attributes.html comments.html brackets.html entities.html numbered.html nested-raised.html "
        "unclosed-paragraphs.html unclosed-items.xhtml spaces.docx notes.docx attribute.docx attributes.docx "
        "lying.docx bomb.pdf nested-bomb.pdf picture-bomb.pdf four-bytes.txt rare.txt no-bytes.txt halves.txt "
        "nul.txt cdata.html declarations.html relations.docx parts.docx listed.docx front-matter.md "
        "other-name.docx long-names.docx bomb.docx high-numbers.docx formulas.docx formulas-deep.docx cells.xlsx "
        "bomb.xlsx bomb.epub spine.epub nul.tsv slides.pptx shapes.pptx words.rtf cells.rtf laughs.rst brackets.py "
        "lines.jsonl numbers.json bomb.zip small-bombs.zip overlapping.zip lying.zip listed-often.zip many-read.zip "
        "tree.zip long-names.zip deep-names.zip in-each-other.eml bombs.eml no-boundary.eml flowed.eml page.eml "
        "headers.eml no-mail.eml"
    ).split()
)
