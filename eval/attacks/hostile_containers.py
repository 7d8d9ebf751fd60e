"""Archives and mails that are made to cost: bombs, lists without end, names that lead elsewhere, parts in parts."""

import io
import stat
import struct
import zipfile
from base64 import encodebytes
from collections.abc import Iterable

from eval.attacks.hostile_archives import zipped

LINE = "The harbour has two cranes."
HEAD = b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"


def many(pairs: Iterable[tuple[str, str | bytes]], how: int = zipfile.ZIP_STORED) -> bytes:
    """Return a ZIP of files, of which several may have a name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in pairs:
            info = zipfile.ZipInfo(name)
            info.compress_type = how
            archive.writestr(info, content)
    return stream.getvalue()


def listed(count: int, name: str = "%07d.txt") -> bytes:
    """Return a ZIP whose list names so many files, which are all the same bytes."""
    whole = many([("0000000.txt", LINE)])
    end = whole.rfind(b"PK\5\6")
    start = int.from_bytes(whole[end + 16 : end + 20], "little")
    entry = whole[start:end]
    rows = b"".join(
        entry.replace(b"0000000.txt", (name % number).encode()[-11:].rjust(11, b"0")) for number in range(count)
    )
    return whole[:start] + rows + _end(count, len(rows), start)


def overlapping(count: int = 200, size: int = 5_000_000) -> bytes:
    """Return a ZIP of many files that share the packed bytes of one, as a flat bomb does."""
    whole = zipped({"0000000.txt": LINE + " " * size})
    end = whole.rfind(b"PK\5\6")
    start = int.from_bytes(whole[end + 16 : end + 20], "little")
    rows = b"".join(whole[start:end].replace(b"0000000", b"%07d" % number) for number in range(count))
    return whole[:start] + rows + _end(count, len(rows), start)


def _end(count: int, size: int, start: int) -> bytes:
    longer = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
    return longer + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, size, start, 0)


def tree(depth: int = 6, width: int = 10) -> bytes:
    """Return a ZIP of ZIPs, so many in each, so many deep: all the same, so that it is small."""
    inner = zipped({"line.txt": LINE})
    for _ in range(depth - 1):
        inner = zipped({f"{number}.zip": inner for number in range(width)})
    return inner


def links() -> bytes:
    """Return a ZIP whose first file is a link to a folder, and whose second would be written through it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("out.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/tmp")
        archive.writestr("out.txt/x.txt", LINE)
    return stream.getvalue()


def lying(size: int = 300_000_000) -> bytes:
    """Return a ZIP of a file that says that it is short and is not."""
    whole = zipped({"line.txt": " " * size})
    return whole.replace(struct.pack("<L", size), struct.pack("<L", 500))


def mail(parts: bytes, head: bytes = b'Content-Type: multipart/mixed; boundary="b"\r\n') -> bytes:
    """Return a mail."""
    return HEAD + head + b"\r\n" + parts


def parts(count: int) -> bytes:
    """Return a mail of so many parts."""
    return mail(b"--b\r\nContent-Type: text/plain\r\n\r\nA line.\r\n" * count + b"--b--\r\n")


def in_each_other(count: int) -> bytes:
    """Return a mail of parts in each other."""
    opened = (f'Content-Type: multipart/mixed; boundary="{number}"\r\n\r\n--{number}\r\n' for number in range(count))
    return HEAD + "".join(opened).encode() + b"\r\nA line.\r\n"


def forwarded(count: int) -> bytes:
    """Return a mail in a mail, and so on."""
    return HEAD + (b"Content-Type: message/rfc822\r\n\r\n" + HEAD) * count + b"\r\nA line.\r\n"


def with_bombs(count: int = 10) -> bytes:
    """Return a mail with ZIPs that unpack to far more than they are."""
    bomb = encodebytes(zipped({"line.txt": LINE + " " * 9_000_000}))
    part = b'--b\r\nContent-Type: application/zip; name="%d.zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n'
    return mail(b"".join(part % (number, bomb) for number in range(count)) + b"--b--\r\n")
