"""What each stage of a text on its way from a file into an index costs, in seconds of CPU."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from corpus.document import make_document
from corpus.files.text.decoding import decode
from corpus.splitting.passages import SplitterSettings
from eval.attacks.texts import text_of
from index.cutting import Cut, Entry, Outcome, splitter_of, with_features
from index.features import NOTHING_KNOWN
from index.models.hashing import HashEncoder

Seconds = dict[str, float]
"""Of each stage; all of them in `TOTAL`."""

READ, CUT, FEATURES, STORE, TOTAL = "read", "cut", "features", "store", "total"
WARM = "A first sentence. Und noch einer."
PATIENCE = 4.0  # times the seconds of CPU that are waited, for a machine that does other things


def costs(kind: str, sizes: list[int], limit: int) -> Iterator[tuple[int, Seconds]]:
    """Yield sizes and what a text of a kind of that size costs, until one is over the limit.

    Args:
        kind: of `texts.KINDS`.
        sizes: in characters.
        limit: seconds of CPU after which the process that measures is ended, for all sizes together.
    """
    context = get_context("spawn")
    mine, its = context.Pipe(duplex=False)
    process = context.Process(target=_measure_all, args=(its, kind, sizes, limit))
    process.start()
    its.close()
    try:
        for size in sizes:
            if not mine.poll(limit * PATIENCE):
                return
            yield size, mine.recv()
    except EOFError:
        return
    finally:
        process.kill()
        process.join()


def _measure_all(pipe: Connection, kind: str, sizes: list[int], limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    with TemporaryDirectory() as folder:
        measure(WARM, Path(folder, "warm"))
        for size in sizes:
            pipe.send(measure(text_of(kind, size), Path(folder, str(size))))


def measure(text: str, data_dir: Path) -> Seconds:
    """Return what it costs to index a text into an empty index."""
    from index.opening import open_index  # slow to import, and of no use to other commands

    encoder = HashEncoder()
    split, content = splitter_of(encoder, SplitterSettings()), text.encode()
    taken: Seconds = {}
    with open_index(data_dir, lambda name: encoder, default="hash") as index:
        with _timed(taken, READ):
            document = make_document(decode(content, "a.md"), source="a.md")
        with _timed(taken, CUT):
            passages = split(document)
        with _timed(taken, FEATURES):
            cut = Cut(Entry(document), passages, NOTHING_KNOWN, Outcome.ADDED)
            ((_, features),) = with_features(encoder, [cut])
        with _timed(taken, STORE):
            with index.truth.writing() as writer:
                writer.put(document, passages, features, None)
            index.index.save()
    return {**taken, TOTAL: sum(taken.values())}


@contextmanager
def _timed(taken: Seconds, stage: str) -> Iterator[None]:
    started = process_time()
    yield
    taken[stage] = process_time() - started
