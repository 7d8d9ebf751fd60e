"""The command that fits confidence: `python -m eval calibrate`."""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from corpus.errors import InvalidInput
from corpus.splitting.passages import Split, SplitterSettings
from eval.calibration.setups import Setup, make_mixed, make_setups
from eval.files import check_writable, write_text
from eval.reporting.tables import plain_table, share_text
from eval.reporting.terminal import print_table
from eval.sets.selection import Selection, articles_of
from eval.sets.squad import SquadFile, read_squad_file, squad_set

ACROSS = 2  # files, the first ones, whose passages are asked in every other language, too


def calibrate(
    questions: Annotated[
        list[Path], typer.Argument(help="Parallel SQuAD-style files, one a language: xquad.zh.json …", exists=True)
    ],
    articles: Annotated[str, typer.Option(metavar="A-B", help="Fit on these articles, counted from 1.")],
    test: Annotated[str, typer.Option(metavar="A-B", help="Report on these, which must be others.")],
    model: Annotated[str | None, typer.Option(help="The embedding model, if not the one that is shipped.")] = None,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the record here.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Keep the record in the index of this data folder.", exists=True)
    ] = None,
    seed: Annotated[int, typer.Option(help="Of what is drawn.", min=0)] = 0,
) -> None:
    """Fit what confidence means, on questions whose passages are there and on those whose passages are left out."""
    fitted, tested = articles_of(articles), articles_of(test)
    if fitted[0] <= tested[1] and tested[0] <= fitted[1]:
        raise InvalidInput(f"articles {articles} and {test} overlap; what is fitted on tells nothing")
    files = [read_squad_file(path) for path in questions]
    for file in files:  # what is wrong with them is said now, not after the fit
        squad_set(file, selection=Selection(tested, hold_out=2))
    if out is not None:
        check_writable(out)
    from eval.calibration.fitting import fit  # only now: they load FAISS and scikit-learn
    from eval.calibration.observing import observe
    from eval.calibration.report import judge
    from eval.local_retriever import keep_record, load_once
    from eval.remembering_encoder import RememberingEncoder
    from index.cutting import splitter_of

    encoder = RememberingEncoder(load_once(model, cache_dir))
    split = splitter_of(encoder, SplitterSettings())
    seen = [each for setup in _shown(files, fitted, split, seed) for each in observe(setup, encoder)]
    told = f"{', '.join(path.name for path in questions)}; articles {articles}; {len(seen)} questions"
    record = fit(seen, encoder.spec.name, told, seed)
    if out is not None:
        write_text(out, record.to_text())
    if data_dir is not None:
        keep_record(data_dir, record)
    judged = judge([each for setup in _shown(files, tested, split, seed) for each in observe(setup, encoder)], record)
    rows = [
        (
            each.kind,
            each.direction,
            *map(share_text, (each.refusal.auroc, each.refusal.kept, each.refusal.refused)),
            share_text(each.error),
            share_text(each.doubted),
            str(each.refusal.answerable + each.refusal.unanswerable),
        )
        for each in judged
    ]
    columns = ("set-up", "direction", "AUROC", "kept", "refused", "error", "right below .5", "questions")
    print_table(f"articles {test}, threshold {record.threshold:.3f}", plain_table(columns, rows, words=2))


def _directions(files: Sequence[SquadFile]) -> list[tuple[SquadFile, SquadFile]]:
    """Return questions and passages: every language in itself, and all in the first ones."""
    return [(asked, found) for asked, found in product(files, files) if asked == found or found in files[:ACROSS]]


def _shown(files: Sequence[SquadFile], articles: tuple[int, int], split: Split, seed: int) -> Iterator[Setup]:
    """Yield all set-ups and, where somebody watches, show how many of the directions are done."""
    directions = _directions(files)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task(f"articles {articles[0]}-{articles[1]}", total=len(directions))
        for asked, found in directions:
            yield from make_setups(asked, found, articles, split, seed)
            bars.advance(task)
        for asked in files if len(files) > 1 else ():
            yield from make_mixed(asked, files, articles, seed)
