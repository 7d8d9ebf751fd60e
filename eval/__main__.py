"""`python -m eval`: run question sets and compare two runs. Figures go to stdout, all else to stderr."""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress as ProgressBars

from corpus.errors import WherefromError
from eval.bench import time_questions
from eval.bench_lexical import bench_lexical
from eval.comparison import compare_files
from eval.questions import QuestionSet, read_questions
from eval.report import print_benchmark, print_comparison, print_evaluation
from eval.retrievers import HttpRetriever, Retriever
from eval.runner import Evaluation, Progress, evaluate, unseen_sources
from index.query import Method

app = typer.Typer(
    help="Measure how well questions are answered.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(bench_lexical)


@dataclass(frozen=True, slots=True)
class Target:
    """What the command line says of where to search."""

    corpus: Path | None
    data_dir: Path | None
    url: str | None
    key: str | None
    model: str | None
    cache_dir: Path | None
    method: Method

    def check(self, question_set: QuestionSet) -> None:
        """Refuse options that do not fit a set."""
        options = {"--corpus": self.corpus, "--data-dir": self.data_dir, "--url": self.url}
        given = [option for option, value in options.items() if value is not None]
        if self.url is not None and self.model is not None:
            raise typer.BadParameter("a service has a model of its own; leave --model out")
        if question_set.passages and given:
            raise typer.BadParameter(f"the questions bring their own passages; leave {' and '.join(given)} out")
        if not question_set.passages and len(given) != 1:
            raise typer.BadParameter(
                "the questions are about a corpus; give one of --corpus DIR, --data-dir DIR, --url URL"
            )

    def open(self, question_set: QuestionSet, progress: Progress) -> AbstractContextManager[Retriever]:
        """Return what answers the questions of a set: an index of its own passages, or the one named."""
        if self.url is not None:
            return HttpRetriever(self.url, self.key)
        from eval import in_process  # only now: it loads FAISS

        if self.data_dir is not None:
            return in_process.search_data_dir(self.data_dir, self.method, self.model, self.cache_dir)
        if self.corpus is not None:
            return in_process.search_folder(self.corpus, self.method, self.model, self.cache_dir, progress)
        return in_process.search_passages(question_set.passages, self.method, self.model, self.cache_dir, progress)


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
    k: Annotated[int, typer.Option("--k", "-k", help="Passages to ask for and to judge.", min=1)] = 10,
    out: Annotated[Path | None, typer.Option(help="Write JSON here; a folder if there are several sets.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a set, instead of a table.")] = False,
) -> None:
    """Ask every question and report by language and kind."""
    target = Target(corpus, data_dir, url, key, model, cache_dir, method)
    # Whatever is wrong with a set or a place to write to is said before the first run, not after it.
    destinations = _destinations(questions, out)
    question_sets = [read_questions(path, passages) for path in questions]
    for question_set in question_sets:
        target.check(question_set)
    for path, question_set, destination in zip(questions, question_sets, destinations, strict=True):
        evaluation = _evaluate(question_set, target, k)
        for source in unseen_sources(evaluation):
            typer.echo(f"note: nothing was ever found in {source}; is it indexed?", err=True)
        if destination is not None:
            destination.write_text(_as_json(evaluation.as_json(), indent=1) + "\n", encoding="utf-8")
        if as_json:
            typer.echo(_as_json(evaluation.as_json()))
        else:
            print_evaluation(evaluation, path.name)


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="What `run --out` wrote before.", exists=True)],
    b: Annotated[Path, typer.Argument(help="What it wrote after.", exists=True)],
    seed: Annotated[int, typer.Option(help="Of the random permutations.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what differs between two runs of the same questions, and whether chance would do as much."""
    comparison = compare_files(a, b, seed)
    if as_json:
        typer.echo(_as_json(comparison.as_json()))
    else:
        print_comparison(comparison)


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
    """Run the command line; an error of ours is one line on stderr and exit status 1."""
    try:
        app()
    except WherefromError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


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
            raise typer.BadParameter("two question sets of one name would overwrite each other; run them apart")
        return [out / name for name in names]
    if len(questions) > 1:
        raise typer.BadParameter(f"there are {len(questions)} question sets; --out must be a folder, {out} is none")
    if not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent} to write to; make it first")
    return [out]


def _as_json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=indent)


if __name__ == "__main__":
    main()
