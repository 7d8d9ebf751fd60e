"""Mails as they are sent (EML): parsed by the standard library, by those of its rules that raise at nothing.

Its newer ones parse each header by a grammar, and fail at headers that many programs send.
"""

import re
from base64 import b64decode
from collections.abc import Sequence
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesFeedParser
from email.policy import compat32
from io import BytesIO
from mimetypes import guess_extension
from pathlib import Path
from typing import TypeAlias

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract
from corpus.files.formats import REGISTRY
from corpus.files.kind import CONTAINER_LIMIT
from corpus.files.mails.letter import HEADERS, Attachment, Body, Letter, letter_extract
from corpus.files.mails.texts import addresses, day_of, header_text, mail_text, unflowed
from corpus.files.text.decoding import read_bytes

MOST_PARTS = 2_000  # of a mail, each of which begins with a line of its own
PART_LINE = re.compile(rb"^--\S+[ \t]*\r?$", re.MULTILINE)
# Headers of which every mail has some.
TOLD_BY = re.compile(
    rb"^(?:From|To|Cc|Date|Subject|Received|Return-Path|Message-ID|MIME-Version|Reply-To|Sender):",
    re.IGNORECASE | re.MULTILINE,
)
END_OF_HEAD = re.compile(rb"\n[ \t]*\r?\n")
LONGEST_HEAD = 1_000_000  # bytes of all headers; of a mail that went round the world ten times they are twenty thousand
BODIES = {"text/html": ".html", "text/rtf": ".rtf"}
CODING = "Content-Transfer-Encoding"
FACTS = {"Message-ID": "message_id", "In-Reply-To": "in_reply_to", "List-Id": "list_id"}
# What is no text for people: signatures of programs, and appointments, which the text tells of.
SKIPPED = re.compile(
    r"application/(?:pgp-|(?:x-)?pkcs7-signature|ics)|text/(?:calendar|x-amp-html|x-vcard|vcard|css|rfc822-headers)"
)
SEALED = re.compile(r"multipart/encrypted|application/(?:x-)?pkcs7-mime")
PIECE = 65_536  # bytes that the parser is given at a time
BYTE_SECONDS, BYTE_MEMORY = 0.15e-6, 5  # that are granted, several times what honest mails take

Part: TypeAlias = "Message[str, str]"


def read(path: Path, folder: Path) -> Extract:
    """Return what a mail says, and unpack what hangs on it.

    Raises:
        UnreadableFile: if it is no mail, or has more parts than one may.
    """
    return letter_extract(letter_of(read_bytes(path, CONTAINER_LIMIT)), folder)


def letter_of(data: bytes) -> Letter:
    """Return the mail in some bytes, taken apart.

    Raises:
        UnreadableFile: if it is none, or has more parts than one may.
    """
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    head = END_OF_HEAD.split(data[:LONGEST_HEAD], maxsplit=1)[0]
    if not TOLD_BY.search(head):
        raise UnreadableFile("it has none of the headers of a mail, so it is none; give it the ending of what it is")
    if len(head) == LONGEST_HEAD:
        raise UnreadableFile(
            f"its headers have more than the {LONGEST_HEAD:,} bytes of a mail; open it and save it again"
        )
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    parts = sum(1 for _ in PART_LINE.finditer(data))
    if parts > MOST_PARTS:
        raise UnreadableFile(f"it has {parts:,} parts, more than the {MOST_PARTS:,} of a mail; save them by themselves")
    try:
        message = _parsed(data)
        taken = _Taken()
        taken.take(message)
    except RecursionError:
        raise UnreadableFile("its parts are nested deeper than a mail's; save them by themselves") from None
    return letter_with(message, taken.body, taken.attachments, taken.remarks)


def letter_with(
    message: Part, body: Sequence[Body], attachments: Sequence[Attachment], remarks: Sequence[str]
) -> Letter:
    """Return a mail of the headers of a message, and of what was taken out of it."""
    senders, date = addresses(_raw(message, "From")), header_text(_raw(message, "Date"))
    return Letter(
        {name: header_text(_raw(message, name)) for name in HEADERS},
        body,
        next((name or address for name, address in senders), None),
        day_of(date),
        _facts(message),
        attachments,
        tuple(dict.fromkeys(remarks)),
    )


def _parsed(data: bytes) -> Part:
    parser = BytesFeedParser(policy=compat32)
    for start in range(0, len(data), PIECE):  # all at once it would be held three times
        parser.feed(data[start : start + PIECE])
    return parser.close()


