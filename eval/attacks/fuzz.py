"""Every reader of a stranger's bytes under libFuzzer, by atheris: which code an input reaches decides what is next."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.errors import InvalidInput, WherefromError
from eval.attacks.seeds import seeds
from eval.attacks.targets import TARGETS
from eval.endurance.outcome import hold_to
from eval.reporting.tables import plain_table
from eval.reporting.terminal import print_json, print_table

WORKER = "eval.attacks.fuzzing"
SECONDS_OF_ONE = 5  # that an input may take
MEGABYTES = 2048  # that the process may hold
LONGEST = 4096  # bytes of an input; what is long is left to `attack-text`
# What libFuzzer says at last, and what it says of a finding.
DONE = re.compile(r"#(\d+)\s+\w+.*?cov: (\d+) ft: (\d+) corp: (\d+)")
FOUND = re.compile(r"SUMMARY: libFuzzer: (.+)|ALARM: (.+)")
WROTE = re.compile(r"Test unit written to (\S+)")
RAISED = re.compile(r"^(?:[\w.]*(?:Error|Exception|Broken|Interrupt)\b.*)$", re.MULTILINE)


class NoFuzzer(WherefromError):
    """What fuzzes is not installed."""


def attack_fuzz(
    minutes: Annotated[float, typer.Option(help="Of all targets together.", min=0.01)] = 10,
    target: Annotated[list[str] | None, typer.Option(help="Only this one; repeated.")] = None,
    corpus: Annotated[Path, typer.Option(help="Folder that keeps what reached new code, and findings.")] = Path("fuzz"),
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Fuzz the readers of files, texts, questions, filters and dates; what is found is kept as a file."""
    targets = target or list(TARGETS)
    if unknown := [each for each in targets if each not in TARGETS]:
        raise InvalidInput(f"there is no target {unknown[0]!r}; there are {', '.join(TARGETS)}")
    if find_spec("atheris") is None:
        raise NoFuzzer("atheris is not installed; run: pip install 'wherefrom[fuzz]' -c constraints.txt")
    seconds = max(1, round(60 * minutes / len(targets)))
    found = {each: fuzz(each, seconds, corpus / each) for each in targets}
    missed = [f"{each}: {finding}" for each, told in found.items() for finding in told["findings"]]
    if json:
        print_json({"seconds": seconds, "targets": found, "missed": missed})
    else:
        columns = ("target", "inputs", "a second", "edges", "features", "kept", "findings")
        print_table(f"{seconds} s each", plain_table(columns, map(_row, found.items())), width=120)
    hold_to(missed)


def fuzz(target: str, seconds: int, folder: Path) -> dict[str, Any]:
    """Return how many inputs a target was given, what code they reached and what was found.

    Args:
        target: of `targets.TARGETS`.
        seconds: how long.
        folder: of what reached new code before, which is gone on from, and of what is found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds(target):
        Path(folder, sha256(seed).hexdigest()[:16]).write_bytes(seed)
    findings = folder.with_name(f"{folder.name}-findings")
    findings.mkdir(exist_ok=True)
    bounds = f"-timeout={SECONDS_OF_ONE}", f"-max_len={LONGEST}", f"-rss_limit_mb={MEGABYTES}"
    said = _run([target, str(folder), f"-max_total_time={seconds}", *bounds, f"-artifact_prefix={findings}{os.sep}"])
    inputs, edges, features, kept = map(int, (DONE.findall(said) or [(0, 0, 0, 0)])[-1])
    return {
        "inputs": inputs,
        "seconds": seconds,
        "edges": edges,
        "features": features,
        "kept": kept,
        "findings": list(_findings(said)),
    }


def _run(arguments: Sequence[str]) -> str:
    command = [sys.executable, "-m", WORKER, *arguments]
    variables = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, check=False, env=variables)
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode and not FOUND.search(said):
        raise NoFuzzer(f"{WORKER} ended with {done.returncode}: {' '.join(said.split())[-300:]}")
    return said


def _findings(said: str) -> list[str]:
    """Return what libFuzzer found, which it stops at: what was raised, and the file that does it."""
    if not (summary := FOUND.search(said)):
        return []
    raised, wrote = RAISED.findall(said), WROTE.search(said)
    what = raised[-1] if raised else (summary[1] or summary[2])
    return [f"{what[:200]} ({Path(wrote[1]) if wrote else 'no file'})"]


def _row(named: tuple[str, dict[str, Any]]) -> list[str]:
    target, told = named
    figures = [f"{told[name]:,}" for name in ("edges", "features", "kept")]
    return [
        target,
        f"{told['inputs']:,}",
        f"{told['inputs'] / told['seconds']:,.0f}",
        *figures,
        str(len(told["findings"])),
    ]
