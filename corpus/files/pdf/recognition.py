"""What stands in pictures of pages, read where the extra `ocr` is installed, some pages at a time within bounds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from corpus.errors import UnreadableFile
from corpus.files.extract import Extract, check_length, clean_text
from corpus.parts import PART_END, Part

LIBRARY = "rapidocr"  # of the extra; its wheel carries its models
READ_PAGES = "corpus.files.pdf.ocr:read_pages"
AT_ONCE = 8  # pages; they take half a minute on two cores, and loading the models two seconds

# Returns the texts of pages, counted from 1, and how sure each is, as `READ_PAGES` does.
Recognise = Callable[[Sequence[int]], dict[str, Any]]


def is_installed() -> bool:
    """Return whether pictures are read."""
    return find_spec(LIBRARY) is not None


def recognised(extract: Extract, recognise: Recognise) -> Extract:
    """Return what was read in a file with what stands in the pictures of its pages.

    Raises:
        UnreadableFile: if there are no words in it now either.
    """
    pages = extract.text.split(PART_END)
    parts = list(extract.parts) or [Part()] * (len(pages) - 1)
    remarks = list(extract.remarks)
    for start in range(0, len(extract.pictures), AT_ONCE):
        numbers = extract.pictures[start : start + AT_ONCE]
        try:
            read = recognise(numbers)["pages"]
        except UnreadableFile as error:
            remarks.append(f"pages {', '.join(map(str, numbers))} were not recognised: {error}")
            continue
        for number, page in zip(numbers, read, strict=True):
            if text := clean_text(page["text"]):
                pages[number - 1] = f"{text}\n"
                parts[number - 1] = replace(parts[number - 1], ocr=page["sure"])
    text = PART_END.join(pages)
    if not text.strip():
        raise UnreadableFile(" ".join(remarks) or "it has no text, and no words were recognised in its pictures")
    check_length(len(text))
    return replace(extract, text=text, parts=tuple(parts), remarks=tuple(remarks), pictures=())
