"""The commands that measure and try what is past one machine, as `python -m eval` lists them."""

import typer

from eval.cluster.planning import cluster_capacity
from eval.cluster.serve import cluster_serve


def add_cluster(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command()(cluster_capacity)
    app.command()(cluster_serve)
