"""What a benchmark found: figures with their intervals, the goals they are held against, and the machine."""

import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from pydantic import BaseModel

from eval.files import parse_json, read_text

CPUINFO = Path("/proc/cpuinfo")
# What decides how fast matrices are multiplied.
FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8", "amx_bf16")
LIBRARIES = ("faiss-cpu", "numpy", "onnxruntime", "sentence-transformers", "torch", "uvicorn")


class Figure(BaseModel):
    """A figure.

    Attributes:
        mark: which mark it speaks of, P1 to P12.
        what: what was measured, of whom.
        value: the figure.
        unit: of it.
        low: lower bound of its 95 % interval, where it has one.
        high: upper bound.
        passages: how many passages were searched, where any were.
        goal: what the mark asks for: `<=` or `>=`, a number, perhaps more words.
        note: what one must know to read it.
    """

    mark: str
    what: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None
    passages: int | None = None
    goal: str = ""
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; none where there is none."""
        if not self.goal:
            return None
        sign, limit, *_ = self.goal.replace(",", "").split()
        return self.value <= float(limit) if sign == "<=" else self.value >= float(limit)

    def cells(self) -> tuple[str, ...]:
        """Return the figure as text: mark, what, passages, value, interval, goal, whether it is reached."""
        passages = "" if self.passages is None else f"{self.passages:,}"
        bounds = "" if self.low is None or self.high is None else f"{number_text(self.low)}–{number_text(self.high)}"
        verdict = {True: "yes", False: "no", None: ""}[self.reached]
        value = f"{number_text(self.value)} {self.unit}".strip()
        return self.mark, self.what, passages, value, bounds, self.goal, verdict


class Machine(BaseModel):
    """What a benchmark ran on."""

    cpu: str
    cores: int
    flags: list[str]
    memory_gb: float
    load: float
    python: str
    libraries: dict[str, str]

    def __str__(self) -> str:
        flags, libraries = ", ".join(self.flags), ", ".join(f"{name} {it}" for name, it in self.libraries.items())
        what = f"{self.cpu}, {self.cores} cores ({flags}), {self.memory_gb:.0f} GB"
        return f"{what}; load {self.load} at the start; Python {self.python}, {libraries}"


class Results(BaseModel):
    """All that one benchmark found.

    Attributes:
        name: of its command.
        command: as it was typed.
        date: when it began, in UTC to the minute.
        machine: what it ran on.
        figures: what it found.
        series: points to draw, by plot and line.
        over: what a plot is drawn over, where that is not the number of passages.
    """

    name: str
    command: str
    date: str
    machine: Machine
    figures: list[Figure] = []
    series: dict[str, dict[str, list[tuple[float, float]]]] = {}
    over: dict[str, str] = {}


def new_results(name: str) -> Results:
    """Return the results of a benchmark that begins now, without figures; no path of this machine is told."""
    words = [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]]
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    return Results(name=name, command=" ".join(["python -m eval", *words]), date=date, machine=describe_machine())


def read_results(folder: Path) -> list[Results]:
    """Return what the benchmarks left in a folder, in the order of their names."""
    paths = sorted(folder.glob("*.json"))
    return [parse_json(Results, read_text(path), str(path), "run its command again") for path in paths]


def describe_machine() -> Machine:
    """Return what this process runs on, and how busy it is."""
    facts = CPUINFO.read_text() if CPUINFO.exists() else ""
    known = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in facts.split("\n"))}
    return Machine(
        cpu=known.get("model name", "unknown"),
        cores=os.cpu_count() or 1,
        flags=[flag for flag in FLAGS if flag in known.get("flags", "").split()],
        memory_gb=round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        load=round(os.getloadavg()[0], 2),
        python=python_version(),
        libraries={name: version(name) for name in LIBRARIES},
    )


def number_text(value: float) -> str:
    """Return a number with three digits that count, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
