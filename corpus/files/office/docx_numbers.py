"""The numbers that Word shows before paragraphs of lists and headings, which stand in no paragraph.

A paragraph is in a list by itself or by its style. A list counts for each of its levels; lists that are of the same
definition go on counting each other's paragraphs, unless one of them says where it starts.
"""

import re
from dataclasses import dataclass, field, replace

from corpus.files.office.blocks import BULLET
from corpus.files.office.counting import numeral
from corpus.files.office.docx_styles import Style, Styles, found_value, is_on, number_of
from corpus.files.office.ooxml import Element, W

LEVELS = 9
LONGEST_LABEL = 100  # characters around the numbers of a label; Word takes some thirty
PLACE = re.compile("%([1-9])")
OFF = "0"  # the list of a paragraph that is in none, whatever its style says
BOXES = frozenset("☐☑☒")  # signs of items that say something
AFTER = {"nothing": "", "space": " ", "tab": " "}


@dataclass(frozen=True, slots=True)
class Label:
    """What Word shows before a paragraph: how deep it stands in its list, 0 outermost, and its number or sign."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list counts.

    Attributes:
        start: its first number.
        form: how numbers are written, by a name of the standard.
        text: what is shown, `%1` standing for the number of the outermost level.
        after: what stands between it and the paragraph.
        restart: after which levels it begins anew, as the number of the innermost of them, counted from 1.
        decimal: whether the numbers of all levels are written in digits here.
        style: the id of the style whose paragraphs are on this level.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    after: str = " "
    restart: int = LEVELS
    decimal: bool = False
    style: str | None = None


@dataclass(slots=True)
class _Counts:
    """How far the lists of a definition have counted, and which of them did."""

    values: dict[int, int] = field(default_factory=dict)
    started: set[tuple[str, int]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _List:
    """A list: the id of its definition, its levels, and those at which its first paragraph starts anew."""

    definition: str
    levels: dict[int, _Level]
    anew: frozenset[int]


class Numbers:
    """The numbers of the paragraphs of a document, which are asked for in its order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        """Read the part of the lists, if there is one."""
        self._styles = styles
        self._definitions: dict[str, Element] = {}
        self._numbers: dict[str, Element] = {}
        if root is not None:
            self._definitions = {each.get(W + "abstractNumId", ""): each for each in root.iterfind(W + "abstractNum")}
            self._numbers = {each.get(W + "numId", ""): each for each in root.iterfind(W + "num")}
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, _Counts] = {}

    def label(self, properties: Element | None, style: Style) -> Label | None:
        """Return what is shown before the next paragraph, and count it; `None` if it is in no list."""
        own = None if properties is None else properties.find(W + "numPr")
        number = (None if own is None else found_value(own, "numId")) or style.number
        if number is None or number == OFF:
            return None
        if number not in self._lists:
            self._lists[number] = self._list(number)
        found = self._lists[number]
        if found is None:
            return None
        depth = None if own is None else number_of(found_value(own, "ilvl"))
        if depth is None:
            places = {level.style: at for at, level in found.levels.items()}
            depth = next((places[each] for each in style.styles if each in places), style.depth or 0)
        return self._counted(number, found, min(depth, LEVELS - 1))

    def _counted(self, number: str, found: _List, depth: int) -> Label | None:
        level = found.levels.get(depth)
        if level is None:
            return None
        counts = self._counts.setdefault(found.definition, _Counts())
        if depth in found.anew and (number, depth) not in counts.started:
            counts.values.pop(depth, None)
        counts.started.add((number, depth))
        counts.values[depth] = counts.values.get(depth, level.start - 1) + 1
        for below in range(depth + 1, LEVELS):
            if depth < found.levels.get(below, level).restart:
                counts.values.pop(below, None)
        if level.form == "bullet":
            sign = level.text if level.text in BOXES else BULLET
            return Label(depth, f"{sign} " if level.text.strip() else "")
        text = PLACE.sub(lambda match: self._number(found, counts, int(match[1]) - 1, level), level.text)
        return Label(depth, text + level.after if text.strip() else "")

    def _number(self, found: _List, counts: _Counts, depth: int, shown: _Level) -> str:
        level = found.levels.get(depth, _Level())
        value = counts.values.get(depth, level.start)
        return numeral(value, "decimal" if shown.decimal and level.form != "none" else level.form)

    def _list(self, number: str) -> _List | None:
        element, definition = self._numbers.get(number), None
        name = ""
        for _ in range(LEVELS):  # a list may stand for a style, which stands for a list
            name = "" if element is None else found_value(element, "abstractNumId") or ""
            definition = self._definitions.get(name)
            link = None if definition is None else found_value(definition, "numStyleLink")
            if link is None:
                break
            element = self._numbers.get(self._styles.list_number(link) or "", None)
        if definition is None:
            return None
        levels = {depth: _level(each) for depth, each in _by_depth(definition, "lvl")}
        anew = set()
        for depth, override in _by_depth(self._numbers[number], "lvlOverride"):
            if (other := override.find(W + "lvl")) is not None:
                levels[depth] = _level(other)
            if (start := number_of(found_value(override, "startOverride"))) is not None:
                levels[depth] = replace(levels.get(depth, _Level()), start=start)
                anew.add(depth)
        return _List(name, levels, frozenset(anew))


def _by_depth(element: Element, name: str) -> list[tuple[int, Element]]:
    found = ((number_of(each.get(W + "ilvl", OFF)), each) for each in element.iterfind(W + name))
    return [(depth, each) for depth, each in found if depth is not None and depth < LEVELS]


def _level(element: Element) -> _Level:
    start, restart = number_of(found_value(element, "start")), number_of(found_value(element, "lvlRestart"))
    decimal, picture = element.find(W + "isLgl"), element.find(W + "lvlPicBulletId") is not None
    return _Level(
        start=0 if start is None else start,
        form="bullet" if picture else _form(element),
        text=BULLET if picture else (found_value(element, "lvlText") or "")[:LONGEST_LABEL],
        after=AFTER.get(found_value(element, "suff") or "tab", " "),
        restart=LEVELS if restart is None else restart,
        decimal=decimal is not None and is_on(decimal.get(W + "val")),
        style=found_value(element, "pStyle"),
    )


def _form(element: Element) -> str:
    """Return how a level writes numbers: by a name, or as newer programs do by the first of them, such as 001."""
    form = next(iter(element.iter(W + "numFmt")), None)
    name = "decimal" if form is None else form.get(W + "val", "decimal")
    return name if form is None or name != "custom" else form.get(W + "format", "").split(",")[0]
