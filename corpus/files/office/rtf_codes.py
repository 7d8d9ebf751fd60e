r"""The words of RTF and the bytes between them: what each stands for, and in which encoding a font writes.

RTF is older than Unicode. A letter outside ASCII is a byte of the encoding of its font, as `\'d6\'d0` in a Chinese one,
or its number in Unicode with something for older programs behind, as `\u20013?`.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.files.office.symbols import FONTS, symbol

TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z'])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)"
)
CHARSETS = {
    **{77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253"},
    **{162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874"},
    **{238: "cp1250", 255: "cp437"},
}
SYMBOLS = 2  # the charset of fonts whose letters are signs
WESTERN = "cp1252"
PAGES = {936: "gb18030", 950: "cp950", 65001: "utf-8", 10000: "mac_roman", 1361: "johab"}
SIGNS = {
    **{"tab": "\t", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“"},
    **{"rdblquote": "”", "bullet": "•", "emspace": "\u2003", "enspace": "\u2002", "qmspace": "\u2005"},
    **{"page": "\n", "column": "\n", "softline": "\n", "nestrow": "\n", "nestcell": " "},
    **{"zwj": "\u200d", "zwnj": "\u200c"},
    **{"~": "\u00a0", "_": "\u2011", "-": "", "\\{": "{", "\\}": "}", "\\": "\\"},
}
# Groups of which nothing is read; nor is anything of those that begin with a star and are not named below.
PASSED_OVER = frozenset(
    "colortbl listtable pict objdata nonshppict shprslt sp xe tc rxe nonesttables upr private ftnsep ftnsepc ftncn "
    "aftnsep aftnsepc aftncn template bkmkstart bkmkend annotation atnid atnauthor filetbl revtbl".split()
)
FLOWS = {part + which for part in ("header", "footer") for which in ("", "l", "r", "f")} | {"footnote", "shptxt"}
# Groups whose letters are not of the text, and what of the file they are.
INTO = {
    **{"fonttbl": "font", "stylesheet": "style", "fldinst": "field", "info": "info", "title": "title"},
    **{"author": "author", "listtext": "label", "pntext": "label"},
}
KNOWN = {"shpinst", *FLOWS, *INTO}  # what is read although it begins with a star
TITLE_NAME = re.compile(r"(?:title|标题|標題)", re.IGNORECASE)
HEADING_NAME = re.compile(r"(?:heading|标题|標題) ?([1-9]).*", re.IGNORECASE)
DEEPEST = 1_000  # groups inside each other; programs write a dozen


class Token(NamedTuple):
    """A piece of RTF: a word or sign with its number, bytes of text, or a brace.

    Attributes:
        word: the word, the sign or the brace; empty for text.
        number: that stands behind it, if one does.
        text: the bytes of text.
    """

    word: str = ""
    number: int | None = None
    text: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    """Yield the pieces of RTF, without the bytes of pictures between them."""
    at = 0
    while match := TOKEN.match(data, at):
        at = match.end()
        escaped, word, number, sign, brace, text = match.groups()
        if word == b"bin":
            at += max(0, int(number or 0))
        elif escaped:
            yield Token(text=bytes([int(escaped, 16)]))
        elif text:
            yield Token(text=text)
        elif word or sign or brace:
            name = (word or sign or brace).decode("latin-1")
            name = "par" if name in "\r\n" else f"\\{name}" if name in "{}" and sign else name
            yield Token(name, None if number is None else int(number))


def page_encoding(page: int) -> str:
    """Return the encoding of a code page, that of the West for an unknown one."""
    name = PAGES.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return WESTERN
    return name


def decoded(data: bytes, charset: int | None, font: str, default: str) -> str:
    """Return what bytes say in a font.

    Args:
        data: the bytes.
        charset: the number of the font's encoding; of 0, ANSI, programs mean the file's own or that of the West.
        font: its name.
        default: the encoding of the file.
    """
    if charset == SYMBOLS or font.lower() in FONTS:
        return "".join(symbol(byte, font) or chr(byte) for byte in data)
    for encoding in (CHARSETS.get(charset or 0, default), default, WESTERN):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode(CHARSETS.get(charset or 0, default), "replace")
