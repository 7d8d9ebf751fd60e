"""The command `wherefrom doctor`: looks for what most often is wrong, and says the way out. It writes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from corpus.errors import InvalidInput
from index.local.home import LocalHome
from service.cli.checkup.check import Check, Status, failed, split_error
from service.cli.checkup.data import (
    check_data_dir,
    check_disk,
    check_format,
    check_index,
    index_size,
    look_at_data,
    model_of,
)
from service.cli.checkup.database import check_store, model_in
from service.cli.checkup.installed import check_variables, check_version
from service.cli.checkup.machine import check_descriptors, check_memory
from service.cli.checkup.model import check_model
from service.cli.common import DataDir, Host, Json, Model, Port, Store, output, print_json
from service.cli.terminal import counted, one_line
from service.cli.wrapping import print_line, wrapped
from service.home import home_of
from service.settings import Settings, read_settings

STYLES = {Status.OK: "green", Status.WARNING: "yellow", Status.FAILED: "bold red"}
MARK, NAME = 9, 13  # columns
DEEPER = 2  # columns that what to do is indented by


def doctor(
    host: Host = None,
    port: Port = None,
    model: Model = None,
    data_dir: DataDir = None,
    store: Store = None,
    as_json: Json = False,
) -> None:
    """Look for what most often is wrong, and say what to do; exit code 1 if anything will not work."""
    try:
        settings = read_settings(host=host, port=port, model=model, data_dir=data_dir, store=store)
    except InvalidInput as error:
        checks = [check_version(), failed("variables", str(error), "correct it; the other checks wait for that")]
    else:
        checks = list(examine(settings))
    wrong = sum(each.status is Status.FAILED for each in checks)
    if as_json:
        print_json({"ok": not wrong, "checks": [asdict(each) for each in checks]})
    else:
        print_checks(output(), checks)
    if wrong:
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Check]:
    """Yield all checks; nothing is written."""
    from service.cli.checkup.address import check_keys, check_port  # of the service, which is slow to import

    kept, room = _examine_home(settings)
    yield check_version()
    yield check_variables()
    yield from kept
    yield check_port(settings)
    yield check_descriptors(settings)
    yield from room
    yield check_keys(settings)


def _examine_home(settings: Settings) -> tuple[list[Check], list[Check]]:
    """Return the checks of where the documents are and of their model, and those of the room that they take."""
    try:
        home = home_of(settings)
    except InvalidInput as error:
        return [failed("store", *split_error(error))], []
    with closing(home):
        if isinstance(home, LocalHome):
            return _examine_folder(home.folder, settings)
        return [check_store(home), check_model(settings.model or model_in(home), settings)], [check_memory(0)]


def _examine_folder(folder: Path, settings: Settings) -> tuple[list[Check], list[Check]]:
    found = look_at_data(folder)
    kept = [check_data_dir(folder), check_index(found, folder), check_format(found)]
    model = check_model(settings.model or model_of(found), settings)
    return [*kept, model], [check_memory(index_size(found)), check_disk(found, folder)]


def print_checks(console: Console, checks: Sequence[Check]) -> None:
    """Print a line for each check, with what to do below it."""
    width = console.width - MARK - NAME
    for each in checks:
        head = Text(each.status.ljust(MARK), STYLES[each.status]) + Text(each.name.ljust(NAME), "bold")
        for line in wrapped(Text(one_line(each.message)), width):
            print_line(console, head + line)
            head = Text(" " * (MARK + NAME))
        for line in wrapped(Text(one_line(each.way_out), "cyan"), width - DEEPER) if each.way_out else ():
            print_line(console, head + " " * DEEPER + line)
    counts = {status: sum(each.status is status for each in checks) for status in Status}
    told = [f"{counted(counts[Status.FAILED], 'check')} failed"] if counts[Status.FAILED] else []
    told += [counted(counts[Status.WARNING], "warning")] if counts[Status.WARNING] else []
    print_line(console, Text(", ".join(told) or "all is well", "dim"))