class _Taken:
    """What was taken out of the parts of a mail."""

    def __init__(self) -> None:
        self.body: list[Body] = []
        self.attachments: list[Attachment] = []
        self.remarks: list[str] = []

    def take(self, part: Part) -> None:
        """Take what a part holds, and what the parts in it do."""
        kind = part.get_content_type()
        if SEALED.fullmatch(kind):
            self.remarks.append("a part of it is encrypted and not read; save it decrypted")
        elif kind == "multipart/alternative":
            self._take_one(_inner(part))
        elif kind == "multipart/related":
            self._take_page(_inner(part))
        elif kind in ("message/rfc822", "message/global"):
            self.attachments.append(_forwarded(part))
        elif part.is_multipart():
            for each in _inner(part):
                self.take(each)
        elif not SKIPPED.match(kind):
            self._take_leaf(part, kind)

    def _take_one(self, parts: Sequence[Part]) -> None:
        """Take one of several forms of the same text, the plain one if it says anything, and the files of all."""
        forms = []
        for each in parts:
            form = _Taken()
            form.take(each)
            self.attachments += form.attachments
            self.remarks += form.remarks
            if any(body.text.strip() for body in form.body):
                forms.append(form.body)
        plain = next((body for body in forms if not any(piece.ending for piece in body)), None)
        self.body += plain or (forms[-1] if forms else [])

    def _take_page(self, parts: Sequence[Part]) -> None:
        """Take a page, the first part; the others are what is shown in it, but for files of kinds that are read."""
        for number, each in enumerate(parts):
            if number == 0 or each.is_multipart() or each.get_content_maintype() == "application":
                self.take(each)

    def _take_leaf(self, part: Part, kind: str) -> None:
        if CODING in part:  # the library knows no coding with a space behind it
            part.replace_header(CODING, _coding(part))
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        name = header_text(part.get_filename("") or "")
        if kind.startswith("image/") and "Content-ID" in part:
            return  # it is shown in the text
        if not kind.startswith("text/") or name or part.get_content_disposition() == "attachment":
            self.attachments.append(Attachment(name, _ending_of(kind), content))
            return
        text, sure = mail_text(content, part.get_content_charset())
        text = text.replace("\r\n", "\n")
        if not sure:
            self.remarks.append("a text in it is in no encoding that is known, and was read as Western European")
        if str(part.get_param("format")).lower() == "flowed":
            text = unflowed(text, spaceless=str(part.get_param("delsp")).lower() == "yes")
        self.body.append(Body(text, BODIES.get(kind, "")))


def _inner(part: Part) -> list[Part]:
    inner = part.get_payload()
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def _forwarded(part: Part) -> Attachment:
    """Return a mail that hangs on another as a file."""
    (inner, *_) = _inner(part) or [Message()]
    coded = _coding(part) == "base64"
    content = _decoded(str(inner.get_payload())) if coded else _written(inner)
    subject = header_text(_raw(_parsed(content) if coded else inner, "Subject"))
    name = header_text(part.get_filename("") or "") or re.sub(r"[\\/]+", "-", subject) or "message"
    return Attachment(name if name.lower().endswith(".eml") else f"{name}.eml", ".eml", content)


def _coding(part: Part) -> str:
    return str(part.get(CODING, "")).strip().lower()


def _decoded(payload: str) -> bytes:
    try:
        return b64decode(payload)
    except ValueError:
        return payload.encode("utf-8", "surrogateescape")


def _written(message: Part) -> bytes:
    stream = BytesIO()
    BytesGenerator(stream, mangle_from_=False, maxheaderlen=0, policy=compat32).flatten(message)
    return stream.getvalue()


def _raw(message: Part, name: str) -> str:
    """Return the values of a header as they were sent, those of its bytes that are no ASCII as half surrogates."""
    return ", ".join(str(value) for key, value in message.raw_items() if key.lower() == name.lower())


def _facts(message: Part) -> dict[str, object]:
    people = {name: [address for _, address in addresses(_raw(message, name)) if address] for name in ("To", "Cc")}
    said = {fact: header_text(_raw(message, name)) for name, fact in FACTS.items()}
    sender = next((address for _, address in addresses(_raw(message, "From"))), "")
    facts: dict[str, object] = {"from": sender, "to": people["To"], "cc": people["Cc"], **said}
    return {name: value for name, value in facts.items() if value}


def _ending_of(kind: str) -> str:
    known = (each.suffixes[0] for each in REGISTRY if each.media_type == kind)
    return next(known, guess_extension(kind) or ".bin")
