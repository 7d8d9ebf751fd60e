"""The check: one thing that was looked at, how it is, and what to do about it."""

import os
from dataclasses import dataclass
from enum import StrEnum, auto
from pathlib import Path


class Status(StrEnum):
    """How a thing is."""

    OK = auto()
    WARNING = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """What was found at one thing.

    Attributes:
        name: of the thing.
        status: how it is.
        message: what was found, in a line.
        way_out: what to do about it; "" where nothing has to be done.
    """

    name: str
    status: Status
    message: str
    way_out: str = ""


def ok(name: str, message: str) -> Check:
    """Return that a thing is in order."""
    return Check(name, Status.OK, message)


def warning(name: str, message: str, way_out: str) -> Check:
    """Return that a thing will do, but not as somebody may expect."""
    return Check(name, Status.WARNING, message, way_out)


def failed(name: str, message: str, way_out: str) -> Check:
    """Return that a thing will not do."""
    return Check(name, Status.FAILED, message, way_out)


def split_error(error: Exception) -> tuple[str, str]:
    """Return what an error of ours says is wrong, and its way out."""
    message, _, way_out = str(error).rpartition("; ")
    return (message, way_out) if message else (way_out, "see: wherefrom --help")


def may_write(folder: Path) -> bool:
    """Return whether this user may make files in a folder; nothing is made to find out."""
    return os.access(folder, os.W_OK | os.X_OK)


def nearest(path: Path) -> Path:
    """Return a folder, or where it is not there the first of those around it that is."""
    path = path.absolute()
    return next(each for each in (path, *path.parents) if each.exists())


def user() -> str:
    """Return who this is, as `ls -n` shows it."""
    return f"user {os.geteuid()}"
