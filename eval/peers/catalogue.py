"""Which stacks there are: the files of a folder, each with the packages it names for itself."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from corpus.errors import InvalidInput
from eval.files import read_text

STACKS = Path(__file__).with_name("stacks")

# The form of PEP 723, "Inline script metadata": a TOML table in a comment block.
METADATA = re.compile(r"^# /// script\n(?P<block>(?:#(?: .*)?\n)+?)# ///$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Peer:
    """A stack that others build.

    Attributes:
        name: that of its file.
        script: the file; see `eval.peers.stacks`.
        dependencies: the packages it needs, as pip takes them; one that needs none runs in this interpreter.
    """

    name: str
    script: Path
    dependencies: tuple[str, ...]


class _Metadata(BaseModel):
    dependencies: list[str]


def read_peers(folder: Path = STACKS, only: Sequence[str] = ()) -> list[Peer]:
    """Return the peers of a folder, in the order of their names, or the ones named in `only`.

    Raises:
        InvalidInput: if there is none, one of `only` is not there, or a file does not say what it needs.
    """
    scripts = {path.stem: path for path in sorted(folder.glob("[!_]*.py"))}
    if not scripts:
        raise InvalidInput(f"{folder}: no stacks here; give a folder with a Python file for each")
    if unknown := set(only) - scripts.keys():
        raise InvalidInput(f"there is no peer {min(unknown)!r}; choose from {', '.join(scripts)}")
    return [Peer(name, path, _dependencies(path)) for name, path in scripts.items() if not only or name in only]


def _dependencies(script: Path) -> tuple[str, ...]:
    block = METADATA.search(read_text(script))
    if block is None:
        raise InvalidInput(f"{script}: no block of PEP 723 (# /// script); name the packages it needs in one")
    try:
        table = tomllib.loads(re.sub(r"^# ?", "", block["block"], flags=re.MULTILINE))
        return tuple(_Metadata.model_validate(table).dependencies)
    except (tomllib.TOMLDecodeError, ValidationError):
        raise InvalidInput(
            f'{script}: its block of PEP 723 is not TOML with dependencies = ["…"]; correct it'
        ) from None
