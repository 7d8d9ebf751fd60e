"""`python -m eval peers`: what other stacks find, beside what wherefrom finds."""

import json
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from typing import Annotated

import typer

from eval.files import check_writable, write_text
from eval.peers.environment import STACKS, read_peers
from eval.peers.leaderboard import Leaderboard, Workshop, as_markdown, compete
from eval.sets.question_set import QuestionSet
from eval.sets.reading import read_question_set
from eval.system import System
from index.models.making.embedded import unpack_embedded_model
from index.models.registry import DEFAULT_MODEL, default_cache_dir

Sets = Annotated[list[Path], typer.Argument(help="Our JSONL, SQuAD-style JSON or BEIR folders.", exists=True)]
CorpusOption = Annotated[
    list[Path] | None, typer.Option(help="Index this; once for all sets, or for each.", exists=True)
]
PassagesOption = Annotated[Path | None, typer.Option(help="Take SQuAD sets' paragraphs from this one.", exists=True)]
OnlyOption = Annotated[list[str] | None, typer.Option(help="Run this stack and no other; may be repeated.")]
StacksOption = Annotated[Path, typer.Option(help="The folder of the stacks' files.", exists=True, show_default=False)]
EnvironmentsOption = Annotated[Path, typer.Option(help="Keep environments of stacks here.", envvar="WHEREFROM_PEERS")]
TimeoutOption = Annotated[float, typer.Option(help="Seconds a stack may take to be installed, or for one set.", min=1)]
CacheOption = Annotated[Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")]
OutOption = Annotated[Path | None, typer.Option(help="Write JSON here, and the table beside it with the ending .md.")]


def peers(
    questions: Sets,
    corpus: CorpusOption = None,
    passages: PassagesOption = None,
    only: OnlyOption = None,
    stacks: StacksOption = STACKS,
    environments: EnvironmentsOption = Path(".peers"),
    timeout: TimeoutOption = 3600,
    cache_dir: CacheOption = None,
    out: OutOption = None,
) -> None:
    """Install the stacks people usually build, and ask them and wherefrom the same of the same documents."""
    if out is not None:
        check_writable(out)
    chosen, cache_dir = read_peers(stacks, only or ()), cache_dir or default_cache_dir()
    sets = [
        (question_set, System(corpus=folder, model=DEFAULT_MODEL, cache_dir=cache_dir))
        for question_set, folder in _read(questions, corpus or [], passages)
    ]
    workshop = Workshop(environments, timeout, unpack_embedded_model(cache_dir))
    boards: list[Leaderboard] = []
    for board in compete(sets, chosen, workshop, lambda line: typer.echo(line, err=True)):
        boards.append(board)
        if out is not None:  # after every set, for a run takes an hour
            told = [each.as_json() for each in boards]
            write_text(out, json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
            write_text(out.with_suffix(".md"), as_markdown(boards))
    typer.echo(as_markdown(boards), nl=False)
    if any(board.failed for board in boards):
        raise typer.Exit(1)


def _read(
    questions: Sequence[Path], corpora: Sequence[Path], passages: Path | None
) -> list[tuple[QuestionSet, Path | None]]:
    """Read all sets first, and tell which corpus each is asked of, so that nothing is found wrong halfway."""
    squad = [path for path in questions if path.suffix == ".json"]
    if passages is not None and not squad:
        raise typer.BadParameter("no question set is SQuAD-style JSON; leave --passages out")
    others = [path for path in squad if passages is not None and not passages.samefile(path)]
    read = [
        read_question_set(path, [passages] if passages is not None and path in others else ()) for path in questions
    ]
    needing = sum(not each.passages for each in read)
    if len(corpora) not in ({1, needing} if needing else {0}):
        raise typer.BadParameter(
            f"{needing} of the question sets need a corpus, and there are {len(corpora)}; "
            "give --corpus once for all of them, or once for each in their order"
        )
    folders = cycle(corpora)
    return [(each, None if each.passages else next(folders)) for each in read]
