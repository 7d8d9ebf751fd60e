"""What a benchmark found: figures with their intervals, the goals they are held against, and the machine."""

import os
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from pydantic import BaseModel

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


class Results(BaseModel):
    """All that one benchmark found.

    Attributes:
        name: of its command.
        command: as it was typed.
        date: when it began, in UTC to the minute.
        machine: what it ran on, in a line.
        figures: what it found.
        series: points to draw, by plot and line.
        over: what a plot is drawn over, where that is not the number of passages.
    """

    name: str
    command: str
    date: str
    machine: str
    figures: list[Figure] = []
    series: dict[str, dict[str, list[tuple[float, float]]]] = {}
    over: dict[str, str] = {}


def machine_text() -> str:
    """Return what this process runs on, and how busy it is, in a line."""
    facts = CPUINFO.read_text() if CPUINFO.exists() else ""
    known = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in facts.split("\n"))}
    flags = ", ".join(flag for flag in FLAGS if flag in known.get("flags", "").split())
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    what = f"{known.get('model name', 'unknown')}, {os.cpu_count()} cores ({flags}), {memory:.0f} GB"
    return f"{what}; load {os.getloadavg()[0]:.2f} at the start; Python {python_version()}, {libraries}"


def number_text(value: float) -> str:
    """Return a number with three digits that count, or all before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
