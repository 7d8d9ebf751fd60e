"""A reader of RTF: words turn something on or off, braces end what was turned on between them, the rest is text."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from corpus.errors import UnreadableFile
from corpus.files.office.blocks import Blocks
from corpus.files.office.docx_styles import BODY_LEVEL
from corpus.files.office.headers import PAGE_FIELD, PAGE_NUMBER
from corpus.files.office.rtf_codes import (
    DEEPEST,
    FLOWS,
    HEADING_NAME,
    INTO,
    KNOWN,
    PASSED_OVER,
    SIGNS,
    TITLE_NAME,
    WESTERN,
    Token,
    decoded,
    page_encoding,
    tokens,
)
from corpus.files.office.rtf_groups import Flow, Group
from corpus.files.text.markdown import raised

HALVES = range(0xD800, 0xE000)  # of characters that are written as two


class Reader:
    """What reads one file.

    Attributes:
        headers: what stands above or below each page.
        notes: the notes in the order of their signs.
        info: what the file says of itself.
        complete: whether the file ends where its outermost group does.
    """

    def __init__(self) -> None:
        """Read nothing yet."""
        self.headers: list[Blocks] = []
        self.notes: list[Blocks | None] = []
        self.info: dict[str, str] = {}
        self.complete = False
        self._flow = Flow()
        # Those that wait: in how many groups the one inside them began, and how it ends.
        self._flows: list[tuple[int, Callable[[Blocks], None], Flow]] = []
        self._group = Group()
        self._outer: list[Group] = []
        self._encoding = WESTERN
        self._fonts: dict[int, tuple[int | None, str]] = {}  # by their numbers: how they write, and their names
        self._styles: dict[int, str] = {}
        self._font = self._style = self._default_font = 0
        self._bytes = bytearray()
        self._ignored = 0  # how many letters for older programs are still to come
        self._half = 0  # the first of two by which a character is written
        self._instruction = ""  # of the field that is read
        self._words = self._each_word()

    def read(self, data: bytes) -> Blocks:
        """Return the text of a file."""
        for token in tokens(data):
            if token.text:
                self._add(token.text)
            elif token.word == "{":
                self._open()
            elif token.word == "}":
                self._close()
            else:
                self._word(token)
            if self.complete:
                break
        self._decode()
        while self._flows:
            self._close_flow(self._group)
        return self._flow.done(self._group)

    def _open(self) -> None:
        self._decode()
        if len(self._outer) >= DEEPEST:
            raise UnreadableFile(f"its groups are nested more than {DEEPEST:,} deep; save it in a simpler form")
        self._outer.append(self._group)
        self._group = replace(self._group, starred=False)

    def _close(self) -> None:
        self._decode()
        if self._flows and self._flows[-1][0] == len(self._outer):
            self._close_flow(self._group)
        if self._outer:
            self._group = self._outer.pop()
        self.complete = not self._outer

    def _open_flow(self, end: Callable[[Blocks], None]) -> None:
        self._flows.append((len(self._outer), end, self._flow))
        self._flow = Flow()
        self._group.in_table, self._group.level = False, 0

    def _close_flow(self, group: Group) -> None:
        _, end, outer = self._flows.pop()
        blocks, self._flow = self._flow.done(group), outer
        end(blocks)

    def _add(self, text: bytes) -> None:
        if self._ignored:
            text, self._ignored = text[self._ignored :], max(0, self._ignored - len(text))
        if not self._group.skipped:
            self._bytes += text

    def _decode(self) -> None:
        """Add the bytes that were read since the last word, in the encoding of their font."""
        self._ignored = 0
        if self._bytes:
            font = self._default_font if self._group.font is None else self._group.font
            charset, name = self._fonts.get(font, (None, ""))
            data, self._bytes = bytes(self._bytes), bytearray()
            self._say(decoded(data, charset, name, self._encoding))

    def _say(self, text: str) -> None:
        group = self._group
        if group.skipped or group.deleted:
            return
        if group.into == "font":
            charset, name = self._fonts.get(self._font, (None, ""))
            self._fonts[self._font] = charset, (name + text).strip("; ")
        elif group.into == "style":
            self._styles[self._style] = self._styles.get(self._style, "") + text
        elif group.into == "field":
            self._instruction += text
        elif group.into == "label":
            self._flow.label += text
        elif group.into:
            self.info[group.into] = self.info.get(group.into, "") + text
        else:
            self._flow.said.append(raised(text, group.raised))

    def _word(self, token: Token) -> None:
        word, number = token.word, token.number
        if word == "u":
            self._unicode(number or 0)
            return
        self._decode()
        if word in SIGNS:
            self._say(SIGNS[word])
        elif word in self._words:
            self._words[word](1 if number is None else number)
        elif word in PASSED_OVER or (self._group.starred and word not in KNOWN):
            self._group.skipped = True
        elif word in INTO:
            self._group.into = INTO[word]
            self._instruction = "" if word == "fldinst" else self._instruction
        elif word in FLOWS and not self._group.skipped:
            self._begin(word)
        self._group.starred = word == "*"

    def _begin(self, word: str) -> None:
        """Begin a text of its own: a note, a box or a header."""
        if word == "footnote":
            place = len(self.notes)
            self.notes.append(None)
            self._say(f"[{place + 1}]")
            self._open_flow(lambda blocks: self.notes.__setitem__(place, blocks))
        elif word == "shptxt":
            self._open_flow(self._flow.boxes.append)
        else:
            self._open_flow(self.headers.append)

    def _unicode(self, number: int) -> None:
        """Add a character by its number, which is negative in the upper half of those of two bytes."""
        self._decode()
        code = number % 0x10000 if number < 0 else number
        self._ignored = self._group.unread
        if code in HALVES:
            if code < 0xDC00:
                self._half = code
            elif self._half:
                self._say(chr(0x10000 + ((self._half - 0xD800) << 10) + code - 0xDC00))
                self._half = 0
        elif code < 0x110000:
            self._say(chr(code))

    def _each_word(self) -> dict[str, Callable[[int], None]]:
        """Return what is done at each word; one without a number has 1."""
        return {
            "ansicpg": lambda number: setattr(self, "_encoding", page_encoding(number)),
            "mac": lambda number: setattr(self, "_encoding", "mac_roman"),
            "deff": lambda number: setattr(self, "_default_font", number),
            "f": self._set_font,
            "fcharset": lambda number: self._fonts.update({self._font: (number, "")}),
            "s": self._set_style,
            "ud": lambda number: self._hold(skipped=False),
            "uc": lambda number: self._hold(unread=max(number, 0)),
            "deleted": lambda number: self._hold(deleted=number != 0),
            "super": lambda number: self._hold(raised="sup" if number else ""),
            "sub": lambda number: self._hold(raised="sub" if number else ""),
            "nosupersub": lambda number: self._hold(raised=""),
            "plain": lambda number: self._hold(raised="", deleted=False, font=None),
            "pard": lambda number: self._hold(in_table=False, level=0, depth=0),
            **dict.fromkeys(("intbl", "itap"), lambda number: self._hold(in_table=number != 0)),
            "outlinelevel": lambda number: self._hold(level=0 if number >= BODY_LEVEL else number + 1),
            "ilvl": lambda number: self._hold(depth=number),
            "par": lambda number: self._flow_word(self._flow.end_paragraph),
            "sect": lambda number: self._flow_word(self._flow.end_paragraph),
            "cell": lambda number: self._flow_word(self._flow.end_cell),
            "row": lambda number: self._flow_word(lambda group: self._flow.end_row()),
            "trowd": lambda number: self._flow.merged.clear(),
            "clmrg": lambda number: setattr(self._flow, "merging", "h"),
            "clvmrg": lambda number: setattr(self._flow, "merging", "v"),
            "cellx": lambda number: self._flow.end_definition(),
            "chpgn": lambda number: self._say(PAGE_NUMBER),
            "fldrslt": lambda number: self._field(),
            "creatim": lambda number: self._hold(into="created"),
            **{part: partial(self._created, part) for part in ("yr", "mo", "dy")},
        }

    def _hold(self, **said: object) -> None:
        for name, value in said.items():
            setattr(self._group, name, value)

    def _flow_word(self, end: Callable[[Group], None]) -> None:
        if not self._group.skipped and not self._group.into:
            end(self._group)

    def _set_font(self, number: int) -> None:
        if self._group.into == "font":
            self._font = number
            self._fonts.setdefault(number, (None, ""))
        else:
            self._group.font = number

    def _set_style(self, number: int) -> None:
        if self._group.into == "style":
            self._style = number
            return
        name = self._styles.get(number, "").strip().rstrip(";")
        heading = HEADING_NAME.fullmatch(name)
        self._group.level = int(heading[1]) if heading else int(TITLE_NAME.fullmatch(name) is not None)

    def _field(self) -> None:
        if PAGE_FIELD.match(self._instruction):
            self._say(PAGE_NUMBER)
            self._group.skipped = True

    def _created(self, part: str, number: int) -> None:
        if self._group.into == "created":
            self.info[part] = f"{number:02}"
