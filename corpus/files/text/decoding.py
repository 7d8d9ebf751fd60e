"""From bytes to text without guessing in silence: a text is decoded by strong evidence, or its file is refused."""

import codecs
import os
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.text.guessing import guess
from corpus.files.text.scripts import HANGUL, HANZI, KANA, KANJI
from corpus.files.text.seven_bit import seven_bit

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
# Codecs of Python that make text of bytes and are no encodings of texts.
NO_ENCODINGS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "charmap", "mbcs", "oem"}
WAY_OUT = "save it as UTF-8, or name its encoding"
LET_PASS = "mend it, or let it pass"
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
SCORED = 2_000_000  # characters by which the order of bytes is told, a thousand pages
LEAST_PLAUSIBLE, FEWEST_PLAUSIBLE = 0.5, 8  # of the characters are ASCII or common ones of East Asia
FEWEST_DIFFERENT = 4  # plausible characters; one over and over is what bytes over and over come to
PLAUSIBLE = frozenset(map(chr, range(0x20, 0x7F))) | set("\n\r\t、。，！？：") | HANZI | KANJI | KANA | HANGUL
NEW_LINE = "\n"
MOST_BAD = 0.01  # of the characters beyond ASCII in a text that is UTF-8 but for a few bytes


class DecodingErrors(StrEnum):
    """What becomes of a text with bytes that are not of its encoding: it is refused, or they pass as U+FFFD."""

    STRICT = "strict"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Decoding:
    """What is said of the bytes of texts, beside what they show themselves.

    Attributes:
        encoding: what those are in that have no byte order mark and are no UTF-8.
        errors: what becomes of bytes that are not of the encoding; those of a hundredth of a text at most pass where
            nothing tells it.

    Raises:
        InvalidInput: for what is no encoding of texts.
    """

    encoding: str | None = None
    errors: DecodingErrors = DecodingErrors.STRICT

    def __post_init__(self) -> None:
        if self.encoding is not None:
            codec_of(self.encoding)


STRICT = Decoding()


def decoding_of(fields: Mapping[str, Any]) -> Decoding:
    """Return a decoding of its fields as JSON has carried them."""
    return Decoding(fields["encoding"], DecodingErrors(fields["errors"]))


def codec_of(encoding: str) -> str:
    """Return the codec that reads an encoding, the widest that browsers read it with.

    Raises:
        InvalidInput: if there is none of that name.
    """
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        found = None
    if found is None or not found._is_text_encoding or found.name in NO_ENCODINGS:
        shown = encoding[:40]
        raise InvalidInput(
            f"{shown!r} is no encoding that is known; name one such as shift_jis, euc-kr or windows-1252"
        )
    return SUPERSETS.get(found.name, found.name) if found.name != "ascii" else found.name


def decode(
    data: bytes, name: str, declared: str | None = None, decoding: Decoding = STRICT, *, invisible: bool = False
) -> str:
    """Return the text of a file's bytes.

    Args:
        data: the bytes.
        name: the file's name, for errors.
        declared: the encoding that the file itself names. Only the bytes are believed before it: a mark, or UTF-8,
            which no text in another encoding is by chance.
        decoding: what the user says of them, which is believed before what the file says.
        invisible: whether its readers see nothing of control characters, as browsers show none of a page; a few are
            left out then.

    Raises:
        UnreadableFile: if it is binary or nothing strong tells its encoding, because a wrong guess would be cited for
            ever; if bytes of it are not of its encoding, with the place of the first.
    """
    try:
        return _without_controls(_decoded(data, declared, decoding), decoding, invisible)
    except UnreadableFile as error:
        raise UnreadableFile(f"{name}: {error}") from None


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


def _decoded(data: bytes, declared: str | None, decoding: Decoding) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _in(data, encoding, decoding)
    if data.isascii():
        if decoding.encoding is not None:
            return _in(data, codec_of(decoding.encoding), decoding)
        read = _wide(data) if b"\0" in data else seven_bit(data)
        return data.decode("ascii") if read is None else read
    utf8 = _strictly(data, "utf-8")
    return utf8 if utf8 is not None and "\0" not in utf8 else _in_another(data, declared, decoding)


