"""Encodings that write everything in ASCII bytes, so that a text in them passes for one in ASCII."""

import re

from corpus.errors import UnreadableFile
from corpus.files.text.guessing import commonness, is_spelled, sample_of
from corpus.files.text.scripts import HANGUL, HANZI, KANA, KANJI

# What such encodings are called, the codecs that read them, and what they switch to another alphabet with. No text has
# an escape of theirs by chance.
ESCAPING = (
    ("ISO-2022-JP", "iso2022_jp_2", re.compile(rb"\x1b\$(?:[@B]|\(D)")),
    ("ISO-2022-KR", "iso2022_kr", re.compile(rb"\x1b\$\)C")),
    ("ISO-2022-CN", None, re.compile(rb"\x1b\$(?:\)[AGE]|\*H)")),
)
# These switch with what a text may have, so what they say counts, too.
HZ = re.compile(rb"~\{(?:[!-w][!-~])+~\}")
UTF7 = re.compile(rb"\+[A-Za-z0-9+/]{3}")
UTF7_SIGN = re.compile(rb"\+A[A-H][AEIMQUYcgkosw048]-")  # one character of ASCII
CHARACTERS = HANZI | KANJI | KANA | HANGUL
# Latin, Greek, Cyrillic, Hebrew, Arabic; signs; the punctuation of East Asia and kana.
KNOWN = re.compile("[\xa0-\u06ff\u1e00-\u20cf\u3000-\u30ff\uff01-\uff1f]")
LEAST_KNOWN = 0.25  # of what is beyond ASCII; what is there by chance are rare Chinese characters


def seven_bit(data: bytes) -> str | None:
    """Return the text of ASCII bytes that are in such an encoding, or `None` where they are what they seem.

    Raises:
        UnreadableFile: if they are or may be, and what they say cannot be told.
    """
    for name, codec, escape in ESCAPING:
        if escape.search(data):
            text = _decoded(data, codec)
            if text is None:
                raise _unread(name)
            return text
    if HZ.search(data) and (text := _decoded(data, "hz")) is not None:
        return _told(text, "HZ")
    if UTF7.search(data) and (text := _decoded(data, "utf-7")) is not None and _may_be_utf7(data, text):
        return _told(text, "UTF-7")
    return None


def _may_be_utf7(data: bytes, text: str) -> bool:
    foreign = [character for character in _sample(text) if character > "\x7f"]
    known = sum(character in CHARACTERS or KNOWN.match(character) is not None for character in foreign)
    return known >= LEAST_KNOWN * len(foreign) if foreign else UTF7_SIGN.search(data) is not None


def _told(text: str, name: str) -> str:
    """Return a text that says something in the language that it seems to be in."""
    sample = _sample(text)
    if not (commonness(sample, CHARACTERS) or is_spelled(sample)):
        raise _unread(name)
    return text


def _sample(text: str) -> str:
    return sample_of(text.encode("utf-8", "ignore")).decode("utf-8", "ignore")


def _unread(name: str) -> UnreadableFile:
    return UnreadableFile(f"it looks like {name}, and cannot be read as that for sure; save it as UTF-8")


def _decoded(data: bytes, codec: str | None) -> str | None:
    try:
        return data.decode(codec) if codec else None
    except UnicodeError:
        return None
