"""The text of an RTF: headings, lists with their numbers, tables and notes in Markdown, and what it says of itself."""

from dataclasses import replace
from pathlib import Path

from corpus.document import first_line
from corpus.files.allowance import grant
from corpus.files.extract import Extract, creation_day, stated_author, stated_title
from corpus.files.folders.metadata import Metadata
from corpus.files.kind import CONTAINER_LIMIT
from corpus.files.office.blocks import check_text
from corpus.files.office.headers import with_headers
from corpus.files.office.rtf_reader import Reader
from corpus.files.text.decoding import read_bytes

# What is granted, several times what honest files take: of bytes, and of words and groups.
BYTE_SECONDS, BYTE_MEMORY = 0.1e-6, 4
TOKEN_SECONDS, TOKEN_MEMORY = 30e-6, 200
CUT_OFF = "it ends in the middle, so it is incomplete; what is there was read"


def read(path: Path) -> Extract:
    """Return the text and the properties of an RTF.

    Raises:
        UnreadableFile: if it is more than a document can be.
    """
    data = read_bytes(path, CONTAINER_LIMIT)
    count = data.count(b"\\") + data.count(b"{") + data.count(b"\n")
    grant(BYTE_SECONDS * len(data) + TOKEN_SECONDS * count, BYTE_MEMORY * len(data) + TOKEN_MEMORY * count)
    reader = Reader()
    body = reader.read(data)
    for number, note in enumerate(reader.notes, start=1):
        if note is not None:
            body.note(f"[{number}]", "\n".join(note.lines()))
    text, info = body.text(), reader.info
    metadata = Metadata(
        title=stated_title(info.get("title")),
        author=stated_author(info.get("author")),
        other=creation_day("-".join(info.get(part, "") for part in ("yr", "mo", "dy"))),
    )
    whole, headed = with_headers(reader.headers, text)
    check_text(whole)
    if headed:
        metadata = replace(metadata, title=metadata.title or first_line(text))
    return Extract(whole, metadata, remarks=() if reader.complete else (CUT_OFF,))
