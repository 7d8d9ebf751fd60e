"""What so many passages take on paper: memory, disk and machines, from the bytes that a passage was seen to take."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil

from pydantic import BaseModel, ConfigDict

from eval.reporting.renderers import markdown_table
from eval.reporting.tables import plain_table
from index.oceanbase.schema import PARTITIONS

PLANNED = (10**6, 10**7, 10**8, 10**9)  # passages

# Of a sparse index: so many passages of a partition share a list for each dimension, whether it is used or not. Seen on
# seekdb 1.4.0, where memory leaps between 60,000 and 70,000 passages and again between 120,000 and 130,000.
WINDOW = 60_000
UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


class Figures(BaseModel):
    """What was measured, in bytes.

    Attributes:
        version: of the database.
        passages: on how many.
        documents: in how many.
        dimension: of the vectors.
        terms: different ones in a passage, on average.
        disk: what a passage takes on disk by table, after compaction.
        graph: what a passage takes in memory in the graph of its vector.
        sparse: what a passage takes in memory in the index of its terms, beyond the windows.
        window: what a window of that index takes in memory.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    passages: int
    documents: int
    dimension: int
    terms: float
    disk: Mapping[str, float]
    graph: float
    sparse: float
    window: float


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine of the cluster, and how much of it may be used.

    Attributes:
        memory: bytes.
        disk: bytes.
        replicas: of everything, each on another machine; each holds the indexes in memory.
        for_tenant: share of the memory that the tenant has; the rest is the system's and OceanBase's own.
        for_indexes: share of the tenant's memory that vector indexes may take, as OceanBase has it above 8 GB.
        disk_used: share of the disk that may be full; compaction writes anew before it removes.
    """

    memory: float
    disk: float
    replicas: int = 3
    for_tenant: float = 0.8
    for_indexes: float = 0.5
    disk_used: float = 0.6

    @property
    def index_memory(self) -> float:
        """Bytes of indexes that it can hold."""
        return self.memory * self.for_tenant * self.for_indexes


@dataclass(frozen=True, slots=True)
class Need:
    """What some passages take.

    Attributes:
        passages: how many.
        graph: bytes of memory for the graph of the vectors, once.
        sparse: bytes of memory for the index of the terms, once.
        disk: bytes on disk, once.
        partitions: the fewest of which each fits a machine.
        machines: the fewest, all replicas together.
    """

    passages: int
    graph: float
    sparse: float
    disk: float
    partitions: int
    machines: int


def need_of(passages: int, figures: Figures, machine: Machine) -> Need:
    """Return what some passages take on machines of one kind."""
    graph = passages * figures.graph
    partitions = PARTITIONS
    while (sparse := _sparse(passages, partitions, figures)) + graph > partitions * machine.index_memory:
        partitions += 1
    disk = passages * sum(figures.disk.values())
    by_memory = machine.replicas * (graph + sparse) / machine.index_memory
    by_disk = machine.replicas * disk / (machine.disk * machine.disk_used)
    machines = max(machine.replicas, ceil(by_memory), ceil(by_disk))
    return Need(passages, graph, sparse, disk, partitions, machines)


def _sparse(passages: int, partitions: int, figures: Figures) -> float:
    windows = partitions * ceil(passages / partitions / WINDOW)
    return windows * figures.window + passages * figures.sparse


def pages_table(figures: Figures, machine: Machine, planned: Iterable[int] = PLANNED) -> str:
    """Return what is needed and what it follows from, as tables of a page."""
    head = (
        "passages", "graph of vectors", "index of terms", f"tenant, {machine.replicas} replicas", "disk",
        f"disk, {machine.replicas} replicas", "machines", "partitions",
    )  # fmt: skip
    rows = []
    for need in (need_of(each, figures, machine) for each in planned):
        memory = machine.replicas * (need.graph + need.sparse) / machine.for_indexes
        sizes = (need.graph, need.sparse, memory, need.disk, machine.replicas * need.disk)
        rows.append((f"{need.passages:,}", *map(shown, sizes), f"{need.machines:,}", f"{need.partitions:,}"))
    return f"{markdown_table(plain_table(head, rows))}\n\n{measured_table(figures)}\n"


def measured_table(figures: Figures) -> str:
    """Return what was measured, as a table of a page."""
    disk = sorted(figures.disk.items(), key=lambda each: -each[1])
    rows = [
        ("memory", "graph of vectors (HNSW)", f"{figures.graph:,.0f}"),
        ("memory", "index of terms (SINDI)", f"{figures.sparse:,.0f}"),
        ("memory", f"the same, for each {WINDOW:,} passages of a partition or part of them", shown(figures.window)),
        *(("disk", name, f"{size:,.0f}") for name, size in disk if size >= 1),
        ("disk", "all tables", f"{sum(figures.disk.values()):,.0f}"),
    ]
    return markdown_table(plain_table(("where", "what", "bytes a passage"), rows, words=2))


def shown(size: float) -> str:
    """Return a number of bytes in three digits, in units of a thousand."""
    unit, *larger = UNITS
    while size >= 999.5 and larger:
        size, (unit, *larger) = size / 1000, larger
    return f"{size:,.{max(0, 3 - len(f'{size:.0f}'))}f} {unit}"
