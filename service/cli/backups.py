"""The commands `wherefrom backup` and `wherefrom restore`."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from corpus.store.backup import back_up
from corpus.store.checking import Held
from corpus.store.collections import folder_of
from corpus.store.restore import restore as put_back
from index.local.index import LOCAL
from service.cli.common import DataDir, Json, Store, data_folder, derive_index, print_json
from service.cli.stopping import telling
from service.cli.terminal import counted, one_line
from service.settings import read_settings

File = Annotated[Path, typer.Argument(metavar="FILE", help="A tar file; compressed if it ends in .gz or .tgz.")]

BACKUP_WAY_OUT = "use the database's own backups, or: wherefrom copy --from {home} --to FOLDER"
RESTORE_WAY_OUT = "restore into a folder, then: wherefrom copy --from FOLDER --to {home}"
RESTORED = "all collections are restored; indexes that are not made yet are made by the first question"


def backup(
    file: File,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it is there.")] = False,
    data_dir: DataDir = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Write all collections into FILE, while others go on asking and indexing."""
    folder = data_folder(read_settings(data_dir=data_dir, store=store), BACKUP_WAY_OUT)
    before = _identity(file)
    with telling(lambda: f"{one_line(str(file))} is {'not ' * (_identity(file) == before)}written"):
        copied = back_up(folder, file, force=force)
    size = file.stat().st_size
    if as_json:
        collections = [
            {"name": each.name, **asdict(each.held), "bytes": each.bytes, "sha256": each.sha256} for each in copied
        ]
        print_json({"file": str(file), "bytes": size, "collections": collections})
        return
    for each in copied:
        _tell(each.name, each.held.documents, each.held.passages)
    typer.echo(f"{one_line(str(file))} is written, {decimal(size)}", err=True)


def restore(file: File, data_dir: DataDir = None, store: Store = None, as_json: Json = False) -> None:
    """Put the collections of FILE into a data folder without an index."""
    folder = data_folder(read_settings(data_dir=data_dir, store=store), RESTORE_WAY_OUT)
    restored: Mapping[str, Held] = {}
    with telling(lambda: RESTORED if restored else "it is not restored; run the same command again"):
        restored = put_back(file, folder)
        warnings = [warning for name in restored if (warning := derive_index(LOCAL, folder_of(folder, name)))]
    if as_json:
        collections = [{"name": name, **asdict(held)} for name, held in restored.items()]
        print_json({"data_dir": str(folder), "collections": collections, "warnings": warnings})
        return
    for name, held in restored.items():
        _tell(name, held.documents, held.passages)
    for warning in warnings:
        typer.echo(f"warning: {one_line(warning)}", err=True)
    typer.echo(f"{one_line(str(folder))} is restored", err=True)


def _identity(file: Path) -> tuple[int, int] | None:
    """Return what tells whether a file was replaced; `None` where there is none."""
    try:
        facts = file.stat()
    except OSError:
        return None
    return facts.st_ino, facts.st_mtime_ns


def _tell(name: str, documents: int, passages: int) -> None:
    typer.echo(f"{name}: {counted(documents, 'document')}, {counted(passages, 'passage')}", err=True)
