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

from corpus.errors import NotFound, WherefromError
from corpus.store.collections import DEFAULT, names_in
from corpus.store.truth import Truth
from index.local.index import LOCAL
from index.models.encoder import Encoder, ModelChoice
from index.models.registry import load_encoder
from index.terms import installed
from index.terms.keeping import FOLDER, keep_in
from service.cli.wrapping import print_line
from service.settings import Settings, read_settings
from service.watching.escapes import OBEYED

DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder of the index (WHEREFROM_DATA_DIR, else ./data).")
]


def _names_to_complete(context: typer.Context) -> list[str]:
    """Return the collections whose names a shell may complete: those of the data folder that the line names."""
    try:
        return names_in(read_settings(data_dir=context.params.get("data_dir")).data_dir)
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


def existing_collection(settings: Settings) -> Path:
    """Return the folder of the collection that a command reads.

    Raises:
        NotFound: naming those that there are; of a folder without any, `Store.open` tells how to begin.
    """
    names, wanted = names_in(settings.data_dir), settings.collection
    if wanted not in names and (names or wanted != DEFAULT):
        there = f"only {', '.join(names[:NAMES])}{' …' * (len(names) > NAMES)}" if names else "there is none yet"
        way_out = f"to make it: wherefrom index PATH --data-dir {settings.data_dir} --collection {wanted}"
        raise NotFound(f"{settings.data_dir}: no collection {wanted} here, {there}; {way_out}")
    return settings.collection_dir


def option_of(collection: str) -> str:
    """Return what a command is given besides, to be about a collection; "" for the one that it is about by itself."""
    return "" if collection == DEFAULT else f" --collection {collection}"


@contextmanager
def open_truth(settings: Settings) -> Iterator[Truth]:
    """Open the documents of the collection that a command reads; see `existing_collection`."""
    with LOCAL.open_truth(existing_collection(settings), False) as truth:
        yield truth


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
