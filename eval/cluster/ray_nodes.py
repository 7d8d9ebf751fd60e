"""Nodes of Ray on this machine, reached by loopback only, that can be lost. Needs the extra `ray`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from corpus.errors import NotFound
from eval.cluster.bulk_runs import kill_one, processes_below
from index.bulk.rays import ALONE, EXTRA, QUIET

STORE_BYTES = 150 << 20  # of memory of a node for what is under way between processes
WORKER = b"ray::MapWorker"  # how the processes of workers are named


class Nodes:
    """A head, which the command that indexes runs on, and others beside it, each with one processor."""

    def __init__(self, cluster: Any) -> None:
        self._cluster = cluster

    @property
    def workers(self) -> str:
        """What `wherefrom index --workers` is told."""
        return f"ray://{self._cluster.address}"

    def kill_worker(self) -> bool:
        """End the process of a worker at once; return whether there was one."""
        return kill_one(processes_below(os.getpid(), WORKER))

    def kill_node(self) -> bool:
        """End a node that is not the head, with all that runs on it, at once; return whether there was one."""
        for node in list(self._cluster.worker_nodes):
            self._cluster.remove_node(node, allow_graceful=False)
            return True
        return False


@contextmanager
def ray_nodes(number: int) -> Iterator[Nodes]:
    """A block with a cluster of so many nodes, ended with it.

    Raises:
        NotFound: if Ray is not installed.
    """
    os.environ.update(QUIET | ALONE)
    try:
        from ray.cluster_utils import Cluster
    except ImportError:
        raise NotFound(EXTRA) from None
    facts = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": STORE_BYTES}
    cluster = Cluster(initialize_head=True, head_node_args=facts)
    try:
        for _ in range(number - 1):
            cluster.add_node(**facts)
        yield Nodes(cluster)
    finally:
        cluster.shutdown()
