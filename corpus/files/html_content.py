"""What of a web page is its text: not the menus around it, nor the lines about the site.

By rules that name what is left out, and everything else stays: a library that guesses the main text instead loses
tables and sections of pages that are no articles, and guesses anew with each version, which would move citations.
"""

import re

from bs4 import BeautifulSoup, Tag

from corpus.files.nesting import parsed

# Elements that hold no text of the page.
UNREAD = (
    "script style noscript template iframe object svg canvas map nav footer aside dialog button input select textarea"
).split()
ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "menubar"})
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Names that page makers give to what is no text, as classes and ids.
FURNITURE = re.compile(
    r"(?:(?:top|main|left|right|sub|site|global|page|head|bottom)?[-_]?"
    r"(?:nav|navbar|navigation|menu|menubar|foot(?:er)?|side-?bar|sidenav|toolbar|topbar|banner)"
    r"|(?:bread)?-?crumbs?|breadcrumbs?-?\w*|share\w*|bdsharebuttonbox|related\w*|recommend\w*|pager|pagination"
    r"|top|header|logo|prev(?:ious)?|next|prevnext|comments?[-_]?\w*|copyright|cookie\w*|consent|ads?|advert\w*|popup|modal"
    r"|sphinxsidebar|headerlink|mw-editsection|toc|skip-?link)",
    re.IGNORECASE,
)
# Lines about the site, on pages whose makers name things their own way. What a text might say as well is not here.
SITE_LINE = re.compile(
    r"版权所有|copyright\s*(?:©|\(c\)|\d{4})|©|上一[篇条页]|下一[篇条页]|分享[到至]|扫一扫|返回(?:顶部|首页)|网站(?:地图|标识码)"
    r"|(?:您|你|当前|现在|所在)\S{0,4}位置\s*[:：]|相关(?:新闻|阅读|文章|链接|报道|稿件|信息)\s*$|\S{0,3}ICP备"
    r"|\W*(?:打印|关闭)(?:本页|窗口)?\W*$"
    # Above a text with the day and the source: a counter, which makes another text of the page each time it is saved.
    r"|(?=.*(?:来源|发布|日期|时间|字号|作者|\d{4}[-/年.]\d)).*(?:浏览|点击|访问|阅读)(?:次数|量|数)?\s*[:：]",
    re.IGNORECASE,
)
SITE_LINE_LENGTH = 120
BLOCKS = ("div", "ul", "ol", "dl", "table", "td", "section", "p", "header", "center")
MOSTLY_LINKS = 0.8  # share of a block's characters that stand in links, where there are several
LAYOUT_ROWS = ("tr", "td", "th", "tbody", "thead", "tfoot")


def page_content(page: BeautifulSoup) -> Tag:
    """Return the element that holds the text of a page, with what is no text taken out of it.

    A page on which nothing is left, such as a list of links, keeps all of its text.
    """
    body = page.body or page
    for element in body.find_all(UNREAD):
        element.decompose()
    whole = str(body)
    root = _marked_content(body)
    _drop_furniture(root)
    _dissolve_layout_tables(root)
    _drop_blocks(root)
    if not root.get_text(strip=True):
        page = parsed(whole)
        return page.body or page
    return root


def _marked_content(body: Tag) -> Tag:
    """Return what the page marks as its content, if it marks one element."""
    for found in (body.find_all(["main"]), body.find_all(role="main"), body.find_all("article")):
        if len(found) == 1 and isinstance(found[0], Tag) and found[0].get_text(strip=True):
            return found[0]
    return body


def _drop_furniture(root: Tag) -> None:
    for element in root.find_all(True):
        if not element.decomposed and _is_furniture(element):
            element.decompose()


def _is_furniture(element: Tag) -> bool:
    if element.find(["h1", "main", "article"]):
        return False  # whatever its name, the text is in it
    if element.name == "header":
        return element.find(["h2", "h3", "h4", "h5", "h6"]) is None  # a section has one, too
    names = [*element.get_attribute_list("class"), *element.get_attribute_list("id")]
    return (
        element.get("role") in ROLES
        or element.has_attr("hidden")
        or element.get("aria-hidden") == "true"
        or HIDDEN.search(str(element.get("style", ""))) is not None
        or any(name and FURNITURE.fullmatch(name) for name in names)
    )


def _dissolve_layout_tables(root: Tag) -> None:
    """Make divisions of tables that place things on the page: they hold other tables, or one cell a row."""
    for table in reversed(root.find_all("table")):
        rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
        if table.find("table") is None and any(len(row.find_all(["td", "th"], recursive=False)) > 1 for row in rows):
            continue
        for part in [part for part in table.find_all(LAYOUT_ROWS) if part.find_parent("table") is table]:
            part.name = "div"
        table.name = "div"


def _drop_blocks(root: Tag) -> None:
    """Drop blocks of links, and short ones about the site, innermost first."""
    for block in reversed(root.find_all(BLOCKS)):
        text = block.get_text(strip=True)
        links = [len(link.get_text(strip=True)) for link in block.find_all("a")]
        only_links = len(links) > 1 and sum(links) >= MOSTLY_LINKS * len(text)
        if only_links or (len(text) <= SITE_LINE_LENGTH and SITE_LINE.match(text)):
            block.decompose()
