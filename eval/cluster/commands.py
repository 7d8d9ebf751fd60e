"""The commands that measure and try what is past one machine, as `python -m eval` lists them."""

import typer

from eval.cluster.bench import cluster_bench
from eval.cluster.bulk import cluster_bulk
from eval.cluster.equal import cluster_equal
from eval.cluster.kill import cluster_kill
from eval.cluster.planning import cluster_capacity
from eval.cluster.serve import cluster_serve
from eval.cluster.stores import cluster_database


def add_cluster(app: typer.Typer) -> None:
    """Add them to an application."""
    commands = (cluster_bench, cluster_bulk, cluster_capacity, cluster_database, cluster_equal, cluster_kill)
    for command in (*commands, cluster_serve):
        app.command()(command)
