"""Small dictionaries in the form of dictd, as its own tools write them."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from index.terms.dictd import Files

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
INFO = ("00-database-short", "00-database-short\nA small dictionary\n")


def number(value: int) -> str:
    """Write a number in the digits of dictd, the highest first."""
    return (number(value // 64) if value >= 64 else "") + DIGITS[value % 64]


def write_dictd(folder: Path, name: str, entries: Iterable[tuple[str, str]], *, packed: bool = True) -> Files:
    """Write a dictionary of headwords and their entries, after an entry about itself."""
    text, index = b"", ""
    for headword, entry in (INFO, *entries):
        data = entry.encode()
        index += f"{headword}\t{number(len(text))}\t{number(len(data))}\n"
        text += data
    files = Files(folder / f"{name}.index", folder / f"{name}.dict{'.dz' if packed else ''}")
    files.index.write_text(index, "utf-8")
    files.entries.write_bytes(gzip.compress(text) if packed else text)
    return files
