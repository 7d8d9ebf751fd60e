"""The parts of a file of Office Open XML: which is the main one, what each is related to, and its tree."""

import posixpath
import re
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from corpus.files.extract import creation_day, stated_author, stated_title
from corpus.files.folders.metadata import Metadata

Element: TypeAlias = Any  # of lxml, which has no types
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# The names that the strict form of the standard gives to what all offices write by its other ones.
STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
PROPERTIES = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "created": "{http://purl.org/dc/terms/}created",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """How a part is related to another: the last word of what the standard calls it, and the other's name."""

    kind: str
    target: str


def tree_of(data: bytes) -> Element:
    """Return the tree of a part; no entity of it is resolved and nothing is fetched.

    Raises:
        lxml.etree.XMLSyntaxError: if it is damaged.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data), parser)


def local(element: Element) -> str:
    """Return the name of an element without that of its vocabulary."""
    return str(element.tag).rpartition("}")[2]


class Package:
    """A file of Office Open XML."""

    def __init__(self, parts: ZipFile) -> None:
        """Take a ZIP that was looked over."""
        self._parts = parts
        self._names = {name.lower(): name for name in parts.namelist()}  # names are the same in any case
        self._relations: dict[str, dict[str, Relation]] = {}

    def tree(self, name: str) -> Element | None:
        """Return the tree of a part, or `None` if there is none of that name."""
        found = self._names.get(name.lower())
        return None if found is None else tree_of(self._parts.read(found))

    def relations(self, name: str) -> dict[str, Relation]:
        """Return the relations of a part by their ids, those of the whole file for an empty name."""
        if name not in self._relations:
            folder, file = posixpath.split(name)
            root = self.tree(posixpath.join(folder, "_rels", f"{file}.rels"))
            self._relations[name] = {} if root is None else dict(_relations(root, folder))
        return self._relations[name]

    def related(self, name: str, kind: str) -> list[str]:
        """Return the names of the parts of a kind that a part is related to, as far as they are there."""
        targets = [each.target for each in self.relations(name).values() if each.kind == kind]
        return [target for target in dict.fromkeys(targets) if target.lower() in self._names]

    def main(self, usual: str) -> str | None:
        """Return the name of the part that holds the document: the one related as such, else the usual one."""
        found = self.related("", "officeDocument")
        return found[0] if found else usual if usual in self._names else None

    def properties(self) -> Metadata:
        """Return what the file says about itself."""
        names = self.related("", "core-properties") or ["docProps/core.xml"]
        try:
            root = self.tree(names[0])
        except etree.XMLSyntaxError:
            root = None  # the text may still be whole
        said: dict[str, str | None] = {}
        if root is not None:
            said = {name: root.findtext(tag) for name, tag in PROPERTIES.items()}
        return Metadata(
            title=stated_title(said.get("title")),
            author=stated_author(said.get("author")),
            other=creation_day(said.get("created")),
        )


def _relations(root: Element, folder: str) -> list[tuple[str, Relation]]:
    found = []
    for each in root.iterfind(RELATION):
        if each.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, unquote(each.get("Target", "")))).lstrip("/")
            found.append((each.get("Id", ""), Relation(each.get("Type", "").rpartition("/")[2], target)))
    return found
