"""`python -m eval peers`: what other stacks find, beside what wherefrom finds."""

import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Annotated

import typer

from eval.peers.catalogue import STACKS, read_peers
from eval.peers.measuring import Asked, Block, Model, Workshop, measure_all
from eval.peers.report import as_json, as_markdown
from eval.sets.reading import read_questions
from index.models.making.embedded import unpack_embedded_model
from index.models.registry import DEFAULT_MODEL, default_cache_dir

TIMEOUT_S = 3600


def peers(
    questions: Annotated[list[Path], typer.Argument(help="Our JSONL, SQuAD-style JSON or BEIR folders.", exists=True)],
    corpus: Annotated[
        list[Path] | None,
        typer.Option(help="Index this folder; once for all sets that need one, or once for each.", exists=True),
    ] = None,
    passages: Annotated[
        Path | None, typer.Option(help="Take the SQuAD sets' paragraphs from this one.", exists=True)
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run this stack and no other; may be repeated.")] = None,
    stacks: Annotated[
        Path,
        typer.Option(
            help="The folder of the stacks' files.",
            exists=True,
            file_okay=False,
            show_default="those that come with it",
        ),
    ] = STACKS,
    environments: Annotated[
        Path, typer.Option(help="Keep the stacks' environments here.", envvar="WHEREFROM_PEERS")
    ] = Path(".peers"),
    timeout: Annotated[
        float, typer.Option(help="Seconds that a stack may take to be installed, or for one set.", min=1)
    ] = TIMEOUT_S,
    cache_dir: Annotated[
        Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write JSON here, and the table beside it with the ending .md.", dir_okay=False, writable=True
        ),
    ] = None,
) -> None:
    """Install the stacks people usually build, and ask them and wherefrom the same of the same documents."""
    if out is not None and not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent} to write to; make it first")
    chosen = read_peers(stacks, only or ())
    sets = _read_sets(questions, corpus or [], passages)
    cache_dir = cache_dir or default_cache_dir()
    model = Model(DEFAULT_MODEL, str(unpack_embedded_model(cache_dir)), cache_dir)
    workshop = Workshop(environments, timeout)
    blocks: list[Block] = []
    for block in measure_all(sets, chosen, model, workshop, lambda line: typer.echo(line, err=True)):
        blocks.append(block)
        if out is not None:
            _write(out, blocks)  # after every set, for a run takes an hour
    typer.echo(as_markdown(blocks), nl=False)
    if any(block.failed for block in blocks):
        raise typer.Exit(1)


def _write(out: Path, blocks: Sequence[Block]) -> None:
    text = json.dumps(as_json(blocks), ensure_ascii=False, sort_keys=True, indent=1)
    out.write_text(text + "\n", encoding="utf-8")
    out.with_suffix(".md").write_text(as_markdown(blocks), encoding="utf-8")


def _read_sets(questions: Sequence[Path], corpora: Sequence[Path], passages: Path | None) -> list[Asked]:
    """Read all sets first, and tell which corpus each is asked of, so that nothing is found wrong halfway."""
    read = [(path, read_questions(path, passages if path.suffix == ".json" else None)) for path in questions]
    needing = sum(not question_set.passages for _, question_set in read)
    if len(corpora) not in ({1, needing} if needing else {0}):
        raise typer.BadParameter(
            f"{needing} of the question sets need a corpus, and there are {len(corpora)}; "
            "give --corpus once for all of them, or once for each in their order"
        )
    if passages is not None and all(path.suffix != ".json" for path in questions):
        raise typer.BadParameter("no question set is SQuAD-style JSON; leave --passages out")
    folders = cycle(corpora)
    return [
        Asked(_title(path, passages), question_set, None if question_set.passages else next(folders))
        for path, question_set in read
    ]


def _title(path: Path, passages: Path | None) -> str:
    if passages is None or path.suffix != ".json" or passages.samefile(path):
        return path.name
    return f"{path.name} on {passages.name}"
