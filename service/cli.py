"""The command line, `wherefrom`: data on standard output, everything else on standard error.

Exit code 0: done; 1: it could not be done, in whole or in part; 2: the command was not understood.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from corpus.errors import InvalidInput, NotFound, WherefromError
from corpus.store import Store
from index.encoder import Encoder
from index.manifest import read_manifest
from index.models import load_encoder
from index.opening import open_index
from index.query import Query
from index.verify import verify as find_problems
from service import indexing, terminal
from service.server import serve as serve_until_stopped
from service.settings import Settings, read_settings
from service.views import document_view, search_view

PAGE = 500  # documents read from the store at a time

app = typer.Typer(
    help="Questions answered with passages, and of each where it is from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
documents_app = typer.Typer(help="List, show or delete documents.", no_args_is_help=True)
app.add_typer(documents_app, name="documents")

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the index [env: WHEREFROM_DATA_DIR; ./data].")
]
Model = Annotated[
    str | None, typer.Option("--model", help="Embedding model [env: WHEREFROM_MODEL; multilingual-e5-small].")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("index")
def index_command(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH…", help="Files and folders.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove documents below PATH whose files are gone.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Cut and embed all stored documents anew.")] = False,
    model: Model = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Add or update documents; what has not changed is skipped."""
    if not paths and not rebuild:
        raise InvalidInput("index needs a PATH; name a file or folder")
    settings = read_settings(data_dir=data_dir, model=model)
    job = indexing.Job(settings.data_dir, tuple(paths or ()), settings.model, prune, rebuild)
    report = indexing.run(job, partial(_load_encoder, settings), _messages())
    if as_json:
        _print_json(report.view())
    else:
        indexing.print_report(_output(), report)
    if report.failed or not (report.documents or rebuild):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know, in any language.")] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="How many passages, 1 to 50.")] = 5,
    batch: Annotated[
        Path | None, typer.Option(help='File with a {"query": "…"} a line; answers as JSON lines.')
    ] = None,
    context_sentences: Annotated[int, typer.Option(help="Sentences to show around each passage, 0 to 10.")] = 0,
    min_confidence: Annotated[float, typer.Option(help="Leave out passages with a lower score, 0 to 1.")] = 0.0,
    model: Model = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Print the passages that answer a question, each with where it is from."""
    if (question is None) == (batch is None):
        raise InvalidInput("ask needs a QUESTION or --batch FILE, one of them")
    make_query = partial(Query, k=k, context_sentences=context_sentences, min_confidence=min_confidence)
    queries = [make_query(question)] if question is not None else list(_batch(batch or Path(), make_query))
    settings = read_settings(data_dir=data_dir, model=model)
    with open_index(settings.data_dir, partial(_load_encoder, settings), settings.model) as index:
        for query in queries:
            result = index.searcher.search(query)
            if batch is not None:
                typer.echo(json.dumps(search_view(result), ensure_ascii=False))
            elif as_json:
                _print_json(search_view(result))
            else:
                terminal.print_answer(_output(), result)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address [env: WHEREFROM_HOST; 127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port, 0 for a free one [env: WHEREFROM_PORT; 8000].")] = None,
    model: Model = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Answer over HTTP until stopped."""
    settings = read_settings(data_dir=data_dir, model=model, host=host, port=port)
    with Store.open(settings.data_dir):
        pass  # a missing index is told before anything is loaded

    def announce(url: str) -> None:
        if as_json:
            typer.echo(json.dumps({"url": url}))
        else:
            _messages().print(
                f"wherefrom answers at {url} (documentation at {url}/docs); Ctrl+C stops it",
                highlight=False,
                soft_wrap=True,
            )

    serve_until_stopped(settings, partial(_load_encoder, settings), announce)


@documents_app.command("list")
def documents_list(data_dir: DataDir = None, as_json: Json = False) -> None:
    """List all documents."""
    with _store(data_dir) as store:
        found = store.summaries(PAGE)
        while len(page := store.summaries(PAGE, found[-1].document_id) if found else []) > 0:
            found += page
    if as_json:
        _print_json({"documents": [asdict(each) for each in found]})
    else:
        terminal.print_documents(_output(), found)


