"""`python -m eval quality`: how good it is on many question sets, in one table each."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from eval.evaluation import Evaluation, write_evaluation
from eval.files import check_writable
from eval.quality.places import Place, read_places
from eval.quality.table import quality_table
from eval.reporting.progress import shown_progress
from eval.reporting.terminal import print_json, print_table
from eval.running import evaluate
from eval.sets.question_set import QuestionSet
from index.models.encoder import Encoder
from index.query import Method

METHODS = (Method.DENSE, Method.FULL)  # what a tutorial builds, and what is served
WIDTH = 132  # columns; narrower, and figures would be cut

Runs = dict[str, Evaluation]


def quality(
    sets: Annotated[
        list[str], typer.Argument(metavar="SET[@WHERE]…", help="Sets, where they are asked, or folders of sets.")
    ],
    half: Annotated[
        int | None, typer.Option(help="Ask only the questions of odd (1) or even (2) number.", min=1, max=2)
    ] = None,
    model: Annotated[str | None, typer.Option(help="The embedding model, if not the one that is shipped.")] = None,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write JSON of each run into this folder, for `compare`.", exists=True, file_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one line a set, instead of tables.")] = False,
) -> None:
    """Ask many question sets by one vector a passage and in full, and print a table of each."""
    places = read_places(sets, half)
    if out is not None:
        for question_set in (each for place in places for each in place.question_sets):
            for method in METHODS:
                check_writable(_file(out, question_set, method))
    from eval.local_retriever import load_once  # only now: it loads FAISS
    from eval.remembering_encoder import RememberingEncoder

    encoder = RememberingEncoder(load_once(model, cache_dir))
    for question_set, runs in (each for place in places for each in _asked(place, encoder)):
        if as_json:
            print_json({"questions": question_set.name, "runs": {name: run.as_json() for name, run in runs.items()}})
        else:
            print_table(question_set.name, quality_table(runs, halves=half is None), width=WIDTH)
        if out is not None:
            for name, run in runs.items():
                write_evaluation(_file(out, question_set, name), run)


def _asked(place: Place, encoder: Encoder) -> Iterator[tuple[QuestionSet, Runs]]:
    """Index the documents of a place once, ask its question sets of them, and yield what came of each."""
    from eval.local_retriever import open_indexed

    passages = None if isinstance(place.documents, Path) else len(place.documents)
    with ExitStack() as stack:
        typer.echo(f"indexing what {' and '.join(each.name for each in place.question_sets)} ask of", err=True)
        with shown_progress({"indexing": passages}) as (indexed,):
            retriever = stack.enter_context(open_indexed(place.documents, encoder, indexed))
        for question_set in place.question_sets:
            typer.echo(f"asking {len(question_set.questions)} questions of {question_set.name}", err=True)
            with shown_progress({"asking": len(METHODS) * len(question_set.questions)}) as (asked,):
                runs = {str(method): evaluate(question_set, retriever.by(method), progress=asked) for method in METHODS}
            yield question_set, runs


def _file(folder: Path, question_set: QuestionSet, method: str) -> Path:
    return folder / f"{question_set.name}.{method}.json"
