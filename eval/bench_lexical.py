"""`python -m eval bench-lexical`: our lexical engine beside libraries, on many real passages made of few."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from corpus.errors import InvalidInput
from corpus.splitting.sentences import sentence_bounds
from eval.forms import write_text
from eval.lexical_comparison import Measured, compare_engines
from eval.lexical_libraries import ENGINES
from eval.performance.commands import new_outcome
from eval.performance.figures import Figure, Interval
from eval.questions import read_questions

LONGEST = 400  # characters of a passage, as in an index
SLOWER, FASTER = "rank-bm25", 10  # what ours is to be so many times as fast as


def bench_lexical(
    sets: Annotated[list[Path], typer.Argument(help="Question sets whose paragraphs are cut up.", exists=True)],
    ask: Annotated[
        list[Path] | None, typer.Option(help="Sets whose questions to ask, if not all.", exists=True)
    ] = None,
    passages: Annotated[int, typer.Option(help="How many passages to search.", min=1_000)] = 100_000,
    questions: Annotated[int, typer.Option(help="How many questions of each set to ask.", min=2)] = 50,
    rounds: Annotated[int, typer.Option(help="How often to ask each question.", min=1)] = 7,
    engine: Annotated[list[str] | None, typer.Option(help="Only these engines; the first is compared with.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write figures for `bench-report` here.")] = None,
) -> None:
    """Compare our lexical engine with libraries, on runs of whole sentences of the sets' paragraphs."""
    engines = _engines(engine)
    paragraphs = [document.text for path in sets for document in read_questions(path).passages]
    asked = {path.stem: _sample(path, questions) for path in ask or sets}
    outcome = new_outcome("bench-lexical")
    measured = compare_engines(sentence_windows(paragraphs, passages), asked, rounds, engines)
    if out is not None:
        outcome.figures += lexical_figures(measured, passages)
        write_text(out, outcome.model_dump_json(indent=2) + "\n")
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in measured]))
    else:
        _print(measured)


def _engines(named: list[str] | None) -> list[str]:
    """Return the engines to compare: those named, or all whose libraries are there."""
    if unknown := set(named or ()) - set(ENGINES):
        raise typer.BadParameter(f"there is no engine {', '.join(sorted(unknown))}; there are {', '.join(ENGINES)}")
    absent = [name for name in named or ENGINES if find_spec(ENGINES[name].module) is None]
    if absent:
        told = f"not installed: {', '.join(absent)}; run: pip install 'wherefrom[bench]'"
        if named:
            raise typer.BadParameter(told)
        typer.echo(told, err=True)
    return [name for name in named or ENGINES if name not in absent]


def sentence_windows(paragraphs: Iterable[str], count: int) -> list[str]:
    """Return `count` distinct runs of neighbouring whole sentences, the longest there are, shuffled.

    Raises:
        InvalidInput: if the paragraphs have fewer.
    """
    windows = dict.fromkeys(window for paragraph in paragraphs for window in _windows(paragraph))
    if len(windows) < count:
        raise InvalidInput(
            f"the paragraphs give {len(windows)} passages, not {count}; name more sets, or ask for fewer --passages"
        )
    chosen = sorted(windows, key=lambda window: (-len(window), window))[:count]
    Random(0).shuffle(chosen)
    return chosen


def _windows(paragraph: str) -> Iterator[str]:
    bounds = list(sentence_bounds(paragraph))
    for place, (start, _) in enumerate(bounds):
        for _, end in bounds[place:]:
            if end - start > LONGEST:
                break
            yield paragraph[start:end]


def lexical_figures(measured: Sequence[Measured], passages: int) -> Iterator[Figure]:
    """Yield what P9 asks for: how much faster ours, the first, answers than the others, and whether it is updated."""
    ours = measured[0]
    for each in measured:
        for name, asked in each.asked.items():
            what = f"lexical search, p50, {each.engine}, {name}"
            yield Figure(mark="P9", what=what, value=asked.p50, unit="ms", passages=passages)
            if each.engine == SLOWER:
                lower, ratio, upper = asked.ratio
                yield Interval(lower, ratio, upper).figure(
                    "P9",
                    f"lexical search, times as fast as {SLOWER}, {name}",
                    passages=passages,
                    goal=f">= {FASTER}",
                    reached=ratio >= FASTER,
                    note="runs of whole sentences, all real",
                )
    yield Figure(
        mark="P9",
        what="work of replacing 100 passages",
        value=-1 if ours.update is None else ours.update,
        unit="s",
        passages=passages,
        goal="no full rebuild",
        reached=ours.update is not None,
    )


def _sample(path: Path, count: int) -> list[str]:
    texts = [question.text for question in read_questions(path).questions]
    return Random(0).sample(texts, min(count, len(texts)))


def _print(measured: Sequence[Measured]) -> None:
    console = Console(width=120, highlight=False, markup=False, emoji=False)
    table = Table("", "build s", "open s", "100 replaced s", "memory MB", "disk MB", box=SIMPLE_HEAD)
    for each in measured:
        update = "rebuild" if each.update is None else f"{each.update:.3f}"
        table.add_row(
            each.engine, f"{each.build:.1f}", f"{each.open:.2f}", update, f"{each.memory:.0f}", f"{each.disk:.0f}"
        )
    console.print(table)
    table = Table("", "", "p50 ms", "p99 ms", "cpu p50 ms", "times the first", "same 10", box=SIMPLE_HEAD)
    for name in measured[0].asked:
        table.add_section()
        for each in measured:
            asked = each.asked[name]
            lower, ratio, upper = asked.ratio
            times = f"{ratio:.2f} [{lower:.2f}, {upper:.2f}]"
            figures = [f"{figure:.2f}" for figure in (asked.p50, asked.p99, asked.cpu)]
            table.add_row(name, each.engine, *figures, times, f"{asked.agreement:.2f}")
    console.print(table)
