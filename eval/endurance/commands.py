"""The commands that try whether writing keeps its promises, as `python -m eval` lists them."""

import typer

from eval.endurance.cost import beside_upload, freshness
from eval.endurance.crash import crash
from eval.endurance.disk import disk
from eval.endurance.overload import overload
from eval.endurance.soak import soak
from eval.endurance.uploads import uploads


def add_endurance(app: typer.Typer) -> None:
    """Add them to an application."""
    for command in (crash, disk, overload, soak, uploads, freshness):
        app.command()(command)
    app.command("beside-upload")(beside_upload)
