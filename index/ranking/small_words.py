"""What a reprint may change without saying anything else: the small words of languages, and what papers set around.

Only what is harmless is listed, never what matters: a word that is in no list counts, in whatever language it is.
"""

import re

# Words that may come, go or stand for each other: articles, "this" and "which", "and" and "also". Not here are "that",
# which is not this, "or", "a" where it is a number too (ein, une, un), letters that name a class or a vitamin (y, e),
# prepositions, auxiliaries, what tells who does and who suffers (der, den; は, が, を), nor whatever denies, allows or
# counts.
SMALL = frozenset(
    "a an the this these which and also "  # English
    "die das diese dieses welche welches und auch sowie "  # German
    "el la los las lo este esta estos estas también "  # Spanish
    "le les l' d' ce cet cette ces et aussi "  # French
    "il gli questo questa questi queste anche também het ook "  # Italian, Portuguese, Dutch
    "и также же этот эта это эти этого этой этих этом этому "  # Russian
    "هذا هذه أيضا ايضا "  # Arabic
    "的 了 也 并 在".split()  # Chinese, a character each, and none that is often part of a name
)
# After these, "a" says that there are some: few came, a few came.
COUNTED = frozenset({"few", "little"})
# Words of which each may stand for the others, but not be left out.
ALIKE = (
    {"till", "until"},
    {"&", "and", "und", "et", "и"},
    {"ein", "eine", "einen", "einem", "einer", "eines"},
    {"ungefähr", "circa", "ca"},
    {"de", "del", "du", "des"},
    {"около", "примерно", "приблизительно"},
    {"是", "系"},
    {"在", "于"},
    {"、", "和", "与", "及", "并"},
    {"、", ","},
    {"的", "地", "得"},
)
# Ways to write one word, where more than its script differs; no name has two. A Latin one is how words begin.
SPELLINGS = {
    "其它": "其他", "已经": "已", "以及": "及", "并且": "并", "而且": "并", "帐户": "账户", "帐号": "账号",
    "做为": "作为", "当做": "当作", "看做": "看作", "协做": "协作", "部份": "部分", "成份": "成分", "身分": "身份",
    "想像": "想象", "图象": "图像", "惟一": "唯一", "按装": "安装", "布署": "部署", "座落": "坐落",
    "星期天": "周日", "礼拜天": "周日",
    **{f"{week}{day}": f"周{day}" for week in ("星期", "礼拜") for day in "一二三四五六日"},
    "ё": "е", "as well as": "and", "per cent": "percent", "mister": "mr",
    "m ^2": "m2", "m ^3": "m3", "km ^2": "km2", "cm ^3": "cm3",
    "aluminium": "aluminum", "catalogue": "catalog", "centre": "center", "defence": "defense",
    "fibre": "fiber", "kilometre": "kilometer", "litre": "liter", "theatre": "theater",
    **{f"{stem}our": f"{stem}or" for stem in "behavi col endeav fav flav harb hon hum lab neighb rum vap".split()},
    **{f"{stem}is{end}": f"{stem}iz{end}"
       for stem in "author critic emphas final general legal maxim minim modern normal organ real recogn".split()
       for end in ("ed", "es", "ing", "ation")},
}  # fmt: skip

# Sentences before or after a text that are the paper's own. Credits and rights are dropped whatever they say; a notice
# is left out only where the other text has none, for a text may be about newsletters.
CREDITS = re.compile(
    r"©|责任编辑|责编|\(编辑\s?:|版权所有|无断転载"
    r"|rights reserved|rechte vorbehalten|derechos reservados|droits réservés|diritti riservati"
    r"|direitos reservados|права защищены|الحقوق محفوظة",
    re.IGNORECASE,
)
NOTICES = re.compile(
    r"扫码关注|扫描二维码|关注我们|点击(?:查看|阅读)|阅读原文|更多(?:新闻|资讯)|続きを読む"
    r"|newsletter|subscribe to|abonnieren|suscríb|abonnez|подпишитесь|подписывайтесь|اشترك"
    r"|read more|mehr lesen|weiterlesen|leer más|lire la suite|leggi anche|leia mais"
    r"|читайте также|اقرأ أيضا|اقرأ المزيد"
    r"|(?:first|originally) (?:published|appeared)|zuerst erschienen|publicado originalmente|впервые опубликован",
    re.IGNORECASE,
)
# Who reports: any name will do.
REPORTER = re.compile(
    r"^\s*(?:\((?:本报|本网|见习)?(?:记者|通讯员)[\s、·\u4e00-\u9fff]{1,20}\)|(?:本报|本网|见习)记者[\s\u4e00-\u9fff]{1,8}报道[,:])\s*"
)
# How sentences of the news begin that say where they are from.
HEARSAY = re.compile(r"(?:(?<=^)|(?<=[。!?\s]))据(?:悉|统计|了解|介绍|报道),")
# How they begin that say where and when they were written: 新华社北京3月5日电; LONDON, 5 March (Reuters) — .
# What stands before a digit is a minus.
UPPER = r"[^\W\d_a-zß-ÿа-яё]"
DATELINES = (
    re.compile(
        r"^\s*据?[\u4e00-\u9fff]{1,5}?[社网报台][\u4e00-\u9fff]{0,8}(?:\d{1,2}月)?(?:\d{1,2}日)?(?:[电讯]|消息|报道)[,:]?\s*"
    ),
    re.compile(r"^\s*(?:\w[^()。.!?]{1,40}?)?\s*\([^()]{2,20}\)\s*\.?[-–—]+(?!\d)\s*"),
    re.compile(rf"^\s*{UPPER}{{3,20}}(?:[ -]{UPPER}{{2,20}})?(?:, [^()。!?]{{1,20}})?\s*(?:[–—]|--?\s)\s*"),
)
# What of it says nothing: for whom it was written.
AGENCIES = re.compile(
    r"新华社|中新[社网]|央视网|人民网|本[报网台]|据|[电讯]|消息|报道|\b(?:reuters|dpa|afp|ap|apa|efe|ansa|upi|тасс|рейтер)\b|رويترز",
    re.IGNORECASE,
)
