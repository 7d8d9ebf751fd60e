"""What all commands share: their common options, where they print, and the index and model they work with."""

import codecs
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from corpus.errors import InvalidInput, NotFound, WherefromError
from corpus.store.collections import DEFAULT
from corpus.store.truth import Truth
from index.engine import Engine
from index.home import Home
from index.local.home import LocalHome
from index.local.threads import compute_with_one_thread
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import load_encoder
from index.opening import keep_index
from index.terms import installed
from index.terms.keeping import FOLDER, keep_in
from service.cli.wrapping import print_line
from service.home import home_of
from service.settings import Settings, read_settings
from service.watching.escapes import OBEYED

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the index (WHEREFROM_DATA_DIR, else ./data).")
]
Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="ADDRESS",
        help="Database in its place, as oceanbase://USER@HOST:PORT/DATABASE, or a folder (WHEREFROM_STORE).",
    ),
]


def _names_to_complete(context: typer.Context) -> list[str]:
    """Return the collections whose names a shell may complete: those of the home that the line names."""
    try:
        named = {name: context.params.get(name) for name in ("data_dir", "store")}
        with opened_home(read_settings(**named)) as home:
            return home.names()
    except WherefromError:  # a shell that completes has no place for it; the command itself will tell
        return []


Collection = Annotated[
    str | None,
    typer.Option(
        "--collection",
        metavar="NAME",
        help="Collection in it (WHEREFROM_COLLECTION, else default).",
        autocompletion=_names_to_complete,
    ),
]
Model = Annotated[
    str | None, typer.Option("--model", help="Embedding model (WHEREFROM_MODEL, else multilingual-e5-small).")
]
RerankerName = Annotated[
    str | None, typer.Option("--reranker", help="Cross-encoder for the order (WHEREFROM_RERANKER, else none).")
]
Host = Annotated[str | None, typer.Option(help="Address (WHEREFROM_HOST, else 127.0.0.1).")]
Port = Annotated[int | None, typer.Option(help="Port, 0 for a free one (WHEREFROM_PORT, else 8000).")]
Workers = Annotated[
    int | None,
    typer.Option(metavar="N", help="Processes that answer there together (WHEREFROM_WORKERS, else by cores)."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

NAMES = 20  # of collections that an error lists


def output() -> Console:
    """Return where data are printed."""
    return Console(highlight=False)


def messages() -> Console:
    """Return where everything else is printed."""
    return Console(stderr=True, highlight=False)


def escape_what_cannot_be_encoded() -> None:
    """Make both outputs write the characters that the terminal's encoding lacks as numbers, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_json(value: dict[str, Any], *, indent: int | None = 2) -> None:
    """Print a value as JSON that any terminal may show; all of it in ASCII where the terminal lacks characters."""
    unicode = codecs.lookup(sys.stdout.encoding or "utf-8").name == "utf-8"
    text = json.dumps(value, ensure_ascii=not unicode, indent=indent)
    typer.echo(OBEYED.sub(lambda match: json.dumps(match[0])[1:-1], text))


@contextmanager
def opened_home(settings: Settings) -> Iterator[Home]:
    """A block with the home of the collections that a command is about."""
    home = home_of(settings)
    try:
        yield home
    finally:
        home.close()


def data_folder(settings: Settings, way_out: str) -> Path:
    """Return the data folder of a command that is for data folders only.

    Raises:
        InvalidInput: if it is told a database, with the way out, in which `{home}` stands for its address.
    """
    home = home_of(settings)
    if isinstance(home, LocalHome):
        return home.folder
    raise InvalidInput(f"{home} is a database, and this is for data folders; {way_out.format(home=home)}")


def existing_collection(home: Home, wanted: str) -> Path:
    """Return the place of the collection that a command reads.

    Raises:
        NotFound: naming those that there are; of a home without any, its engine tells how to begin.
    """
    names = home.names()
    if wanted not in names and (names or wanted != DEFAULT):
        there = f"only {', '.join(names[:NAMES])}{' …' * (len(names) > NAMES)}" if names else "there is none yet"
        way_out = f"to make it: wherefrom index PATH {home.option} --collection {wanted}"
        raise NotFound(f"{home}: no collection {wanted} here, {there}; {way_out}")
    return home.place(wanted)


def option_of(collection: str) -> str:
    """Return what a command is given besides, to be about a collection; "" for the one that it is about by itself."""
    return "" if collection == DEFAULT else f" --collection {collection}"


@contextmanager
def open_truth(home: Home, collection: str) -> Iterator[Truth]:
    """Open the documents of the collection that a command reads; see `existing_collection`."""
    with home.engine.open_truth(existing_collection(home, collection), False) as truth:
        yield truth


def derive_index(engine: Engine, place: Path) -> str:
    """Derive what finds the passages of a collection that is new here, so that no start has to; without a model.

    Returns:
        What prevents it; "" if nothing does.
    """
    compute_with_one_thread()
    try:
        with engine.open_truth(place, False) as truth:
            keep_index(truth, place, engine)
    except WherefromError as error:  # of an older format, say: all of it is there, and the message tells the way out
        return str(error)
    return ""


def load_for_worker(choice: ModelChoice) -> Encoder:
    """Load a model as a worker does, by the settings of its machine; it computes in one thread."""
    return load_encoder(choice, read_settings().cache_dir, threads=1)


def load_model(settings: Settings, choice: ModelChoice, tell: Callable[[str], None] | None = None) -> Encoder:
    """Load a model and what dictionaries are installed, and tell whoever waits what is being done."""
    keep_in(settings.cache_dir / FOLDER)
    installed.use(settings.cache_dir / installed.FOLDER)
    console = messages()
    # Elsewhere than on a terminal it would write an empty line, and fail where the disk of a log is full.
    with console.status(Text(f"loading {choice.name} …")) if console.is_terminal else nullcontext():
        return load_encoder(choice, settings.cache_dir, tell=tell or (lambda text: print_line(console, Text(text))))
