"""What each of several processes that serve together takes of its machine, and where each keeps its figures."""

import os
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from prometheus_client import ProcessCollector, values
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
PID = ".pid"  # how the name of a file ends that holds the number of a worker's process


def keep_in(folder: Path, number: int) -> None:
    """Have all figures of this process that are begun from here on kept in a folder, as those of a worker.

    They stay when the worker ends; the next one of its number goes on with them, so that no counter falls.
    """
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue(lambda: number)  # type: ignore[no-untyped-call]
    (folder / f"{number}{PID}").write_text(str(os.getpid()))


class WorkersCollector(Collector):
    """The figures of `ProcessCollector` of every worker there is, each with its number."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that `keep_in` was told."""
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        """Yield them."""
        merged: dict[str, Metric] = {}
        for file in sorted(self._folder.glob(f"*{PID}")):
            with suppress(OSError, ValueError):  # it has just ended
                pid = int(file.read_text())
                for metric in ProcessCollector(pid=partial(int, pid), registry=None).collect():
                    for sample in metric.samples:
                        sample.labels["worker"] = file.stem
                    merged.setdefault(metric.name, Metric(metric.name, metric.documentation, metric.type))
                    merged[metric.name].samples += metric.samples
        yield from merged.values()
