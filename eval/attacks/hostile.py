"""A file that is made to cost, and what is expected of it."""

from collections.abc import Callable
from dataclasses import dataclass

REFUSED, READ = "refused", "read"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file.

    Attributes:
        name: with the ending under which it is read.
        make: returns its bytes.
        expected: whether it is to be refused or read; `None` where either is right, as long as it costs little.
    """

    name: str
    make: Callable[[], bytes]
    expected: str | None = REFUSED


def text(piece: bytes, size: int = 20_000_000) -> Callable[[], bytes]:
    """Return what makes a file of one piece over and over, as large as a text may be."""
    return lambda: piece * (size // len(piece))