def _without_controls(text: str, decoding: Decoding, invisible: bool) -> str:
    """Return a text without characters that are in none; a few of them are a slip, more are another encoding."""
    control = CONTROL.search(text)
    if control is None:
        return text
    few = len(CONTROL.findall(text)) <= MOST_BAD * len(text)
    if few and invisible:
        return CONTROL.sub("", text)
    if few and decoding.errors is DecodingErrors.REPLACE:
        return CONTROL.sub("\ufffd", text)
    told = f"the control character U+{ord(control[0]):04X} {_place(text[: control.start()], control.start())}"
    raise UnreadableFile(f"{told} is in no text; {LET_PASS if few else WAY_OUT}")


def _in_another(data: bytes, declared: str | None, decoding: Decoding) -> str:
    """Return a text that is neither marked nor UTF-8."""
    if decoding.encoding is not None:
        return _in(data, codec_of(decoding.encoding), decoding)
    if declared and (encoding := _superset(declared)) and (text := _strictly(data, encoding)) is not None:
        return text
    bad, others = _bad_utf8(data)
    told = "utf-8" if bad <= MOST_BAD * others else guess(data)
    if told is not None:
        return _in(data, told, decoding)
    if (text := _wide(data)) is not None:
        return text
    if decoding.errors is DecodingErrors.REPLACE and bad <= MOST_BAD * len(data):
        return data.decode("utf-8", "replace")
    raise UnreadableFile(_no_utf8(data))


def _in(data: bytes, encoding: str, decoding: Decoding) -> str:
    try:
        return data.decode(encoding, decoding.errors)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "replace")
        place = _place(before, error.start)
        shown = f"byte 0x{data[error.start]:02X} {place}"
        raise UnreadableFile(f"{shown} is no {encoding} text; {LET_PASS}") from None


def _place(before: str, offset: int) -> str:
    """Return how a place is told, by what is before it."""
    return f"at offset {offset:,} (line {before.count(NEW_LINE) + 1:,})"


def _no_utf8(data: bytes) -> str:
    """Return why bytes that are no UTF-8 are refused."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = _place(data[: error.start].decode("utf-8"), error.start)
        return (
            f"byte 0x{data[error.start]:02X} {place} is no UTF-8, and nothing strong tells another encoding; {WAY_OUT}"
        )
    return f"it holds bytes of zero, which are in no text; if it is one, {WAY_OUT}"


def _bad_utf8(data: bytes) -> tuple[int, int]:
    """Return how many places of a text are no UTF-8, and how many of its other characters are beyond ASCII."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd") - data.count("\ufffd".encode())
    return bad, len(text) - len(text.encode("ascii", "ignore")) - bad


def _superset(declared: str) -> str | None:
    """Return the codec that browsers read a declared encoding with, or `None` for what is no encoding of pages."""
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return None
    return SUPERSETS.get(name, name if SINGLE_BYTES.fullmatch(name) else None)


def _wide(data: bytes) -> str | None:
    """Return UTF-16 or UTF-32 without a mark, told by what the units are in one order of their bytes."""
    texts = [text for name in WIDE if (text := _strictly(data, name)) is not None]
    best = max(texts, key=_plausibility, default="")
    return best if _plausibility(best) > LEAST_PLAUSIBLE else None


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _plausibility(text: str) -> float:
    """Return the share of the characters that are in most texts; 0.0 where they are too few to tell."""
    counts = Counter(text[:SCORED])
    different = counts.keys() & PLAUSIBLE
    plausible = sum(counts[each] for each in different)
    enough = plausible >= FEWEST_PLAUSIBLE and len(different) >= FEWEST_DIFFERENT
    return plausible / sum(counts.values()) if enough else 0.0
