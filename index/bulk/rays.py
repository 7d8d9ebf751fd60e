"""Workers of a Ray cluster: actors of Ray Data, on whichever of its nodes there is room. Needs the extra `ray`.

Ray replaces an actor that is lost, with its process or its node, and does its part again. Nothing of our code travels:
nodes have the same version of this package installed, and see the files by the same paths.
"""

import logging
import os
import signal
import socket
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from corpus.errors import ModelUnavailable, NotFound
from index.bulk.packing import packed, unpacked
from index.bulk.processes import LOST, TRIES
from index.bulk.work import Answer, Failed, Plan, Task, Work

if TYPE_CHECKING:
    import pyarrow

LOCAL = "local"  # stands for a cluster that is this machine, begun and ended with the work
LOOPBACK = "127.0.0.1"
STORE_BYTES = 256 << 20  # of memory for what is under way between the processes of this machine
CONNECTING_SECONDS = 10.0
ROUND = 10_000  # files that are given out together; each round starts its workers anew
PART = 8  # files at most that are done again where a worker is lost, and answered together
PARTS_EACH = 4  # of a worker at least, so that all of them end at about the same time
# Of a processor that a worker asks for. It takes all of one; but where a node is lost, others must have room for it.
SHARE = 0.1
# Ray tells its makers of each cluster unless it is asked not to; and the terminal of what it does with accelerators,
# that what workers are begun with must stay where it is, which it does, and at length of each worker that is lost.
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",
}
# The one way to have a cluster that is reached by loopback listen nowhere else, on all systems.
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
EXTRA = "Ray is not installed here; run: pip install 'wherefrom[ray]'"


class RayWorkers:
    """Works on files in a cluster. Use it as a context."""

    def __init__(self, plan: Plan, address: str) -> None:
        """Start nothing yet.

        Args:
            plan: what all files are worked on by.
            address: of the cluster's head, as `ray start` tells it: `host:port`; or `local`.

        Raises:
            NotFound: if Ray is not installed.
        """
        self._plan, self._address = plan, address
        self._number = 1

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            NotFound: if Ray is not installed, or there is no cluster of that address with this machine in it.
            ModelUnavailable: if the cluster has other versions.
        """
        os.environ.update(QUIET)
        if self._address.rpartition(":")[0] in ("", "localhost", LOOPBACK):
            os.environ.update(ALONE)
        try:
            import ray
        except ImportError:
            raise NotFound(EXTRA) from None
        self._check_answers()
        try:
            with _muted(), _own_signals():
                ray.init(**self._where(), log_to_driver=False, logging_level="error")
        except (ConnectionError, ValueError) as error:
            raise NotFound(f"ray://{self._address}: no cluster there with this machine in it ({error})") from None
        except RuntimeError as error:
            raise ModelUnavailable(f"ray://{self._address}: {error}") from None
        self._number = max(int(ray.cluster_resources().get("CPU", 1)), 1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import ray

        ray.shutdown()

    def each(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Answer]]:
        """Yield tasks in their order with what became of them; see `index.bulk.work.Workers`.

        Raises:
            WherefromError: if no worker can work, or the cluster is lost.
        """
        from ray.exceptions import RayError

        left = iter(tasks)
        while some := list(islice(left, ROUND)):
            answers = self._answers(some)
            for task in some:
                try:
                    answer = next(answers)
                except RayError as error:
                    why = f"{type(error).__name__}: {str(error).strip().splitlines()[-1]}"
                    raise ModelUnavailable(f"ray://{self._address}: {why}; run the same command to go on") from None
                yield task, unpacked(answer)

    def _check_answers(self) -> None:
        """Refuse an address where nothing answers, at which Ray would try for minutes.

        Raises:
            NotFound: if that is so.
        """
        host, _, port = self._address.rpartition(":")
        if not host:
            return
        try:
            socket.create_connection((host.strip("[]"), int(port)), CONNECTING_SECONDS).close()
        except (OSError, OverflowError) as error:
            raise NotFound(
                f"ray://{self._address}: no cluster answers there ({error}); `ray start --head` begins one"
            ) from None

    def _where(self) -> Mapping[str, Any]:
        if self._address != LOCAL:
            return {"address": self._address}
        return {
            "address": LOCAL,
            "include_dashboard": False,
            "object_store_memory": STORE_BYTES,
        }

    def _answers(self, tasks: Sequence[Task]) -> Iterator[bytes]:
        """Yield what became of tasks, in their order."""
        import ray
        from ray.data import DataContext
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        logging.getLogger("ray.data").setLevel(logging.ERROR)
        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        number = min(self._number, len(tasks))
        parts = max(len(tasks) // PART, min(number * PARTS_EACH, len(tasks)))
        rows = [{"number": number, "task": packed(task)} for number, task in enumerate(tasks)]
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        tries = ray.remote(_Tries).options(num_cpus=0, scheduling_strategy=here).remote()
        # Workers and their parts are begun anew as often as it takes; `tries` sees to it that this comes to an end.
        made = ray.data.from_items(rows, override_num_blocks=parts).map_batches(
            Worker,
            fn_constructor_args=(packed(self._plan), tries),
            batch_size=None,
            batch_format="pyarrow",
            concurrency=number,
            num_cpus=SHARE,
        )
        for row in made.iter_rows():
            yield row["answer"]


@contextmanager
def _muted() -> Iterator[None]:
    """A block in which nothing is written to standard error, not even by libraries that are not Python's."""
    kept = os.dup(2)
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _own_signals() -> Iterator[None]:
    """A block after which SIGTERM ends this process as it did before, and not as Ray would."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        with suppress(ValueError):  # in another thread Ray cannot have changed it either
            signal.signal(signal.SIGTERM, before)


class Worker:
    """A worker, as Ray Data calls it."""

    def __init__(self, plan: bytes, tries: Any) -> None:
        self._work, self._tries = Work(unpacked(plan)), tries

    def __call__(self, tasks: "pyarrow.Table") -> "Iterator[pyarrow.Table]":
        """Yield what became of each of some tasks, a row each."""
        import pyarrow

        for row in tasks.to_pylist():
            answer = self._answer(row["number"], row["task"])
            yield pyarrow.table({"answer": pyarrow.array([answer], pyarrow.large_binary())})

    def _answer(self, number: int, task: bytes) -> bytes:
        import ray

        if ray.get(self._tries.begin.remote(number)) > TRIES:
            return packed(Failed(LOST))
        answer = packed(self._work(unpacked(task)))
        ray.get(self._tries.end.remote(number))
        return answer


class _Tries:
    """Counts how often each task was begun and not ended, beside the writer, where no worker takes it along."""

    def __init__(self) -> None:
        self._begun = Counter[int]()

    def begin(self, number: int) -> int:
        """Return how often a task was begun, this time included."""
        self._begun[number] += 1
        return self._begun[number]

    def end(self, number: int) -> None:
        """Forget a task."""
        del self._begun[number]
