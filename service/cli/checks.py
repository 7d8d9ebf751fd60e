"""The commands that look at an index as a whole: `wherefrom verify` and `wherefrom status`."""

from dataclasses import asdict
from typing import Any

import typer
from rich.filesize import decimal

from corpus.errors import StoreDamaged
from index.local.home import LocalHome
from index.manifest import read_manifest
from index.verify import verify as find_mismatches
from service.cli import terminal
from service.cli.checkup.data import size_of
from service.cli.common import (
    Collection,
    DataDir,
    Json,
    Store,
    open_truth,
    opened_home,
    option_of,
    output,
    print_json,
)
from service.cli.terminal import counted
from service.settings import read_settings


def verify(data_dir: DataDir = None, store: Store = None, collection: Collection = None, as_json: Json = False) -> None:
    """Cut every passage again and check every hash; exit code 1 if anything is not as it was stored."""
    settings = read_settings(data_dir=data_dir, store=store, collection=collection)
    with opened_home(settings) as home, open_truth(home, settings.collection) as truth:
        problems = list(find_mismatches(truth, home.place(settings.collection), home.engine))
        with truth.reading() as reader:
            state = reader.state()
    if as_json:
        view = {"ok": not problems, "documents": state.documents, "passages": state.passages}
        print_json({**view, "problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            typer.echo(terminal.one_line(problem.message))
    counts = f"{counted(state.documents, 'document')}, {counted(state.passages, 'passage')}"
    if problems:
        own = option_of(settings.collection)
        way_out = f"mend them with: wherefrom index --rebuild PATH{own}, which reads their files again"
        raise StoreDamaged(f"{counts}: {counted(len(problems), 'problem')}; {way_out}")
    if not as_json:
        typer.echo(f"{counts}: all is as it was stored", err=True)


def status(data_dir: DataDir = None, store: Store = None, collection: Collection = None, as_json: Json = False) -> None:
    """Show what is indexed, and how."""
    settings = read_settings(data_dir=data_dir, store=store, collection=collection)
    with opened_home(settings) as home, open_truth(home, settings.collection) as truth, truth.reading() as reader:
        state, manifest, names = reader.state(), read_manifest(reader), home.names()
    size = size_of(home.place(settings.collection)) if isinstance(home, LocalHome) else None
    view: dict[str, Any] = {
        "store" if size is None else "data_dir": str(home),
        "documents": state.documents,
        "passages": state.passages,
        "changes": state.sequence,
        **({} if size is None else {"bytes": size}),
        "manifest": None if manifest is None else asdict(manifest),
        "collection": settings.collection,
        "collections": names,
    }
    if as_json:
        print_json(view)
        return
    facts = {
        **(
            {"store": str(home)} if size is None else {"folder": f"{home.place(settings.collection)} ({decimal(size)})"}
        ),
        "collection": settings.collection + (f" (there are {', '.join(names)})" if len(names) > 1 else ""),
        "documents": f"{state.documents:,}",
        "passages": f"{state.passages:,}",
    }
    if manifest is not None:
        facts["model"] = f"{manifest.encoder.name} ({manifest.encoder.dimension} dimensions)"
        facts["arithmetic"] = manifest.encoder.arithmetic
        facts["passage limit"] = f"{manifest.splitter.limit} characters"
    terminal.print_facts(output(), facts)
