"""Names that files claim, of uploads and of files inside files: what of them leads elsewhere is never followed."""

import re
from pathlib import PurePosixPath

SEPARATORS = re.compile(r"[\\/]+")
UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
DRIVE = re.compile(r"[A-Za-z]:")
LONGEST_PART = 255  # bytes of the name of a file or folder, on all common systems
LONGEST_PATH = 1_000  # bytes of all of them; where files are unpacked there is a path before it


def is_hidden(name: str) -> bool:
    """Return whether a file or folder is of those that programs keep for themselves.

    That are names with a dot before them, and the `~$…` that an office program has beside each document that is open.
    """
    return name.startswith((".", "~$"))


def inner_name(name: str) -> str:
    """Return what a file in an archive is called, folders and all, however its packer wrote that."""
    return PurePosixPath(SEPARATORS.sub("/", name)).as_posix()


def trouble_with(name: str) -> str:
    """Return why a file in an archive cannot be unpacked under its name, in one line for the user; "" if it can."""
    parts = name.split("/")
    if name.startswith("/") or DRIVE.match(name) or ".." in parts:
        return "its name leads out of the archive; pack it again under another"
    if UNSEEN.search(name):
        return "its name holds characters that nobody sees; pack it again under another"
    if len(name.encode()) > LONGEST_PATH or any(len(part.encode()) > LONGEST_PART for part in parts):
        return "its name is too long to be unpacked; pack it again under a shorter one"
    return ""


def plain_name(name: str) -> str:
    """Return a name as that of a single file that is seen: its last part, without what nobody sees; "" for none."""
    last = SEPARATORS.split(UNSEEN.sub("", name).strip())[-1].strip().lstrip(".")
    stem, dot, ending = last.rpartition(".")
    while len(last.encode()) > LONGEST_PART and stem:
        stem = stem[:-1]
        last = f"{stem}{dot}{ending}"
    return last if len(last.encode()) <= LONGEST_PART else ""
