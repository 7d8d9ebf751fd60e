"""Forms of XFA: what the form says is read, and never the page that asks for another viewer."""

from pathlib import Path

import pytest

from corpus.errors import UnreadableFile
from corpus.files.pdf.reader import read
from tests.corpus.files.file_makers import raw_pdf

ASKS = b"Your viewer cannot show this file"
TEMPLATE = """<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.0/">
<subform name="form"><draw><value><exData contentType="text/html"><body xmlns="http://www.w3.org/1999/xhtml">
<p>Permit for <b>moorings</b></p></body></exData></value></draw>
<field name="holder"><caption><value><text>泊位持有人</text></value></caption></field>
<subform name="boat"><field name="length"><caption><value><text>Length of the boat</text></value></caption></field>
</subform>
<field name="lake"><caption><value><text>Lake</text></value></caption>
<items><text>Upper Lake</text><text>Lower Lake</text></items>
<items save="1"><text>1</text><text>2</text></items></field>
<field name="paid"><ui><checkButton/></ui><caption><value><text>Paid</text></value></caption>
<items><text>yes</text><text>no</text></items></field>
<field name="send"><ui><button/></ui><caption><value><text>Send</text></value></caption></field>
<draw presence="hidden"><value><text>not shown</text></value></draw>
</subform></template>%s</xdp:xdp>"""
DATA = """<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form><holder>陈望海</holder>
<boat><length>7.5 m</length></boat><boat><length>9 m</length></boat><lake>2</lake><paid>yes</paid></form></xfa:data>
</xfa:datasets>"""
READ = """Permit for moorings
泊位持有人: 陈望海
Length of the boat: 7.5 m
Length of the boat: 9 m
Lake: Lower Lake
☒ Paid
\f"""


def xfa_pdf(path: Path, packet: str, shown: bytes = ASKS, *, dynamic: bool = True) -> Path:
    content, form = b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % shown, packet.encode()
    path.write_bytes(
        raw_pdf(
            [
                b"<</Type/Catalog/Pages 2 0 R/AcroForm<</XFA 6 0 R/Fields[]>>%s>>"
                % (b"/NeedsRendering true" if dynamic else b""),
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
                b"<</Length %d>>stream\n" % len(content) + content + b"\nendstream",
                b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
                b"<</Length %d>>stream\n" % len(form) + form + b"\nendstream",
            ]
        )
    )
    return path


@pytest.mark.parametrize("dynamic", [True, False])
def test_captions_and_values_are_read_and_not_the_page_that_asks_for_a_viewer(tmp_path: Path, dynamic: bool) -> None:
    extract = read(xfa_pdf(tmp_path / "a.pdf", TEMPLATE % DATA, dynamic=dynamic))
    assert extract.text == READ
    assert extract.metadata.title == "Permit for moorings"


def test_pages_that_say_what_the_form_says_are_read(tmp_path: Path) -> None:
    path = xfa_pdf(tmp_path / "a.pdf", TEMPLATE % DATA, b"Permit for moorings on the Upper Lake")
    assert read(path).text == "Permit for moorings on the Upper Lake\n\f"


def test_an_empty_form_is_its_captions(tmp_path: Path) -> None:
    text = read(xfa_pdf(tmp_path / "a.pdf", TEMPLATE % "")).text
    assert text == "Permit for moorings\n泊位持有人\nLength of the boat\nLake\n☐ Paid\n\f"


@pytest.mark.parametrize("packet", ["", "<xdp>", "<a/>", '<!DOCTYPE a [<!ENTITY b "bbb">]><template>&b;</template>'])
def test_a_form_that_says_nothing_is_told(tmp_path: Path, packet: str) -> None:
    with pytest.raises(UnreadableFile, match=r"only Adobe's programs draw \(XFA\)"):
        read(xfa_pdf(tmp_path / "a.pdf", packet))
