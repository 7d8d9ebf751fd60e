"""The commands that measure and try what is past one machine, as `python -m eval` lists them."""

import typer

from eval.cluster.bulk import cluster_bulk
from eval.cluster.planning import cluster_capacity


def add_cluster(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command()(cluster_bulk)
    app.command()(cluster_capacity)
