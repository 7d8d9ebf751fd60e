"""A format that only the tests know: titles over a line of marks become headings of Markdown, the rest is kept."""

import re
from pathlib import Path

from corpus.files.extract import Extract
from corpus.files.folders.metadata import Metadata
from corpus.files.text.decoding import decode, read_bytes

TITLE = re.compile(r"^(\S.*)\n(=+|-+)$", re.MULTILINE)
LEVELS = {"=": "#", "-": "##"}


def read(path: Path) -> Extract:
    text = decode(read_bytes(path), path.name)
    title = TITLE.search(text)
    return Extract(
        TITLE.sub(lambda match: f"{LEVELS[match[2][0]]} {match[1]}", text),
        Metadata(title=title[1] if title else None),
    )
