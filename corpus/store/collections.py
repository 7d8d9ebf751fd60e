"""Where the collections of a data folder are, and what they may be called: one store each, one folder each."""

import re
from pathlib import Path

from corpus.errors import InvalidInput, StoreUnavailable
from corpus.store.sqlite import DATABASE_FILE

DEFAULT = "default"  # the collection that is there without a name: the data folder itself
FOLDER = "collections"  # below the data folder: a folder of each other one
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
NAME_RULE = "use 1 to 63 of a-z, 0-9, - and _, the first a letter or digit"
SHOWN = 80  # characters of a wrong name that are shown again


def check_name(name: str) -> str:
    """Return a collection's name as it is.

    Raises:
        InvalidInput: if no collection may be called that, because names are folders, and parts of addresses and keys.
    """
    if not NAME.fullmatch(name):
        raise InvalidInput(f"{name[:SHOWN]!r} is no name of a collection; {NAME_RULE}")
    return name


def folder_of(data_dir: Path, name: str) -> Path:
    """Return the folder of a collection, whether it is there or not.

    Raises:
        InvalidInput: if no collection may be called that.
    """
    return data_dir if check_name(name) == DEFAULT else data_dir / FOLDER / name


def names_in(data_dir: Path) -> list[str]:
    """Return the names of the collections that a data folder holds: `default` first, the others in order.

    Raises:
        StoreUnavailable: if the system does not let its folders be read.
    """
    try:
        below = [each.name for each in (data_dir / FOLDER).iterdir()] if (data_dir / FOLDER).is_dir() else []
        others = sorted(name for name in below if NAME.fullmatch(name) and name != DEFAULT)
        return [name for name in (DEFAULT, *others) if (folder_of(data_dir, name) / DATABASE_FILE).is_file()]
    except OSError as error:
        raise StoreUnavailable(f"{error.filename}: {error.strerror}; let this user read the data folder") from None
