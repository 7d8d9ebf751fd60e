"""The text of a DOCX: headings, lists, tables and notes in Markdown, and what its properties say."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import mammoth

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, creation_day, stated_author, stated_title
from corpus.files.markdown import markdown_of
from corpus.files.metadata import Metadata
from corpus.files.nesting import parsed
from corpus.files.zip_parts import check_list, check_parts

TEXT_PART = "word/document.xml"
PROPERTIES_PART = "docProps/core.xml"
PROPERTIES = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "created": "{http://purl.org/dc/terms/}created",
}
# What mammoth does not map itself: titles, and the styles that Chinese writers name after the built-in ones.
STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        *(f"p[style-name^='标题 {level}'] => h{level}:fresh" for level in range(1, 7)),
    ]
)


def read(path: Path) -> Extract:
    """Return the text and the properties of a DOCX.

    Raises:
        UnreadableFile: if it is damaged, no DOCX, or more than a document can be.
    """
    check_list(path)
    try:
        with zipfile.ZipFile(path) as parts:
            if TEXT_PART not in parts.namelist():
                raise UnreadableFile(f"it is a ZIP without {TEXT_PART}, so no DOCX; give it the ending of what it is")
            check_parts(parts)
            properties = _properties(parts)
    except zipfile.BadZipFile:
        raise UnreadableFile("it is a damaged or incomplete DOCX; open it and save it again") from None
    with path.open("rb") as file:
        html = mammoth.convert_to_html(file, style_map=STYLES, convert_image=_no_image).value
    return Extract(
        markdown_of(parsed(html)),
        Metadata(
            title=stated_title(properties.get("title")),
            author=stated_author(properties.get("author")),
            other=creation_day(properties.get("created")),
        ),
    )


def _properties(parts: zipfile.ZipFile) -> dict[str, str]:
    if PROPERTIES_PART not in parts.namelist():
        return {}
    try:
        root = ElementTree.fromstring(parts.read(PROPERTIES_PART))
    except ElementTree.ParseError:
        return {}  # the text may still be whole
    return {
        name: found.text for name, tag in PROPERTIES.items() if (found := root.find(tag)) is not None and found.text
    }


def _no_image(image: object) -> list[object]:
    return []
