"""The commands that measure and try what is past one machine, as `python -m eval` lists them."""

import typer

from eval.cluster.kill import cluster_kill
from eval.cluster.planning import cluster_capacity


def add_cluster(app: typer.Typer) -> None:
    """Add them to an application."""
    app.command()(cluster_capacity)
    app.command()(cluster_kill)
