"""What of a web page is around its text by what it is, by what it is called and by how it is shown.

What page makers call a thing only says where to look. Sentences stay, whatever the class or id around them is, and so
does what a heading heads; words in a line, headings and parts of tables are never left out by a name.
"""

import re

from bs4 import Tag

from corpus.files.html.names import (
    AUTHOR_BOX,
    COMMENTS,
    CONSENT,
    COUNTED_COMMENTS,
    NEEDS_SCRIPTS,
    OF_A_COMMENT,
    is_frame,
    is_named,
    names_of,
)
from corpus.files.html.weights import HEADINGS, Weighed, Weight, drop, is_gone, weigh

ASIDE = frozenset({"aside", "dialog"})
ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar"})
ROLES_ASIDE = frozenset({"complementary", "dialog", "alertdialog"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MARKUP = re.compile(r"\s*<\w")  # pages that are kept as a program saw them hold elements as words
# What may be left out as a whole. Of what is not here, such as a word, a heading or a row, nothing is.
BLOCKS = frozenset(
    "div ul ol dl section p header center aside footer nav form fieldset article details dialog noscript figure".split()
)
COMMENTED = ("li", "div", "ul", "ol", "article", "p", "footer", "form")  # what a comment is made of
# What holds so much of the sentences or letters of a page is its text, whatever it is called.
MOST_TOLD, MOST_LETTERS, MOST_COMMENTED = 0.5, 0.7, 0.9
MOST_OF_AUTHOR = 0.15  # of what a page tells, what it may tell of its author
# A block that tells so much of a page is the whole text, if the page tells enough to say so (letters in sentences).
NEARLY_ALL, TOLD = 0.8, 1_000


def leave_out(root: Tag) -> None:
    """Take out what is around a text, outermost first."""
    weights = weigh(root)
    whole, articles = weights[root], root.find("article") is not None
    one_title = len(root.find_all("h1")) == 1
    core = _core(root, weights)
    within, after = {id(each) for each in (core, *core.find_all(BLOCKS))}, False
    for element in root.find_all(BLOCKS):
        after = after or element is core
        if is_gone(element) or (weights[element].main and (one_title or element.find("main") is not None)):
            continue
        apart = after and id(element) not in within and _is_apart(element, weights[element])
        if apart or _is_around(element, articles) or _is_furniture(element, weights, whole):
            drop(element)


def is_teaser(element: Tag) -> bool:
    """Return whether the headlines of a block lead to where the whole of it is; its first one may be a title above."""
    headlines = element.find_all(HEADINGS)
    below = headlines[1:] or headlines
    return bool(headlines) and all(map(_leads_away, below))


def _leads_away(headline: Tag) -> bool:
    links = (headline.find("a", href=True), headline.find_parent("a", href=True))
    return any(link is not None and not str(link["href"]).startswith("#") for link in links)


def _core(root: Tag, weights: Weighed) -> Tag:
    """Return the deepest block that tells nearly all that a page tells; all of a page that tells little."""
    told, core, inner = weights[root].told, root, root if weights[root].told >= TOLD else None
    while inner is not None:
        core = inner
        blocks = (each for each in core.find_all(True, recursive=False) if each.name not in ("p", "table"))
        inner = next((each for each in blocks if weights[each].told >= NEARLY_ALL * told), None)
    return core


def _is_apart(element: Tag, weight: Weight) -> bool:
    """Return whether what stands after the whole text is none: it has a name of what is none, and heads nothing."""
    return is_named(element) and not weight.headed and not weight.kept and not weight.main


def _is_around(element: Tag, articles: bool) -> bool:
    """Return whether an element is around the text by what it is, whatever it says."""
    match element.name:
        case "footer":
            return element.find_parent(["blockquote", "figure"]) is None
        case "aside" if articles:
            return element.find_parent("article") is None
    return element.name == "nav" or element.get("role") in ROLES


def _is_furniture(element: Tag, weights: Weighed, whole: Weight) -> bool:
    """Return whether an element is around the text by what it is called or how it is shown, and by what it says."""
    weight = weights[element]
    if weight.told <= MOST_COMMENTED * whole.told and _is_thread(element, weights):
        return True
    if weight.kept or weight.told > MOST_TOLD * whole.told or weight.letters > MOST_LETTERS * whole.letters:
        return False
    if element.name == "noscript":
        text = element.get_text(" ")
        return not weight.speaks or MARKUP.match(text) is not None or NEEDS_SCRIPTS.search(text) is not None
    if element.name == "form":
        return weight.fields > 0 and (is_named(element) or weight.told <= weight.letters / 2)
    if _is_about_author(element) and weight.told <= MOST_OF_AUTHOR * whole.told:
        return True
    if element.name in ASIDE or element.get("role") in ROLES_ASIDE:
        return not weight.speaks or _asks_consent(element)
    if _is_hidden(element):
        return not weight.speaks or _asks_consent(element) or _is_said_again(element, weights)
    return (element.name == "header" or is_named(element)) and _leads_elsewhere(element, weight)


def _leads_elsewhere(element: Tag, weight: Weight) -> bool:
    """Return whether what has a name of what is no text is none: it leads elsewhere, asks, or is of the frame."""
    if _asks_consent(element):
        return True
    if weight.linked or weight.fields:
        return not weight.speaks or is_teaser(element)
    return element.name != "p" and not weight.told and not weight.headed and is_frame(element)


def _is_about_author(element: Tag) -> bool:
    """Return whether a block is called a box about the author, and has a picture or a link as such boxes have."""
    return any(map(AUTHOR_BOX.search, names_of(element))) and element.find(["a", "img"]) is not None


def _is_hidden(element: Tag) -> bool:
    return (
        element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or HIDDEN.search(str(element.get("style", ""))) is not None
    )


def _is_said_again(element: Tag, weights: Weighed) -> bool:
    """Return whether all that is hidden here stands elsewhere, too, as where a page has a form for small screens."""
    return all(weights.runs[run] > times for run, times in weigh(element).runs.items())


def _is_thread(element: Tag, weights: Weighed) -> bool:
    """Return whether a block is what readers wrote: most of it is in what is called a part of a comment."""
    around = element.parent
    if not any(map(COMMENTS.search, names_of(element))) or (
        around is not None
        and id(around) in weights.by_id
        and weights[around].letters == weights[element].letters
        and any(map(COMMENTS.search, names_of(around)))
    ):
        return False  # asked of what is around it, and not to be asked again of each of hundreds in each other
    if COUNTED_COMMENTS.match(element.get_text(" ", strip=True)):
        return True
    parts: list[Tag] = []
    for each in element.find_all(COMMENTED):
        if any(map(OF_A_COMMENT.search, names_of(each))) and not (
            parts and any(around is parts[-1] for around in each.parents)
        ):
            parts.append(each)
    return bool(parts) and 2 * sum(weights[each].letters for each in parts) >= weights[element].letters


def _asks_consent(element: Tag) -> bool:
    return CONSENT.search(" ".join(names_of(element))) is not None and element.find("input") is not None
