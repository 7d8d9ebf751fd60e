"""Files and JSON in and out; whatever is wrong with one is said with its place and the way out."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from corpus.errors import UnreadableFile, WherefromError

Form = TypeVar("Form", bound=BaseModel)


class UnwritableFile(WherefromError):
    """A file cannot be written."""


def parse_json(form: type[Form], text: str | bytes, place: str, way_out: str) -> Form:
    """Return the JSON `text` as a `form`.

    Raises:
        UnreadableFile: if it is not JSON or not of that form; the message begins with `place`, names the first
            field that is wrong, and ends with `way_out`.
    """
    try:
        return form.model_validate_json(text)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(map(str, problem["loc"]))
        raise UnreadableFile(f"{place}: {field + ': ' if field else ''}{problem['msg']}; {way_out}") from None


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises:
        UnreadableFile: if it cannot be opened or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}; name a file that can be read") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path}: byte {error.start} is not UTF-8; save it again as UTF-8") from None


def write_text(path: Path, text: str) -> None:
    """Write the text of a UTF-8 file.

    Raises:
        UnwritableFile: if it cannot be written, or not to its end.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UnwritableFile(f"{path}: {error.strerror}; name a file that can be written") from None


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every line that is not blank, after its place, e.g. `dev.jsonl:12`."""
    # Not splitlines: JSON strings may hold U+2028 and its like, which end no line of a file.
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", line
