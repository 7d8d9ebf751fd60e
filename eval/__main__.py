"""`python -m eval`: run question sets, compare and report on runs, and the benchmarks.

Figures go to standard output, all else to standard error.
"""

import signal
import sys
from contextlib import AbstractContextManager, closing
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

import wherefrom
from corpus.errors import InvalidInput, WherefromError
from eval.attacks.commands import add_attacks
from eval.bench.commands import add_benchmarks
from eval.calibration.command import calibrate
from eval.cluster.commands import add_cluster
from eval.comparison import compare as compare_evaluations
from eval.endurance.commands import add_endurance
from eval.evaluation import read_evaluation, write_evaluation
from eval.files import check_writable, output_files, write_text
from eval.formats.commands import add_formats
from eval.peers.command import peers
from eval.quality.command import quality
from eval.reporting.progress import shown_progress
from eval.reporting.renderers import renderer_for
from eval.reporting.report import make_report
from eval.reporting.terminal import print_comparison, print_evaluation, print_json, print_table
from eval.retriever import HttpRetriever, Retriever
from eval.running import Progress, evaluate, unaskable, unseen_sources
from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_question_set
from eval.sets.selection import Selection, articles_of
from eval.system import System
from eval.trec import TrecFiles, trec_files, trec_text
from index.query import PARTS, Method, Query

NAME = "python -m eval"

