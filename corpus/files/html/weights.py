"""What the elements of a web page are made of: sentences, links, fields to fill in. It decides what is text of it."""

import re
from collections import Counter
from dataclasses import dataclass, field

from bs4 import Tag
from bs4.element import NavigableString

from corpus.splitting.lines import UNSPACED

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FIELDS = frozenset({"input", "textarea", "select"})
GONE = "wbr"  # an element without words, which ends no line
KEPT = frozenset({"pre", "table"})
MAIN = frozenset({"h1", "main"})
UNASKED = ("hidden", "submit", "button", "image", "checkbox", "radio")  # fields that nobody writes in
INLINE = frozenset(
    "a abbr acronym b bdi bdo big br button cite code data del dfn em font i img ins kbd label mark q s samp small span"
    " strike strong sub summary sup time tt u var wbr".split()
)
SENTENCE_END = re.compile(r"[.!?…](?=\W|$)|[。！？]")
HEADLINE = 0.8  # share of a heading's characters in links, from which on it is one to another text
WORDS = 4  # at least, of what is a sentence; those of scripts without spaces are counted by the character
CHARACTERS = 8


@dataclass(slots=True)
class Weight:
    """What stands in an element.

    Attributes:
        letters: how many characters there are, without spaces.
        linked: how many of them stand in links.
        told: how many stand in sentences outside links.
        headed: how many stand in headings outside links.
        links: how many links there are.
        headlines: how many headings lead elsewhere as a whole.
        fields: how many fields to fill in.
        kept: how many tables and blocks of code, which no name leaves out.
        main: how many elements that hold or head the whole text.
        loose: the words outside links that are in no block yet.
    """

    letters: int = 0
    linked: int = 0
    told: int = 0
    headed: int = 0
    links: int = 0
    headlines: int = 0
    fields: int = 0
    kept: int = 0
    main: int = 0
    loose: list[str] = field(default_factory=list)

    def take(self, other: "Weight") -> None:
        """Add what stands in an element inside this one."""
        self.letters += other.letters
        self.linked += other.linked
        self.told += other.told
        self.headed += other.headed
        self.links += other.links
        self.headlines += other.headlines
        self.fields += other.fields
        self.kept += other.kept
        self.main += other.main
        self.loose += other.loose

    @property
    def plain(self) -> int:
        """How many characters stand neither in links nor in headings."""
        return self.letters - self.linked - self.headed

    @property
    def speaks(self) -> bool:
        """Whether this is a text, whatever it is called: sentences, or what a heading heads, more than links."""
        return not self.fields and (self.told > self.linked or (self.headed > 0 and self.plain > self.linked))


@dataclass(frozen=True, slots=True)
class Weighed:
    """What stands in the elements of a page.

    Attributes:
        by_id: what stands in each element, by its `id()`.
        runs: how often the words of a block, outside links and between other blocks, stand in the page.
    """

    by_id: dict[int, Weight] = field(default_factory=dict)
    runs: Counter[str] = field(default_factory=Counter)

    def __getitem__(self, element: Tag) -> Weight:
        """Return what stands in an element."""
        return self.by_id[id(element)]

    def drop(self, element: Tag) -> None:
        """Drop an element, and what stands in it from what stands around it."""
        gone = self[element]
        for around in element.parents:
            if weight := self.by_id.get(id(around)):
                weight.letters -= gone.letters
                weight.linked -= gone.linked
                weight.told -= gone.told
                weight.links -= gone.links
        drop(element)


def drop(element: Tag) -> None:
    """Empty an element where it stands: taken out, it would be looked for among its siblings, however many."""
    element.clear(decompose=True)
    element.name = GONE


def is_gone(element: Tag) -> bool:
    """Return whether an element was dropped, or stood in one that was."""
    known = vars(element)  # asked of the element itself, what it lacks is looked for as an element inside it
    return "_decomposed" in known or known["name"] == GONE


def weigh(root: Tag) -> Weighed:
    """Return what stands in an element and in each below it."""
    weighed = Weighed()
    for element in reversed([root, *root.find_all(True)]):
        weight = weighed.by_id[id(element)] = Weight(
            fields=int(element.name in FIELDS and element.get("type") not in UNASKED),
            kept=int(element.name in KEPT),
            main=int(element.name in MAIN),
        )
        for child in element.children:
            if isinstance(child, Tag):
                weight.take(weighed[child])
            elif type(child) is NavigableString:
                weight.letters += len("".join(child.split()))
                weight.loose.append(child)
        _close(element, weight, weighed.runs)
    return weighed


def _close(element: Tag, weight: Weight, runs: Counter[str]) -> None:
    """Count what stood in no block yet, if the element is one, or a link."""
    if element.name == "a" and element.has_attr("href"):
        weight.headlines = int(weight.headed > 0 and leads_away(element))
        weight.linked, weight.told, weight.headed, weight.loose = weight.letters, 0, 0, []
        weight.links = 1
    elif element.name not in INLINE:
        if element.name in HEADINGS and weight.links and weight.linked >= HEADLINE * weight.letters:
            weight.headlines = int(any(map(leads_away, element.find_all("a", href=True))))
        words = "".join(weight.loose).split()
        weight.loose = []
        if not words:
            return
        run = " ".join(words)
        runs[run] += 1
        if element.name in HEADINGS:
            weight.headed = len("".join(words))
        elif is_sentence(run):
            weight.told += len("".join(words))


def leads_away(link: Tag) -> bool:
    """Return whether a link leads to another page, or to a place that is told in full."""
    return not str(link["href"]).startswith("#")


def is_sentence(text: str) -> bool:
    """Return whether there is a sentence in a text, and not a label only."""
    if SENTENCE_END.search(text) is None:
        return False
    return len(text.split()) >= WORDS or len(UNSPACED.findall(text)) >= CHARACTERS
