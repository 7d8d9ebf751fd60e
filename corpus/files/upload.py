"""Files that come as bytes with a name, read as those of a folder are, and never under the name that they claim."""

from collections.abc import Generator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus.document import Document, text_digest
from corpus.errors import InvalidInput, UnreadableFile
from corpus.files.documents import read_documents_of
from corpus.files.folders.folder import Skipped, SourceFile
from corpus.files.folders.metadata import DECODED, decoding_said, make_metadata
from corpus.files.formats import format_of
from corpus.files.names import SEPARATORS, UNSEEN
from corpus.files.reading import checked_format
from corpus.files.sandbox import Extractor
from corpus.parts import PART_END
from corpus.splitting.synonyms import NONE
from corpus.store.originals import Original

LONGEST_NAME = 255  # code points
LONGEST_PREFIX = 150  # code points of an id that a sender chose, in those of what else is in the file


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
) -> Generator[tuple[Document, Original] | Skipped]:
    """Yield the documents that a file holds, each with the file to be kept of it, and what of it cannot be read.

    Args:
        source: its name in citations.
        content: all of it.
        facts: what its sender says of it, which wins over what it says itself; `document_id` among it, which the first
            document gets, and `encoding` and `errors` of texts.
        extractor: reads formats that others parse.
        scratch: a folder, which must be there, for the file while it is read.

    Raises:
        InvalidInput: if its facts cannot be stored.
    """
    said = make_metadata({name: value for name, value in facts.items() if name not in ("document_id", *DECODED)})
    if said.mistakes:
        raise InvalidInput("; ".join(said.mistakes))
    chosen, others = facts.get("document_id"), False
    with TemporaryDirectory(dir=scratch) as folder:
        path = Path(folder, f"upload{Path(source).suffix.lower()}")
        path.write_bytes(content)
        file = SourceFile(path, source, said, NONE, decoding=decoding_said(facts))
        for found in read_documents_of(file, extractor, Path(folder)):
            if isinstance(found, Skipped):
                yield found
                continue
            file, document = found
            if chosen:
                document = replace(document, document_id=member_id(chosen, file.source) if others else chosen)
            others = True
            yield document, _original(file, document)
            yield from (Skipped(file.source, warning) for warning in file.warnings)


def member_id(chosen: str, source: str) -> str:
    """Return the id of another document in a file to whose first one its sender gave an id."""
    return f"{chosen[:LONGEST_PREFIX]}-{text_digest(f'{chosen}/{source}')[:16]}"


def _original(file: SourceFile, document: Document) -> Original:
    named = format_of(file.content)
    media_type = named.media_type if named else "application/octet-stream"
    pages = document.text.count(PART_END) if media_type == "application/pdf" else None  # each page ends in one
    return Original(media_type, file.content.read_bytes(), pages)
