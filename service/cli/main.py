"""The command line, `wherefrom`: data on standard output, everything else on standard error.

Exit code 0: done; 1: it could not be done, in whole or in part; 2: the command was not understood.
"""

import logging
import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from corpus.errors import InvalidInput, NotFound, UnreadableFile, WherefromError
from corpus.files.text.decoding import Decoding, DecodingErrors
from index.models.cross_encoder import reranker_of
from index.opening import open_index
from index.query import Query, day_of
from service.cli import backups, checks, copy, dictionaries, doctor, documents, indexing, serving, terminal
from service.cli.batch import Asked, answer_batch, read_batch
from service.cli.common import (
    Collection,
    DataDir,
    Json,
    Model,
    RerankerName,
    Store,
    data_folder,
    escape_what_cannot_be_encoded,
    existing_collection,
    load_model,
    messages,
    opened_home,
    output,
    print_json,
)
from service.cli.filtering import condition_of
from service.cli.stopping import stoppable
from service.cli.terminal import counted
from service.cli.unknown import none_found, unknown_kinds
from service.settings import read_settings, unknown_variables
from service.views import search_view

NAME = "wherefrom"

app = typer.Typer(pretty_exceptions_enable=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{NAME} {version(NAME)}")
        raise typer.Exit


@app.callback()
def before_every_command(
    context: typer.Context,
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version.")
    ] = False,
) -> None:
    """Questions answered with passages, and of each where it is from."""
    for warning in unknown_variables() if context.invoked_subcommand != "doctor" else ():  # which tells them itself
        typer.echo(f"warning: {terminal.one_line(warning)}", err=True)


@app.command("index")
def index_command(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH…", help="Files and folders.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove documents below PATH whose files are gone.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Prune even if most files, or all of a PATH, are gone.")
    ] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Cut and embed all stored documents anew.")] = False,
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Bring an index of an older version up to date.")] = False,
    workers: Annotated[
        str | None,
        typer.Option(
            metavar="N", help="Processes that read and embed; or a Ray cluster: ray://local, ray://HOST:PORT."
        ),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Follow the folders until stopped; what is gone is pruned, too.")
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="What texts are in that have no byte order mark and are no UTF-8."),
    ] = None,
    errors: Annotated[
        DecodingErrors, typer.Option(help="Refuse a text for one bad byte, or let it pass as U+FFFD.")
    ] = DecodingErrors.STRICT,
    model: Model = None,
    data_dir: DataDir = None,
    store: Store = None,
    collection: Collection = None,
    as_json: Json = False,
) -> None:
    """Add or update documents; what has not changed is skipped."""
    if not (paths or rebuild or upgrade):
        raise InvalidInput("index needs a PATH; name a file or folder")
    if force and not (prune or watch):
        raise InvalidInput("--force goes with --prune or --watch; nothing else is refused for safety")
    indexing.check_workers(workers, anew=rebuild or upgrade, watch=watch)
    decoding = Decoding(encoding, errors)
    settings = read_settings(data_dir=data_dir, store=store, collection=collection, model=model)
    if upgrade:
        data_folder(settings, "a database follows this version when it is opened; --rebuild embeds anew")
    with opened_home(settings) as home:
        place = home.place(settings.collection) if paths else existing_collection(home, settings.collection)
        job = indexing.Job(
            home, place, tuple(paths or ()), settings.model, prune, rebuild, upgrade, force, workers, decoding
        )
        if watch:
            from service.cli import following  # with what listens to the system, which no other command should wait for

            following.follow(job, partial(load_model, settings), as_json=as_json)
        report = indexing.run(job, partial(load_model, settings), messages())
    if as_json:
        print_json(report.view())
    else:
        indexing.print_report(output(), report)
    _check_report(report, anew=rebuild or upgrade)


def _check_report(report: indexing.Report, *, anew: bool) -> None:
    if report.prune_refused:
        raise NotFound(report.prune_refused.reason)
    if report.failed:
        raise UnreadableFile(f"{counted(len(report.failed), 'file')} could not be read; what was indexed stays")
    if not (report.documents or report.removed or anew):
        raise NotFound(none_found(unknown_kinds(report.skipped)))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know, in any language.")] = None,
    k: Annotated[int, typer.Option("-k", "--k", help="How many passages, 1 to 50.")] = 5,
    batch: Annotated[
        Path | None, typer.Option(help='File with a {"query": "…"} a line; answers as JSON lines.')
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option("--filter", metavar="NAME=VALUE", help="Which documents may answer, as source=reports/2024/."),
    ] = None,
    context_sentences: Annotated[int, typer.Option(help="Sentences to show around each passage, 0 to 10.")] = 0,
    min_confidence: Annotated[float, typer.Option(help="Leave out passages with a lower score, 0 to 1.")] = 0.0,
    today: Annotated[
        str | None, typer.Option(help="Day from which last year is counted, as 2026-04-16 (else the one it is).")
    ] = None,
    model: Model = None,
    reranker: RerankerName = None,
    data_dir: DataDir = None,
    store: Store = None,
    collection: Collection = None,
    as_json: Json = False,
) -> None:
    """Print the passages that answer a question, each with where it is from."""
    day = None if today is None else day_of(today)
    condition = condition_of(filters or ())
    make_query = partial(
        Query, k=k, filters=condition, context_sentences=context_sentences, min_confidence=min_confidence, today=day
    )
    if question is not None and batch is None:
        questions = [Asked(make_query(question), {})]
    elif question is None and batch is not None:
        questions = read_batch(batch, make_query)
    else:
        raise InvalidInput("ask needs a QUESTION or --batch FILE, one of them")
    settings = read_settings(data_dir=data_dir, store=store, collection=collection, model=model, reranker=reranker)
    load, load_reranker = partial(load_model, settings), reranker_of(settings.reranker)
    with (
        opened_home(settings) as home,
        open_index(
            existing_collection(home, settings.collection), load, settings.model, load_reranker, home.engine
        ) as index,
    ):
        if batch is not None:
            answer_batch(questions, index.searcher.search)
            return
        result = index.searcher.search(questions[0].query)
        if as_json:
            print_json(search_view(result))
        else:
            terminal.print_answer(output(), result)


app.add_typer(documents.app, name="documents")
app.command()(serving.serve)
app.command()(serving.mcp)
app.command()(dictionaries.dictionary)
app.command()(checks.verify)
app.command()(checks.status)
app.command()(doctor.doctor)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(copy.copy)


def main() -> None:
    """Run the command line; errors are one line on standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)
    escape_what_cannot_be_encoded()
    with stoppable():
        _run(sys.argv[1:] or ["--help"])


def _run(arguments: list[str]) -> NoReturn:
    try:
        # Ours to tell are the errors of the library, too: its own form has many lines.
        sys.exit(app(arguments, prog_name=NAME, standalone_mode=False))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else NAME
        _fail(f"{error.format_message().rstrip('.')}; see: {command} --help", 2)
    except InvalidInput as error:
        _fail(str(error), 2)
    except WherefromError as error:
        _fail(str(error), 1)
    except OSError as error:  # a full disk, a name that is too long: what the system says is all there is to say
        _fail(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error), 1)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"error: {terminal.one_line(message)}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
