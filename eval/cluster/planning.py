"""`python -m eval cluster-capacity`: what so many passages take, written where operators read it."""

import re
from pathlib import Path
from typing import Annotated

import typer

from corpus.errors import InvalidInput
from eval.cluster.capacity import Figures, Machine, pages_table
from eval.files import parse_json, read_text, write_text

MEASURED = Path(__file__).with_name("capacity.json")
PLACE = re.compile(r"(<!-- capacity -->\n).*?(<!-- end -->)", re.DOTALL)


def cluster_capacity(
    page: Annotated[Path | None, typer.Argument(help="Write the tables into this page, not here.", exists=True)] = None,
    store: Annotated[str | None, typer.Option(help="Measure anew, in this database of seekdb.")] = None,
    figures: Annotated[Path, typer.Option(help="What was measured.")] = MEASURED,
    memory: Annotated[float, typer.Option(help="Of a machine, in GB.", min=1)] = 256,
    disk: Annotated[float, typer.Option(help="Of a machine, in TB.", min=0.1)] = 4,
) -> None:
    """Say what a million passages and more take: memory, disk, machines, from the bytes that one was seen to take."""
    if store is not None:
        write_text(figures, _measured(store).model_dump_json(indent=2) + "\n")
    told = parse_json(Figures, read_text(figures), str(figures), "measure anew with --store")
    tables = pages_table(told, Machine(memory * 1e9, disk * 1e12))
    if page is None:
        typer.echo(tables, nl=False)
        return
    text = read_text(page)
    if not PLACE.search(text):
        raise InvalidInput(f"{page}: has no place for tables; write <!-- capacity --> and <!-- end --> where they go")
    write_text(page, PLACE.sub(lambda found: found[1] + tables + found[2], text))


def _measured(store: str) -> Figures:
    from eval.cluster.sizes import measure  # only now: it needs a driver
    from index.oceanbase.address import read_address
    from index.oceanbase.connecting import Database

    database = Database(read_address(store))
    try:
        return measure(database)
    finally:
        database.close()
