"""Mails as Outlook keeps them (MSG): a tree of properties in the container of OLE, which olefile reads."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from pathlib import Path
from struct import error as StructError
from struct import iter_unpack

from olefile import OleFileIO

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract
from corpus.files.mails.eml import Part, letter_with
from corpus.files.mails.letter import Attachment, Body, Letter, letter_extract
from corpus.files.mails.packed_rtf import unpacked_rtf
from corpus.files.mails.texts import mail_text

# Properties by their numbers in [MS-OXPROPS].
SUBJECT, TRANSPORT_HEADERS, BODY, RTF, HTML = 0x0037, 0x007D, 0x1000, 0x1009, 0x1013
SENDER, SENDER_ADDRESSES = 0x0C1A, (0x5D01, 0x0C1F)
RECIPIENT, RECIPIENT_ADDRESSES, RECIPIENT_KIND = 0x3001, (0x39FE, 0x3003), 0x0C15
MESSAGE_ID, SUBMITTED, CODE_PAGE, BODY_CODE_PAGE = 0x1035, 0x0039, 0x3FFD, 0x3FDE
DATA, NAMES, EXTENSION, CONTENT_ID, MEDIA_TYPE = 0x3701, (0x3707, 0x3704), 0x3703, 0x3712, 0x370E
KINDS = {1: "To", 2: "Cc"}  # of recipients
WIDE, NARROW, BINARY, STORAGE = "001F", "001E", "0102", "000D"  # types of what is kept in streams and storages
PROPERTIES, STREAM = "__properties_version1.0", "__substg1.0_"
ATTACHED, RECEIVED = "__attach_version1.0_", "__recip_version1.0_"
WHOLE, INNER, LISTED = 32, 24, 8  # bytes before the properties of a mail, of one in it, of what else is in it
# Code pages that Python knows by other names than by their numbers.
PAGES = {65001: "utf-8", 20127: "ascii", 28591: "iso-8859-1", 50220: "iso-2022-jp", 51932: "euc-jp", 54936: "gb18030"}
WESTERN = 1252
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
# What olefile raises at what is none of it, or not whole.
DAMAGE = (OSError, ValueError, IndexError, KeyError, AttributeError, TypeError, RecursionError, StructError)
DEEPEST = 3  # mails in each other
BYTE_SECONDS, BYTE_MEMORY = 0.5e-6, 8  # that are granted, several times what honest mails take


def read(path: Path, folder: Path) -> Extract:
    """Return what a mail says, and unpack what hangs on it.

    Raises:
        UnreadableFile: if it is damaged, or no mail.
    """
    size = path.stat().st_size
    grant(BYTE_SECONDS * size, BYTE_MEMORY * size)
    try:
        with OleFileIO(str(path)) as store:
            if not store.exists(PROPERTIES):
                raise UnreadableFile("it is in the container of OLE, but no mail; give it the ending of what it is")
            letter = _Mail(store, (), WHOLE).letter(1)
    except DAMAGE:
        raise UnreadableFile("it is damaged or no mail of Outlook; open it and save it again") from None
    return letter_extract(letter, folder)


class _Properties:
    """What is kept of a mail, of a recipient or of an attachment."""

    def __init__(self, store: OleFileIO, place: tuple[str, ...], header: int) -> None:
        self.store, self.place = store, place
        data = self._stream(PROPERTIES)[header:]
        rows = iter_unpack("<HHI8s", data[: len(data) // 16 * 16])
        self.numbers = {number: int.from_bytes(value, "little") for _, number, _, value in rows}

    def content(self, number: int) -> bytes:
        """Return the bytes of a property, none if there is none."""
        return self._stream(f"{STREAM}{number:04X}{BINARY}")

    def text(self, *numbers: int, page: int | None = None) -> str:
        """Return the text of the first of some properties that there is."""
        for number in numbers:
            wide, narrow = (self._stream(f"{STREAM}{number:04X}{kind}") for kind in (WIDE, NARROW))
            text = wide.decode("utf-16-le", "replace") or decoded(narrow, page)
            if text.strip("\0 "):
                return text.replace("\r\n", "\n").strip("\0")
        return ""

    def line(self, *numbers: int) -> str:
        """Return such a text in one line."""
        return " ".join(self.text(*numbers).split())

    def inner(self, beginning: str) -> Iterator["_Properties"]:
        """Yield what is kept of each recipient or attachment."""
        names = sorted(
            path[-1]
            for path in self.store.listdir(streams=False, storages=True)
            if tuple(path[:-1]) == self.place and path[-1].startswith(beginning)
        )
        for name in names:
            yield _Properties(self.store, (*self.place, name), LISTED)

    def _stream(self, name: str) -> bytes:
        path = [*self.place, name]
        return bytes(self.store.openstream(path).read()) if self.store.exists(path) else b""


def decoded(data: bytes, page: int | None) -> str:
    """Return the text of bytes in a code page."""
    return mail_text(data, PAGES.get(page or WESTERN, f"cp{page or WESTERN}"))[0]


class _Mail(_Properties):
    def letter(self, depth: int) -> Letter:
        """Return it taken apart; it is so many mails deep."""
        remarks: list[str] = []
        attachments = [found for each in self.inner(ATTACHED) for found in _attached(each, depth, remarks)]
        return letter_with(self._headers(), list(self._body()), attachments, remarks)

    def _headers(self) -> Part:
        sent = self.text(TRANSPORT_HEADERS)
        first, _, rest = sent.partition("\n")
        message = message_from_string(sent if ":" in first else rest, policy=compat32)  # the first may be a mark
        del message["Subject"]
        people = [(KINDS.get(each.numbers.get(RECIPIENT_KIND, 0)), each) for each in self.inner(RECEIVED)]
        submitted = self.numbers.get(SUBMITTED, 0)
        told = {
            "Subject": self.line(SUBJECT),
            "From": _address(self, SENDER, SENDER_ADDRESSES),
            "Date": format_datetime(EPOCH + timedelta(microseconds=submitted // 10)) if submitted else "",
            "Message-ID": self.line(MESSAGE_ID),
        }
        for kind in KINDS.values():
            named = (_address(each, RECIPIENT, RECIPIENT_ADDRESSES) for known, each in people if known == kind)
            told[kind] = ", ".join(filter(None, named))
        for name, value in told.items():
            if value and name not in message:
                message[name] = value
        return message

    def _body(self) -> Iterator[Body]:
        page = self.numbers.get(BODY_CODE_PAGE) or self.numbers.get(CODE_PAGE)
        if plain := self.text(BODY, page=page):
            yield Body(plain)
        elif html := decoded(self.content(HTML), page) or self.text(HTML, page=page):
            yield Body(html, ".html")
        elif rtf := unpacked_rtf(self.content(RTF)):
            yield Body(rtf.decode("latin-1"), ".rtf")


def _address(properties: _Properties, name: int, addresses: Sequence[int]) -> str:
    return formataddr((properties.line(name), properties.line(*addresses).encode("ascii", "replace").decode()))


def _attached(properties: _Properties, depth: int, remarks: list[str]) -> Iterator[Attachment]:
    name, media_type = properties.line(*NAMES), properties.line(MEDIA_TYPE)
    place = (*properties.place, f"{STREAM}{DATA:04X}{STORAGE}")
    if properties.store.exists([*place, PROPERTIES]):
        if depth == DEEPEST:
            remarks.append(f"mails hang on it more than {DEEPEST} deep; save them by themselves")
            return
        inner = _Mail(properties.store, place, INNER).letter(depth + 1)
        yield Attachment(f"{inner.headers['Subject'].replace('/', '-') or 'message'}.eml", ".eml", as_mail(inner))
    elif not (media_type.startswith("image/") and properties.line(CONTENT_ID)):  # such a picture is shown in the text
        yield Attachment(name, properties.line(EXTENSION) or ".bin", properties.content(DATA))


def as_mail(letter: Letter) -> bytes:
    """Return a mail as it would be sent; the same one is the same bytes each time."""
    facts = {"Message-ID": letter.facts.get("message_id"), "In-Reply-To": letter.facts.get("in_reply_to")}
    head = "".join(f"{name}: {value}\n" for name, value in {**letter.headers, **facts}.items() if value)
    message = MIMEMultipart(boundary="=_part")
    for body in letter.body:
        message.attach(MIMEText(body.text, body.ending[1:] or "plain", "utf-8"))
    for each in letter.attachments:
        part = MIMEApplication(each.content)
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", each.name or f"file{each.ending}"))
        message.attach(part)
    return head.encode() + message.as_bytes()
