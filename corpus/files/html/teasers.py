"""What of a web page announces other texts: blocks side by side, each a headline that leads to a text and little else.

One such block may be a part of a text; several of the same shape are a list of what else there is.
"""

from collections.abc import Iterator
from itertools import groupby

from bs4 import Tag

from corpus.files.html.weights import Weighed, is_gone

TEASERS = ("li", "div", "article", "section")
ANNOUNCED = 400  # letters in sentences, at most, of what only announces a text
OWN = 2_000  # letters in sentences, at least, of a text beside which others are announced
FEWEST = 2  # blocks of a shape side by side, of what is a list of them


def drop_teasers(root: Tag, weights: Weighed) -> None:
    """Drop blocks that announce other texts, where several stand side by side and what else is told is a text."""
    teasers = list(_side_by_side(root, weights))
    announced = sum(weights[each].told for each in teasers)
    own = weights[root].told - announced
    if announced <= own or (own >= OWN and _is_article(root)):
        for each in teasers:
            weights.drop(each)


def _side_by_side(root: Tag, weights: Weighed) -> Iterator[Tag]:
    """Yield the teasers that stand beside others, outermost first and none that stands in another."""
    found: set[int] = set()
    for parent in root.find_all(True):
        if is_gone(parent) or weights[parent].headlines < FEWEST:
            continue
        if id(parent) in found:
            found.update(id(each) for each in parent.children)
            continue
        blocks = [each for each in parent.children if isinstance(each, Tag) and not is_gone(each)]
        for (_, teasing), group in groupby(blocks, key=lambda each: (each.name, _is_teaser(each, weights))):
            side_by_side = list(group)
            if teasing and len(side_by_side) >= FEWEST:
                found.update(map(id, side_by_side))
                yield from side_by_side


def _is_article(root: Tag) -> bool:
    """Return whether a page says that it is an article, so that what it announces is not it."""
    page = list(root.parents)[-1]
    return page.find("meta", property="og:type", content="article") is not None


def _is_teaser(block: Tag, weights: Weighed) -> bool:
    """Return whether a block has headlines, all of which lead elsewhere, and little else."""
    weight = weights[block]
    return (
        block.name in (*TEASERS, "a")
        and weight.headlines > 0
        and not weight.headed
        and not weight.kept
        and weight.told <= ANNOUNCED * weight.headlines
    )
