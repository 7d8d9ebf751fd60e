"""Workbooks made when a test needs them: an XLSX by XlsxWriter, an ODS by hand."""

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from xlsxwriter import Workbook

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
NAMESPACES = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"'
    for each in ("office", "table", "text", "style", "meta")
)


def make_xlsx(path: Path, fill: Callable[[Workbook], object], **properties: object) -> Path:
    """Save what `fill` writes into an empty XLSX."""
    with Workbook(path) as workbook:
        workbook.set_properties(properties)
        fill(workbook)
    return path


def make_ods(path: Path, tables: str, styles: str = "", parts: Mapping[str, str] = MappingProxyType({})) -> Path:
    """Save an ODS of tables and styles as XML."""
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", ODS_TYPE)
        for name, text in {"content.xml": content, **parts}.items():
            archive.writestr(name, text)
    return path