@documents_app.command("show")
def documents_show(
    document_id: Annotated[str, typer.Argument(help="As `documents list` shows it.")],
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Show a document and its text."""
    with _store(data_dir) as store:
        document = store.document(document_id)
    if as_json:
        _print_json(document_view(document))
    else:
        terminal.print_document(_output(), document)


@documents_app.command("delete")
def documents_delete(
    document_ids: Annotated[list[str], typer.Argument(help="As `documents list` shows them.")],
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """Delete documents from the index; their files stay."""
    with _store(data_dir) as store, store.writing():
        for document_id in document_ids:
            store.delete(document_id)
    if as_json:
        _print_json({"deleted": document_ids})
    else:
        _messages().print(f"deleted {len(document_ids)} documents", highlight=False)


@app.command()
def verify(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Cut every passage again and check every hash; exit code 1 if anything is not as it was stored."""
    settings = read_settings(data_dir=data_dir)
    with _store(data_dir) as store:
        problems = list(find_problems(store, settings.data_dir))
        state = store.state()
    if as_json:
        view = {"ok": not problems, "documents": state.documents, "passages": state.passages}
        _print_json({**view, "problems": [asdict(problem) for problem in problems]})
    else:
        for problem in problems:
            typer.echo(problem.message)
        verdict = f"{len(problems)} problems" if problems else "all is as it was stored"
        _messages().print(f"{state.documents} documents, {state.passages} passages: {verdict}", highlight=False)
    if problems:
        raise typer.Exit(1)


@app.command()
def status(data_dir: DataDir = None, as_json: Json = False) -> None:
    """Show what is indexed, and how."""
    settings = read_settings(data_dir=data_dir)
    with _store(data_dir) as store:
        state, manifest = store.state(), read_manifest(store)
    size = sum(file.stat().st_size for file in settings.data_dir.iterdir() if file.is_file())
    view: dict[str, Any] = {
        "data_dir": str(settings.data_dir),
        "documents": state.documents,
        "passages": state.passages,
        "changes": state.sequence,
        "bytes": size,
        "manifest": None if manifest is None else asdict(manifest),
    }
    if as_json:
        _print_json(view)
        return
    facts = {name: str(value) for name, value in view.items() if name != "manifest"}
    if manifest is not None:
        facts["model"] = f"{manifest.encoder.name} ({manifest.encoder.dimension} dimensions)"
        facts["passage limit"] = f"{manifest.splitter.limit} characters"
    terminal.print_facts(_output(), facts)


def main() -> None:
    """Run the command line; errors of ours are one line on standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    try:
        app()
    except InvalidInput as error:
        _fail(error, 2)
    except WherefromError as error:
        _fail(error, 1)


def _fail(error: WherefromError, code: int) -> None:
    message = terminal.displayed(str(error)).encode(errors="replace").decode()
    typer.echo(f"error: {message}", err=True)
    sys.exit(code)


def _output() -> Console:
    return Console(soft_wrap=False, highlight=False)


def _messages() -> Console:
    return Console(stderr=True)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def _store(data_dir: Path | None) -> Iterator[Store]:
    with Store.open(read_settings(data_dir=data_dir).data_dir) as store:
        yield store


def _load_encoder(settings: Settings, name: str) -> Encoder:
    with _messages().status(f"loading {name} …"):
        return load_encoder(name, settings.cache_dir)


def _batch(path: Path, make_query: Callable[[str], Query]) -> Iterator[Query]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise NotFound(f"{path}: {getattr(error, 'strerror', None) or error}; name a readable UTF-8 file") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            question = value.get("query", value.get("question")) if isinstance(value, dict) else None
            if not isinstance(question, str):
                raise InvalidInput('write {"query": "…"}')
            yield make_query(question)
        except (ValueError, InvalidInput) as error:
            raise InvalidInput(f"{path}, line {number}: {error}") from None
