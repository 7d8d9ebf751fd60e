"""Tables of words that are worked out once a machine: kept in the cache folder, and made anew by other code."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from corpus.errors import WherefromError
from index.durable import write_whole

logger = logging.getLogger(__name__)

FOLDER = "words"  # of the cache folder
_kept_in: list[Path] = []  # the folder, where one is used


def keep_in(folder: Path) -> None:
    """Keep tables in a folder from now on, and take those that are there, in this process."""
    _kept_in[:] = [folder]


def kept(name: str, made_by: Iterable[Path], make: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Return a table as it was kept, or make it and keep it where that can be.

    Args:
        name: of the table.
        made_by: the files that decide what is in it, code and data; with others it is another table.
        make: works it out.
    """
    if not _kept_in:
        return make()
    digest = sha256(b"".join(sha256(path.read_bytes()).digest() for path in made_by)).hexdigest()
    path = _kept_in[0] / f"{name}-{digest[:16]}.json"
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def _read(path: Path) -> Mapping[str, str] | None:
    """Return a table, `None` where there is none or it is damaged: its digest stands before it."""
    try:
        digest, _, data = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if sha256(data).hexdigest().encode() != digest:
        return None
    table: Mapping[str, str] = json.loads(data)
    return table


def _write(path: Path, table: Mapping[str, str]) -> None:
    data = json.dumps(table, ensure_ascii=False).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sha256(data).hexdigest().encode() + b"\n" + data)
        for other in path.parent.glob(f"{path.name.rpartition('-')[0]}-*.json"):
            if other != path:
                other.unlink()
    except (OSError, WherefromError) as error:
        logger.info("%s cannot be kept: %s", path, error)
