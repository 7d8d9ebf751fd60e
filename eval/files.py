"""Files in and out, and JSON of a form; whatever is wrong with one is said with its place and the way out."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from corpus.errors import InvalidInput, UnreadableFile, WherefromError

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


def read_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield every line that is not blank, after its place, e.g. `dev.jsonl:12`."""
    # Not splitlines: JSON strings may hold U+2028 and its like, which end no line of a file.
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", line


def write_text(path: Path, text: str) -> None:
    """Write the text of a UTF-8 file.

    Raises:
        UnwritableFile: if it cannot be written, or not to its end.
    """
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UnwritableFile(f"{path}: {error.strerror}; name a file that can be written") from None


def output_files(sets: Sequence[Path], out: Path | None, suffix: str) -> list[Path | None]:
    """Return the file for the results of each question set, checked before the first question is asked.

    Args:
        sets: the question sets, by whose names the files in a folder are called.
        out: a file for the results of one set, or a folder that is there for those of several; none keeps nothing.
        suffix: of the files in a folder, e.g. `.json`.

    Raises:
        InvalidInput: if there is no such place, two results would share one, or a question set would be overwritten.
    """
    if out is None:
        return [None] * len(sets)
    if not out.is_dir() and len(sets) > 1:
        raise InvalidInput(f"there are {len(sets)} question sets, a file for each; {out} must be a folder, and is none")
    files = [out / f"{path.resolve().stem}{suffix}" for path in sets] if out.is_dir() else [out]
    if len(set(files)) < len(files):
        raise InvalidInput("two question sets of one name would overwrite each other; run them apart")
    for file in files:
        check_writable(file)
        if file.resolve() in {path.resolve() for path in sets}:
            raise InvalidInput(f"{file}: holds the questions themselves; write to another file")
    return [*files]


def check_writable(path: Path) -> None:
    """Check that a file can be written, as far as can be told without writing it.

    Raises:
        InvalidInput: if its folder is missing, or it is a folder or protected.
    """
    if not path.parent.is_dir():
        raise InvalidInput(f"{path}: there is no folder {path.parent} to write to; make it first")
    if path.is_dir():
        raise InvalidInput(f"{path}: is a folder; name a file")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise InvalidInput(f"{path}: must not be written; name another file")
