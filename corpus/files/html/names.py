"""What is around the text of a web page, by the names that page makers give it and by the words that a reader sees.

A name alone leaves nothing out: it says where to look, and what stands there decides (see `html_weights`).
"""

import re
from functools import cache

from bs4 import Tag

# Parts of the names, as classes and ids, of what is no text.
PARTS = frozenset(
    "nav navbar navigation navi subnav menu menubar submenu footer foot prefooter sidebar sidenav aside toolbar topbar"
    " breadcrumb breadcrumbs crumb crumbs share sharing shares social sociallinks bookmarks"
    " related recommend recommended recommendation recommendations recirc readmore teaser teasers promo promotion"
    " newsletter subscribe subscription signup login signin register paywall cookie cookies consent gdpr"
    " advert adverts advertisement advertising ads adsense sponsor sponsored sponsors outbrain taboola"
    " pager pagination paginator prevnext comment comments commentlist disqus respond reply"
    " widget widgets popular trending mostread tags taglist tagcloud categories byline postmeta"
    " modal popup overlay dialog skiplink skiplinks toc copyright copyrights imprint impressum feedback rating donate"
    " follow print logo search searchform alsolike".split()
)
# Names that are parts of those of texts, too, and say something where they stand alone.
WHOLE = re.compile(
    r"(?:top|header|head|banner|prev(?:ious)?|next|ads?|more|meta|related\w*|recommend\w*|share\w*|cookie\w*|comments?\w*"
    r"|(?:entry|post|article)[-_]?(?:meta|info|footer|tags|nav|navigation)|postmetadata|bdsharebuttonbox|sphinxsidebar"
    r"|(?:top|main|left|right|sub|site|global|page|bottom)?[-_]?(?:nav|navi|menu|foot(?:er)?|side-?bar|banner)"
    r"|mw-editsection|headerlink)",
    re.IGNORECASE,
)
COMMENTS = re.compile(r"comment|disqus|respond", re.IGNORECASE)
OF_A_COMMENT = re.compile(
    r"comments?[-_]{0,2}(?:author|meta|date|reply|avatar|list|content|body|text|item|entry|\d+)|reply|vcard|avatar",
    re.I,
)
AUTHOR_BOX = re.compile(
    r"(?:author|autor)[-_]{0,2}(?:bio|box|info|desc|about|card|note|section|profile|detail|wrap)"
    r"|(?:about|post|entry)[-_](?:the[-_])?author",
    re.IGNORECASE,
)
CONSENT = re.compile(r"cookie|consent|gdpr", re.IGNORECASE)
COUNTED_COMMENTS = re.compile(
    r"\W*(?:\d+|no|one|ein|eine?|keine)\s+(?:comments?|thoughts?|responses?|repl|kommentare?|antworten|commentaires?|comentarios?)"
    r"|(?:comments?|kommentare?|commentaires?|comentarios?|评论|コメント)\W*\d|leave a|schreib|deja un|laisser un",
    re.IGNORECASE,
)
# Names of the frame around a page; what stands there in few words and no sentence is about the site.
FRAME = re.compile(r"foot(?:er)?|copyrights?|breadcrumbs?|crumbs?|skip|logo|imprint", re.IGNORECASE)
APART = re.compile(r"[-_\s]+|(?<=[a-z])(?=[A-Z])")

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
# Words above what leads elsewhere. They leave out what they head where it is links, not where it is a text.
LABELS = (
    r"(?:related|similar|more|recommended|popular|recent|latest|trending|most (?:read|popular|viewed))\b",
    r"you (?:may|might) (?:also )?(?:like|be interested)|(?:read|watch) (?:also|more|next|this)\b|see more\b",
    r"also (?:read|on)\b|don.?t miss|up next|what to read|sign up|subscribe|newsletter|follow us|filed under",
    r"share (?:this|on|it)|tags?\b|categories|archives?\b|comments?\b|leave a (?:reply|comment)|about the author",
    r"advertisement|contents\b|on this page",
    r"mehr (?:zum thema|zu|von|aus|artikel|lesen)|(?:das|dies) könnte|auch interessant|ähnliche|weitere\b|weiterlesen",
    r"lesen sie|passend (?:dazu|zum)|themen\b|schlagw[oö]rte|kategorien|kommentare?\b|schreibe? einen kommentar",
    r"(?:artikel )?teilen|neueste|aktuelle(?:s\b| beiträge)|meist(?:gelesen|kommentiert)|empfehlungen|anzeige\b",
    r"zum weiterlesen|nächste[rs]?\b|vorherige[rs]?\b|verwandte|interessant\b|folgen sie|suche\b",
    r"inhalt(?:sverzeichnis)?\b",
    r"[àa] lire\b|lire (?:aussi|la suite)|sur le même (?:sujet|thème)|articles (?:liés|similaires|récents)|partager",
    r"commentaires?\b|artículos relacionados|noticias relacionadas|te puede interesar|le[ea] también|más ",
    r"comentarios?\b|compartir|leggi anche|articoli correlati|potrebbe interessarti|zobacz|czytaj|polecane|podobne",
    r"leia (?:também|mais)|lees ook|relacionad|veja também",
    r"相关|推荐|热门|延伸阅读|猜你喜欢|更多|评论|分享|标签|関連|おすすめ|人気|コメント|最新",
)
LABEL = re.compile(rf"\W*(?:\d+\W*)?(?:{'|'.join(LABELS)})", re.IGNORECASE)
LABEL_LENGTH = 60
NEEDS_SCRIPTS = re.compile(r"javascript|\bscripts?\b|browser|浏览器|脚本|ブラウザ|cookies?\b", re.IGNORECASE)


def names_of(element: Tag) -> list[str]:
    """Return the classes and the id of an element."""
    return [name for name in (*element.get_attribute_list("class"), *element.get_attribute_list("id")) if name]


def is_named(element: Tag) -> bool:
    """Return whether a class or the id of an element is a name of what is no text."""
    return any(map(_is_furniture, names_of(element)))


def is_frame(element: Tag) -> bool:
    """Return whether a class or the id of an element is a name of the frame around a page."""
    return any(FRAME.search(name) for name in names_of(element))


@cache
def _is_furniture(name: str) -> bool:
    return WHOLE.fullmatch(name) is not None or not PARTS.isdisjoint(part.lower() for part in APART.split(name))
