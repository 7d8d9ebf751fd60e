"""What people write for machines: programs, settings, markup; as one block of code, in which no mark means anything."""

from pathlib import Path

from corpus.files.allowance import grant
from corpus.files.extract import Extract, printable
from corpus.files.kind import TEXT_LIMIT
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes
from corpus.files.text.languages import LANGUAGES
from corpus.files.text.markdown import fenced

BYTE_SECONDS, BYTE_MEMORY = 2e-6, 20  # granted, several times what it takes to decode


def read(path: Path, decoding: Decoding = STRICT) -> Extract:
    """Return a text as code, its lines as they are.

    Raises:
        UnreadableFile: if its encoding cannot be told.
    """
    data = read_bytes(path, TEXT_LIMIT)
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    text = printable(decode(data, path.name, decoding=decoding).removeprefix("\ufeff"))
    return Extract(fenced(text, LANGUAGES.get(path.suffix.lower(), "")) if text.strip() else "")
