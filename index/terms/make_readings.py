"""Makes readings.txt of a file of Unihan: `python -m index.terms.make_readings Unihan_Readings.txt`."""

import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from opencc import OpenCC

from index.terms.dictionary import entries
from index.terms.readings import FIELDS, READINGS

NOTICE = """\
# How Koreans and Vietnamese read Chinese characters: a reading a line, and the Simplified characters that have it.
# Made by `python -m index.terms.make_readings` of the fields kHangul and kVietnamese of Unihan, as far as CC-CEDICT has
# words with the characters. Copyright © 1991-2022 Unicode, Inc.; see readings-LICENSE.txt.
"""


def main() -> None:
    """Write the table anew from the file that is named."""
    lines = Path(sys.argv[1]).read_text("utf-8").splitlines()
    READINGS.write_text(NOTICE + "".join(f"{line}\n" for line in table(lines)), "utf-8")


def table(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the table that lines of Unihan make."""
    simplifier = OpenCC("t2s")
    used = {character for word, _ in entries() if len(word) > 1 for character in word}
    found: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    languages = {field: language for language, field in FIELDS.items()}
    for code, field, value in (line.split("\t") for line in lines if line.count("\t") == 2):
        character = simplifier.convert(chr(int(code.removeprefix("U+"), 16)))
        if field in languages and character in used:
            for reading in unicodedata.normalize("NFC", value).split():
                found[languages[field], reading.partition(":")[0]].add(character)
    for (language, reading), characters in sorted(found.items()):
        yield f"{language} {reading} {''.join(sorted(characters))}"


if __name__ == "__main__":
    main()
