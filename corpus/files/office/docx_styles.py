"""What the paragraph styles of a DOCX say of a paragraph: its level as a heading, its place in a list, or code."""

import re
from dataclasses import dataclass

from corpus.files.office.ooxml import Element, W

MOST_ANCESTORS = 20  # of a style; the chains of real ones have two or three
# What writers name after the built-in styles; the built-in ones say their level themselves.
HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*([1-9])?\b.*", re.IGNORECASE)
CODE_NAMES = frozenset({"source code", "html preformatted", "preformatted text", "code", "code block"})
BODY_LEVEL = 9  # of an outline: no heading


@dataclass(frozen=True, slots=True)
class Style:
    """What a style with all that it is based on says.

    Attributes:
        heading: the level of its paragraphs as headings, 1 outermost; 0 for others.
        code: whether its paragraphs are lines of code.
        number: the id of the list that its paragraphs are in.
        depth: their level in it.
        styles: its own id and those of what it is based on.
    """

    heading: int = 0
    code: bool = False
    number: str | None = None
    depth: int | None = None
    styles: tuple[str, ...] = ()


class Styles:
    """The styles of a document."""

    def __init__(self, root: Element | None) -> None:
        """Read the part of the styles, if there is one."""
        self._elements: dict[tuple[str, str], Element] = {}
        self._default = ""
        for each in () if root is None else root.iterfind(W + "style"):
            kind, name = each.get(W + "type", "paragraph"), each.get(W + "styleId", "")
            self._elements.setdefault((kind, name), each)
            if kind == "paragraph" and is_on(each.get(W + "default", "0")):
                self._default = name
        self._known: dict[str, Style] = {}

    def of(self, properties: Element | None) -> Style:
        """Return the style of a paragraph by its properties."""
        name = value_of(properties, "pStyle") or self._default
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def list_number(self, style: str) -> str | None:
        """Return the id of the list that a style of lists stands for."""
        found = self._elements.get(("numbering", style))
        return None if found is None else found_value(found, "pPr/numPr/numId")

    def _read(self, name: str) -> Style:
        chain: list[tuple[str, Element]] = []
        while (element := self._elements.get(("paragraph", name))) is not None and len(chain) < MOST_ANCESTORS:
            chain.append((name, element))
            name = found_value(element, "basedOn") or ""
        if not chain:
            return Style(heading=_named_level(name))
        elements = [element for _, element in chain]
        names = [found_value(element, "name") or "" for element in elements]
        return Style(
            heading=_level(elements, names[0]),
            code=any(each.lower() in CODE_NAMES for each in names),
            number=_first(elements, "pPr/numPr/numId"),
            depth=number_of(_first(elements, "pPr/numPr/ilvl")),
            styles=tuple(style for style, _ in chain),
        )


def heading_level(outline: str | None) -> int | None:
    """Return the level of a heading by that of an outline, 0 for no heading, `None` where nothing is said."""
    level = number_of(outline)
    return None if level is None else 0 if level >= BODY_LEVEL else level + 1


def value_of(properties: Element | None, name: str) -> str | None:
    """Return the value of one of some properties, `None` where there is none."""
    return None if properties is None else found_value(properties, name)


def found_value(element: Element, path: str) -> str | None:
    """Return the value of what stands in an element, by the names that lead there."""
    found = element.find("/".join(W + name for name in path.split("/")))
    return None if found is None else found.get(W + "val")


def number_of(value: str | None) -> int | None:
    """Return a whole number from 0 to what offices count to, `None` for what is none."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 6 else None


def is_on(value: str | None) -> bool:
    """Return whether a property that is on or off is on; it is where it has no value."""
    return value not in ("0", "false", "off")


def _first(elements: list[Element], path: str) -> str | None:
    return next((value for each in elements if (value := found_value(each, path)) is not None), None)


def _level(elements: list[Element], name: str) -> int:
    said = heading_level(_first(elements, "pPr/outlineLvl"))
    if name.lower() in ("title", "标题", "標題"):
        return 1
    return _named_level(name) if said is None else said


def _named_level(name: str) -> int:
    match = HEADING_NAME.fullmatch(name)
    return int(match[1] or 1) if match else 0
