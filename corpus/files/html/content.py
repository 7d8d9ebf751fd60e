"""What of a web page is its text: not the menus around it, nor the lines about the site.

By rules that name what is left out, and everything else stays: a library that guesses the main text instead loses
tables and sections of pages that are no articles, and guesses anew with each version, which would move citations.
"""

from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from corpus.files.html.furniture import MOST_TOLD, is_teaser, leave_out
from corpus.files.html.links import drop_links
from corpus.files.html.nesting import parsed
from corpus.files.html.weights import weigh

# Elements that hold no text of the page.
UNREAD = "script style template iframe object svg canvas map".split()
FIELDS = "input select textarea".split()
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
    leave_out(root)
    for element in root.find_all(FIELDS):
        element.decompose()
    drop_links(root)
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
    own = [each for each in articles if not is_teaser(each)]
    if len(own) == 1:
        weights = weigh(body)
        if weights[own[0]].told > MOST_TOLD * weights[body].told:
            return own[0]
    return body


def _dissolve_layout_tables(root: Tag) -> None:
    """Make divisions of tables that place things on the page: they hold tables, one cell a row, or one row of links."""
    for table in reversed(root.find_all("table")):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        wide = any(len(row.find_all(["td", "th"], recursive=False)) > 1 for row in rows)
        bar = len(rows) == 1 and table.find("th") is None and table.find("a") is not None
        if wide and not bar and table.find("table") is None:
            continue
        for part in [part for part in table.find_all(LAYOUT_ROWS) if part.find_parent("table") is table]:
            part.name = "div"
        table.name = "div"
