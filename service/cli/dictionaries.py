"""The command `wherefrom dictionary`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from babel import Locale

from corpus.errors import InvalidInput
from index.terms import dictd, installed
from service.cli.common import Json, print_json
from service.cli.terminal import counted
from service.settings import read_settings


def dictionary(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Its .index, .dict or .dict.dz; without, the installed ones.")
    ] = None,
    source: Annotated[str | None, typer.Option("--from", help="Its language, if its name does not tell.")] = None,
    target: Annotated[
        str | None, typer.Option("--to", help="What it translates into: en or zh, or from these.")
    ] = None,
    remove: Annotated[str | None, typer.Option("--remove", metavar="PAIR", help="Remove one, as de-en.")] = None,
    as_json: Json = False,
) -> None:
    """Install a dictionary of dictd: questions in its language find passages in English and Chinese by their words."""
    folder = read_settings().cache_dir / installed.FOLDER
    if file is not None and remove is not None:
        raise InvalidInput("dictionary takes a FILE or --remove PAIR, not both")
    if remove is not None:
        pair = installed.pair_of(Path(remove))
        installed.remove(pair, folder)
        _tell({"removed": str(pair)}, f"removed {pair}", as_json)
    elif file is not None:
        files, pair = dictd.files_of(file), installed.pair_of(file, source, target)
        words = installed.install(files, pair, folder)
        view = {"installed": str(pair), "words": words}
        _tell(view, f"{pair}: {counted(words, 'word')}, {_languages(pair)}", as_json)
    elif source is not None or target is not None:
        raise InvalidInput("--from and --to go with a FILE")
    else:
        _list(installed.installed(folder), as_json)


def _list(pairs: Sequence[installed.Pair], as_json: bool) -> None:
    if as_json:
        print_json({"dictionaries": [str(pair) for pair in pairs]})
    elif pairs:
        typer.echo("\n".join(f"{pair}  {_languages(pair)}" for pair in pairs))
    else:
        typer.echo("no dictionary is installed; to install one: wherefrom dictionary FILE", err=True)


def _tell(view: dict[str, object], message: str, as_json: bool) -> None:
    if as_json:
        print_json(view)
    else:
        typer.echo(message, err=True)


def _languages(pair: installed.Pair) -> str:
    return " → ".join(Locale("en").languages[code] for code in (pair.language, pair.into))
