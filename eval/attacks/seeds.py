"""What each target is fuzzed from: bytes that it takes, and kinds that once were hard."""

import io
import zipfile
from collections.abc import Iterator

from eval.attacks.texts import KINDS, text_of

LENGTH = 600  # characters of a kind
TEXTS = (
    "港口在二〇二三年建成，去年又扩建了14。24亿元的码头。",
    "The quay, built in '98, is 3,500 m long. See § 12a or call +49 30 1234567.",
    "👩‍👩‍👧‍👦 e\u0301 \u202eabc\u202c كتاب 12 מים",
    "# Title\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- item\n\f— 3 —\n",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "gb18030", "gbk", "big5", "cp1252")
RAW = (b"", b"\0", b"\xff\xfe", b"\xed\xa0\x80", "港".encode()[:2], b"\xef\xbb\xbf", b"\x81\x30\x81\x30", b"a\0b\0")
QUESTIONS = ("Wer baute 2019 die Brücke?", "KX-2041-B 是什么？", "2019年到2021年", "In the 1980s, last year", "a" * 300)
FILTERS = (
    '[{"source": "*a*a*a*b"}, {"published": "2024-02"}]',
    '{"tag": "a", "n": 3}',
    "[[[[{}]]], 1, true, null, 1e999]",
    '{"mentions_year": {"before": "2024-13-45"}}',
)
DATES = (
    "2024-02-29",
    "2024",
    "1709164800000",
    "2024-02-29T12:00:00+02:00",
    "2024年2月29日",
    "0000-00-00",
    "9999999999999",
)
FRONT = (
    "---\ntitle: A\npublished: 2024-02-30\ntags: [a, b]\n---\ntext",
    "---\na: &a [*a]\n---\n",
    "---\n{a: {b: [}\n...\nx",
)
SYNONYMS = ("quay, wharf, dock\nA => B, C\n# none\n\\,, x\n", "a,b=>c=>d", "港口，码头")
PAGES = (
    "<!doctype html><html><head><title>T</title><meta name=date content='2024-02-29'></head><body><h1>A</h1><p>B<br>"
    "<table><tr><td rowspan=2>a<td>b<tr><td>c</table><ul><li>x<ul><li>y</ul></ul><pre>z</pre></body></html>",
    "<html><script type='application/ld+json'>{\"datePublished\": \"2024\"}</script><sup>2</sup><img src='data:,a'>a",
    "<?xml version='1.0' encoding='gb2312'?><html>\u6e2f</html>",
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 38>>stream\nBT /F 12 Tf 9 9 Td (A quay was built.) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
    "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>A quay.</w:t></w:r></w:p>'
    "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:body></w:document>",
}


def seeds(target: str) -> Iterator[bytes]:
    """Yield what a target of `targets.TARGETS` is fuzzed from."""
    own = {
        "question": QUESTIONS,
        "filters": FILTERS,
        "metadata": FILTERS,
        "dates": DATES,
        "front-matter": FRONT,
        "synonyms": SYNONYMS,
        "html": PAGES,
    }
    yield from (text.encode() for text in own.get(target, TEXTS))
    if target == "pdf":
        yield PDF
    elif target == "docx":
        yield _docx()
    elif target in ("text", "words", "question", "synonyms"):
        yield from RAW
        yield from (text.encode(encoding, "replace") for text in TEXTS for encoding in ENCODINGS)
        yield from (text_of(kind, LENGTH).encode() for kind in KINDS)


def _docx() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name, content in PARTS.items():
            parts.writestr(zipfile.ZipInfo(name), content)  # of no day, and packed by nothing: to be changed at will
    return file.getvalue()
