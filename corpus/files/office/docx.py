"""The text of a DOCX: headings, lists, tables and notes in Markdown, and what its properties say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from corpus.document import first_line
from corpus.errors import UnreadableFile
from corpus.files.extract import Extract
from corpus.files.office.blocks import Blocks, check_text
from corpus.files.office.docx_body import Body
from corpus.files.office.docx_numbers import Numbers
from corpus.files.office.docx_styles import Styles
from corpus.files.office.drawings import add_drawing
from corpus.files.office.headers import with_headers
from corpus.files.office.ooxml import Element, Package, R, W
from corpus.files.zip_parts import opened

USUAL_PART = "word/document.xml"
OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
OLD_FORMULAS = "Equation"  # begins the name of the program for formulas that came before Word's own, and of its heirs
UNREAD_FORMULAS = "formulas that another program draws ({name}) are left out: {count}"
UNREAD_PARTS = "it holds files of another kind ({name}), which are left out"
ALIEN = "its text stands in it as a file of another kind ({name}), which is not read; open it in Word and save it again"


def read(path: Path) -> Extract:
    """Return the text and the properties of a DOCX.

    Raises:
        UnreadableFile: if it is damaged, no DOCX, or more than a document can be.
    """
    with opened(path, "DOCX") as parts:
        return _Reader(Package(parts)).extract()


class _Reader:
    """What reads one document: its body, then what the body names."""

    def __init__(self, package: Package) -> None:
        main = package.main(USUAL_PART)
        root = None if main is None else package.tree(main)
        if main is None or root is None or root.tag != W + "document":
            raise UnreadableFile(f"it is a ZIP without {USUAL_PART}, so no DOCX; give it the ending of what it is")
        self._package, self._main, self._root = package, main, root
        self._notes = _Notes()
        styles = Styles(self._part("styles"))
        draw = partial(add_drawing, package, main)
        self._body = Body(styles, Numbers(self._part("numbering"), styles), self._notes, draw)

    def extract(self) -> Extract:
        """Return what the document says, and about itself; headers stand above, notes below."""
        self._body.read(self._root, body := Blocks())
        for sign, note in self._each_note():
            self._body.read(note, content := Blocks())
            body.note(sign, "\n".join(content.lines()))
        text, metadata = body.text(), self._package.properties()
        aliens = self._package.related(self._main, "aFChunk")
        if not text and aliens:
            raise UnreadableFile(ALIEN.format(name=aliens[0]))
        whole, headed = with_headers(self._headers(), text)
        check_text(whole)
        if headed:
            metadata = replace(metadata, title=metadata.title or first_line(text))
        return Extract(whole, metadata, remarks=tuple(self._left_out(aliens)))

    def _left_out(self, aliens: Sequence[str]) -> Iterator[str]:
        """Yield what of the document is not read that a reader of it sees."""
        programs = [each.get("ProgID", "") for each in self._root.iter(OBJECT)]
        formulas = [name for name in programs if name.startswith(OLD_FORMULAS)]
        if formulas:
            yield UNREAD_FORMULAS.format(count=len(formulas), name=formulas[0])
        if aliens:
            yield UNREAD_PARTS.format(name=", ".join(aliens[:3]))

    def _part(self, kind: str) -> Element | None:
        """Return the tree of the part of a kind, where the document has one."""
        names = self._package.related(self._main, kind)
        return self._package.tree(names[0]) if names else None

    def _each_note(self) -> Iterator[tuple[str, Element]]:
        """Yield the notes with their signs in the order in which they are referred to, by each other at last."""
        known = {
            (kind, each.get(W + "id", "")): each
            for kind in ("footnote", "endnote")
            if (root := self._part(f"{kind}s")) is not None
            for each in root.iterfind(W + kind)
        }
        for key, sign in self._notes.signs():
            if key in known:
                yield sign, known[key]

    def _headers(self) -> Iterator[Blocks]:
        """Yield what the headers and footers of all sections say, each part once."""
        relations = self._package.relations(self._main)
        for kind in ("headerReference", "footerReference"):
            ids = dict.fromkeys(each.get(R + "id", "") for each in self._root.iter(W + kind))
            for name in dict.fromkeys(relations[each].target for each in ids if each in relations):
                if (root := self._package.tree(name)) is not None:
                    self._body.read(root, content := Blocks())
                    yield content


class _Notes:
    """The notes of a document in the order in which their signs stand in it."""

    def __init__(self) -> None:
        self._signs: dict[tuple[str, str], str] = {}

    def sign(self, kind: str, name: str) -> str:
        """Return the sign of a note, the same wherever it is referred to."""
        return self._signs.setdefault((kind, name), f"[{len(self._signs) + 1}]")

    def signs(self) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield the notes and their signs, also those that are met meanwhile."""
        done = 0
        while done < len(self._signs):
            for each in list(self._signs.items())[done:]:
                done += 1
                yield each
