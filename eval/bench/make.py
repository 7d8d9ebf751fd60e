"""`python -m eval bench-make`: data folders of many passages, for the benchmarks that search them."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress as ProgressBars

from corpus.splitting.passages import SplitterSettings, make_splitter
from eval.bench.embedded import embed_once
from eval.bench.passages import real_texts
from eval.files import write_text
from eval.sets.reading import read_questions
from index.models.encoder import ModelChoice
from index.models.registry import DEFAULT_MODEL, default_cache_dir, load_encoder

if TYPE_CHECKING:
    from eval.bench.folder import Real

MADE = "made.json"  # in a data folder that is complete: what it consists of
VECTORS = "vectors"  # where real vectors are kept, beside the data folders

SetsArgument = Annotated[list[Path], typer.Argument(help="Question sets whose paragraphs are cut up.", exists=True)]
FolderOption = Annotated[Path, typer.Option(help="Where the folders of many passages are.")]
CacheOption = Annotated[Path | None, typer.Option(help="Folder of unpacked models.", envvar="WHEREFROM_CACHE_DIR")]
ModelOption = Annotated[str, typer.Option(help="The embedding model.")]
RealOption = Annotated[int, typer.Option(help="How many real passages to embed at most.", min=1)]


def bench_make(
    sets: SetsArgument,
    folder: FolderOption = Path(".bench"),
    passages: Annotated[list[int] | None, typer.Option(help="How many; a data folder of each.", min=1)] = None,
    real: RealOption = 9_000,
    model: ModelOption = DEFAULT_MODEL,
    cache_dir: CacheOption = None,
) -> None:
    """Make data folders of 1,000, 10,000 and 100,000 passages: real ones first, then ones made up of them."""
    wanted = passages or [1_000, 10_000, 100_000]
    from eval.bench.folder import write_folder  # only now: it loads FAISS

    source = load_real(sets, folder, real, model, cache_dir)
    for count in wanted:
        data_dir = folder / label(count)
        if (data_dir / MADE).exists():
            typer.echo(f"{data_dir} is there", err=True)
            continue
        started = perf_counter()
        with _bar(f"{count} passages", count) as bar:
            write_folder(data_dir, source, count, bar)
        facts = {
            "passages": count,
            "real": min(count, len(source.texts)),
            "seconds": perf_counter() - started,
            "bytes": sum(file.stat().st_size for file in data_dir.iterdir()),
        }
        write_text(data_dir / MADE, json.dumps(facts, indent=2) + "\n")
        typer.echo(f"{data_dir}: {json.dumps(facts)}", err=True)


def label(count: int) -> str:
    """Return what the folder of a number of passages is called: 100000 is `100k`."""
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


def load_real(sets: Sequence[Path], folder: Path, real: int, model: str, cache_dir: Path | None) -> "Real":
    """Return real passages with their vectors, which are computed where `folder` does not have them."""
    from eval.bench.folder import Real

    encoder = load_encoder(ModelChoice(model), cache_dir or default_cache_dir())
    split = make_splitter(SplitterSettings(), encoder.count_passage_tokens, encoder.spec.max_tokens)
    texts = real_texts([read_questions(path) for path in sets], split, real)
    with _bar("embedding", None) as bar:
        return Real(texts, embed_once(texts, encoder, folder / VECTORS, bar), encoder.spec)


@contextmanager
def _bar(name: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show how far something has come, where somebody watches."""
    console = Console(stderr=True)
    with ProgressBars(console=console, disable=not console.is_terminal, transient=True) as bars:
        task = bars.add_task(name, total=total)
        yield lambda done: bars.advance(task, done)
