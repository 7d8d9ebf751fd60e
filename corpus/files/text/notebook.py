"""Jupyter notebooks: what is written as it is, what is run as code, and what running it printed, up to a length."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.errors import UnreadableFile
from corpus.files.allowance import grant
from corpus.files.extract import Extract, printable
from corpus.files.folders.metadata import Metadata
from corpus.files.kind import CONTAINER_LIMIT
from corpus.files.text.decoding import STRICT, Decoding, decode, read_bytes
from corpus.files.text.markdown import fenced

OUTPUT_LENGTH = 2_000  # characters of what a cell printed; tables of numbers and progress bars have no end
MOST_CELLS = 100_000  # ten times as many as anybody can run in a day
CUT = "\n…"
BYTE_SECONDS, BYTE_MEMORY = 1e-6, 20  # granted, several times what it takes; most of a notebook are pictures
PLAIN = "text/plain"

Node = Mapping[str, Any]


def read(path: Path, decoding: Decoding = STRICT) -> Extract:
    """Return the cells of a notebook, and what it says about itself.

    Raises:
        UnreadableFile: if it is no notebook.
    """
    data = read_bytes(path, CONTAINER_LIMIT)
    grant(BYTE_SECONDS * len(data), BYTE_MEMORY * len(data))
    count = data.count(b'"cell_type"')
    if count > MOST_CELLS:
        raise UnreadableFile(f"it has {count:,} cells, more than the {MOST_CELLS:,} of a notebook; split it")
    try:
        book = _node(json.loads(decode(data, path.name, decoding=decoding)))
    except (ValueError, RecursionError):
        raise UnreadableFile("it is a damaged or incomplete notebook; open it and save it again") from None
    sheets = _nodes(book.get("worksheets")) or [book]  # where the third version of the format has its cells
    cells = [cell for sheet in sheets for cell in _nodes(sheet.get("cells"))]
    if not cells:
        raise UnreadableFile("it is no notebook, or one without a cell; give it the ending of what it is")
    metadata = _node(book.get("metadata"))
    language = _node(metadata.get("language_info")).get("name") or _node(metadata.get("kernelspec")).get("language")
    text = "\n\n".join(block for cell in cells for block in _blocks(cell, str(language or "")) if block.strip())
    if not text:
        raise UnreadableFile("nothing stands in its cells")
    title = metadata.get("title")
    names = [str(name) for each in _nodes(metadata.get("authors")) if (name := each.get("name"))]
    return Extract(
        printable(text),
        Metadata(title=str(title) if title else None, author=", ".join(names) or None),
    )


def _blocks(cell: Node, language: str) -> Iterator[str]:
    kind, said = cell.get("cell_type"), _text(cell.get("source", cell.get("input")))
    if kind == "code":
        if said.strip():
            yield fenced(said, str(cell.get("language") or language))
        printed = "".join(map(_printed, _nodes(cell.get("outputs"))))
        if printed.strip():
            yield fenced(printed if len(printed) <= OUTPUT_LENGTH else printed[:OUTPUT_LENGTH] + CUT)
    elif kind == "heading":
        yield f"{'#' * min(int(cell.get('level', 1)), 6)} {said}"
    else:
        yield said


def _printed(output: Node) -> str:
    """Return what an output says in letters; pictures, widgets and the traces of errors say nothing to be found."""
    kind, data = output.get("output_type"), output.get("data", output)
    if kind == "stream":
        return _text(output.get("text"))
    if kind in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}\n"
    said = _text(_node(data).get(PLAIN, _node(data).get("text")))
    return said + "\n" if said else ""


def _text(value: object) -> str:
    """Return a text, which notebooks write as one or line by line."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _nodes(values: object) -> list[Node]:
    return [_node(each) for each in values] if isinstance(values, list) else []


def _node(value: object) -> Node:
    return value if isinstance(value, dict) else {}
