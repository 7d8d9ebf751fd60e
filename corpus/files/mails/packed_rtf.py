"""RTF as Outlook packs it ([MS-OXRTFCP]): bytes, and references to what came at most 4,096 bytes before."""

from struct import unpack_from

HEADER = 16  # bytes: the size of all, the size of the text, how it is packed, and a checksum
PACKED, PLAIN = b"LZFu", b"MELA"
WINDOW = 4096
# What Outlook takes for granted to have come before.
BEFORE = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain"
    b"\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def unpacked_rtf(data: bytes) -> bytes:
    """Return the RTF that was packed, as far as it goes; nothing of what was packed otherwise."""
    if len(data) < HEADER:
        return b""
    size, mark = unpack_from("<L4s", data, 4)
    if mark == PLAIN:
        return data[HEADER : HEADER + size]
    return _unpacked(data, size) if mark == PACKED else b""


def _unpacked(data: bytes, size: int) -> bytes:
    text = bytearray(BEFORE)
    at = HEADER
    while at < len(data) and len(text) - len(BEFORE) < size:
        control = data[at]
        at += 1
        for bit in range(8):
            if control >> bit & 1:
                pair = int.from_bytes(data[at : at + 2], "big")
                back = (len(text) - (pair >> 4)) % WINDOW
                if at + 2 > len(data) or not back or back > len(text):
                    return bytes(text[len(BEFORE) :])
                for _ in range((pair & 15) + 2):  # one by one, for it may go on in what it adds
                    text.append(text[-back])
                at += 2
            else:
                text += data[at : at + 1]
                at += 1
    return bytes(text[len(BEFORE) : len(BEFORE) + size])
