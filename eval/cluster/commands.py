"""The commands that measure and try what is past one machine, as `python -m eval` lists them."""

import typer

from eval.cluster.equal import cluster_equal
from eval.cluster.planning import cluster_capacity


def add_cluster(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command()(cluster_capacity)
    app.command()(cluster_equal)
