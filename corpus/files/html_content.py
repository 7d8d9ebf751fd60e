"""What of a web page is its text: not the menus around it, nor the lines about the site.

By rules that name what is left out, and everything else stays: a library that guesses the main text instead loses
tables and sections of pages that are no articles, and guesses anew with each version, which would move citations.
What page makers call a thing only says where to look. Sentences stay, whatever the class or id around them is, and so
does what a heading heads; words in a line, headings and parts of tables are never left out by a name.
"""

import re
from dataclasses import dataclass
from itertools import islice, takewhile

from bs4 import BeautifulSoup, Tag

from corpus.files.html_names import (
    COMMENTS,
    CONSENT,
    COUNTED_COMMENTS,
    LABEL,
    LABEL_LENGTH,
    NEEDS_SCRIPTS,
    OF_A_COMMENT,
    SITE_LINE,
    SITE_LINE_LENGTH,
    is_frame,
    is_named,
    names_of,
)
from corpus.files.html_weights import HEADINGS, Weight, Weighed, weigh
from corpus.files.nesting import parsed

# Elements that hold no text of the page.
UNREAD = "script style template iframe object svg canvas map".split()
FIELDS = "input select textarea".split()
ASIDE = frozenset({"aside", "dialog"})
ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "menu", "menubar"})
ROLES_ASIDE = frozenset({"complementary", "dialog", "alertdialog"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What may be left out as a whole. Of what is not here, such as a word, a heading or a row, nothing is.
BLOCKS = frozenset(
    "div ul ol dl section p header center aside footer nav form fieldset article details dialog noscript figure".split()
)
MOSTLY_LINKS = 0.8  # share of a block's characters that stand in links, where there are several
MOST_TOLD = 0.5  # share of the sentences of a page; what holds so many is its text, whatever it is called
MOST_COMMENTED = 0.9
MOST_LETTERS = 0.7
MARKUP = re.compile(r"\s*<\w")
COMMENTED = ("li", "div", "ul", "ol", "article", "p", "footer", "form")
NEVER_LINKS = (*HEADINGS, "table", "pre", "figure", "blockquote")
LABELLED = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "li", "dt")
LINKED = tuple({*BLOCKS, "td", "table"} - {"figure", "details"})
TITLE_LENGTH = 10  # letters that links have on average which are titles, and not the words of a menu
MOST_BELOW = 100  # elements that are looked at before or after one
LAYOUT_ROWS = ("tr", "td", "th", "tbody", "thead", "tfoot")


@dataclass(frozen=True, slots=True)
class Content:
    """The text of a page.

    Attributes:
        root: the element that holds it.
        left_out: the share of the characters of the page that is not in it, 0 to 1.
    """

    root: Tag
    left_out: float


def page_content(page: BeautifulSoup) -> Content:
    """Return what holds the text of a page, with what is no text taken out of it.

    A page on which nothing is left, such as a list of links, keeps all of its text.
    """
    body = page.body or page
    for element in body.find_all(UNREAD):
        element.decompose()
    whole, letters = str(body), _letters(body)
    root = _marked_content(body)
    _dissolve_layout_tables(root)
    _leave_out(root)
    _drop_blocks(root)
    left = _letters(root)
    if left:
        return Content(root, 1 - left / letters)
    page = parsed(whole)
    return Content(page.body or page, 0.0)


def _letters(element: Tag) -> int:
    return len("".join(element.get_text().split()))


def _marked_content(body: Tag) -> Tag:
    """Return what the page marks as its content: the one such element, or the one article that others only announce."""
    articles = [each for each in body.find_all("article") if each.find_parent("article") is None]
    for found in (body.find_all("main"), body.find_all(role="main"), articles):
        if len(found) == 1 and found[0].get_text(strip=True):
            return found[0]
    own = [each for each in articles if not _is_teaser(each)]
    if len(own) == 1:
        weights = weigh(body)
        if weights[own[0]].told > MOST_TOLD * weights[body].told:
            return own[0]
    return body


def _is_teaser(article: Tag) -> bool:
    """Return whether the headline of an article leads to where the whole of it is."""
    headline = article.find(HEADINGS)
    if headline is None:
        return article.find_parent("a") is not None
    return headline.find("a", href=True) is not None or headline.find_parent("a") is not None


def _leave_out(root: Tag) -> None:
    """Take out what is called or marked as no text and does not speak like one, outermost first."""
    weights = weigh(root)
    whole = weights[root]
    one_title = len(root.find_all("h1")) == 1
    articles = root.find("article") is not None
    for element in root.find_all(BLOCKS):
        if element.decomposed or element.find("main") is not None or (one_title and element.find("h1") is not None):
            continue
        weight = weights[element]
        if (
            _is_around(element, articles)
            or (
                weight.told <= MOST_TOLD * whole.told
                and weight.letters <= MOST_LETTERS * whole.letters
                and _is_furniture(element, weights)
            )
            or (weight.told <= MOST_COMMENTED * whole.told and _is_thread(element, weights))
        ):
            element.decompose()
    for element in root.find_all(FIELDS):
        element.decompose()


def _is_around(element: Tag, articles: bool) -> bool:
    """Return whether an element is around the text by what it is, whatever it says."""
    match element.name:
        case "footer":
            return element.find_parent(["blockquote", "figure"]) is None
        case "aside" if articles:
            return element.find_parent("article") is None
    return element.name == "nav" or element.get("role") in ROLES


def _is_furniture(element: Tag, weights: Weighed) -> bool:
    """Return whether an element is around the text by what it is called or how it is shown, and by what it says."""
    weight = weights[element]
    if element.find(["pre", "table"]) is not None:
        return False
    if element.name == "noscript":
        text = element.get_text(" ")
        return not weight.speaks or MARKUP.match(text) is not None or NEEDS_SCRIPTS.search(text) is not None
    if element.name == "form":
        return weight.fields > 0 and weight.told <= weight.letters / 2
    if element.name in ASIDE or element.get("role") in ROLES_ASIDE:
        return not weight.speaks or _asks_consent(element)
    if _is_hidden(element):
        return not weight.speaks or _asks_consent(element) or _is_said_again(element, weights)
    if element.name != "header" and not is_named(element):
        return False
    if _asks_consent(element):
        return True
    if weight.linked or weight.fields:
        return not weight.speaks
    return element.name != "p" and not weight.told and not weight.headed and is_frame(element)


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
    """Return whether a block is what readers wrote below a text: most of it is in what is called a part of a comment."""
    if not any(map(COMMENTS.search, names_of(element))):
        return False
    if COUNTED_COMMENTS.match(element.get_text(" ", strip=True)):
        return True
    parts: list[Tag] = []
    for each in element.find_all(COMMENTED):
        if any(map(OF_A_COMMENT.search, names_of(each))) and not (parts and parts[-1] in each.parents):
            parts.append(each)
    return bool(parts) and 2 * sum(weights[each].letters for each in parts) >= weights[element].letters


def _asks_consent(element: Tag) -> bool:
    return CONSENT.search(" ".join(names_of(element))) is not None and element.find("input") is not None


def _dissolve_layout_tables(root: Tag) -> None:
    """Make divisions of tables that place things on the page: they hold other tables, one cell a row, or one of links."""
    for table in reversed(root.find_all("table")):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        wide = any(len(row.find_all(["td", "th"], recursive=False)) > 1 for row in rows)
        bar = len(rows) == 1 and table.find("th") is None and table.find("a") is not None
        if wide and not bar and table.find("table") is None:
            continue
        for part in [part for part in table.find_all(LAYOUT_ROWS) if part.find_parent("table") is table]:
            part.name = "div"
        table.name = "div"


def _drop_blocks(root: Tag) -> None:
    """Drop what leads elsewhere with the words above it, blocks of links, and short ones about the site."""
    weights = weigh(root)
    for label in root.find_all(LABELLED):
        if not label.decomposed and _is_label(label, weights):
            _drop_labelled(label, root, weights)
    for block in reversed(root.find_all(LINKED)):
        text = block.get_text(strip=True)
        links = [len(link.get_text(strip=True)) for link in block.find_all("a")]
        only_links = len(links) > 1 and sum(links) >= MOSTLY_LINKS * len(text)
        site_line = len(text) <= SITE_LINE_LENGTH and SITE_LINE.match(text) is not None
        if site_line or (only_links and not _is_told_of(block, sum(links) / len(links), weights)):
            block.decompose()


def _is_label(element: Tag, weights: Weighed) -> bool:
    weight = weights[element]
    return (
        not weight.told
        and weight.letters <= LABEL_LENGTH
        and LABEL.match(element.get_text(" ", strip=True)) is not None
    )


def _drop_labelled(label: Tag, root: Tag, weights: Weighed) -> None:
    """Drop a label and what it stands above, down to the next heading, if that is no text."""
    letters = weights[label].letters
    while label.parent is not None and label.parent is not root and weights[label.parent].letters == letters:
        label = label.parent
    most = MOST_TOLD * weights[root].told
    below = list(
        takewhile(lambda each: _leads_elsewhere(each, weights, most), islice(label.find_next_siblings(), MOST_BELOW))
    )
    if any(weights[each].linked for each in below):
        for each in (label, *below):
            each.decompose()


def _leads_elsewhere(element: Tag, weights: Weighed, most: float) -> bool:
    """Return whether there are links in an element rather than a text."""
    weight = weights[element]
    if element.name in NEVER_LINKS or weight.told > most or weight.speaks:
        return False
    share = 0.5 if element.name in BLOCKS - {"p"} else MOSTLY_LINKS
    return weight.linked >= share * weight.letters


def _is_told_of(block: Tag, title: float, weights: Weighed) -> bool:
    """Return whether a text tells of a list of links: it stands in one, and the links are titles."""
    parent, before = block.parent, block.find_previous_sibling()
    if parent is None or before is None or title < TITLE_LENGTH:
        return False
    if before.get_text(strip=True).endswith((":", "：")):
        return True
    around = weights[parent]
    earlier, later = (
        any(weights[each].told for each in islice(siblings, MOST_BELOW))
        for siblings in (block.find_previous_siblings(), block.find_next_siblings())
    )
    return around.told > around.linked and earlier and (later or before.name in HEADINGS)
