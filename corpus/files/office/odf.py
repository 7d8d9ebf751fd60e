"""The parts of an OpenDocument file: its vocabularies, and what it says about itself."""

from zipfile import ZipFile

from lxml import etree

from corpus.errors import UnreadableFile
from corpus.files.extract import creation_day, stated_author, stated_title
from corpus.files.folders.metadata import Metadata
from corpus.files.office.ooxml import Element, tree_of

TEXT, STYLE, TABLE, OFFICE, DRAW, META = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}"
    for name in ("text", "style", "table", "office", "drawing", "meta")
)
DC = "{http://purl.org/dc/elements/1.1/}"
PROPERTIES_PART, MANIFEST = "meta.xml", "META-INF/manifest.xml"
LOCKED = b"encryption-data"  # in the manifest of a file that a password locks


def check_unlocked(parts: ZipFile) -> None:
    """Refuse a file that a password locks, before what is in it passes for damage.

    Raises:
        UnreadableFile: if one does.
    """
    if MANIFEST in parts.namelist() and LOCKED in parts.read(MANIFEST):
        raise UnreadableFile("it is locked by a password; save it without one")


def part_of(parts: ZipFile, name: str) -> Element | None:
    """Return the tree of a part, or `None` if there is none of that name.

    Raises:
        lxml.etree.XMLSyntaxError: if it is damaged.
    """
    return tree_of(parts.read(name)) if name in parts.namelist() else None


def odf_properties(parts: ZipFile) -> Metadata:
    """Return what a file says about itself; nothing where that is damaged, for the text may still be whole."""
    try:
        root = part_of(parts, PROPERTIES_PART)
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return Metadata()
    names = (root.findtext(f".//{tag}") for tag in (f"{META}initial-creator", f"{DC}creator"))
    return Metadata(
        title=stated_title(root.findtext(f".//{DC}title")),
        author=next((author for name in names if (author := stated_author(name))), None),
        other=creation_day(root.findtext(f".//{META}creation-date")),
    )
