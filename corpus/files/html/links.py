"""What of a web page leads elsewhere: blocks of links with the words above them, and lines about the site.

A list of links that a text tells of is a part of it, and stays.
"""

from collections.abc import Iterable, Iterator
from itertools import islice, takewhile

from bs4 import Tag
from bs4.element import PageElement

from corpus.files.html.furniture import BLOCKS, MOST_TOLD
from corpus.files.html.names import LABEL, LABEL_LENGTH, SITE_LINE, SITE_LINE_LENGTH
from corpus.files.html.teasers import drop_teasers
from corpus.files.html.weights import HEADINGS, Weighed, Weight, drop, is_gone, weigh

LABELLED = (*HEADINGS, "p", "div", "li", "dt")
LINKED = tuple({*BLOCKS, "td", "table"} - {"figure", "details"})
NEVER_LINKS = (*HEADINGS, "table", "pre", "figure", "blockquote")
MOSTLY_LINKS = 0.8  # share of a block's characters that stand in links, where there are several
HALF_LINKS = 0.5  # the same, where words above say that it leads elsewhere
TITLE_LENGTH = 10  # letters that links have on average which are titles, and not the words of a menu
MOST_BELOW = 50  # siblings that are looked at before or after an element, with the blanks between them


def drop_links(root: Tag) -> None:
    """Drop what leads elsewhere with the words above it, blocks of links, and short ones about the site."""
    weights = weigh(root)
    drop_teasers(root, weights)
    labels = [each for each in root.find_all(LABELLED) if not is_gone(each) and _is_label(each, weights)]
    for label in labels:
        if not is_gone(label):
            _drop_below(label, root, weights)
    for block in reversed(root.find_all(LINKED)):
        if is_gone(block):
            continue
        weight = weights[block]
        only_links = weight.links > 1 and weight.linked >= MOSTLY_LINKS * weight.letters
        if _is_site_line(block, weight) or (only_links and not _is_told_of(block, weights)):
            before = next(_elements(block.previous_siblings), None)
            labels += [before] if before is not None and before.name in HEADINGS else []
            weights.drop(block)
    for label in reversed(labels):
        if not is_gone(label) and not any(each.get_text(strip=True) for each in _below(label, root)):
            drop(label)


def _is_site_line(block: Tag, weight: Weight) -> bool:
    return 0 < weight.letters <= SITE_LINE_LENGTH and SITE_LINE.match(block.get_text(strip=True)) is not None


def _is_label(element: Tag, weights: Weighed) -> bool:
    weight = weights[element]
    short = weight.letters <= LABEL_LENGTH or weight.linked >= HALF_LINKS * weight.letters
    return short and not weight.told and LABEL.match(element.get_text(" ", strip=True)) is not None


def _drop_below(label: Tag, root: Tag, weights: Weighed) -> None:
    """Drop a label and what it stands above as far as that are links."""
    letters, linked = weights[label].letters, weights[label].linked
    while label.parent is not None and label.parent is not root and weights[label.parent].letters == letters:
        label = label.parent
    most = MOST_TOLD * weights[root].told
    below = list(takewhile(lambda each: _leads_elsewhere(each, weights, most), _elements(label.next_siblings)))
    if any(weights[each].linked for each in below) or linked > HALF_LINKS * letters:
        for each in (label, *below):
            weights.drop(each)


def _leads_elsewhere(element: Tag, weights: Weighed, most: float) -> bool:
    weight = weights[element]
    if element.name in NEVER_LINKS or weight.told > most or weight.speaks:
        return False
    return weight.linked >= weight.letters * (HALF_LINKS if element.name in BLOCKS - {"p"} else MOSTLY_LINKS)


def _below(label: Tag, root: Tag) -> Iterator[Tag]:
    """Yield what a label or heading stands above, down to the next heading of its level."""
    level = label.name if label.name in HEADINGS else HEADINGS[-1]
    while label.parent is not None and label.parent is not root and next(_elements(label.next_siblings), None) is None:
        label = label.parent
    return takewhile(lambda each: each.name not in HEADINGS or each.name > level, _elements(label.next_siblings))


def _elements(siblings: Iterable[PageElement]) -> Iterator[Tag]:
    """Return the first elements of siblings that are still there."""
    return (each for each in islice(siblings, MOST_BELOW) if isinstance(each, Tag) and not is_gone(each))


def _is_told_of(block: Tag, weights: Weighed) -> bool:
    """Return whether a text tells of a list of links: it stands in one, and the links are titles."""
    parent, before, weight = block.parent, next(_elements(block.previous_siblings), None), weights[block]
    if parent is None or weight.linked < TITLE_LENGTH * weight.links:
        return False
    if _words_before(block).endswith((":", "：")):
        return True
    if before is None:
        return False
    around = weights[parent]
    earlier, later = (
        any(weights[each].told for each in _elements(siblings))
        for siblings in (block.previous_siblings, block.next_siblings)
    )
    return around.told > around.linked and earlier and (later or before.name in HEADINGS)


def _words_before(block: Tag) -> str:
    """Return the words that a block follows in what it stands in."""
    around = islice(block.previous_siblings, MOST_BELOW)
    there = (each for each in around if not (isinstance(each, Tag) and is_gone(each)))
    return next((words for each in there if (words := each.get_text(strip=True))), "")
