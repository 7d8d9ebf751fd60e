"""The command `wherefrom copy`: what it copies, the progress it shows, and what it reports."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import InvalidInput, NotFound, StoreDamaged, WherefromError
from corpus.store.copied import Copied, Side
from corpus.store.copying import Copying
from index.home import Home
from index.manifest import alike
from index.oceanbase.address import is_address
from service.cli.common import Json, derive_index, existing_collection, messages, opened_home, print_json
from service.cli.progress import copy_shown
from service.cli.stopping import telling
from service.cli.terminal import counted, one_line
from service.settings import read_settings


def _names_to_complete(context: typer.Context) -> list[str]:
    """Return the collections whose names a shell may complete: those of what is copied."""
    try:
        with opened_home(read_settings(store=_absolute(context.params.get("source") or ""))) as home:
            return home.names()
    except WherefromError:  # a shell that completes has no place for it; the command itself will tell
        return []


def copy(
    source: Annotated[str, typer.Option("--from", metavar="FROM", help="Data folder, or address of a database.")],
    target: Annotated[str, typer.Option("--to", metavar="TO", help="The same, of what becomes a copy.")],
    collection: Annotated[
        str | None,
        typer.Option("--collection", metavar="NAME", help="Only this collection.", autocompletion=_names_to_complete),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove or replace what TO holds and FROM does not.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Copy all collections from a data folder to a database, or between any two; nothing is embedded anew."""
    if not (source and target):
        raise InvalidInput("--from and --to need a data folder or the address of a database each; one is empty")
    source, target = _absolute(source), _absolute(target)
    with opened_home(read_settings(store=source)) as here, opened_home(read_settings(store=target)) as there:
        if str(here) == str(there):
            raise InvalidInput(f"--from and --to are both {here}; name another to copy to")
        copied: dict[str, Copied] = {}
        warnings = []
        with telling(lambda: _kept(copied)):
            for name in _wanted(here, collection):
                _copy(here, there, name, copied, replace=replace)
                if copied[name].state is not None and (warning := derive_index(there.engine, there.place(name))):
                    warnings.append(warning)
        _report(here, there, copied, warnings, as_json=as_json)


def _absolute(named: str) -> str:
    """Return a home as it is named in whatever folder this runs; a copy that was stopped is known by it."""
    return named if is_address(named) else str(Path(named).resolve())


def _wanted(home: Home, collection: str | None) -> list[str]:
    """Return the names of the collections that are copied.

    Raises:
        NotFound: if there are none.
    """
    if collection is not None:
        existing_collection(home, collection)
        return [collection]
    if not (names := home.names()):
        raise NotFound(f"{home}: no index here, so there is nothing to copy; name another with --from")
    return names


def _copy(here: Home, there: Home, name: str, copied: dict[str, Copied], *, replace: bool) -> None:
    with (
        here.engine.open_truth(here.place(name), False) as source,
        there.engine.open_truth(there.place(name), True) as target,
    ):
        origin, copy_of_it = Side(f"collection {name} of {here}", source), Side(f"collection {name} of {there}", target)
        work = Copying(origin, copy_of_it, alike, replace=replace)
        copied[name] = work.copied
        with source.reading() as reader:
            state = reader.state()
        with copy_shown(messages(), name, state) as meter:
            for step in work.run():
                meter.note(step)


def _kept(copied: Mapping[str, Copied]) -> str:
    """Return what stays if it is stopped now, and how to go on."""
    number = sum(each.documents for each in copied.values())
    stays = "is copied and stays" if number == 1 else "are copied and stay"
    return f"{counted(number, 'document')} {stays}; run the same command to go on"


def _report(here: Home, there: Home, copied: Mapping[str, Copied], warnings: list[str], *, as_json: bool) -> None:
    if as_json:
        collections = [_view(name, each) for name, each in copied.items()]
        print_json({"from": str(here), "to": str(there), "collections": collections, "warnings": warnings})
    else:
        for name, each in copied.items():
            _tell(name, each)
        for warning in warnings:
            typer.echo(f"warning: {one_line(warning)}", err=True)
    if damaged := sum(len(each.damaged) for each in copied.values()):
        way_out = "index their files again there or delete them, and run the same command again"
        raise StoreDamaged(f"{here}: {counted(damaged, 'document')} damaged and not copied; {way_out}")
    if not as_json:
        typer.echo(f"{one_line(str(there))} holds what {one_line(str(here))} does", err=True)


def _view(name: str, copied: Copied) -> dict[str, Any]:
    state = copied.state
    return {
        "name": name,
        "documents": None if state is None else state.documents,
        "passages": None if state is None else state.passages,
        "corpus_digest": None if state is None else state.corpus_digest,
        "copied": {
            "documents": copied.documents,
            "passages": copied.passages,
            "uploads": copied.uploads,
            "jobs": copied.jobs,
        },
        "removed": copied.removed,
        "damaged": [{"document_id": each, "message": message} for each, message in copied.damaged.items()],
    }


def _tell(name: str, copied: Copied) -> None:
    changes = [f"{counted(copied.documents, 'document')} copied"]
    changes += [f"{copied.removed:,} removed"] if copied.removed else []
    changes += [f"{counted(copied.uploads, 'uploaded file')}"] if copied.uploads else []
    changes += [f"{counted(copied.jobs, 'job')}"] if copied.jobs else []
    held = ""
    if copied.state is not None:
        held = f"{counted(copied.state.documents, 'document')}, {counted(copied.state.passages, 'passage')}; "
    typer.echo(f"{name}: {held}{', '.join(changes)}", err=True)
    for document_id, message in copied.damaged.items():
        typer.echo(f"damaged: {one_line(f'document {document_id} of {name}: {message}')}", err=True)
