"""What the texts in a mail say, whatever their senders claim of them: encodings, encoded words, flowed lines."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.utils import getaddresses, parsedate_to_datetime

from corpus.errors import UnreadableFile
from corpus.files.text.decoding import decode

LONGEST_HEADER = 20_000  # characters; a list of five hundred addresses
FOLD = re.compile(r"\r?\n[ \t]*")
# Encodings of seven bits, whose bytes are UTF-8, too, and say something else.
SEVEN_BITS = re.compile(r"iso-?2022|hz|utf-?7", re.IGNORECASE)
QUOTED = re.compile(r">*")
SIGNATURE = "-- "


def mail_text(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Return the text of bytes, and whether it is surely what they say.

    Args:
        data: the bytes.
        charset: which encoding they are said to be in. Of several that are lied about, the bytes tell better.
    """
    try:
        if charset and SEVEN_BITS.match(charset):
            return data.decode(charset), True
        return decode(data, "a text", charset), True
    except (UnreadableFile, UnicodeError, LookupError):
        return data.decode("cp1252" if charset is None else "latin-1", "replace"), False


def header_text(raw: str) -> str:
    """Return a header as a person reads it, in one line."""
    line = FOLD.sub(" ", _seen(raw[:LONGEST_HEADER])).strip()
    try:
        words = decode_header(line)
    except (HeaderParseError, ValueError):  # its Base64 is none
        return line
    return "".join(word if isinstance(word, str) else _word(word, charset) for word, charset in words) or line


def addresses(raw: str) -> list[tuple[str, str]]:
    """Return the names and addresses in a header, each as a person reads it; none of one that cannot be taken apart."""
    line = FOLD.sub(" ", _seen(raw[:LONGEST_HEADER]))
    try:
        found = getaddresses([line])
    except RecursionError:  # it is of brackets in brackets
        return []
    return [(header_text(name), address) for name, address in found if name or address]


def day_of(date: str) -> str | None:
    """Return the day of a date as mails write it, where it was written; `None` for what is no date."""
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def unflowed(text: str, *, spaceless: bool) -> str:
    """Return a text in `format=flowed` (RFC 3676) with its paragraphs in a line each.

    Args:
        text: as it was sent.
        spaceless: whether the space at the end of a line that goes on is none of the text.
    """
    done: list[str] = []
    depth, going_on = 0, False
    for raw in text.split("\n"):
        marks = QUOTED.match(raw)
        quoted = len(marks[0]) if marks else 0
        line = raw[quoted:].removeprefix(" ")
        if going_on and quoted == depth and line != SIGNATURE:
            done[-1] += line
        else:
            done.append(f"{'>' * quoted} {line}" if quoted else line)
        depth, going_on = quoted, line.endswith(" ") and line != SIGNATURE
        if going_on and spaceless:
            done[-1] = done[-1][:-1]
    return "\n".join(done)


def _word(data: bytes, charset: str | None) -> str:
    return mail_text(data, None if charset == "unknown-8bit" else charset)[0]


def _seen(raw: str) -> str:
    """Return a header whose bytes were sent as they are, as the text that they are."""
    if not any("\ud800" <= character <= "\udfff" for character in raw):
        return raw
    return mail_text(raw.encode("utf-8", "surrogateescape"), None)[0]
