"""DOCX files that are made of their XML, for what no library writes."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from corpus.files.office.docx import read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def relations(*named: tuple[str, str, str]) -> str:
    """Return a part of relations: their ids, kinds and targets."""
    each = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{to}"/>' for i, kind, to in named)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def raw_docx(
    path: Path,
    body: str,
    *,
    numbering: str = "",
    styles: str = "",
    more: Mapping[str, tuple[str, str]] = MappingProxyType({}),
    main: str = "word/document.xml",
) -> Path:
    """Write a DOCX.

    Args:
        path: of the file.
        body: what stands in the body, in XML.
        numbering: what stands in the part of the lists.
        styles: what stands in the part of the styles.
        more: other parts by the ids of their relations: the kind, and the XML.
        main: the name of the main part.
    """
    parts = {"numbering": f"<w:numbering {W}>{numbering}</w:numbering>", "styles": f"<w:styles {W}>{styles}</w:styles>"}
    named = [(kind, kind, f"{kind}.xml") for kind in parts] + [(i, kind, f"{i}.xml") for i, (kind, _) in more.items()]
    folder, _, file = main.rpartition("/")
    within = f"{folder}/" if folder else ""
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("[Content_Types].xml", TYPES)
        written.writestr("_rels/.rels", relations(("rId1", "officeDocument", main)))
        written.writestr(f"{within}_rels/{file}.rels", relations(*named))
        written.writestr(main, f"<w:document {W} {M} {R}><w:body>{body}</w:body></w:document>")
        for name, xml in (*parts.items(), *((name, xml) for name, (_, xml) in more.items())):
            written.writestr(f"{within}{name}.xml", xml)
    return path


def text_of(folder: Path, body: str, **parts: str) -> str:
    """Return what a DOCX of such parts says."""
    return read(raw_docx(folder / "made.docx", body, **parts)).text  # type: ignore[arg-type]


def paragraph(text: str, properties: str = "") -> str:
    """Return a paragraph."""
    return f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    """Return a paragraph of a list."""
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def level(depth: int, form: str, text: str, *, start: int = 1, more: str = "") -> str:
    """Return a level of the definition of a list."""
    said = f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{depth}">{said}</w:lvl>'


def definition(*levels: str, number: int = 0, more: str = "") -> str:
    """Return the definition of a list."""
    return f'<w:abstractNum w:abstractNumId="{number}">{more}{"".join(levels)}</w:abstractNum>'


def list_of(number: int = 1, defined: int = 0, overrides: str = "") -> str:
    """Return a list of a definition."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{defined}"/>{overrides}</w:num>'


def starts_at(start: int, depth: int = 0) -> str:
    """Return what has a list start anew."""
    return f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'
