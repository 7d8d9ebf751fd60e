"""The commands `wherefrom documents …`."""

from typing import Annotated

import typer

from index.opening import keep_index
from service.cli import terminal
from service.cli.common import Collection, DataDir, Json, Store, open_truth, opened_home, output, print_json
from service.settings import read_settings
from service.views import kept_view, summary_view

PAGE = 500  # documents read from the store at a time

app = typer.Typer(help="List, show or delete documents.")


@app.command("list")
def list_documents(
    data_dir: DataDir = None, store: Store = None, collection: Collection = None, as_json: Json = False
) -> None:
    """List all documents."""
    settings = read_settings(data_dir=data_dir, store=store, collection=collection)
    with opened_home(settings) as home, open_truth(home, settings.collection) as truth, truth.reading() as reader:
        found = page = reader.summaries(PAGE)
        while len(page) == PAGE:
            page = reader.summaries(PAGE, page[-1].facts.document_id)
            found = found + page
    if as_json:
        print_json({"documents": [summary_view(each) for each in found]})
    else:
        terminal.print_documents(output(), found)


@app.command("show")
def show_document(
    document_id: Annotated[str, typer.Argument(help="As `documents list` shows it.")],
    data_dir: DataDir = None,
    store: Store = None,
    collection: Collection = None,
    as_json: Json = False,
) -> None:
    """Show a document and its text."""
    settings = read_settings(data_dir=data_dir, store=store, collection=collection)
    with opened_home(settings) as home, open_truth(home, settings.collection) as truth, truth.reading() as reader:
        document = reader.document(document_id)
        sequence, original = reader.document_sequence(document_id) or 0, reader.originals.facts(document_id)
    if as_json:
        print_json(kept_view(document, sequence, original))
    else:
        terminal.print_document(output(), document)


@app.command("delete")
def delete_documents(
    document_ids: Annotated[list[str], typer.Argument(help="As `documents list` shows them.")],
    data_dir: DataDir = None,
    store: Store = None,
    collection: Collection = None,
    as_json: Json = False,
) -> None:
    """Delete documents from the index, all of them or none; their files stay."""
    settings = read_settings(data_dir=data_dir, store=store, collection=collection)
    with opened_home(settings) as home, open_truth(home, settings.collection) as truth:
        with truth.writing() as writer:
            for document_id in document_ids:
                writer.delete(document_id)
        keep_index(truth, home.place(settings.collection), home.engine)
    if as_json:
        print_json({"deleted": document_ids})
    else:
        typer.echo(f"deleted {terminal.counted(len(document_ids), 'document')}", err=True)
