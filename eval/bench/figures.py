"""What a benchmark found: figures with their intervals, the marks they are held against, and the machine."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import numpy as np
from pydantic import BaseModel

from eval.files import parse_json, read_text

RESAMPLES = 1_000
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
        goal: what the mark asks for, on the figure that is held against it.
        reached: whether it is reached.
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
    reached: bool | None = None
    note: str = ""


class Machine(BaseModel):
    """What a benchmark ran on."""

    cpu: str
    cores: int
    flags: list[str]
    memory_gb: float
    load: float
    python: str
    libraries: dict[str, str]


class Outcome(BaseModel):
    """All that one command found.

    Attributes:
        name: of the command.
        command: as it was typed.
        date: when it began.
        machine: what it ran on.
        figures: what it found.
        series: points to draw, by plot and line.
        over: what a plot's figures are drawn over, where that is not the number of passages.
    """

    name: str
    command: str
    date: str
    machine: Machine
    figures: list[Figure]
    series: dict[str, dict[str, list[tuple[float, float]]]] = {}
    over: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between the bounds of its 95 % interval."""

    low: float
    value: float
    high: float

    def times(self, factor: float) -> "Interval":
        """Return the same in another unit."""
        return Interval(factor * self.low, factor * self.value, factor * self.high)

    def figure(
        self,
        mark: str,
        what: str,
        unit: str = "",
        *,
        passages: int | None = None,
        goal: str = "",
        reached: bool | None = None,
        note: str = "",
    ) -> Figure:
        """Return the figure that this is."""
        return Figure(
            mark=mark,
            what=what,
            value=self.value,
            unit=unit,
            low=self.low,
            high=self.high,
            passages=passages,
            goal=goal,
            reached=reached,
            note=note,
        )


def describe_machine() -> Machine:
    """Return what this process runs on, and how busy it is."""
    facts = CPUINFO.read_text() if CPUINFO.exists() else ""
    lines = dict(line.split(":", 1) for line in facts.split("\n") if ":" in line)
    known = {name.strip(): value.strip() for name, value in lines.items()}
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return Machine(
        cpu=known.get("model name", "unknown"),
        cores=os.cpu_count() or 1,
        flags=[flag for flag in FLAGS if flag in known.get("flags", "").split()],
        memory_gb=round(pages / 2**30, 1),
        load=round(os.getloadavg()[0], 2),
        python=python_version(),
        libraries={name: version(name) for name in LIBRARIES},
    )


def now() -> str:
    """Return the time in UTC to the minute."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M")


def quantile_interval(values: Sequence[float], quantile: float = 0.5) -> Interval:
    """Return a quantile, the median unless told otherwise, with the interval that resampling gives."""
    held = np.array(values)
    some = np.random.default_rng(0).integers(len(held), size=(RESAMPLES, len(held)))
    low, high = np.quantile(np.quantile(held[some], quantile, axis=1), [0.025, 0.975])
    return Interval(float(low), float(np.quantile(held, quantile)), float(high))


def ratio_interval(values: Sequence[float], others: Sequence[float]) -> Interval:
    """Return the ratio of the medians of two independent samples, with the interval that resampling both gives."""
    random = np.random.default_rng(0)
    samples = [np.array(each) for each in (values, others)]
    drawn = [np.median(each[random.integers(len(each), size=(RESAMPLES, len(each)))], axis=1) for each in samples]
    low, high = np.quantile(drawn[0] / drawn[1], [0.025, 0.975])
    return Interval(float(low), float(np.median(samples[0]) / np.median(samples[1])), float(high))


def read_outcomes(folder: Path) -> dict[str, Outcome]:
    """Return what the commands left in a folder, by name."""
    paths = sorted(folder.glob("*.json"))
    found = [parse_json(Outcome, read_text(path), str(path), "run its command again") for path in paths]
    return {outcome.name: outcome for outcome in found}
