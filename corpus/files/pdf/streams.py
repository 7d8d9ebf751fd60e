"""How much the streams of a PDF unpack to, looked over before PDFium does so."""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.kind import CONTAINER_LIMIT
from corpus.files.text.decoding import read_bytes

# What is granted for each byte of the file, several times what honest ones take. What draws pages is packed ten to one,
# and PDFium makes an object of a line or a word.
BYTE_SECONDS, BYTE_MEMORY = 30e-6, 150
MOST_TIMES = 200  # that a large stream unpacks to more than it has; lines of text or of a map come to twenty
LARGE = 10_000_000  # bytes of an unpacked stream
STREAM = re.compile(rb"(?<!end)stream\r?\n")
DICTIONARY = 1_000  # bytes before a stream that say what it is
PICTURE = re.compile(rb"/Subtype\s*/Image\b")  # a white sheet packs a thousand to one, and is not unpacked for its text
FILTERS = re.compile(rb"/Filter\s*(/\w+|\[[\s/\w]*\])")  # one, or several one after another
NAME = re.compile(rb"/(\w+)")
FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b")
KNOWN_FILTERS = frozenset(
    "FlateDecode LZWDecode ASCII85Decode ASCIIHexDecode RunLengthDecode CCITTFaxDecode DCTDecode JBIG2Decode JPXDecode"
    " Crypt Fl LZW A85 AHx RL CCF DCT".split()
)
ENCRYPTED = b"/Encrypt"
DEFLATED = 8  # the lower half of the first byte of whatever zlib packed
PIECE = 65_536  # bytes that are unpacked at a time


def check_streams(path: Path) -> None:
    """Refuse a PDF whose streams unpack to far more than they have, and let it cost what is in it.

    Raises:
        UnreadableFile: if one does.
    """
    size = path.stat().st_size
    grant(BYTE_SECONDS * size, BYTE_MEMORY * size)
    data = read_bytes(path, CONTAINER_LIMIT)
    for said, start in _streams(data):
        if not PICTURE.search(said):
            _check_stream(data, start)


def open_problem(path: Path) -> str | None:
    """Return why a PDF cannot be opened that PDFium finds no fault with but that it is damaged, if more is known."""
    locked = ENCRYPTED in read_bytes(path, CONTAINER_LIMIT)
    reason = "it is damaged, or encrypted in a way that is not read; save it again, not encrypted" if locked else None
    return stream_problem(path) or reason


def stream_problem(path: Path) -> str | None:
    """Return why the streams of a PDF cannot be unpacked, with the way out; `None` if it is not for that."""
    data = read_bytes(path, CONTAINER_LIMIT)
    streams = list(_streams(data))
    names = [name.decode() for said, _ in streams for names in FILTERS.findall(said) for name in NAME.findall(names)]
    unknown = next((name for name in names if name not in KNOWN_FILTERS), None)
    if unknown is not None:
        return f"it is packed in a way that is not read ({unknown[:40]}); save it again with another program"
    broken = any(FLATE.search(said) and data[start] & 0x0F != DEFLATED for said, start in streams)
    return "it is damaged; open it and save it again" if broken and ENCRYPTED not in data else None


def _streams(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield what is said of each stream, and where it begins."""
    for match in STREAM.finditer(data):
        yield data[max(match.start() - DICTIONARY, 0) : match.start()].rpartition(b"obj")[2], match.end()


def _check_stream(data: bytes, start: int) -> None:
    unpacker, packed, unpacked = zlib.decompressobj(), 0, 0
    with suppress(zlib.error):  # it is packed in another way, or not at all
        while not unpacker.eof and (piece := data[start + packed : start + packed + PIECE]):
            packed += len(piece)
            while piece and not unpacker.eof:
                unpacked += len(unpacker.decompress(piece, PIECE))
                piece = unpacker.unconsumed_tail
                if unpacked > LARGE and unpacked > MOST_TIMES * packed:
                    reason = f"a stream in it unpacks to more than {MOST_TIMES} times its size"
                    raise UnreadableFile(f"{reason}; save it again with another program")
