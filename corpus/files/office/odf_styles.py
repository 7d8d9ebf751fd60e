"""What the styles of an ODF text say of it, and the numbers that offices show before its items and headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.files.office.blocks import BULLET
from corpus.files.office.counting import numeral
from corpus.files.office.docx_styles import number_of
from corpus.files.office.odf import STYLE, TEXT
from corpus.files.office.ooxml import Element

LOEXT = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
MOST_ANCESTORS = 20  # of a style; the chains of real ones have two or three
LEVELS = 10
LONGEST_LABEL = 100  # characters around the numbers of a label
PLACE = re.compile(r"%(\d{1,2})%")
TITLE, CODE = "Title", "Preformatted_20_Text"
# The forms of numbers, by how one is written in them.
FORMS = {
    **{"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"},
    **{"一": "chineseCounting", "壹": "chineseLegalSimplified", "壱": "japaneseLegal", "①": "decimalEnclosedCircle"},
    **{"甲": "ideographTraditional", "子": "ideographZodiac", "ア": "aiueo", "イ": "iroha"},
    **{"가": "ganada", "ㄱ": "chosung"},
    **{"１": "decimalFullWidth", "일": "koreanCounting", "А": "russianUpper", "а": "russianLower", "ก": "thaiLetters"},
    **{"א": "hebrew1", "أ": "arabicAlpha", "१": "hindiNumbers", "๑": "thaiNumbers", "〇": "ideographDigital"},
}


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list counts: its first number, how numbers are written, and what stands around them."""

    start: int = 1
    form: str = ""
    before: str = ""
    after: str = ""
    shown: int = 1
    pattern: str = ""
    bullet: bool = False


@dataclass(slots=True)
class Counts:
    """How far the levels of a list have counted."""

    values: dict[int, int] = field(default_factory=dict)

    def next(self, levels: dict[int, Level], depth: int, start: int | None = None) -> str:
        """Return what is shown before the next item of a depth, 0 outermost, and count it."""
        level = levels.get(depth, Level())
        first = level.start if start is None else start
        self.values = {at: value for at, value in self.values.items() if at <= depth}
        self.values[depth] = self.values[depth] + 1 if depth in self.values and start is None else first
        if level.bullet:
            return BULLET
        if level.pattern:
            return PLACE.sub(lambda match: self._numeral(levels, int(match[1]) - 1), level.pattern)
        places = range(max(0, depth - level.shown + 1), depth + 1) if level.form else ()
        shown = (self._numeral(levels, at) for at in places)
        return level.before + ".".join(filter(None, shown)) + level.after

    def _numeral(self, levels: dict[int, Level], depth: int) -> str:
        level = levels.get(depth, Level())
        return numeral(self.values.get(depth, level.start), level.form) if level.form else ""


class Styles:
    """The styles of a document."""

    def __init__(self, roots: Iterable[Element]) -> None:
        """Read the styles in some parts, those that belong to the text first."""
        self._parents: dict[str, str] = {}
        self._lists: dict[str, str] = {}
        self.raised: dict[str, str] = {}  # `sup` or `sub`, by the names of the styles of letters that stand so
        self.levels: dict[str, dict[int, Level]] = {}
        self.outline: dict[int, Level] = {}
        for root in roots:
            for each in root.iter(STYLE + "style"):
                self._add(each)
            for each in root.iter(TEXT + "list-style"):
                self.levels.setdefault(each.get(STYLE + "name", ""), dict(map(_level, each)))
            for each in root.iter(TEXT + "outline-style"):
                self.outline = self.outline or dict(map(_level, each))

    def is_based_on(self, name: str, base: str) -> bool:
        """Return whether a style is another one, or made of it."""
        return base in self._chain(name)

    def list_of(self, name: str) -> str | None:
        """Return the list that the paragraphs of a style are in: empty for none, `None` where nothing is said."""
        return next((self._lists[each] for each in self._chain(name) if each in self._lists), None)

    def _chain(self, name: str) -> list[str]:
        chain = [name]
        while (name := self._parents.get(name, "")) and len(chain) < MOST_ANCESTORS:
            chain.append(name)
        return chain

    def _add(self, style: Element) -> None:
        name = style.get(STYLE + "name", "")
        if style.get(STYLE + "family") == "paragraph":
            self._parents.setdefault(name, style.get(STYLE + "parent-style-name", ""))
            if (listed := style.get(STYLE + "list-style-name")) is not None:
                self._lists.setdefault(name, listed)
        properties = style.find(STYLE + "text-properties")
        position = "" if properties is None else properties.get(STYLE + "text-position", "")
        if position.startswith(("super", "sub")):
            self.raised.setdefault(name, "sup" if position.startswith("super") else "sub")


def _level(element: Element) -> tuple[int, Level]:
    start, shown = (number_of(element.get(TEXT + name)) for name in ("start-value", "display-levels"))
    form = element.get(STYLE + "num-format", "")
    return (number_of(element.get(TEXT + "level")) or 1) - 1, Level(
        start=1 if start is None else start,
        form=FORMS.get(form[:1], "decimal") if form else "",
        before=element.get(STYLE + "num-prefix", "")[:LONGEST_LABEL],
        after=element.get(STYLE + "num-suffix", "")[:LONGEST_LABEL],
        shown=min(shown or 1, LEVELS),
        pattern=element.get(LOEXT + "num-list-format", "")[:LONGEST_LABEL] if form else "",
        bullet="bullet" in element.tag or "image" in element.tag,
    )
