"""`python -m eval`: run question sets and compare two runs. Figures go to stdout, all else to stderr."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import Progress as ProgressBars

from corpus.errors import InvalidInput, WherefromError
from eval.bench import time_questions
from eval.comparison import compare as compare_evaluations
from eval.evaluation import Evaluation, read_evaluation
from eval.formats import renderer_for
from eval.forms import write_text
from eval.question_set import QuestionSet
from eval.questions import read_questions
from eval.report import make_report
from eval.runner import evaluate, unseen_sources
from eval.target import Target
from eval.terminal import print_benchmark, print_comparison, print_evaluation
from index.query import Method

NAME = "python -m eval"

app = typer.Typer(
    help="Measure how well questions are answered.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(
    questions: Annotated[list[Path], typer.Argument(help="Our JSONL, SQuAD-style JSON or BEIR folders.", exists=True)],
    corpus: Annotated[Path | None, typer.Option(help="Index this folder for the run.", exists=True)] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Search this data folder.", exists=True)] = None,
    url: Annotated[str | None, typer.Option(help="Ask this service.")] = None,
    key: Annotated[str | None, typer.Option(help="Its read key.", envvar="WHEREFROM_KEY")] = None,
    method: Annotated[Method, typer.Option(help="How to find passages in this process.")] = Method.FULL,
    model: Annotated[str | None, typer.Option(help="The embedding model, if not the one that is shipped.")] = None,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")
    ] = None,
    passages: Annotated[
        Path | None, typer.Option(help="Take a SQuAD set's paragraphs from this one.", exists=True)
    ] = None,
    hold_out: Annotated[
        int | None,
        typer.Option(metavar="N", help="Leave every Nth article of a SQuAD set unindexed, but ask about it.", min=2),
    ] = None,
    k: Annotated[int, typer.Option("--k", "-k", help="Passages to ask for and to judge.", min=1)] = 10,
    out: Annotated[Path | None, typer.Option(help="Write JSON here; a folder if there are several sets.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a set, instead of a table.")] = False,
) -> None:
    """Ask every question and report by language and kind."""
    target = Target(corpus, data_dir, url, key, model, cache_dir, method)
    # Whatever is wrong with a set or a place to write to is said before the first run, not after it.
    destinations = _destinations(questions, out)
    question_sets = [read_questions(path, passages, hold_out) for path in questions]
    for question_set in question_sets:
        target.check(question_set)
    for question_set, destination in zip(question_sets, destinations, strict=True):
        evaluation = _evaluate(question_set, target, k)
        for source in unseen_sources(question_set, evaluation):
            typer.echo(f"note: nothing was ever found in {source}; is it indexed?", err=True)
        if destination is not None:
            write_text(destination, _as_json(evaluation.as_json(), indent=1) + "\n")
        if as_json:
            typer.echo(_as_json(evaluation.as_json()))
        else:
            print_evaluation(evaluation)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="What `run --out` wrote before.", exists=True)],
    b: Annotated[Path, typer.Argument(help="What it wrote after.", exists=True)],
    seed: Annotated[int, typer.Option(help="Of the random permutations.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what differs between two runs of the same questions, and whether chance would do as much."""
    comparison = compare_evaluations(read_evaluation(a), read_evaluation(b), seed)
    if as_json:
        typer.echo(_as_json(comparison.as_json()))
    else:
        print_comparison(comparison)


@app.command()
def report(
    runs: Annotated[
        list[Path], typer.Argument(help="What `run --out` wrote; the first is compared with.", exists=True)
    ],
    out: Annotated[Path, typer.Option(help="Write here: .html, with plots, or .md.")],
    seed: Annotated[int, typer.Option(help="Of the random permutations.", min=0)] = 0,
) -> None:
    """Write tables, plots and differences of one run or several."""
    render = renderer_for(out)  # whatever is wrong with the format is said before anything is read
    write_text(out, render(make_report(runs, seed)))


@app.command()
def bench(
    questions: Annotated[Path, typer.Argument(help="Our JSONL, SQuAD-style JSON or a BEIR folder.", exists=True)],
    data_dir: Annotated[Path, typer.Option(help="Search this data folder.", exists=True)] = Path("data"),
    method: Annotated[Method, typer.Option(help="How to find passages.")] = Method.FULL,
    rounds: Annotated[int, typer.Option(help="How often to ask each question.", min=1)] = 7,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Time every stage of a question in this process, one question after another."""
    texts = [question.text for question in read_questions(questions).questions]
    from eval import in_process  # only now: it loads FAISS

    with in_process.search_data_dir(data_dir, method, None, cache_dir) as retriever:
        benchmark = time_questions(retriever.timings, texts, rounds)
    if as_json:
        typer.echo(_as_json(benchmark.as_json()))
    else:
        print_benchmark(benchmark)


def main() -> None:
    """Run the command line; errors are one line on stderr, with exit status 2 for misuse and 1 for failure."""
    try:
        # Ours to tell are the errors of the library, too: its own form has many lines.
        sys.exit(app(sys.argv[1:] or ["--help"], prog_name=NAME, standalone_mode=False))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = NAME if context is None else context.command_path
        _fail(f"{error.format_message().rstrip('.')}; see: {command} --help", 2)
    except InvalidInput as error:
        _fail(str(error), 2)
    except WherefromError as error:
        _fail(str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", 130)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(code)


def _evaluate(question_set: QuestionSet, target: Target, k: int) -> Evaluation:
    console = Console(stderr=True)
    with ProgressBars(console=console, disable=not console.is_terminal, transient=True) as bars:
        indexing = bars.add_task("indexing", total=len(question_set.passages) or None)
        asking = bars.add_task("asking", total=len(question_set.questions))
        with target.open(question_set, lambda done: bars.advance(indexing, done)) as retriever:
            bars.remove_task(indexing)
            return evaluate(question_set, retriever, k, lambda done: bars.advance(asking, done))


def _destinations(questions: list[Path], out: Path | None) -> list[Path | None]:
    if out is None:
        return [None] * len(questions)
    if out.is_dir():
        names = [f"{path.stem}.json" for path in questions]
        if len(set(names)) < len(names):
            raise InvalidInput("two question sets of one name would overwrite each other; run them apart")
        return [out / name for name in names]
    if len(questions) > 1:
        raise InvalidInput(f"there are {len(questions)} question sets; --out must be a folder, {out} is none")
    if not out.parent.is_dir():
        raise InvalidInput(f"there is no folder {out.parent} to write to; make it first")
    return [out]


def _as_json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)


if __name__ == "__main__":
    main()
