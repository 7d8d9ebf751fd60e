"""What is in a ZIP: the files that are read are unpacked into a folder, and what else there is is counted.

Nothing of a name is followed out of that folder, no link is made, and no more is unpacked than a file claims to have.
"""

import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from errno import EDQUOT, ENOSPC
from pathlib import Path, PurePosixPath

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract, Member
from corpus.files.folders.ignoring import IGNORE_FILE
from corpus.files.folders.metadata import FILE_LIMIT, METADATA_FILE
from corpus.files.formats import format_of
from corpus.files.names import inner_name, is_hidden, trouble_with
from corpus.files.text.decoding import decode
from corpus.files.text.guessing import guess_of_names

MOST_FILES = 10_000  # that an archive lists, of whatever kinds
UNPACKED_LIMIT = 500_000_000  # bytes of those that are read
# A file of more than so many bytes may unpack to so many times what it is packed in; text to ten times, logs to fifty.
SMALL, RATIO = 10_000_000, 200
LOCKED, UTF_8 = 1, 0x800  # flags of a file: a password locks it, its name is in UTF-8
FRAMES = re.compile("[\u2500-\u259f]")
PIECE = 1_000_000  # bytes that are unpacked at a time
# What is granted, several times what honest archives take; memory for packers that look far back.
FILE_SECONDS, BYTE_SECONDS, PACKER_MEMORY = 2e-3, 0.1e-6, 100_000_000
FULL = (ENOSPC, EDQUOT)
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError)
SIDE_FILES = (METADATA_FILE, IGNORE_FILE)  # beside those of kinds that are read; `synonyms.txt` is a text
MOST_KINDS = 5  # that are told by name


def read(path: Path, folder: Path) -> Extract:
    """Unpack the files of an archive into a folder, and tell which those are.

    Raises:
        UnreadableFile: if it is damaged, locked, or holds more than an archive may.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            files = [each for each in archive.infolist() if not each.is_dir()]
            _check(files, path.stat().st_size)
            return _unpacked(archive, dict(zip(files, _names(files), strict=True)), folder)
    except MemoryError:
        raise UnreadableFile(f"it lists far more than {MOST_FILES:,} files; pack fewer") from None
    except DAMAGE:
        raise UnreadableFile("it is damaged or no ZIP; pack its files again") from None


def unread(names: Sequence[str]) -> tuple[str, ...]:
    """Return what is told of the files in a file that are of no kind that is read: how many of each, in one line."""
    kinds = Counter(PurePosixPath(name).suffix.lower() or "without ending" for name in names)
    told = [f"{count:,} {kind}" for kind, count in kinds.most_common(MOST_KINDS)]
    others = f" and {len(kinds) - MOST_KINDS:,} other kinds" if len(kinds) > MOST_KINDS else ""
    return (f"files in it that are not read: {len(names):,} ({', '.join(told)}{others})",) if names else ()


def _check(files: Sequence[zipfile.ZipInfo], size: int) -> None:
    """Refuse an archive that lists more than one may hold, or what it cannot hold."""
    if len(files) > MOST_FILES:
        raise UnreadableFile(f"it lists {len(files):,} files, more than the {MOST_FILES:,} of an archive; pack fewer")
    if sum(each.compress_size for each in files) > size:
        raise UnreadableFile("the files in it lie over each other, so it is made to cost; pack them again")
    grant(FILE_SECONDS * len(files), PACKER_MEMORY)


def _names(files: Sequence[zipfile.ZipInfo]) -> list[str]:
    """Return what files are called. Where their packer did not write UTF-8, all names together tell what it wrote."""
    packed = [each.orig_filename.encode("cp437") for each in files if not each.flag_bits & UTF_8]
    joined = b"\n".join(name.replace(b"\n", b"?") for name in packed)
    try:
        text = decode(joined, "its names")
    except UnreadableFile:
        text = _as_named(joined)
    plain = iter(text.split("\n"))
    return [inner_name(each.orig_filename if each.flag_bits & UTF_8 else next(plain)) for each in files]


def _as_named(names: bytes) -> str:
    """Return names that show no encoding: nobody draws frames in a name, so where they would, East Asia is tried."""
    plain = names.decode("cp437")
    return names.decode(guess_of_names(names) or "cp437") if FRAMES.search(plain) else plain


def _unpacked(archive: zipfile.ZipFile, names: dict[zipfile.ZipInfo, str], folder: Path) -> Extract:
    seen = {info: name for info, name in names.items() if trouble_with(name) or not _is_hidden(name)}
    wanted = {info: name for info, name in seen.items() if _limit_of(name)}
    if wanted and all(info.flag_bits & LOCKED for info in wanted):
        raise UnreadableFile("it is locked by a password; unpack it, and index what is in it")
    count = Counter(wanted.values())
    problems = {info: _problem(info, name) or (TWICE if count[name] > 1 else "") for info, name in wanted.items()}
    size = sum(info.file_size for info, problem in problems.items() if not problem)
    if size > UNPACKED_LIMIT:
        raise UnreadableFile(f"it unpacks to {size:,} bytes, more than the {UNPACKED_LIMIT:,} of an archive; split it")
    grant(BYTE_SECONDS * size, 0)
    for info, name in wanted.items():
        problems[info] = problems[info] or _unpack(archive, info, folder / name)
    members = (Member(name, str(folder / name), problems[info]) for info, name in wanted.items())
    return Extract("", members=tuple(members), remarks=unread([name for name in seen.values() if not _limit_of(name)]))


TWICE = "several files in it have this name, and which one is meant cannot be told; pack it again"


def _limit_of(name: str) -> int:
    """Return how many bytes a file of a name may have; 0 where such files are not read."""
    path = PurePosixPath(name)
    named = format_of(path)
    return FILE_LIMIT if path.name in SIDE_FILES else named.limit if named else 0


def _is_hidden(name: str) -> bool:
    """Return whether a file, or a folder that it is in, is hidden as in a folder that is indexed."""
    return any(is_hidden(part) for part in name.removesuffix(IGNORE_FILE).split("/"))


def _problem(info: zipfile.ZipInfo, name: str) -> str:
    """Return why a file is not unpacked, as far as the list of an archive tells; "" if nothing speaks against it."""
    if trouble := trouble_with(name):
        return trouble
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link; pack the file that it leads to"
    if info.flag_bits & LOCKED:
        return "it is locked by a password; unpack it, and index it by itself"
    if info.file_size > _limit_of(name):
        return f"{info.file_size:,} bytes are more than the {_limit_of(name):,} of such a file; split it"
    if info.file_size > max(SMALL, RATIO * info.compress_size):
        return f"it unpacks to more than {RATIO} times what it is packed in, so it is made to cost; unpack it yourself"
    return ""


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> str:
    """Unpack a file, and return why it cannot be; "" if it is there, whole and right by its checksum."""
    try:
        if not path.parent.is_dir():
            path.parent.mkdir(parents=True)
        with archive.open(info) as packed, path.open("xb") as file:
            while piece := packed.read(PIECE):
                file.write(piece)
        return ""
    except NotImplementedError:
        problem = "it is packed in a way that is not read; pack it with the usual one, deflate"
    except (*DAMAGE, RuntimeError):
        problem = "it is damaged in the archive; pack it again"
    except OSError as error:
        if error.errno in FULL:
            raise UnreadableFile("there is no room on the disk to unpack it; make some") from None
        return f"it cannot be unpacked under its name ({error.strerror}); pack it again under another"
    path.unlink(missing_ok=True)
    return problem
