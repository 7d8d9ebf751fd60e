"""DOCX: headings, lists, tables and notes; revisions, controls and text boxes are not lost, and attacks are refused."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.errors import UnreadableFile
from corpus.files.documents import read_documents
from corpus.files.folders.folder import Skipped
from corpus.files.office.docx import read
from tests.corpus.files.file_makers import change_part, make_docx

W = nsdecls("w")
BODY = "word/document.xml"


def write(document: docx.document.Document) -> None:
    properties = document.core_properties
    properties.title, properties.author = "海湾县渔业发展规划", "陈望海"
    properties.created = datetime(2023, 4, 6, tzinfo=UTC)
    document.add_paragraph("海湾县渔业发展规划", style="Title")
    document.add_heading("一、总体目标", 1)
    document.add_paragraph("到2025年，全县水产品产量达到13.5万吨。")
    document.add_heading("（一）渔港", 2)
    for item in ("冷库三座", "交易大厅一处"):
        document.add_paragraph(item, style="List Bullet")
    for item in ("先申请", "后审核"):
        document.add_paragraph(item, style="List Number")
    table = document.add_table(rows=3, cols=3)
    for cell, text in zip(table._cells, "年度 投资 泊位 2021年 5.60 12 2022年 8.64 24".split(), strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "两年"
    broken = document.add_paragraph("第一行")
    broken.add_run().add_break()
    broken.add_run("第二行。")
    broken.add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("分页之后。")


TEXT = """# 海湾县渔业发展规划

# 一、总体目标

到2025年，全县水产品产量达到13.5万吨。

## （一）渔港

- 冷库三座
- 交易大厅一处
1. 先申请
2. 后审核

| 年度 | 投资 | 泊位 |
| --- | --- | --- |
| 两年 | 5.60 | 12 |
| 两年 | 8.64 | 24 |

第一行
第二行。

分页之后。"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_docx(tmp_path / "plan.docx", write)


def add(path: Path, xml: str) -> None:
    change_part(path, BODY, lambda body: body.replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1))


def test_what_a_document_says(path: Path) -> None:
    extract = read(path)
    assert extract.text == TEXT
    assert (extract.metadata.title, extract.metadata.author) == ("海湾县渔业发展规划", "陈望海")
    assert extract.metadata.published is None, "the day a file was made is not when it was published"
    assert extract.metadata.other == {"created": "2023-04-06"}
    assert "\f" not in extract.text


def test_properties_that_a_program_wrote_do_not_count(tmp_path: Path) -> None:
    def fill(document: docx.document.Document) -> None:
        document.add_paragraph("文。")
        document.core_properties.title, document.core_properties.author = "新建 DOC 文档", "python-docx"

    metadata = read(make_docx(tmp_path / "a.docx", fill)).metadata
    assert (metadata.title, metadata.author) == (None, None)


@pytest.mark.parametrize(
    ("xml", "kept"),
    [
        (f'<w:p {W}><w:ins w:id="1" w:author="x"><w:r><w:t>修订插入。</w:t></w:r></w:ins></w:p>', "修订插入。"),
        (f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>控件里。</w:t></w:r></w:p></w:sdtContent></w:sdt>", "控件里。"),
        (
            f'<w:p {W} xmlns:v="urn:schemas-microsoft-com:vml"><w:r><w:pict><v:shape><v:textbox><w:txbxContent>'
            "<w:p><w:r><w:t>文本框里。</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
            "文本框里。",
        ),
        (f'<w:p {W}><w:hyperlink w:anchor="x"><w:r><w:t>链接的字。</w:t></w:r></w:hyperlink></w:p>', "链接的字。"),
    ],
)
def test_what_others_lose_is_kept(path: Path, xml: str, kept: str) -> None:
    add(path, xml)
    assert read(path).text == f"{TEXT}\n\n{kept}"


def test_what_was_deleted_is_not_there(path: Path) -> None:
    add(path, f'<w:p {W}><w:del w:id="2" w:author="x"><w:r><w:delText>删掉了。</w:delText></w:r></w:del></w:p>')
    assert read(path).text == TEXT


def test_notes_stand_at_the_end(path: Path) -> None:
    add(path, f'<w:p {W}><w:r><w:t>有注。</w:t><w:footnoteReference w:id="5"/></w:r></w:p>')
    note = (
        f'<w:footnotes {W}><w:footnote w:id="5"><w:p><w:r><w:t>注的内容。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("word/footnotes.xml", note)
    relation = (
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"'
        b' Target="footnotes.xml"/></Relationships>'
    )
    change_part(path, "word/_rels/document.xml.rels", lambda rels: rels.replace(b"</Relationships>", relation))
    assert read(path).text == f"{TEXT}\n\n有注。[1]\n\n[1] 注的内容。"


def test_styles_that_are_named_in_chinese_are_headings(tmp_path: Path) -> None:
    def fill(document: docx.document.Document) -> None:
        document.styles.add_style("标题 2", 1)
        document.add_paragraph("管理办法", style="标题 2")
        document.add_paragraph("文。")

    assert read(make_docx(tmp_path / "a.docx", fill)).text == "## 管理办法\n\n文。"


# What is refused


def test_a_damaged_file_is_told(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UnreadableFile, match="damaged"):
        read(path)


def test_another_zip_is_told(path: Path) -> None:
    change_part(path, BODY, lambda body: None)
    with pytest.raises(UnreadableFile, match="so no DOCX"):
        read(path)


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(path: Path) -> None:
    change_part(path, BODY, lambda body: body + b" " * 210_000_000)
    with pytest.raises(UnreadableFile, match="unpacks to 210,"):
        read(path)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;">]>',
    ],
)
def test_entities_are_not_resolved(path: Path, declaration: str) -> None:
    def change(body: bytes) -> bytes:
        return body.replace(b"<w:document", declaration.encode() + b"<w:document", 1).replace(b"13.5", b"&e;")

    change_part(path, BODY, change)
    with pytest.raises(UnreadableFile, match="declares entities"):
        read(path)


def test_entities_in_another_encoding_are_not_resolved_either(path: Path) -> None:
    levels = "".join(f'<!ENTITY {b} "{10 * f"&{a};"}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))

    def change(body: bytes) -> bytes:
        text = body.decode().split("?>", 1)[1].replace("13.5", "&i;")
        return f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">{levels}]>{text}'.encode("utf-16")

    change_part(path, BODY, change)
    (found,) = read_documents([path])
    assert isinstance(found, Skipped)
    assert "declares entities" in found.reason


def test_no_other_file_is_read_for_pictures(path: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("the secret")
    picture = (
        f'<w:p {nsdecls("w", "wp", "a", "pic", "r")}><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="图"/>'
        '<a:graphic><a:graphicData uri="x"><pic:pic><pic:blipFill><a:blip r:link="rId98"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    parse_xml(picture)
    add(path, picture)
    relation = (
        b'<Relationship Id="rId98" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"'
        b' Target="' + (tmp_path / "secret.txt").as_uri().encode() + b'" TargetMode="External"/></Relationships>'
    )
    change_part(path, "word/_rels/document.xml.rels", lambda rels: rels.replace(b"</Relationships>", relation))
    assert read(path).text == TEXT
