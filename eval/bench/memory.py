"""`python -m eval bench-memory` and `bench-start`: memory of a serving process (P11), and its start (P12)."""

from pathlib import Path
from typing import Annotated

import typer

from eval.bench.data import Questions, invented_share, made_facts, made_folder, read_texts
from eval.bench.figures import Figure, quantile_interval
from eval.bench.http import HELD, OURS, tutorial
from eval.bench.runner import CacheOption, FolderOption, OutOption, SetsArgument, record
from eval.bench.servers import Command, Memory, running, there_and_back, wherefrom

WARMING = 200  # questions before memory is read: caches are full then


def bench_memory(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[list[int] | None, typer.Option(help="Least and most of these are compared.", min=1)] = None,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Read what memory a serving process holds for each passage."""
    with record("bench-memory", folder, out) as outcome:
        counts = sorted(passages or [1_000, 10_000, 100_000])
        questions = read_texts(sets).take(WARMING)
        held = {count: memory_after(wherefrom(made_folder(folder, count), cache_dir), questions) for count in counts}
        for count, memory in held.items():
            outcome.figures += whole(memory, count)
            lines = outcome.series.setdefault("resident memory, MB", {})
            lines.setdefault("all", []).append((count, memory.resident / 1e6))
            lines.setdefault("of its own", []).append((count, memory.anonymous / 1e6))
        least, most = counts[0], counts[-1]
        outcome.figures += each_passage(held[least], held[most], most - least, most)
        for count in counts:
            facts = made_facts(made_folder(folder, count))
            size = facts["bytes"] / count
            outcome.figures.append(
                Figure(mark="P11", what="size on disk", value=size, unit="bytes/passage", passages=count)
            )
            outcome.series.setdefault("seconds to write a folder, without embedding", {}).setdefault(
                "wherefrom", []
            ).append((count, facts["seconds"]))


def memory_after(command: Command, questions: list[str]) -> Memory:
    """Return what a server holds once it has answered some questions."""
    with running(command) as server:
        for question in questions:
            server.ask(question)
        return server.memory()


def whole(memory: Memory, count: int) -> list[Figure]:
    """Return the memory of a process."""
    sizes = {"in all": memory.resident, "of its own": memory.anonymous, "of files": memory.of_files}
    return [
        Figure(mark="P11", what=f"resident memory, {name}", value=size / 1e6, unit="MB", passages=count)
        for name, size in sizes.items()
    ]


def each_passage(least: Memory, most: Memory, passages: int, count: int) -> list[Figure]:
    """Return what each passage adds, from a small folder to a large one."""
    resident = (most.resident - least.resident) / passages
    anonymous = (most.anonymous - least.anonymous) / passages
    return [
        Figure(
            mark="P11",
            what="resident memory for each passage",
            value=resident,
            unit="bytes",
            passages=count,
            goal="<= 2,500 bytes" if count >= HELD else "",
            reached=resident <= 2500 if count >= HELD else None,
            note=f"after {WARMING} questions; of its own {anonymous:.0f}, of files {resident - anonymous:.0f}",
        )
    ]


def bench_start(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[int, typer.Option(help="Serve this folder.", min=1)] = 100_000,
    rounds: Annotated[int, typer.Option(help="How often, in turns there and back.", min=1)] = 7,
    beside: Annotated[bool, typer.Option(help="Also start the tutorial stack.")] = True,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Time from the start of the process to its first answer; files are in the system's cache."""
    with record("bench-start", folder, out) as outcome:
        data_dir = made_folder(folder, passages)
        questions: Questions = read_texts(sets)
        commands = [wherefrom(data_dir, cache_dir), *([tutorial(data_dir, cache_dir)] if beside else [])]
        by_name = {command.name: command for command in commands}
        times: dict[str, list[float]] = {name: [] for name in by_name}
        for command in commands:
            with running(command):
                pass  # reads all files once
        for _, name in there_and_back(list(by_name), rounds):
            with running(by_name[name], questions.take(1)[0]) as server:
                times[name].append(server.first_answer)
        for name, seconds in times.items():
            median = quantile_interval(seconds)
            held = name == OURS and passages >= HELD
            goal, reached = ("<= 5 s", median.value <= 5) if held else ("", None)
            what = f"from start to first answer, {name}"
            outcome.figures.append(
                median.figure(
                    "P12", what, unit="s", passages=passages, goal=goal, reached=reached, note=invented_share(data_dir)
                )
            )
