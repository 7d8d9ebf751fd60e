"""Files that come as bytes with a name, read as those of a folder are, and never under the name that they claim."""

import re
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.document import Document
from corpus.errors import InvalidInput, UnreadableFile, WherefromError
from corpus.files.decoding import Decoding
from corpus.files.folder import SourceFile, read_document, reason_of
from corpus.files.formats import format_of
from corpus.files.metadata import make_metadata
from corpus.files.reading import checked_format
from corpus.files.sandbox import Extractor
from corpus.parts import PART_END
from corpus.splitting.synonyms import NONE
from corpus.store.originals import Original

LONGEST_NAME = 255  # code points
SEPARATORS = re.compile(r"[\\/]+")
UNSEEN = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def source_of(name: str) -> str:
    """Return how a file that claims a name is cited: without what would lead out of a folder.

    Raises:
        InvalidInput: if nothing is left, it is too long, or holds characters that nobody sees.
    """
    source = "/".join(part for part in SEPARATORS.split(name.strip()) if part not in ("", ".", ".."))
    if not source or len(source) > LONGEST_NAME or UNSEEN.search(source):
        shown = UNSEEN.sub("?", name)[:LONGEST_NAME]
        raise InvalidInput(f"{shown!r} is no name of a file; give one of 1 to {LONGEST_NAME} characters that are seen")
    return source


def check_upload(source: str, content: bytes) -> None:
    """Refuse a file that will not be read, by its name, its size and what it holds.

    Raises:
        UnreadableFile: with the reason and the way out.
    """
    try:
        checked_format(source, BytesIO(content))
    except UnreadableFile as error:
        raise UnreadableFile(str(error).removeprefix(f"{source}: ")) from None


def read_upload(
    source: str, content: bytes, facts: Mapping[str, Any], extractor: Extractor, scratch: Path
) -> tuple[Document, Original]:
    """Return the document that a file holds, and the file to be kept.

    Args:
        source: its name in citations.
        content: all of it.
        facts: what its sender says of it, which wins over what it says itself; `document_id` among it, and the
            `encoding` of a text.
        extractor: reads formats that others parse.
        scratch: a folder, which must be there, for the file while it is read.

    Raises:
        UnreadableFile: if it cannot be read.
        InvalidInput: if its text or its facts cannot be stored.
    """
    said = make_metadata({name: value for name, value in facts.items() if name not in ("document_id", "encoding")})
    if said.mistakes:
        raise InvalidInput("; ".join(said.mistakes))
    with TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder, f"upload{Path(source).suffix.lower()}")
        path.write_bytes(content)
        file = SourceFile(path, source, said, NONE, decoding=Decoding(facts.get("encoding")))
        try:
            _, document = read_document(file, extractor)
        except WherefromError as error:
            raise type(error)(reason_of(error, file)) from None
    document = replace(document, document_id=facts.get("document_id") or document.document_id)
    named = format_of(path)
    media_type = named.media_type if named else "application/octet-stream"
    pages = document.text.count(PART_END) if media_type == "application/pdf" else None  # each page ends in one
    return document, Original(media_type, content, pages)