ModelOption = Annotated[str | None, typer.Option(help="The embedding model, if not the one that is shipped.")]
RerankerOption = Annotated[str | None, typer.Option(help="A cross-encoder that puts the best passages in order.")]
CacheOption = Annotated[Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")]
CorpusOption = Annotated[Path | None, typer.Option(help="Index this folder for the run.", exists=True)]
DataOption = Annotated[Path | None, typer.Option(help="Search this data folder.", exists=True)]
SeedOption = Annotated[int, typer.Option(help="Of the random draws of tests and intervals.", min=0)]
CountOption = Annotated[int, typer.Option("--k", "-k", help="Passages to ask for and to judge, 1 to 50.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
MethodOption = Annotated[Method, typer.Option(help="How to find passages in this process.")]
OneSet = Annotated[Path, typer.Argument(help="Our JSONL, SQuAD-style JSON or a BEIR folder.", exists=True)]
Sets = Annotated[list[Path], typer.Argument(help="Our JSONL, SQuAD-style JSON or BEIR folders.", exists=True)]
PassagesOption = Annotated[
    list[Path] | None, typer.Option(help="Take a SQuAD set's paragraphs from this one; repeated, of all.", exists=True)
]
ArticlesOption = Annotated[
    str | None, typer.Option(metavar="A-B", help="Take only these articles of a SQuAD set, counted from 1.")
]
OutOption = Annotated[Path | None, typer.Option(help="Write JSON here; a folder if there are several sets.")]
RunOption = Annotated[Path | None, typer.Option(help="Write a TREC run here; a folder if there are several sets.")]
QrelsOption = Annotated[Path | None, typer.Option(help="Write the qrels of that run here; a folder likewise.")]

app = typer.Typer(
    help="Measure how well questions are answered.",
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def run(
    questions: Sets,
    corpus: CorpusOption = None,
    data_dir: DataOption = None,
    url: Annotated[str | None, typer.Option(help="Ask this service.")] = None,
    key: Annotated[str | None, typer.Option(help="Its read key.", envvar="WHEREFROM_KEY")] = None,
    method: MethodOption = Method.FULL,
    model: ModelOption = None,
    reranker: RerankerOption = None,
    cache_dir: CacheOption = None,
    passages: PassagesOption = None,
    articles: ArticlesOption = None,
    hold_out: Annotated[
        int | None,
        typer.Option(metavar="N", help="Leave every Nth article of a SQuAD set unindexed, but ask about it."),
    ] = None,
    hold_out_paragraphs: Annotated[
        int | None,
        typer.Option(metavar="N", help="Leave every Nth paragraph of each article unindexed, but ask about it."),
    ] = None,
    k: CountOption = 10,
    out: OutOption = None,
    run_out: RunOption = None,
    qrels_out: QrelsOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a set, instead of a table.")] = False,
) -> None:
    """Ask every question and report by language and kind."""
    system = System(corpus, data_dir, url, key, model, cache_dir, method, reranker)
    Query("Where from?", k)  # knows how many may be asked for
    # Whatever is wrong with a set or a place to write to is said before the first run, not after it.
    places = {".json": out, ".trec": run_out, ".qrels": qrels_out}
    files = zip(*(output_files(questions, place, suffix) for suffix, place in places.items()), strict=True)
    selection = Selection(None if articles is None else articles_of(articles), hold_out, hold_out_paragraphs)
    question_sets = [read_question_set(path, passages or (), selection) for path in questions]
    for question_set in question_sets:
        system.check(question_set)
        for question_id, problem in unaskable(question_set).items():
            typer.echo(f"note: question {question_id} counts as not answered: {problem}", err=True)
    for question_set, (json_file, run_file, qrels_file) in zip(question_sets, files, strict=True):
        with _shown(question_set) as (indexed, asked), _open(system, question_set, indexed) as retriever:
            evaluation = evaluate(question_set, retriever, k, asked)
            wanted = run_file is not None or qrels_file is not None
            trec = trec_files(question_set, evaluation, retriever.document_text) if wanted else TrecFiles()
        for source in unseen_sources(question_set, evaluation):
            typer.echo(f"note: nothing was ever found in {source}; is it indexed?", err=True)
        if as_json:
            print_json(evaluation.as_json())
        else:
            print_evaluation(evaluation)
        # After printing: where a disk is full, the figures are not lost.
        if json_file is not None:
            write_evaluation(json_file, evaluation)
        for file, rows in ((run_file, trec.run), (qrels_file, trec.qrels)):
            if file is not None:
                write_text(file, trec_text(rows))


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="What `run --out` wrote before.", exists=True)],
    b: Annotated[Path, typer.Argument(help="What it wrote after.", exists=True)],
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Say what differs between two runs of the same questions, and whether chance would do as much."""
    comparison = compare_evaluations(read_evaluation(a), read_evaluation(b), seed)
    if as_json:
        print_json(comparison.as_json())
    else:
        print_comparison(comparison)


@app.command()
def report(
    runs: Annotated[
        list[Path], typer.Argument(help="What `run --out` wrote; the first is compared with.", exists=True)
    ],
    out: Annotated[Path, typer.Option(help="Write here: .html, with plots, or .md.")],
    seed: SeedOption = 0,
) -> None:
    """Write tables, plots and differences of one run or several."""
    render = renderer_for(out)
    check_writable(out)
    write_text(out, render(make_report(runs, seed)))


@app.command()
def ablate(
    questions: OneSet,
    corpus: CorpusOption = None,
    data_dir: DataOption = None,
    passages: PassagesOption = None,
    model: ModelOption = None,
    cache_dir: CacheOption = None,
    k: CountOption = 10,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Say what each part of the full method is worth: leave each out in turn."""
    question_set = read_question_set(questions, passages or ())
    system = System(corpus, data_dir, model=model, cache_dir=cache_dir)
    system.check(question_set)
    Query("Where from?", k)
    from eval.ablation import ablate, ablation_table  # only now: they load FAISS
    from eval.local_retriever import open_system

    with (
        _shown(question_set, 1 + len(PARTS)) as (indexed, asked),
        open_system(system, question_set, indexed) as retriever,
    ):
        ablation = ablate(question_set, retriever, k, seed, asked)
    if as_json:
        print_json(ablation.as_json())
    else:
        print_table(question_set.name, ablation_table(ablation))


app.command()(quality)
app.command()(calibrate)
app.command()(peers)
add_attacks(app)
add_benchmarks(app)
add_cluster(app)
add_endurance(app)
add_formats(app)


def main() -> None:
    """Run the command line; errors are one line on stderr, with exit status 2 for misuse and 1 for failure."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a question may hold what a terminal cannot show
    try:
        # Ours to tell are the errors of the library, too: its own form has many lines.
        sys.exit(app(sys.argv[1:] or ["--help"], prog_name=NAME, standalone_mode=False))
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = NAME if context is None else context.command_path
        _fail(f"{error.format_message().rstrip('.')}; see: {command} --help", 2)
    except (InvalidInput, wherefrom.InvalidInput) as error:
        _fail(str(error), 2)
    except (WherefromError, wherefrom.WherefromError) as error:
        _fail(str(error), 1)
    except OSError as error:  # standard output that is full or closed, for one
        _fail(f"{error.filename}: {error.strerror}" if error.filename else str(error), 1)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", 130)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"error: {' '.join(message.split())}", err=True)
    sys.exit(code)


def _open(system: System, question_set: QuestionSet, progress: Progress) -> AbstractContextManager[Retriever]:
    if system.url is not None:
        return closing(HttpRetriever(system.url, system.key))
    from eval.local_retriever import open_system  # only now: it loads FAISS

    return open_system(system, question_set, progress)


def _shown(question_set: QuestionSet, rounds: int = 1) -> AbstractContextManager[list[Progress]]:
    passages, questions = len(question_set.passages) or None, rounds * len(question_set.questions)
    return shown_progress({"indexing": passages, "asking": questions})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: what a command has started ends with it
    main()
