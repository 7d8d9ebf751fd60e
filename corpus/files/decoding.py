"""From bytes to text without guessing in silence: a text is decoded strictly, or its file is refused by name."""

import codecs
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from operator import itemgetter
from pathlib import Path

from corpus.errors import UnreadableFile

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What pages declare, and what their bytes are in then, by the WHATWG's table of encodings.
SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "cp950", "cp950": "cp950",
    "big5hkscs": "big5hkscs", "shift_jis": "cp932", "cp932": "cp932", "euc_jp": "euc_jp", "euc_kr": "cp949",
    "cp949": "cp949", "iso8859-1": "cp1252", "ascii": "cp1252",
}  # fmt: skip
SINGLE_BYTES = re.compile(r"cp125\d|iso8859-\d+|koi8-[ru]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

SCORED = 2_000_000  # characters by which one encoding is told from another, a thousand pages
# The hundred-odd commonest characters of written Chinese in both forms, and its punctuation. GB18030 and Big5
# accept most of each other's bytes, but only the right one of them turns these bytes into these characters.
COMMON = frozenset(
    "的一是不了在人有我他这為为個个中大来來上国國地到以说說時时要就出会會可也你对對生能而子那得于於着著下自之年過过"
    "发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣"
    "理心本前开開但因只从從想实實，。、；：？！“”「」《》（）0123456789"
)


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """Return the text of a file's bytes: UTF-8, UTF-16 or UTF-32 by mark, UTF-8, GB18030 or Big5.

    Args:
        data: the bytes.
        name: the file's name, for errors.
        declared: the encoding that the file itself names. Only the bytes are believed before it: a mark, or UTF-8,
            which no text in another encoding is by chance.

    Raises:
        UnreadableFile: if it is binary or in no encoding we know, because a wrong guess would be cited for ever.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = _strictly(data, encoding)
            break
    else:
        text = _decode_unmarked(data, declared)
    if text is None or CONTROL.search(text):
        raise UnreadableFile(f"{name}: neither UTF-8, UTF-16, GB18030 nor Big5 text; if it is a text, save it as UTF-8")
    return text


def read_bytes(path: Path, limit: int = sys.maxsize) -> bytes:
    """Return a file's bytes, so many at most: as many as the system says that it has, for some of its files never end.

    Raises:
        UnreadableFile: if the system refuses, with the system's reason.
    """
    try:
        with path.open("rb") as file:
            return file.read(min(os.fstat(file.fileno()).st_size, limit))
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror or error}; check the file and its permissions") from None


def _decode_unmarked(data: bytes, declared: str | None) -> str | None:
    text = _strictly(data, "utf-8")
    if text is not None:
        return text if "\0" not in text else _decode_wide(data)
    if declared and (encoding := _superset(declared)) and (text := _strictly(data, encoding)) is not None:
        return text
    # Bytes of anything else can pass for rare Chinese characters; common ones cannot be faked.
    return _best(data, ("gb18030", "cp950"), _chineseness, 0.1) or _decode_wide(data)


def _superset(declared: str) -> str | None:
    """Return the codec that browsers read a declared encoding with, or `None` for what is no encoding of pages."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return None
    return SUPERSETS.get(name, name if SINGLE_BYTES.fullmatch(name) else None)


def _decode_wide(data: bytes) -> str | None:
    """Return UTF-16 text without a mark, told by which half of its units is zero in ASCII characters."""
    if len(data) % 2 or not data:
        return None
    return _best(data, ("utf-16-le", "utf-16-be"), _plausibility, 0.3)


def _best(data: bytes, encodings: Iterable[str], score: Callable[[str], float], least: float) -> str | None:
    """Return the text of the encoding that scores highest, the first of equals, if it scores more than the least."""
    texts = (text for name in encodings if (text := _strictly(data, name)) is not None)
    most, best = max(((score(text[:SCORED]), text) for text in texts), key=itemgetter(0), default=(least, None))
    return best if most > least else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _chineseness(text: str) -> float:
    counts = {character: times for character, times in Counter(text).items() if character > "\x7f"}
    return sum(times for character, times in counts.items() if character in COMMON) / max(sum(counts.values()), 1)


def _plausibility(text: str) -> float:
    return sum(times for c, times in Counter(text).items() if c in COMMON or " " <= c <= "~" or c in "\n\r\t") / len(
        text
    )
